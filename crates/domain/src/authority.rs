//! Authority: what a text may tell that memory must not decide, and only a system of record can.

use serde::{Deserialize, Serialize};

/// A matter that recalled text tells of without being the authority on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// An amount of money.
    Amount,
    /// Who somebody is: a document, an account, an address, a name in law.
    Identity,
    /// What somebody may do.
    Permission,
}

impl Matter {
    /// Every matter.
    pub const ALL: [Self; 3] = [Self::Amount, Self::Identity, Self::Permission];

    /// The word used on the wire and in the grammar.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Identity => "identity",
            Self::Permission => "permission",
        }
    }
}
