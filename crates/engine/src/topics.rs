//! Topics: the Markdown files that agents and people write, in named stores; every change of one is a version.
//!
//! Each verb checks permission, bounds and the store, and writes one ChangeSet. What a text means (paths,
//! differences, the memory tool's words) is the crate `topics`; what is found of it is `recall`'s business.

mod blame;
pub(crate) mod change;
mod history;
mod index;
mod list;
mod load;
mod place;
mod read;
mod restore;
mod stores;
mod tool;
mod versions;
mod write;

pub use blame::{Blame, BlamedLine};
pub use dreamkeeper_topics::Command as ToolCommand;
pub use history::{TopicDiff, VersionRef};
pub use list::{ListTopics, ListedTopic, TopicPage};
pub use load::{LoadTopics, LoadedTopic, LoadedTopics};
pub use place::TopicRef;
pub use stores::{NewTopicStore, TopicStorePatch};
pub use tool::{ToolAnswer, ToolCall};
pub use versions::ListVersions;
pub use write::{NewTopic, TopicEdit, TopicUpdate, TopicWriting, WrittenTopic};
