//! Batches: messages of one session on their way to the server, in requests that it can take.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use dreamkeeper_api::learn::Learn;
use dreamkeeper_api::message::{AppendRequest, NewMessage, SessionRef};
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Via;
use dreamkeeper_domain::id::{MessageId, SessionId};

use super::found::{Place, Turn};
use super::send::is_refusal;
use crate::client::Client;

/// Messages of one request.
const BATCH_COUNT_MAX: usize = 500;
/// Bytes of one request's words: half of what a body may have, as JSON may write more.
const BATCH_BYTES_MAX: usize = 3 << 20;
/// Messages and bytes that wait before they are sent.
const WAITING_COUNT_MAX: usize = 2_000;
const WAITING_BYTES_MAX: usize = 16 << 20;

/// Messages that wait, by session.
#[derive(Default)]
pub(super) struct Waiting {
    batches: Vec<Batch>,
    /// Where each session's batch stands.
    by_session: HashMap<(String, dreamkeeper_domain::scope::Scope), usize>,
    count: usize,
    bytes: usize,
}

impl Waiting {
    pub(super) fn add(&mut self, place: Place, turn: Turn) {
        self.count += 1;
        self.bytes += weight(&turn.message);
        let key = (turn.session.clone(), turn.scope.clone().into());
        let index = *self.by_session.entry(key).or_insert_with(|| {
            let (session, scope) = (turn.session, turn.scope);
            self.batches.push(Batch { session, scope, messages: Vec::new() });
            self.batches.len() - 1
        });
        self.batches[index].messages.push((place, turn.message));
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= WAITING_COUNT_MAX || self.bytes >= WAITING_BYTES_MAX
    }

    pub(super) fn take(&mut self) -> Vec<Batch> {
        std::mem::take(self).batches
    }
}

/// Messages of one session, in order.
pub(super) struct Batch {
    session: String,
    scope: Scope,
    messages: Vec<(Place, NewMessage)>,
}

/// What became of a batch.
#[derive(Default)]
pub(super) struct Sent {
    /// Tells sessions apart when they are counted.
    pub(super) session_hash: u64,
    pub(super) imported: u64,
    pub(super) already_there: u64,
    /// The session that they are in, with its key there and for whom it is.
    pub(super) session: Option<(String, Scope, SessionId)>,
    pub(super) refused: Vec<(Place, String)>,
}

impl Batch {
    fn session_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.session, format!("{:?}", self.scope)).hash(&mut hasher);
        hasher.finish()
    }

    /// Writes the batch, in order.
    pub(super) async fn send(mut self, client: Client, learn: Learn) -> anyhow::Result<Sent> {
        let (session_hash, already_there) = (self.session_hash(), self.leave_known(&client).await?);
        let mut sent = Sent { session_hash, already_there, ..Sent::default() };
        if already_there > 0 {
            sent.session = self.session.parse().ok().map(|id| self.located(id));
        }
        let mut ranges: VecDeque<(usize, usize)> = self.requests().into();
        while let Some((from, to)) = ranges.pop_front() {
            let request = AppendRequest {
                temporary: false,
                session: SessionRef::Key(self.session.clone()),
                scope: self.scope.clone(),
                messages: self.messages[from..to].iter().map(|(_, message)| message.clone()).collect(),
                via: Via::Import,
                idempotency_key: None,
                learn: Some(learn),
            };
            match client.append(&request).await {
                Ok(appended) => {
                    sent.session = Some(self.located(appended.session));
                    let there = appended.messages.iter().filter(|message| message.duplicate).count() as u64;
                    sent.already_there += there;
                    sent.imported += appended.messages.len() as u64 - there;
                }
                Err(error) if is_refusal(&error) && to - from == 1 => {
                    sent.refused.push((self.messages[from].0.clone(), error.to_string()));
                }
                Err(error) if is_refusal(&error) => {
                    let middle = from + (to - from) / 2;
                    ranges.push_front((middle, to));
                    ranges.push_front((from, middle));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    fn located(&self, id: SessionId) -> (String, Scope, SessionId) {
        (self.session.clone(), self.scope.clone(), id)
    }

    /// Leaves out what an export from this very space brings back: a session without a key is exported
    /// under its id, a message without a client id under its own.
    async fn leave_known(&mut self, client: &Client) -> anyhow::Result<u64> {
        let is_here = self.session.parse::<SessionId>().is_ok()
            && matches!(client.record(&self.session).await, Ok(Record::Session(_)));
        if !is_here {
            return Ok(0);
        }
        let (mut left, mut known_count) = (Vec::new(), 0);
        for (place, message) in std::mem::take(&mut self.messages) {
            let id = message.id.as_deref().filter(|id| id.parse::<MessageId>().is_ok());
            let known = match id {
                Some(id) => matches!(client.record(id).await, Ok(Record::Message(_))),
                None => false,
            };
            if known {
                known_count += 1;
            } else {
                left.push((place, message));
            }
        }
        self.messages = left;
        Ok(known_count)
    }

    /// Ranges that a request can hold, in order.
    fn requests(&self) -> Vec<(usize, usize)> {
        let (mut ranges, mut from, mut bytes) = (Vec::new(), 0, 0);
        for (place, (_, message)) in self.messages.iter().enumerate() {
            let more = weight(message);
            if place - from >= BATCH_COUNT_MAX || (bytes + more > BATCH_BYTES_MAX && place > from) {
                ranges.push((from, place));
                (from, bytes) = (place, 0);
            }
            bytes += more;
        }
        if from < self.messages.len() {
            ranges.push((from, self.messages.len()));
        }
        ranges
    }
}

fn weight(message: &NewMessage) -> usize {
    message.content().map_or(0, |parts| dreamkeeper_domain::message::render(&parts).len()) + 128
}
