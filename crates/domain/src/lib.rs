//! The nouns of Dreamkeeper and the ports behind which its servers stand.
//!
//! Knows no I/O, no clock, no randomness and no wire format: a moment or a random byte comes in as a
//! parameter. Everything above (engine, adapters, surfaces) speaks in these words; docs/GLOSSARY.md tells
//! what each of them means.

pub mod actor;
pub mod authority;
pub mod candidate;
pub mod changeset;
pub mod detail;
pub mod dream;
pub mod event;
pub mod filter;
pub mod id;
pub mod key;
pub mod limits;
pub mod memory;
pub mod message;
pub mod origin;
pub mod passage;
pub mod ports;
pub mod receipt;
pub mod scope;
pub mod session;
pub mod state;
pub mod summary;
pub mod text;
pub mod time;
pub mod topic;
pub mod topic_store;
pub mod usefulness;
pub mod version;
