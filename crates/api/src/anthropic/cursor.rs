//! Cursors: where a list goes on, as a text that means nothing to a client.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const PREFIX: &str = "page_";

/// The `next` of a page of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor(pub String);

/// A text that is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no page: give the `next_page` of the page before, as it came")]
pub struct InvalidCursor(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        read(text).map(Self).ok_or_else(|| InvalidCursor(text.chars().take(64).collect()))
    }
}

fn read(text: &str) -> Option<String> {
    let digits = text.strip_prefix(PREFIX)?.as_bytes();
    if digits.len() % 2 != 0 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(digits.chunks_exact(2).map(byte).collect::<Option<_>>()?).ok()
}

impl TryFrom<String> for Cursor {
    type Error = InvalidCursor;

    fn try_from(text: String) -> Result<Self, InvalidCursor> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_is_one() {
        let cursor = Cursor("/notes/tée.md".to_owned());
        assert!(cursor.to_string().starts_with("page_2f6e"), "{cursor}");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in ["", "2f", "page_2", "page_zz", "page_ff", "page_+f"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
