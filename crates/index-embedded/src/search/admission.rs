//! Admission: which rows a request lets through: scope, origin, filter, owners and moment.

use dreamkeeper_domain::filter::{Field, Filterable, Property};
use dreamkeeper_domain::passage::Owner;

use super::{Admitted, Query};
use crate::segment::{Class, Row, Segment, Sort};

/// What a request lets through of a segment.
pub(super) struct Admission<'search> {
    segment: &'search Segment,
    query: &'search Query,
    /// For each class: what its rows may be nominated as, if nothing of their own forbids it.
    classes: Vec<Admitted>,
}

impl<'search> Admission<'search> {
    pub(super) fn new(segment: &'search Segment, query: &'search Query) -> Self {
        let classes = segment.classes().iter().map(|class| admit_class(class, query)).collect();
        Self { segment, query, classes }
    }

    /// Decides for every row.
    pub(super) fn admit_all(&self, into: &mut Vec<Admitted>) {
        let request = &self.query.request;
        let class_decides =
            request.as_of.is_none() && request.owners.is_none() && self.query.row_filters.is_empty();
        into.clear();
        if class_decides {
            into.extend((0..self.segment.row_count()).map(|row| self.by_class(row)));
        } else {
            into.extend((0..self.segment.row_count()).map(|row| self.admit(row)));
        }
    }

    fn by_class(&self, row: u32) -> Admitted {
        let class = self.segment.class(row, self.query.request.as_of.is_some());
        class.map_or(Admitted::No, |class| self.classes[class as usize])
    }

    fn admit(&self, row: u32) -> Admitted {
        let admitted = self.by_class(row);
        if admitted == Admitted::No {
            return admitted;
        }
        let request = &self.query.request;
        let held = self.segment.row(row);
        let stood = request.as_of.is_none_or(|as_of| {
            held.recorded_at <= as_of && self.segment.retired_at(row).is_none_or(|at| at > as_of)
        });
        let is_asked_for = || request.owners.as_ref().is_none_or(|owners| owners.contains(&held.owner));
        let Some(class) = self.segment.class(row, true) else { return Admitted::No };
        let class = &self.segment.classes()[class as usize];
        let seen = Seen { segment: self.segment, row: held, class };
        let passes = || self.query.row_filters.iter().all(|filter| filter.admits(&seen));
        if stood && is_asked_for() && passes() { admitted } else { Admitted::No }
    }
}

/// A row as a filter sees it.
struct Seen<'search> {
    segment: &'search Segment,
    row: &'search Row,
    class: &'search Class,
}

impl Filterable for Seen<'_> {
    fn property(&self, field: &Field) -> Property<'_> {
        match field {
            Field::Id => Property::Owned(match self.row.owner {
                Owner::Message(id) => id.to_string(),
                Owner::Memory(id) => id.to_string(),
                Owner::Topic(id) => id.to_string(),
            }),
            Field::Session if self.row.turn.is_some() => {
                Property::Owned(self.segment.sessions().id(self.row.turn.session).to_string())
            }
            Field::Session => Property::Absent,
            Field::At => Property::Time(self.row.at),
            Field::CreatedAt => Property::Time(self.row.recorded_at),
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
            | Field::Metadata(_) => self.class.property(field),
        }
    }
}

fn admit_class(class: &Class, query: &Query) -> Admitted {
    let request = &query.request;
    let (is_wanted, admitted) = match class.sort {
        Sort::Message => (request.messages, Admitted::AsMessage),
        Sort::Memory => (request.memories, Admitted::AsMemory),
        Sort::Topic => (request.topics, Admitted::AsTopic),
    };
    let passes = is_wanted
        && class.origin >= request.min_origin
        && request.scope.covers(&class.scope)
        && query.class_filters.iter().all(|filter| filter.admits(class));
    if passes { admitted } else { Admitted::No }
}
