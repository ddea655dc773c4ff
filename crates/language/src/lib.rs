//! What a sentence says, read without a model: phrases of time, statements worth remembering, what must not
//! be remembered, whether a memory's words were said, and what must not rest on memory alone.
//!
//! English first; the grammar is data. It sees one message and its moment, never a store, a model or a clock,
//! so that the same message is always read the same way.

pub mod authority;
mod cues;
pub mod evidence;
pub mod json_repair;
pub mod screen;
pub mod statements;
pub mod time;
mod tokens;
