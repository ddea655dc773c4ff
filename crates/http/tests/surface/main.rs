//! The HTTP surface over fakes, through the router, without a network.

mod document;
mod failures;
mod faults;
mod guard;
mod maintenance;
mod matrix;
mod seed;
mod server;
mod spaces;
mod stories;
