//! Principal: in whose name a verb runs, and what it may do.

use std::collections::BTreeSet;

use dreamkeeper_domain::actor::{Actor, ActorKind};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::key::{Key, Permission};
use dreamkeeper_domain::origin::Origin;

use crate::VerbError;

/// In whose name a verb runs. The space comes from here and from nowhere else (invariant 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The only space its verbs can reach.
    pub space: SpaceId,
    /// Who versions will name.
    pub actor: Actor,
    /// What it may do.
    pub permissions: BTreeSet<Permission>,
    /// The highest origin it can declare.
    pub ceiling: Origin,
}

impl Principal {
    /// Who runs the server, at its command line: may do everything.
    pub fn operator(space: SpaceId, name: impl Into<String>) -> Self {
        Self {
            space,
            actor: Actor::operator(name),
            permissions: Permission::ALL.into(),
            ceiling: Origin::Operator,
        }
    }

    /// Anybody who reaches a local server without keys: may read and write, not approve, erase or
    /// administer (invariant 2).
    pub fn local(space: SpaceId) -> Self {
        Self {
            space,
            actor: Actor { kind: ActorKind::Local, name: "loopback".to_owned() },
            permissions: [Permission::Read, Permission::Propose, Permission::Write].into(),
            ceiling: Origin::User,
        }
    }

    /// The server itself, for a job: writes what follows from what others said, under their origins.
    pub(crate) fn system(space: SpaceId, job: &str) -> Self {
        Self {
            space,
            actor: Actor::system(job),
            permissions: [Permission::Read, Permission::Write].into(),
            ceiling: Origin::User,
        }
    }

    /// The holder of a key.
    pub fn of_key(key: &Key) -> Self {
        Self {
            space: key.space,
            actor: Actor { kind: ActorKind::Key, name: key.id.to_string() },
            permissions: key.permissions.clone(),
            ceiling: key.ceiling,
        }
    }

    /// Refuses a principal that lacks the permission.
    ///
    /// # Errors
    /// `Forbidden`, naming the permission.
    pub fn require(&self, permission: Permission) -> Result<(), VerbError> {
        if self.permissions.contains(&permission) {
            return Ok(());
        }
        Err(VerbError::Forbidden { permission, actor: self.actor.to_string() })
    }
}
