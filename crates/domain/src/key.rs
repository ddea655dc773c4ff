//! Key: a credential of one space, and what its holder may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{KeyId, SpaceId};
use crate::origin::Origin;

/// What a key's holder may do. One permission implies no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Recall, list, get, history, why.
    Read,
    /// Hand in candidates that wait for a decision.
    Propose,
    /// Append messages; write, update, supersede, forget and restore memories; set state.
    Write,
    /// Raise an origin, accept what waits for review.
    Approve,
    /// Remove content for good.
    Erase,
    /// Keys, backup, reindex, doctor.
    Admin,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Propose, Self::Write, Self::Approve, Self::Erase, Self::Admin];

    /// The word used on the wire and at the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Propose => "propose",
            Self::Write => "write",
            Self::Approve => "approve",
            Self::Erase => "erase",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no permission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a permission: expected read, propose, write, approve, erase or admin")]
pub struct InvalidPermission(pub String);

impl FromStr for Permission {
    type Err = InvalidPermission;

    fn from_str(text: &str) -> Result<Self, InvalidPermission> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == text)
            .ok_or_else(|| InvalidPermission(text.chars().take(64).collect()))
    }
}

/// SHA-256 of a key's secret. A fast hash is right here: the secret has 256 random bits.
pub type KeyHash = [u8; 32];

/// A credential as the store keeps it; the secret itself is shown once and never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, safe to show.
    pub id: KeyId,
    /// The space it opens.
    pub space: SpaceId,
    /// What its maker called it.
    pub name: String,
    /// The first characters of the secret, so that a person can tell keys apart.
    pub prefix: String,
    /// SHA-256 of the secret.
    pub hash: KeyHash,
    /// What its holder may do.
    pub permissions: BTreeSet<Permission>,
    /// The highest origin its holder can declare.
    pub ceiling: Origin,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Key {
    /// Whether the key opens anything at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
