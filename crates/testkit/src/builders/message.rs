//! Messages and their passages.

use std::sync::Arc;

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::message::{Message, Part, Role};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::passage::{Owner, Passage, Turn, Vector};
use dreamkeeper_domain::ports::Embedder;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::text::{cues, cut, terms};
use jiff::Timestamp;
use uuid::Uuid;

use super::{EPOCH, at, next_id_bytes, source_hash};
use crate::ScriptedEmbedder;

/// A message in the making.
#[derive(Debug, Clone)]
pub struct MessageBuilder(Message);

/// A message of the user's with these words, said and recorded at the tests' epoch, in no session yet.
pub fn a_message(text: &str) -> MessageBuilder {
    MessageBuilder(Message {
        id: MessageId::new(at(EPOCH), next_id_bytes()),
        session: SessionId::from_uuid(Uuid::nil()),
        ordinal: 0,
        client_id: None,
        role: Role::User,
        author: None,
        origin: Origin::User,
        via: Via::Live,
        scope: Scope::default(),
        parts: vec![Part::Text { text: text.to_owned() }],
        at: at(EPOCH),
        zone: None,
        recorded_at: at(EPOCH),
        erased: false,
    })
}

impl MessageBuilder {
    /// Puts it into a session, under the session's scope and the labels it has so far.
    #[must_use]
    pub fn in_session(mut self, session: &Session) -> Self {
        let labels = std::mem::take(&mut self.0.scope.labels);
        self.0.session = session.id;
        self.0.scope = session.scope.clone();
        self.0.scope.labels.extend(labels);
        self
    }

    /// Names the speaker.
    #[must_use]
    pub fn by(mut self, author: &str) -> Self {
        self.0.author = Some(author.to_owned());
        self
    }

    /// Says whose turn it is, with the origin that the role claims.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.0.role = role;
        self.0.origin = role.origin();
        self
    }

    /// Says who really authored it.
    #[must_use]
    pub fn origin(mut self, origin: Origin) -> Self {
        self.0.origin = origin;
        self
    }

    /// Gives it the caller's own id.
    #[must_use]
    pub fn client_id(mut self, id: &str) -> Self {
        self.0.client_id = Some(id.to_owned());
        self
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.0.scope.labels.insert(label.to_owned());
        self
    }

    /// Says when it was said and recorded.
    #[must_use]
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.0.at = moment;
        self.0.recorded_at = moment;
        self
    }

    /// Changes anything else.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Message)) -> Self {
        change(&mut self.0);
        self
    }

    /// The message.
    pub fn build(self) -> Message {
        self.0
    }

    /// The write that appends it, its passages without vectors.
    pub fn write(self) -> Write {
        let passages = message_passages(&self.0, None);
        Write::AppendMessage { message: self.0, passages }
    }

    /// The write that appends it, its passages with vectors.
    pub fn write_embedded(self, embedder: &ScriptedEmbedder) -> Write {
        let passages = message_passages(&self.0, Some(embedder));
        Write::AppendMessage { message: self.0, passages }
    }
}

/// The passages of a message, with vectors where an embedder is given.
pub fn message_passages(message: &Message, embedder: Option<&ScriptedEmbedder>) -> Vec<Passage> {
    let text = message.text();
    let scope = Arc::new(message.scope.clone());
    let of_span = |span: dreamkeeper_domain::passage::Span| {
        let words = span.of(&text).expect("a cut lies inside its text");
        Passage {
            owner: Owner::Message(message.id),
            span,
            turn: Some(Turn { session: message.session, ordinal: 0, role: message.role }),
            kind: None,
            speaker: message.author.as_deref().map(Arc::from),
            origin: message.origin,
            scope: Arc::clone(&scope),
            at: message.at,
            recorded_at: message.recorded_at,
            retired_at: None,
            terms: terms(words).into(),
            cues: cues(words),
            source_hash: source_hash(words),
            vector: embedder.map(|embedder| embedded(embedder, words)),
        }
    };
    cut(&text).into_iter().map(of_span).collect()
}

pub(super) fn embedded(
    embedder: &ScriptedEmbedder,
    words: &str,
) -> (dreamkeeper_domain::passage::EmbedderIdentity, Vector) {
    (embedder.identity().clone(), Vector::quantise(&embedder.vector(words)))
}
