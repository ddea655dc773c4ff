//! What an agent loads before it works.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Topic;
use crate::moment::Moment;
use crate::words::Origin;

/// What to load of a store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LoadTopicsRequest {
    /// The task at hand, in words; without one the latest changed topics come first.
    #[schema(example = "plan the week's dinners")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The lowest origin let through; `user` unless told, which lets through what an assistant wrote too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_origin: Option<Origin>,
    /// As recorded at that moment; now unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// Tokens that the fenced text may take; 2000 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_budget: Option<usize>,
}

/// A topic that was loaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LoadedTopic {
    /// The topic, whole.
    pub topic: Topic,
    /// How well it fits the task, from 0 to 1; absent without a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<f32>,
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LoadedTopics {
    /// The first 200 lines or 25 KB of the index `/MEMORY.md`, as fresh as the store.
    pub index: String,
    /// Whole topics, best first.
    pub topics: Vec<LoadedTopic>,
    /// Topics that fit the task (all of them without one) and found no room.
    pub omitted_count: usize,
    /// Tokens of `text`.
    pub token_count: usize,
    /// All of it as fenced text for a prompt.
    pub text: String,
}
