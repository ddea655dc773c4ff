//! Keys on the wire. Hashes never leave the server; a secret leaves it once.

use std::collections::BTreeSet;
use std::fmt;

use dreamkeeper_domain::id::KeyId;
use dreamkeeper_domain::key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::words::{Origin, Permission};

/// A credential of this space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: KeyId,
    /// What its maker called it.
    pub name: String,
    /// The first characters of the secret, to tell keys apart.
    pub prefix: String,
    /// What its holder may do.
    pub permissions: BTreeSet<Permission>,
    /// The highest origin its holder can declare.
    pub ceiling: Origin,
    /// When it was made.
    pub created_at: Moment,
    /// When it stops working by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Moment>,
}

impl From<key::Key> for Key {
    fn from(noun: key::Key) -> Self {
        Self {
            id: noun.id,
            name: noun.name,
            prefix: noun.prefix,
            permissions: noun.permissions.into_iter().map(Into::into).collect(),
            ceiling: noun.ceiling.into(),
            created_at: Moment(noun.created_at),
            expires_at: noun.expires_at.map(Moment),
            revoked_at: noun.revoked_at.map(Moment),
        }
    }
}

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyRequest {
    /// What it is for.
    #[schema(example = "kitchen agent")]
    pub name: String,
    /// What its holder may do; at least one.
    pub permissions: BTreeSet<Permission>,
    /// The highest origin its holder can declare; `user` unless told.
    #[serde(default = "user")]
    pub ceiling: Origin,
    /// When it stops working by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
}

fn user() -> Origin {
    Origin::User
}

/// A key that was just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewKey {
    /// The key as it is kept.
    pub key: Key,
    /// The secret to send as `Authorization: Bearer …`. Shown this once.
    pub secret: String,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey").field("key", &self.key).field("secret", &"***").finish()
    }
}
