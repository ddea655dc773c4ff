//! The SQLite store: `control.db` and one file per space in a data directory that one process owns.
//!
//! Every write goes through one thread per space and is answered when it is on the disk; reads run beside
//! it and see every answered write. What is derived (indexes, caches) lives elsewhere. Start reading at
//! [`DataDir`], then `writer.rs` (group commit), `apply/` (one file for each sort of write) and `read/`.

mod apply;
mod backup;
mod check;
mod codes;
mod control;
mod data_dir;
mod error;
mod identify;
mod learning;
mod log;
mod migrate;
mod notes;
mod open;
mod options;
mod owner;
mod read;
mod readers;
mod rows;
mod space;
mod store;
mod writer;

pub use data_dir::DataDir;
pub use identify::space_of_file;
pub use options::Options;
pub use owner::OwnerLock;
