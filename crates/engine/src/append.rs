//! Append: records what was said, in order, in a session.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ChangeSet, IdempotencyKey, Outcome, Write};
use dreamkeeper_domain::event::LearnEvent;
use dreamkeeper_domain::id::{EventId, MessageId, SessionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::message::{Message, Part, Role, render};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::ports::{IndexChange, SpaceStore};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::time::Zone;
use jiff::{SignedDuration, Timestamp};

use crate::error::{check_bytes, check_count, check_scope, check_via};
use crate::learn::Learn;
use crate::{Engine, Principal, VerbError, passages};

/// Which session messages go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionRef {
    /// That one.
    Id(SessionId),
    /// The one that the caller calls so; made when there is none.
    Key(String),
    /// The scope's current one: the latest keyless session, unless it has been idle for
    /// [`limits::SESSION_IDLE_MINUTES`]; then a new one.
    Current,
}

/// Messages for one session.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// Which session.
    pub session: SessionRef,
    /// For whom. Must be the session's own when that exists already.
    pub scope: Scope,
    /// What was said, in order.
    pub messages: Vec<NewMessage>,
    /// How it came here.
    pub via: Via,
    /// The caller's own name for this request.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Whether, and when, it is learned from.
    pub learn: Learn,
    /// Whether the session is to leave nothing. It must be named by key or id, and be so from its first message.
    pub temporary: bool,
}

/// One message to append.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// The caller's own id; appending it again to the same session changes nothing.
    pub client_id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    pub author: Option<String>,
    /// Who really authored it, when that is less than the role suggests.
    pub origin: Option<Origin>,
    /// The content, in order.
    pub parts: Vec<Part>,
    /// When it was said; now unless told.
    pub at: Option<Timestamp>,
    /// The speaker's zone.
    pub zone: Option<Zone>,
    /// Labels of this message beside the session's.
    pub labels: Vec<String>,
}

impl NewMessage {
    /// A message of plain words.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self {
            client_id: None,
            role,
            author: None,
            origin: None,
            parts: vec![Part::Text { text: text.into() }],
            at: None,
            zone: None,
            labels: Vec::new(),
        }
    }
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    /// The session.
    pub session: SessionId,
    /// Whether it was made for this.
    pub session_created: bool,
    /// One for each message, in order.
    pub messages: Vec<AppendedMessage>,
    /// The learning events that were queued.
    pub events: Vec<EventId>,
    /// What came of them, when learning was asked for now.
    pub learned: Vec<LearnEvent>,
    /// Whether this is the answer of an earlier request under the same idempotency key.
    pub replayed: bool,
}

/// Where a message stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppendedMessage {
    /// Its id.
    pub id: MessageId,
    /// Its place in the session.
    pub ordinal: u32,
    /// Whether the session held its client id already.
    pub duplicate: bool,
}

impl Engine {
    /// Appends messages to a session, durably, and makes them findable.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `Invalid` for anything over a bound; `NotFound` for an unknown session
    /// id; `Apply` for a client id reused with other content.
    pub async fn append(&self, principal: &Principal, request: Append) -> Result<Appended, VerbError> {
        principal.require(Permission::Write)?;
        check(&request)?;
        let space = self.space(principal).await?;
        let at = self.now();
        let session = self.session_for(principal, (&space, &request), at).await?;
        let composer =
            Composer { engine: self, principal, request: &request, session: &session, recorded_at: at };
        let mut messages: Vec<Message> = request.messages.iter().map(|new| composer.message(new)).collect();
        self.echoes.bind((principal.space, &*space), &session, &mut messages).await?;
        // What a temporary session says is found nowhere.
        let of_messages = match session.temporary {
            true => vec![Vec::new(); messages.len()],
            false => passages::of_messages(&*self.parts.embedder, &messages).await,
        };
        let events = self.events_of(&request, &session, &messages);
        let kept = of_messages.clone();
        let mut writes = vec![Write::OpenSession(session.clone())];
        writes.extend(
            messages
                .into_iter()
                .zip(of_messages)
                .map(|(message, passages)| Write::AppendMessage { message, passages }),
        );
        writes.extend(events.into_iter().map(|event| Write::Enqueue(Box::new(event))));
        let idempotency = request.idempotency_key.clone().map(|key| (key, digest(&request)));
        let changes = ChangeSet { idempotency, actor: principal.actor.clone(), at, writes };
        let follow =
            move |applied: &Applied| vec![IndexChange::Added(passages::placed(kept, &applied.outcomes[1..]))];
        let applied = self.apply_and_follow(principal, &space, changes, follow).await?;
        let mut appended = read_outcomes(&session, &applied.outcomes, applied.replayed);
        self.keep_session(principal, &request, session, &appended);
        if !appended.events.is_empty() {
            self.learning.woken.notify_one();
        }
        if request.learn == Learn::Now {
            appended.learned = self.settled(principal, &appended.events).await?;
        }
        Ok(appended)
    }

    /// The learning events of an append: one for each so many messages.
    fn events_of(&self, request: &Append, session: &Session, messages: &[Message]) -> Vec<LearnEvent> {
        if request.learn == Learn::Off || session.temporary {
            return Vec::new();
        }
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let chunks = ids.chunks(limits::EVENT_MESSAGES_MAX);
        chunks.filter_map(|chunk| self.event_of(&session.scope, Some(session.id), chunk.to_vec())).collect()
    }

    /// Remembers the session for the next append, as this one left it.
    fn keep_session(&self, principal: &Principal, request: &Append, session: Session, appended: &Appended) {
        // Somebody else made it at this moment: how it looks is for the store to tell.
        if appended.replayed || appended.session != session.id {
            return;
        }
        let last = appended.messages.last().map_or(0, |message| message.ordinal + 1);
        let message_count = session.message_count.max(last);
        let kept = Session { message_count, last_recorded_at: self.now(), ..session };
        self.known_sessions.keep(principal.space, request.scope.clone(), kept);
    }

    async fn session_for(
        &self,
        principal: &Principal,
        (space, request): (&Arc<dyn SpaceStore>, &Append),
        at: Timestamp,
    ) -> Result<Session, VerbError> {
        let found = match &request.session {
            SessionRef::Id(id) => {
                Some(space.session(*id).await?.ok_or_else(|| VerbError::not_found("session", id))?)
            }
            SessionRef::Key(key) => match self.known_sessions.get(principal.space, &request.scope, key) {
                Some(known) => Some(known),
                None => space.session_by_key(&request.scope, key).await?,
            },
            SessionRef::Current => {
                let idle = SignedDuration::from_mins(limits::SESSION_IDLE_MINUTES);
                let current = space.current_session(&request.scope).await?;
                current.filter(|session| at.duration_since(session.last_recorded_at) < idle)
            }
        };
        if let Some(session) = found {
            if !request.scope.covers(&session.scope) {
                let problem = format!("session {} belongs to another scope: leave the scope out", session.id);
                return Err(VerbError::invalid("scope", problem));
            }
            if request.temporary && !session.temporary {
                let problem = format!(
                    "session {} is not temporary: what it holds was recorded to stay; use another one",
                    session.id
                );
                return Err(VerbError::invalid("session.temporary", problem));
            }
            return Ok(session);
        }
        let key = match &request.session {
            SessionRef::Key(key) => Some(key.clone()),
            SessionRef::Id(_) | SessionRef::Current => None,
        };
        let (id, scope) = (SessionId::new(at, self.random()), request.scope.clone());
        Ok(Session {
            id,
            key,
            scope,
            opened_at: at,
            last_at: at,
            last_recorded_at: at,
            message_count: 0,
            temporary: request.temporary,
        })
    }
}

/// What the messages of one append share.
struct Composer<'a> {
    engine: &'a Engine,
    principal: &'a Principal,
    request: &'a Append,
    session: &'a Session,
    recorded_at: Timestamp,
}

impl Composer<'_> {
    fn message(&self, new: &NewMessage) -> Message {
        let mut scope = self.session.scope.clone();
        scope.labels.extend(self.request.scope.labels.iter().cloned());
        scope.labels.extend(new.labels.iter().cloned());
        let declared = new.origin.unwrap_or_else(|| new.role.origin());
        Message {
            id: MessageId::new(self.recorded_at, self.engine.random()),
            session: self.session.id,
            ordinal: 0,
            client_id: new.client_id.clone(),
            role: new.role,
            author: new.author.clone(),
            origin: declared.under(new.role.origin()).under(self.principal.ceiling),
            via: self.request.via,
            scope,
            parts: new.parts.clone(),
            at: new.at.unwrap_or(self.recorded_at),
            zone: new.zone.clone(),
            recorded_at: self.recorded_at,
            erased: false,
        }
    }
}

fn check(request: &Append) -> Result<(), VerbError> {
    check_scope(&request.scope)?;
    check_via(request.via)?;
    check_count("messages", request.messages.len(), limits::APPEND_COUNT_MAX)?;
    if request.messages.is_empty() {
        return Err(VerbError::invalid("messages", "there are none: append at least one"));
    }
    match &request.session {
        SessionRef::Key(key) => check_name("session", key)?,
        SessionRef::Current if request.temporary => {
            let problem = "a temporary session needs a key, so that its later messages find it: give one";
            return Err(VerbError::invalid("session.temporary", problem));
        }
        SessionRef::Id(_) | SessionRef::Current => {}
    }
    if let Some(IdempotencyKey(key)) = &request.idempotency_key {
        check_name("idempotency_key", key)?;
    }
    request.messages.iter().enumerate().try_for_each(|(place, message)| check_message(place, message))
}

fn check_message(place: usize, message: &NewMessage) -> Result<(), VerbError> {
    let field = |name: &str| format!("messages[{place}].{name}");
    if let Some(client_id) = &message.client_id {
        check_name(&field("id"), client_id)?;
    }
    if let Some(author) = &message.author {
        check_bytes(&field("author"), author.len(), limits::AUTHOR_BYTES_MAX)?;
    }
    check_count(&field("parts"), message.parts.len(), limits::MESSAGE_PARTS_MAX)?;
    check_bytes(&field("parts"), render(&message.parts).len(), limits::MESSAGE_BYTES_MAX)?;
    let labels = Scope { labels: message.labels.iter().cloned().collect(), ..Scope::default() };
    labels.check().map_err(|error| VerbError::invalid(field("labels"), error.to_string()))
}

fn check_name(field: &str, name: &str) -> Result<(), VerbError> {
    if name.is_empty() {
        return Err(VerbError::invalid(field, "is empty: leave it out or give it a value"));
    }
    check_bytes(field, name.len(), limits::CLIENT_ID_BYTES_MAX)
}

/// Tells a repetition of a request from another request under the same idempotency key.
fn digest(request: &Append) -> [u8; 32] {
    use sha2::Digest;
    // The debug form names every field in order and holds no address or time of its own.
    sha2::Sha256::digest(format!("{request:?}")).into()
}

fn read_outcomes(session: &Session, outcomes: &[Outcome], replayed: bool) -> Appended {
    let mut appended = Appended {
        session: session.id,
        session_created: false,
        messages: Vec::new(),
        events: crate::learn::queued(outcomes),
        learned: Vec::new(),
        replayed,
    };
    for outcome in outcomes {
        match outcome {
            Outcome::Session { id, created } => {
                appended.session = *id;
                appended.session_created = *created;
            }
            Outcome::Appended { id, ordinal, .. } => {
                appended.messages.push(AppendedMessage { id: *id, ordinal: *ordinal, duplicate: false });
            }
            Outcome::Duplicate { id, ordinal, .. } => {
                appended.messages.push(AppendedMessage { id: *id, ordinal: *ordinal, duplicate: true });
            }
            Outcome::Memory { .. }
            | Outcome::State { .. }
            | Outcome::Erased { .. }
            | Outcome::Enqueued { .. }
            | Outcome::Leased { .. }
            | Outcome::Pruned(_)
            | Outcome::Topic { .. }
            | Outcome::Versioned { .. }
            | Outcome::Done => {}
        }
    }
    appended
}
