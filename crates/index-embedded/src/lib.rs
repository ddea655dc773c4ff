//! The index that needs no server: vectors and postings of each segment in the process's own memory.
//!
//! A segment holds the passages of one user, or of an agent where there is no user. It is read from the
//! store when it is first asked for, follows what is committed, and leaves memory when others need the
//! room. Every query looks at every vector of its segment, or at a sketch of it: there is no graph that
//! could miss or leak.
//!
//! `segment` holds columns, `search` scans them, `slot` keeps one segment current, `registry` keeps all
//! within a bound, `embedded_index` is the port over these.

mod embedded_index;
mod kernel;
mod registry;
mod search;
mod segment;
mod slot;

pub use embedded_index::{EmbeddedIndex, IndexOptions};
