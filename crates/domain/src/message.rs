//! Message: what was really said or done. Its order and content never change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::filter::{Field, Filterable, Property, scope_property};
use crate::id::{MessageId, SessionId};
use crate::origin::{Origin, Via};
use crate::scope::Scope;
use crate::time::Zone;

/// Whose turn a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions to the model.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// A tool's answer.
    Tool,
}

impl Role {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }

    /// The origin that a role claims when nothing else is declared.
    pub const fn origin(self) -> Origin {
        match self {
            Self::System => Origin::Operator,
            Self::User => Origin::User,
            Self::Assistant => Origin::Assistant,
            Self::Tool => Origin::Tool,
        }
    }
}

/// One part of a message's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// The model asks for a tool.
    ToolCall {
        /// The caller's id of the call.
        id: String,
        /// The tool.
        name: String,
        /// What it is given.
        arguments: Value,
    },
    /// What the tool answered.
    ToolResult {
        /// The id of the call it answers.
        call: String,
        /// The answer as text.
        content: String,
    },
    /// A picture, by its caption.
    Image {
        /// What it shows.
        caption: String,
    },
}

/// What was said or done at one turn of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The session it belongs to.
    pub session: SessionId,
    /// Its place in the session, from 0; given by the store.
    pub ordinal: u32,
    /// The caller's own id, unique in the session: appending it again changes nothing.
    pub client_id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name, when there is one.
    pub author: Option<String>,
    /// Who really authored it: the lower of the declared origin and the credential's ceiling.
    pub origin: Origin,
    /// How it came here.
    pub via: Via,
    /// For whom it stands: the session's scope and the message's own labels.
    pub scope: Scope,
    /// The content, in order; empty once erased.
    pub parts: Vec<Part>,
    /// When it was said.
    pub at: Timestamp,
    /// The speaker's zone.
    pub zone: Option<Zone>,
    /// When the store recorded it.
    pub recorded_at: Timestamp,
    /// Whether a person erased its content; its place remains.
    pub erased: bool,
}

impl Message {
    /// The content as one text: what passages and quotes count bytes in.
    ///
    /// Parts are joined by newlines; an image stands as `[caption]`, a tool call as `name(arguments)`.
    pub fn text(&self) -> String {
        render(&self.parts)
    }
}

impl Filterable for Message {
    fn property(&self, field: &Field) -> Property<'_> {
        match field {
            Field::Id => Property::Owned(self.id.to_string()),
            Field::Type => Property::Text("message"),
            Field::User | Field::Agent | Field::App | Field::Run | Field::Labels => {
                scope_property(&self.scope, field)
            }
            Field::Session => Property::Owned(self.session.to_string()),
            Field::Role => Property::Text(self.role.as_str()),
            Field::Author => self.author.as_deref().map_or(Property::Absent, Property::Text),
            Field::Origin => Property::Text(self.origin.as_str()),
            Field::At => Property::Time(self.at),
            Field::CreatedAt => Property::Time(self.recorded_at),
            Field::Kind
            | Field::Status
            | Field::Categories
            | Field::UpdatedAt
            | Field::ExpiresAt
            | Field::Pinned
            | Field::Metadata(_) => Property::Absent,
        }
    }
}

/// The text of content parts, as [`Message::text`] gives it.
pub fn render(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push('\n');
        }
        match part {
            Part::Text { text: words } => text.push_str(words),
            Part::ToolCall { name, arguments, .. } => {
                text.push_str(name);
                text.push('(');
                text.push_str(&arguments.to_string());
                text.push(')');
            }
            Part::ToolResult { content, .. } => text.push_str(content),
            Part::Image { caption } => {
                text.push('[');
                text.push_str(caption);
                text.push(']');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Filter, Test};

    #[test]
    fn a_message_is_tested_by_its_own_properties() {
        let at = Timestamp::from_second(1_000).unwrap();
        let message = Message {
            id: MessageId::new(at, [1; 10]),
            session: SessionId::new(at, [2; 10]),
            ordinal: 0,
            client_id: None,
            role: Role::Assistant,
            author: Some("Iris".into()),
            origin: Origin::Assistant,
            via: Via::Live,
            scope: Scope::user("ana"),
            parts: Vec::new(),
            at,
            zone: None,
            recorded_at: at,
            erased: false,
        };
        let check = |field: Field, value: &str, expected: bool| {
            let filter = Filter::Where(field.clone(), Test::Eq(value.into()));
            assert_eq!(filter.admits(&message), expected, "{field:?}");
        };
        check(Field::Type, "message", true);
        check(Field::Session, &message.session.to_string(), true);
        check(Field::Role, "assistant", true);
        check(Field::Author, "Iris", true);
        check(Field::User, "ana", true);
        check(Field::At, "1970-01-01T00:16:40Z", true);
        check(Field::Kind, "fact", false);
        check(Field::Metadata(vec!["city".into()]), "Faro", false);
    }

    #[test]
    fn parts_stand_one_under_another() {
        let parts = [
            Part::Text { text: "Look:".into() },
            Part::Image { caption: "a red kite".into() },
            Part::ToolCall {
                id: "1".into(),
                name: "wind".into(),
                arguments: serde_json::json!({"at": "Faro"}),
            },
        ];
        assert_eq!(render(&parts), "Look:\n[a red kite]\nwind({\"at\":\"Faro\"})");
    }
}
