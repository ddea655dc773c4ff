//! Origin: who really authored a text, and how it came here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who really authored a text, from least to most authority; `max` and `min` follow that order.
///
/// A derived thing carries the lowest origin among its sources (invariant 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The web, mail, documents: anybody may have written it.
    External,
    /// The answer of a tool.
    Tool,
    /// The model that speaks for the agent.
    Assistant,
    /// The person the agent serves.
    User,
    /// Who runs the server.
    Operator,
}

impl Origin {
    /// Every origin, from least to most authority.
    pub const ALL: [Self; 5] = [Self::External, Self::Tool, Self::Assistant, Self::User, Self::Operator];

    /// The word used in configuration, filters and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Tool => "tool",
            Self::Assistant => "assistant",
            Self::User => "user",
            Self::Operator => "operator",
        }
    }

    /// What the credential's ceiling leaves of a declared origin: a role lowers it, never raises it.
    pub fn under(self, ceiling: Self) -> Self {
        self.min(ceiling)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin: expected operator, user, assistant, tool or external")]
pub struct InvalidOrigin(pub String);

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        Self::ALL
            .into_iter()
            .find(|origin| origin.as_str() == text)
            .ok_or_else(|| InvalidOrigin(text.chars().take(64).collect()))
    }
}

/// How a record came here; kept beside its origin and never a reason for authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Said or written while the agent worked.
    Live,
    /// Read from an export or a transcript.
    Import,
    /// Derived from other records.
    Derived,
}

impl Via {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Import => "import",
            Self::Derived => "derived",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_lowers_and_never_raises() {
        assert_eq!(Origin::Operator.under(Origin::User), Origin::User);
        assert_eq!(Origin::Tool.under(Origin::User), Origin::Tool);
    }

    #[test]
    fn every_origin_reads_back_from_its_word() {
        for origin in Origin::ALL {
            assert_eq!(origin.as_str().parse(), Ok(origin));
        }
    }
}
