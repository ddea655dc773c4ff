//! Phrases of time: a table of labelled sentences, and what holds for any text.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod long;
mod properties;
mod table;
