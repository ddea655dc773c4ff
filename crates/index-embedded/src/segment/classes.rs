//! Classes: what many passages of a segment share is held once, and tested once for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use dreamkeeper_domain::filter::{Field, Filterable, Property, scope_property};
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage};
use dreamkeeper_domain::scope::Scope;

use super::bytes::{map_bytes, vec_bytes};

/// So many classes are compared with before they are looked up.
const FEW: usize = 4;

/// What many passages share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Class {
    pub(crate) scope: Arc<Scope>,
    pub(crate) speaker: Option<Arc<str>>,
    pub(crate) origin: Origin,
    pub(crate) role: Option<Role>,
    pub(crate) kind: Option<Kind>,
    pub(crate) sort: Sort,
}

/// What sort of record owns a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    Message,
    Memory,
    Topic,
}

impl Sort {
    fn of(owner: Owner) -> Self {
        match owner {
            Owner::Message(_) => Self::Message,
            Owner::Memory(_) => Self::Memory,
            Owner::Topic(_) => Self::Topic,
        }
    }

    /// The word that a filter knows it by.
    fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Memory => "memory",
            Self::Topic => "topic",
        }
    }
}

impl Class {
    pub(crate) fn of(passage: &Passage) -> Self {
        Self {
            scope: Arc::clone(&passage.scope),
            speaker: passage.speaker.clone(),
            origin: passage.origin,
            role: passage.turn.map(|turn| turn.role),
            kind: passage.kind,
            sort: Sort::of(passage.owner),
        }
    }

    /// The same as `*self == Self::of(passage)`.
    fn is_of(&self, passage: &Passage) -> bool {
        self.speaker == passage.speaker
            && self.origin == passage.origin
            && self.role == passage.turn.map(|turn| turn.role)
            && self.kind == passage.kind
            && self.sort == Sort::of(passage.owner)
            && self.scope == passage.scope
    }

    /// Whether a class alone decides a test of this field.
    pub(crate) fn decides(field: &Field) -> bool {
        match field {
            Field::Type
            | Field::User
            | Field::Agent
            | Field::App
            | Field::Run
            | Field::Role
            | Field::Author
            | Field::Origin
            | Field::Kind
            | Field::Labels
            | Field::Status
            | Field::Categories
            | Field::UpdatedAt
            | Field::ExpiresAt
            | Field::Pinned
            | Field::Metadata(_) => true,
            Field::Id | Field::Session | Field::At | Field::CreatedAt => false,
        }
    }
}

impl Filterable for Class {
    fn property(&self, field: &Field) -> Property<'_> {
        match field {
            Field::User | Field::Agent | Field::App | Field::Run | Field::Labels => {
                scope_property(&self.scope, field)
            }
            Field::Type => Property::Text(self.sort.as_str()),
            Field::Role => self.role.map_or(Property::Absent, |role| Property::Text(role.as_str())),
            Field::Author => self.speaker.as_deref().map_or(Property::Absent, Property::Text),
            Field::Origin => Property::Text(self.origin.as_str()),
            Field::Kind => self.kind.map_or(Property::Absent, |kind| Property::Text(kind.as_str())),
            Field::Id
            | Field::Session
            | Field::At
            | Field::CreatedAt
            | Field::Status
            | Field::Categories
            | Field::UpdatedAt
            | Field::ExpiresAt
            | Field::Pinned
            | Field::Metadata(_) => Property::Absent,
        }
    }
}

/// The classes of a segment, each with its number.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    all: Vec<Class>,
    numbers: HashMap<Class, u32>,
}

impl Classes {
    /// The number of a passage's class, new or known.
    pub(crate) fn number(&mut self, passage: &Passage) -> u32 {
        // Hashing a scope costs more than to compare it with the few that most segments have.
        let few = &self.all[..self.all.len().min(FEW)];
        if let Some(number) = few.iter().position(|class| class.is_of(passage)) {
            return number as u32;
        }
        self.number_of(&Class::of(passage))
    }

    /// The number of a class, new or known.
    pub(crate) fn number_of(&mut self, class: &Class) -> u32 {
        if let Some(number) = self.numbers.get(class) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(class.clone());
        self.numbers.insert(class.clone(), number);
        number
    }

    pub(crate) fn all(&self) -> &[Class] {
        &self.all
    }

    pub(crate) fn bytes(&self) -> usize {
        // Scopes and names may be shared with other classes; each is counted where it stands.
        let text = |class: &Class| {
            let scope = &class.scope;
            let ids = [&scope.user, &scope.agent, &scope.app, &scope.run];
            let labels: usize = scope.labels.iter().map(|label| label.len() + 40).sum();
            let ids: usize = ids.into_iter().flatten().map(String::len).sum();
            size_of::<Scope>() + ids + labels + class.speaker.as_ref().map_or(0, |name| name.len() + 16)
        };
        vec_bytes(&self.all) + map_bytes(&self.numbers) + self.all.iter().map(text).sum::<usize>()
    }
}
