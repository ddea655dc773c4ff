//! Messages on the wire: what is appended and what is read back.

use dreamkeeper_domain::id::{EventId, MessageId, SessionId};
use dreamkeeper_domain::message;
use dreamkeeper_domain::time::Zone;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::event::Event;
use crate::learn::Learn;
use crate::moment::{Moment, SaidAt};
use crate::scope::Scope;
use crate::words::{Origin, Role, Via};

/// One part of a message's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

impl From<message::Part> for Part {
    fn from(noun: message::Part) -> Self {
        match noun {
            message::Part::Text { text } => Self::Text { text },
            message::Part::ToolCall { id, name, arguments } => Self::ToolCall { id, name, arguments },
            message::Part::ToolResult { call, content } => Self::ToolResult { call, content },
            message::Part::Image { caption } => Self::Image { caption },
        }
    }
}

impl From<Part> for message::Part {
    fn from(wire: Part) -> Self {
        match wire {
            Part::Text { text } => Self::Text { text },
            Part::ToolCall { id, name, arguments } => Self::ToolCall { id, name, arguments },
            Part::ToolResult { call, content } => Self::ToolResult { call, content },
            Part::Image { caption } => Self::Image { caption },
        }
    }
}

/// Which session messages go to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionRef {
    /// That one.
    #[schema(value_type = String, format = "uuid")]
    Id(SessionId),
    /// The one that the caller calls so; made when there is none.
    Key(String),
    /// The scope's current one: a new one after 30 minutes idle.
    #[default]
    Current,
}

/// Messages to append to one session, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppendRequest {
    /// Which session; the scope's current one unless told.
    #[serde(default)]
    pub session: SessionRef,
    /// For whom.
    #[serde(default)]
    pub scope: Scope,
    /// What was said, in order.
    #[schema(example = json!([{"role": "user", "author": "Odile", "text": "We eat at eight."}]))]
    pub messages: Vec<NewMessage>,
    /// `live` (unless told) or `import`.
    #[serde(default = "live")]
    pub via: Via,
    /// The caller's own name for this request: sending it again changes nothing. The header
    /// `Idempotency-Key` is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// Whether it is learned from, and when; as the server is configured (`later`) unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learn: Option<Learn>,
    /// Whether the session is to leave nothing: nothing is learned from it or found in it, and it is erased when it
    /// has been quiet for a day (`maintain.temporary_hours`). It needs a key or an id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
}

fn live() -> Via {
    Via::Live
}

/// One message to append.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The caller's own id, unique in the session: appending it again changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who really authored it, when that is less than the role suggests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The content, when it is words only; else `parts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The content, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    /// When it was said; now unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<SaidAt>,
    /// The speaker's zone, such as `Europe/Lisbon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub zone: Option<Zone>,
    /// Labels of this message beside the session's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

impl NewMessage {
    /// A message of plain words.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self {
            id: None,
            role,
            author: None,
            origin: None,
            text: Some(text.into()),
            parts: None,
            at: None,
            zone: None,
            labels: Vec::new(),
        }
    }

    /// The content: `text` or `parts`, exactly one of them.
    ///
    /// # Errors
    /// When both or neither are given.
    pub fn content(&self) -> Result<Vec<message::Part>, Problem> {
        match (&self.text, &self.parts) {
            (Some(text), None) => Ok(vec![message::Part::Text { text: text.clone() }]),
            (None, Some(parts)) => Ok(parts.iter().cloned().map(Into::into).collect()),
            (Some(_), Some(_)) => Err(Problem::new("parts", "`text` is given too: give one of them")),
            (None, None) => Err(Problem::new("text", "is missing: give `text` or `parts`")),
        }
    }

    /// When it was said and in which zone.
    ///
    /// # Errors
    /// When the offset of `at` is not the zone's.
    pub fn said(&self) -> Result<(Option<Timestamp>, Option<Zone>), Problem> {
        let Some(at) = &self.at else { return Ok((None, self.zone.clone())) };
        let (moment, zone) =
            at.in_zone(self.zone.as_ref()).map_err(|error| Problem::new("at", error.to_string()))?;
        Ok((Some(moment), zone))
    }
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Appended {
    /// The session.
    #[schema(value_type = String, format = "uuid")]
    pub session: SessionId,
    /// Whether it was made for this.
    pub session_created: bool,
    /// One for each message, in order.
    pub messages: Vec<AppendedMessage>,
    /// The learning events that were queued: `GET events/{id}` tells what came of one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub events: Vec<EventId>,
    /// The events with what came of them, when learning was asked for `now`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<Event>,
    /// Whether this is the answer of an earlier request under the same idempotency key.
    pub replayed: bool,
}

/// Where an appended message stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppendedMessage {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: MessageId,
    /// Its place in the session, from 0.
    pub ordinal: u32,
    /// Whether the session held its client id already.
    pub duplicate: bool,
}

/// A message as it was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: MessageId,
    /// The session it belongs to.
    #[schema(value_type = String, format = "uuid")]
    pub session: SessionId,
    /// Its place in the session, from 0.
    pub ordinal: u32,
    /// The caller's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who really authored it.
    pub origin: Origin,
    /// How it came here.
    pub via: Via,
    /// For whom it stands.
    pub scope: Scope,
    /// The content, in order; empty once erased.
    pub parts: Vec<Part>,
    /// The content as one text: what spans of quotes count bytes in.
    pub text: String,
    /// When it was said.
    pub at: Moment,
    /// The speaker's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// Whether a person erased its content; its place remains.
    pub erased: bool,
}

impl From<message::Message> for Message {
    fn from(noun: message::Message) -> Self {
        let text = noun.text();
        Self {
            id: noun.id,
            session: noun.session,
            ordinal: noun.ordinal,
            client_id: noun.client_id,
            role: noun.role.into(),
            author: noun.author,
            origin: noun.origin.into(),
            via: noun.via.into(),
            scope: noun.scope.into(),
            parts: noun.parts.into_iter().map(Into::into).collect(),
            text,
            at: Moment(noun.at),
            zone: noun.zone.map(|zone| zone.to_string()),
            recorded_at: Moment(noun.recorded_at),
            erased: noun.erased,
        }
    }
}
