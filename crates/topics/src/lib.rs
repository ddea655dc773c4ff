//! Topics as text: paths, claims, differences, merges, links, the index topic and the memory tool's words.
//!
//! Pure: no I/O, no clock, no record. What a change of a topic means for a store is the engine's business.

mod claims;
mod compose;
mod diff;
mod disk_name;
mod index_topic;
mod links;
mod memory_tool;
mod merge;
mod path;
mod same;
mod split;
mod words;

pub use claims::{Block, BlockKind, Claim, ClaimHash, ClaimKind, blocks, claims};
pub use compose::compose;
pub use diff::{Edit, LineDiff, WordPart, diff, kept_lines, unified, word_diff};
pub use disk_name::{decode as path_of_disk_name, disk_names};
pub use index_topic::{INDEX_PATH, index_head, index_line, index_without, refresh_index};
pub use links::{Link, links, relink, resolve};
pub use memory_tool::{Command, Effect, Notes, ToolError, ToolOutcome, run};
pub use merge::{Merge, Region, merge};
pub use path::{InvalidPath, Listed, TopicPath, check_prefix, listed_under};
pub use same::{sameness_key, says_the_same};
pub use split::{Part, split};
