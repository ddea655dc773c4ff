//! Anthropic's wire of memory stores: JSON types, ids with prefixes, cursors and the error body.
//!
//! Their words for our nouns: a memory store is a store, a memory a topic, a memory version a version. A request
//! refuses unknown keys, as theirs does; an answer has every key, absent values as null.

pub mod actor;
pub mod cursor;
pub mod error;
pub mod id;
pub mod memory;
pub mod store;
pub mod version;
pub mod view;

use serde::Serialize;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataPage<T> {
    /// The records.
    pub data: Vec<T>,
    /// Give it as `page` to get the next one; null on the last.
    pub next_page: Option<cursor::Cursor>,
}

impl<T> DataPage<T> {
    /// A page of records of ours, and where the next begins.
    pub fn of<U: Into<T>>(records: impl IntoIterator<Item = U>, next: Option<String>) -> Self {
        let data = records.into_iter().map(Into::into).collect();
        Self { data, next_page: next.map(cursor::Cursor) }
    }
}

/// That a record is gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deleted<T: id::Prefixed> {
    /// Its id.
    pub id: id::WireId<T>,
    /// What it was.
    pub r#type: &'static str,
}
