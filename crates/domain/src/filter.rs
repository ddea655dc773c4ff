//! Filter: a typed test over a record's properties. Unknown keys and operators cannot be expressed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scope::Scope;

/// A property that a filter can test.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The record's id.
    Id,
    /// `message` or `memory`.
    Type,
    /// The user id.
    User,
    /// The agent id.
    Agent,
    /// The app id.
    App,
    /// The run id.
    Run,
    /// The session id (messages).
    Session,
    /// The role (messages).
    Role,
    /// The speaker's name (messages).
    Author,
    /// The origin.
    Origin,
    /// The kind (memories).
    Kind,
    /// The status (memories).
    Status,
    /// The labels.
    Labels,
    /// The categories (memories).
    Categories,
    /// When it was said; for a memory, from when it is true, else when it was recorded.
    At,
    /// When it was recorded first.
    CreatedAt,
    /// When it was changed last.
    UpdatedAt,
    /// When it expires (memories).
    ExpiresAt,
    /// Whether it is pinned (memories).
    Pinned,
    /// A path into the metadata (memories), one key a step.
    Metadata(Vec<String>),
}

/// How a property is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Equal.
    Eq(Value),
    /// Not equal; an absent property is not equal to anything.
    Ne(Value),
    /// One of these.
    In(Vec<Value>),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Gte(Value),
    /// Less.
    Lt(Value),
    /// Less or equal.
    Lte(Value),
    /// A list holds the value, or a text holds the text.
    Contains(Value),
}

/// A test over a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Every one holds; an empty list always holds.
    And(Vec<Filter>),
    /// At least one holds; an empty list never holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// One property passes one test.
    Where(Field, Test),
}

/// A property's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Property<'record> {
    /// The record has none.
    Absent,
    /// Words.
    Text(&'record str),
    /// Words that the record does not hold itself.
    Owned(String),
    /// A moment.
    Time(Timestamp),
    /// Yes or no.
    Flag(bool),
    /// A set of words.
    Words(Vec<&'record str>),
    /// Whatever the metadata holds.
    Json(&'record Value),
}

/// A record that a filter can test.
pub trait Filterable {
    /// The value of a property; `Absent` for one that such a record never has.
    fn property(&self, field: &Field) -> Property<'_>;
}

impl Filter {
    /// Whether the record passes.
    pub fn admits(&self, record: &impl Filterable) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.admits(record)),
            Self::Or(any) => any.iter().any(|filter| filter.admits(record)),
            Self::Not(filter) => !filter.admits(record),
            Self::Where(field, test) => test.passes(&record.property(field)),
        }
    }

    /// Whether any test looks at a property for which `wanted` says yes.
    pub fn tests_any(&self, wanted: &impl Fn(&Field) -> bool) -> bool {
        match self {
            Self::And(filters) | Self::Or(filters) => filters.iter().any(|filter| filter.tests_any(wanted)),
            Self::Not(filter) => filter.tests_any(wanted),
            Self::Where(field, _) => wanted(field),
        }
    }
}

impl Test {
    fn passes(&self, property: &Property<'_>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match self {
            Self::Eq(value) => equals(property, value),
            Self::Ne(value) => !equals(property, value),
            Self::In(values) => values.iter().any(|value| equals(property, value)),
            Self::Gt(value) => compare(property, value) == Some(Greater),
            Self::Gte(value) => matches!(compare(property, value), Some(Greater | Equal)),
            Self::Lt(value) => compare(property, value) == Some(Less),
            Self::Lte(value) => matches!(compare(property, value), Some(Less | Equal)),
            Self::Contains(value) => contains(property, value),
        }
    }
}

fn equals(property: &Property<'_>, value: &Value) -> bool {
    match property {
        Property::Absent => value.is_null(),
        Property::Words(words) => words.iter().any(|word| value.as_str() == Some(word)),
        Property::Json(json) => {
            *json == value || compare(property, value).is_some_and(std::cmp::Ordering::is_eq)
        }
        Property::Text(_) | Property::Owned(_) | Property::Time(_) | Property::Flag(_) => {
            compare(property, value).is_some_and(std::cmp::Ordering::is_eq)
        }
    }
}

fn compare(property: &Property<'_>, value: &Value) -> Option<std::cmp::Ordering> {
    match property {
        Property::Text(text) => Some((*text).cmp(value.as_str()?)),
        Property::Owned(text) => Some(text.as_str().cmp(value.as_str()?)),
        Property::Time(time) => Some(time.cmp(&value.as_str()?.parse().ok()?)),
        Property::Flag(flag) => Some(flag.cmp(&value.as_bool()?)),
        Property::Json(json) => match (json, value) {
            (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
            (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            _ => None,
        },
        Property::Absent | Property::Words(_) => None,
    }
}

fn contains(property: &Property<'_>, value: &Value) -> bool {
    let text_holds = |text: &str| value.as_str().is_some_and(|part| text.contains(part));
    match property {
        Property::Text(text) => text_holds(text),
        Property::Owned(text) => text_holds(text),
        Property::Words(words) => words.iter().any(|word| value.as_str() == Some(word)),
        Property::Json(Value::String(text)) => text_holds(text),
        Property::Json(Value::Array(items)) => items.contains(value),
        Property::Absent | Property::Time(_) | Property::Flag(_) | Property::Json(_) => false,
    }
}

/// The scope's part of a record's properties; `Absent` for every other field.
pub fn scope_property<'scope>(scope: &'scope Scope, field: &Field) -> Property<'scope> {
    let id = |id: &'scope Option<String>| id.as_deref().map_or(Property::Absent, Property::Text);
    match field {
        Field::User => id(&scope.user),
        Field::Agent => id(&scope.agent),
        Field::App => id(&scope.app),
        Field::Run => id(&scope.run),
        Field::Labels => Property::Words(scope.labels.iter().map(String::as_str).collect()),
        _ => Property::Absent,
    }
}
