//! Keys: credentials of a space. The secret is shown once; only its hash is kept.

use std::collections::BTreeSet;
use std::fmt;

use dreamkeeper_domain::id::KeyId;
use dreamkeeper_domain::key::{Key, KeyHash, Permission};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::check_bytes;
use crate::{Engine, Principal, VerbError};

/// What every secret begins with, so that scanners and people know one.
const SECRET_PREFIX: &str = "dk_";
/// Characters of a secret that may be shown.
const SHOWN_CHARACTERS: usize = 10;

/// A text that prints as stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What its maker calls it.
    pub name: String,
    /// What its holder may do; at least one.
    pub permissions: BTreeSet<Permission>,
    /// The highest origin its holder can declare.
    pub ceiling: Origin,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
}

/// A key that was just made, with its secret: the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKeySecret {
    /// The key as it is kept.
    pub key: Key,
    /// The secret.
    pub secret: Secret,
}

impl Engine {
    /// Makes a key for the principal's space: 256 random bits, kept as their SHA-256.
    ///
    /// # Errors
    /// `Forbidden` without `admin`, or for a permission that the maker lacks: a key never does more than
    /// who made it; `Invalid` for an empty name, no permission, or an expiry that has
    /// passed.
    pub async fn create_key(&self, principal: &Principal, new: NewKey) -> Result<NewKeySecret, VerbError> {
        principal.require(Permission::Admin)?;
        let now = self.now();
        check(&new, now)?;
        new.permissions.iter().try_for_each(|permission| principal.require(*permission))?;
        let mut bits = [0; 32];
        self.parts.entropy.fill(&mut bits);
        let secret = format!("{SECRET_PREFIX}{}", hex(&bits));
        let key = Key {
            id: KeyId::new(now, self.random()),
            space: principal.space,
            name: new.name,
            prefix: secret[..SHOWN_CHARACTERS].to_owned(),
            hash: hash(&secret),
            permissions: new.permissions,
            ceiling: new.ceiling.under(principal.ceiling),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
        };
        self.parts.control.create_key(key.clone()).await?;
        Ok(NewKeySecret { key, secret: Secret(secret) })
    }

    /// The keys of the principal's space, newest first, revoked ones too.
    ///
    /// # Errors
    /// `Forbidden` without `admin`.
    pub async fn keys(&self, principal: &Principal) -> Result<Vec<Key>, VerbError> {
        principal.require(Permission::Admin)?;
        let keys = self.parts.control.keys().await?;
        Ok(keys.into_iter().filter(|key| key.space == principal.space).collect())
    }

    /// Revokes a key at once and for good.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `NotFound` for a key of no or of another space.
    pub async fn revoke_key(&self, principal: &Principal, id: KeyId) -> Result<(), VerbError> {
        let known = self.keys(principal).await?.iter().any(|key| key.id == id);
        if known && self.parts.control.revoke_key(id, self.now()).await? {
            return Ok(());
        }
        Err(VerbError::not_found("key", id))
    }

    /// In whose name a secret's bearer acts.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, revoked or expired key, all alike.
    pub async fn authenticate(&self, secret: &Secret) -> Result<Principal, VerbError> {
        let key = self.parts.control.key_by_hash(&hash(secret.reveal())).await?;
        let live = key.filter(|key| key.is_live(self.now()));
        live.map(|key| Principal::of_key(&key)).ok_or(VerbError::Unauthenticated)
    }

    /// Whether a key was ever made, live or not: from then on nobody gets in without one. A key that
    /// expires or is revoked must not open what it closed.
    ///
    /// # Errors
    /// `Port` when the control store fails.
    pub async fn has_keys(&self) -> Result<bool, VerbError> {
        Ok(!self.parts.control.keys().await?.is_empty())
    }

    /// Whether any key opens anything: a server that listens beyond loopback needs one.
    ///
    /// # Errors
    /// `Port` when the control store fails.
    pub async fn has_live_keys(&self) -> Result<bool, VerbError> {
        let now = self.now();
        Ok(self.parts.control.keys().await?.iter().any(|key| key.is_live(now)))
    }
}

fn check(new: &NewKey, now: Timestamp) -> Result<(), VerbError> {
    if new.name.trim().is_empty() {
        return Err(VerbError::invalid("name", "is empty: say what the key is for"));
    }
    check_bytes("name", new.name.len(), limits::SCOPE_ID_BYTES_MAX)?;
    if new.permissions.is_empty() {
        return Err(VerbError::invalid("permissions", "there are none: give at least one, such as read"));
    }
    match new.expires_at {
        Some(end) if end <= now => Err(VerbError::invalid("expires_at", format!("{end} has passed"))),
        Some(_) | None => Ok(()),
    }
}

fn hash(secret: &str) -> KeyHash {
    Sha256::digest(secret.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
