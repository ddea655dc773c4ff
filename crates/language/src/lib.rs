//! What a sentence says, read without a model: phrases of time, and statements worth remembering.
//!
//! English first; the grammar is data. It sees one message and its moment, never a store, a model or a clock,
//! so that the same message is always read the same way.

pub mod json_repair;
pub mod statements;
pub mod time;
