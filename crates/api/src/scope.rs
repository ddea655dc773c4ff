//! Scope on the wire: for whom a record stands.

use std::collections::BTreeSet;

use dreamkeeper_domain::scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For whom. On a record: whose it is. In a question a given id must match and an absent one does not
/// restrict; every given label must be on the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ana")]
    pub user: Option<String>,
    /// The agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Free labels.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
}

impl From<scope::Scope> for Scope {
    fn from(noun: scope::Scope) -> Self {
        let scope::Scope { user, agent, app, run, labels } = noun;
        Self { user, agent, app, run, labels }
    }
}

impl From<Scope> for scope::Scope {
    fn from(wire: Scope) -> Self {
        let Scope { user, agent, app, run, labels } = wire;
        Self { user, agent, app, run, labels }
    }
}
