//! Scope: for whom a record stands, inside a space.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A scope id or label that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScope {
    /// Nothing in it.
    #[error("{what} is empty: leave it out or give it a value")]
    Empty {
        /// Which id or label.
        what: &'static str,
    },
    /// Too long.
    #[error("{what} has {bytes} bytes: at most {max} are allowed")]
    TooLong {
        /// Which id or label.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// A control character, or white space at an end.
    #[error("{what} `{value}` has a control character, or white space at an end: remove it")]
    Unprintable {
        /// Which id or label.
        what: &'static str,
        /// The value, with what cannot be shown escaped.
        value: String,
    },
    /// More labels than allowed.
    #[error("{count} labels: at most {max} are allowed")]
    TooManyLabels {
        /// How many were given.
        count: usize,
        /// The bound.
        max: usize,
    },
}

/// User, agent, app and run ids and free labels. On a record: for whom it stands. In a query a given id
/// must match and an absent one does not restrict; every given label must be on the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    /// Free labels, sorted.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
}

impl Scope {
    /// The scope of one user.
    pub fn user(id: impl Into<String>) -> Self {
        Self { user: Some(id.into()), ..Self::default() }
    }

    /// Refuses empty, oversized and unprintable ids and labels.
    ///
    /// # Errors
    /// Names the first id or label that cannot be used.
    pub fn check(&self) -> Result<(), InvalidScope> {
        let ids = [("user", &self.user), ("agent", &self.agent), ("app", &self.app), ("run", &self.run)];
        for (what, id) in ids {
            if let Some(id) = id {
                check_name(what, id)?;
            }
        }
        if self.labels.len() > limits::SCOPE_LABELS_MAX {
            let count = self.labels.len();
            return Err(InvalidScope::TooManyLabels { count, max: limits::SCOPE_LABELS_MAX });
        }
        self.labels.iter().try_for_each(|label| check_name("label", label))
    }

    /// Whether a record of scope `record` falls under this query.
    pub fn covers(&self, record: &Self) -> bool {
        fn id(asked: Option<&String>, has: Option<&String>) -> bool {
            asked.is_none() || asked == has
        }
        id(self.user.as_ref(), record.user.as_ref())
            && id(self.agent.as_ref(), record.agent.as_ref())
            && id(self.app.as_ref(), record.app.as_ref())
            && id(self.run.as_ref(), record.run.as_ref())
            && self.labels.is_subset(&record.labels)
    }

    /// The index segment that a record of this scope lives in.
    pub fn segment(&self) -> SegmentKey {
        match (&self.user, &self.agent) {
            (Some(user), _) => SegmentKey::User(user.clone()),
            (None, Some(agent)) => SegmentKey::Agent(agent.clone()),
            (None, None) => SegmentKey::Shared,
        }
    }

    /// Whether nothing at all is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn check_name(what: &'static str, value: &str) -> Result<(), InvalidScope> {
    if value.is_empty() {
        return Err(InvalidScope::Empty { what });
    }
    let max = limits::SCOPE_ID_BYTES_MAX;
    if value.len() > max {
        return Err(InvalidScope::TooLong { what, bytes: value.len(), max });
    }
    if value.trim() != value || value.chars().any(char::is_control) {
        return Err(InvalidScope::Unprintable { what, value: value.escape_debug().to_string() });
    }
    Ok(())
}

/// Which contiguous part of a space's index a record lives in: its user's, else its agent's, else the part
/// that all records with neither share.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKey {
    /// Records of one user.
    User(String),
    /// Records of one agent that belong to no user.
    Agent(String),
    /// Records of neither.
    Shared,
}

impl SegmentKey {
    /// The key as one text, for a store's column: `u:…`, `a:…` or `s:`.
    pub fn encode(&self) -> String {
        match self {
            Self::User(id) => format!("u:{id}"),
            Self::Agent(id) => format!("a:{id}"),
            Self::Shared => "s:".to_owned(),
        }
    }

    /// The key of an encoded text; `None` for any other text.
    pub fn decode(text: &str) -> Option<Self> {
        match text.split_at_checked(2)? {
            ("u:", id) => Some(Self::User(id.to_owned())),
            ("a:", id) => Some(Self::Agent(id.to_owned())),
            ("s:", "") => Some(Self::Shared),
            _ => None,
        }
    }
}

impl fmt::Display for SegmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_id_does_not_restrict_and_a_given_one_must_match() {
        let record = Scope { agent: Some("kitchen".into()), ..Scope::user("ana") };
        assert!(Scope::default().covers(&record));
        assert!(Scope::user("ana").covers(&record));
        assert!(!Scope::user("bo").covers(&record));
        assert!(!Scope { run: Some("1".into()), ..Scope::default() }.covers(&record));
    }

    #[test]
    fn labels_narrow() {
        let label = |names: &[&str]| Scope {
            labels: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Scope::default()
        };
        assert!(label(&["work"]).covers(&label(&["home", "work"])));
        assert!(!label(&["home", "work"]).covers(&label(&["work"])));
    }

    #[test]
    fn segment_keys_read_back_and_never_meet() {
        for key in [SegmentKey::User("a:b".into()), SegmentKey::Agent("u:".into()), SegmentKey::Shared] {
            assert_eq!(SegmentKey::decode(&key.encode()), Some(key));
        }
        assert_eq!(SegmentKey::decode("é"), None);
    }

    #[test]
    fn ids_with_white_space_at_an_end_are_refused() {
        let error = Scope::user(" ana").check().unwrap_err();
        assert!(error.to_string().contains("user ` ana`"), "{error}");
    }
}
