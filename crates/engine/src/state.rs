//! State: what the app sets explicitly, compared and set by version. Nothing learned or dreamt touches it.

use dreamkeeper_domain::changeset::{Expected, Outcome, Write};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use serde_json::Value;

use crate::error::{check_bytes, check_reason, check_scope};
use crate::{Engine, Principal, VerbError};

/// A state key to set or remove.
#[derive(Debug, Clone, PartialEq)]
pub struct SetState {
    /// The exact scope.
    pub scope: Scope,
    /// The key.
    pub key: String,
    /// The new value; `None` removes the key.
    pub value: Option<Value>,
    /// The version that the caller has seen, 0 for none; any unless told.
    pub expected_version: Option<u32>,
    /// Why.
    pub reason: Option<String>,
}

impl Engine {
    /// Sets or removes a state key; answers the entry as it is now.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `Apply` when the entry is not at `expected_version`; `Invalid` for
    /// anything over a bound.
    pub async fn set_state(&self, principal: &Principal, set: SetState) -> Result<StateEntry, VerbError> {
        principal.require(Permission::Write)?;
        check_scope(&set.scope)?;
        check_key(&set.key)?;
        check_reason(set.reason.as_ref())?;
        if let Some(value) = &set.value {
            check_bytes("value", value.to_string().len(), limits::STATE_VALUE_BYTES_MAX)?;
        }
        let expected = match set.expected_version {
            None => Expected::Any,
            Some(0) => Expected::Absent,
            Some(version) => Expected::Version(version),
        };
        let space = self.space(principal).await?;
        let SetState { scope, key, value, reason, .. } = set;
        let write = Write::PutState {
            scope: scope.clone(),
            key: key.clone(),
            value: value.clone(),
            expected,
            reason: reason.clone(),
        };
        let at = self.now();
        let applied = self.apply(principal, &space, vec![write], |_| Vec::new()).await?;
        match applied.outcomes.first() {
            Some(Outcome::State { version }) => Ok(StateEntry {
                scope,
                key,
                value,
                version: *version,
                updated_at: at,
                actor: principal.actor.clone(),
                reason,
            }),
            _ => Err(VerbError::not_found("state key", key)),
        }
    }

    /// A state key of one exact scope that has a value.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn state(
        &self,
        principal: &Principal,
        scope: &Scope,
        key: &str,
    ) -> Result<StateEntry, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        let entry = space.state(scope, key).await?.filter(|entry| entry.value.is_some());
        entry.ok_or_else(|| VerbError::not_found("state key", key))
    }

    /// State entries under a scope, by key.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub async fn list_state(
        &self,
        principal: &Principal,
        scope: &Scope,
    ) -> Result<Vec<StateEntry>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(scope)?;
        Ok(self.space(principal).await?.list_state(scope).await?)
    }

    /// Every version of a state key, oldest first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` when the key never had a value.
    pub async fn state_history(
        &self,
        principal: &Principal,
        scope: &Scope,
        key: &str,
    ) -> Result<Vec<Version>, VerbError> {
        principal.require(Permission::Read)?;
        let versions = self.space(principal).await?.state_versions(scope, key).await?;
        if versions.is_empty() {
            return Err(VerbError::not_found("state key", key));
        }
        Ok(versions)
    }
}

fn check_key(key: &str) -> Result<(), VerbError> {
    if key.is_empty() || key.chars().any(char::is_control) {
        return Err(VerbError::invalid("key", "is empty or has a control character"));
    }
    check_bytes("key", key.len(), limits::STATE_KEY_BYTES_MAX)
}
