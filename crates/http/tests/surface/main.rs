//! The HTTP surface over fakes, through the router, without a network.

#![expect(clippy::unwrap_used, reason = "a test fails by panic, also in what tests share")]

mod anthropic;
mod document;
mod failures;
mod faults;
mod guard;
mod learning;
mod maintenance;
mod matrix;
mod mem0;
mod readme;
mod recalling;
mod seed;
mod server;
mod spaces;
mod stories;
mod topics;
