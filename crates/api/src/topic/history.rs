//! What differs between two versions of a topic, and which version brought each line.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Topic, TopicVersion};

/// What differs between two versions of a topic; their contents are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicDiff {
    /// The earlier one; absent where the later one is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TopicVersion>,
    /// The later one.
    pub to: TopicVersion,
    /// The difference in the unified form; empty where the contents are the same.
    pub unified: String,
    /// Lines that came.
    pub inserted_count: usize,
    /// Lines that went.
    pub removed_count: usize,
}

/// A line of a topic, and the version that brought it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlamedLine {
    /// The line, without its end.
    pub text: String,
    /// Which of the versions brought it, from 0.
    pub version: usize,
}

/// A topic, line by line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Blame {
    /// The topic, without its content.
    pub topic: Topic,
    /// The versions that brought a line that is still there, newest first, without contents.
    pub versions: Vec<TopicVersion>,
    /// Its lines, in order.
    pub lines: Vec<BlamedLine>,
}
