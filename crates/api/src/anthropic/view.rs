//! View: whether contents come along.

use serde::Deserialize;

/// Whether contents come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Contents are null; hash and size stay.
    Basic,
    /// Contents come along.
    Full,
}

impl View {
    /// Whether contents come along.
    pub fn is_full(self) -> bool {
        match self {
            Self::Basic => false,
            Self::Full => true,
        }
    }
}
