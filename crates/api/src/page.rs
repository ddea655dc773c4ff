//! One page of a list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of records, in the order of the question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// Give it as `after` to get the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A list that is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// The records.
    pub items: Vec<T>,
}

impl<T> List<T> {
    /// A list of what these records are on the wire.
    pub fn of<U: Into<T>>(records: impl IntoIterator<Item = U>) -> Self {
        Self { items: records.into_iter().map(Into::into).collect() }
    }
}

impl<T, U: Into<T>> From<(Vec<U>, Option<String>)> for Page<T> {
    fn from((records, next): (Vec<U>, Option<String>)) -> Self {
        Self { items: records.into_iter().map(Into::into).collect(), next }
    }
}
