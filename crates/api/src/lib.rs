//! The wires: JSON types of `/dk/v1/`, the filter grammar, the transcript line and the error table; in `anthropic`
//! those of their memory stores, in `mem0` those of mem0's clients.
//!
//! Knows `domain` only. A request type refuses unknown fields and parses at the edge into domain nouns; an
//! answer type is made from them. Which verb a request calls is the business of `http`; every rule is the
//! engine's.

pub mod anthropic;
pub mod audit;
pub mod candidate;
pub mod detail;
pub mod dream;
pub mod erase;
pub mod error;
pub mod event;
pub mod evidence;
pub mod filter;
pub mod history;
pub mod key;
pub mod learn;
pub mod maintenance;
pub mod mem0;
pub mod memory;
pub mod message;
pub mod moment;
pub mod page;
pub mod recall;
pub mod receipt;
pub mod record;
pub mod scope;
pub mod session;
pub mod state;
pub mod stats;
pub mod topic;
pub mod transcript;
pub mod words;
