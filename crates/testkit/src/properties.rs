//! What a filter sees of a passage, straight from the comments of [`Field`].

use dreamkeeper_domain::filter::{Field, Filterable, Property, scope_property};
use dreamkeeper_domain::passage::{Owner, Passage};

/// A passage seen by a filter.
pub(crate) struct Seen<'passage>(pub(crate) &'passage Passage);

impl Filterable for Seen<'_> {
    fn property(&self, field: &Field) -> Property<'_> {
        let passage = self.0;
        match field {
            Field::Id => Property::Owned(match passage.owner {
                Owner::Message(id) => id.to_string(),
                Owner::Memory(id) => id.to_string(),
                Owner::Topic(id) => id.to_string(),
            }),
            Field::Type => Property::Text(match passage.owner {
                Owner::Message(_) => "message",
                Owner::Memory(_) => "memory",
                Owner::Topic(_) => "topic",
            }),
            Field::User | Field::Agent | Field::App | Field::Run | Field::Labels => {
                scope_property(&passage.scope, field)
            }
            Field::Session => {
                passage.turn.map_or(Property::Absent, |turn| Property::Owned(turn.session.to_string()))
            }
            Field::Role => passage.turn.map_or(Property::Absent, |turn| Property::Text(turn.role.as_str())),
            Field::Author => passage.speaker.as_deref().map_or(Property::Absent, Property::Text),
            Field::Origin => Property::Text(passage.origin.as_str()),
            Field::Kind => passage.kind.map_or(Property::Absent, |kind| Property::Text(kind.as_str())),
            Field::At => Property::Time(passage.at),
            Field::CreatedAt => Property::Time(passage.recorded_at),
            Field::Status
            | Field::Categories
            | Field::UpdatedAt
            | Field::ExpiresAt
            | Field::Pinned
            | Field::Metadata(_) => Property::Absent,
        }
    }
}
