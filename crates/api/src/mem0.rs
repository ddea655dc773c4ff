//! mem0's wire: requests, the filter grammar of its Platform, and what it calls a memory.
//!
//! Its clients send fields that only its own service knows; unlike ours, these requests let unknown fields pass.

pub mod day;
pub mod filter;
pub mod memory;
pub mod request;
