//! Send: writes what was found, messages in batches by session, several sessions at a time.
//!
//! A batch that the server refuses is halved until the message at fault stands alone: it is told with its
//! place, the others are written.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use dreamkeeper_api::message::{AppendRequest, NewMessage, SessionRef};
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Via;
use dreamkeeper_domain::id::{MessageId, SessionId};
use tokio::task::JoinSet;

use super::found::{Found, Located, Place, Turn};
use super::remember::Remembering;
use super::report::Report;
use crate::client::{ApiFailure, Client};

/// Messages of one request.
const BATCH_COUNT_MAX: usize = 500;
/// Bytes of one request's words: half of what a body may have, as JSON may write more.
const BATCH_BYTES_MAX: usize = 3 << 20;
/// Messages and bytes that wait before they are sent.
const WAITING_COUNT_MAX: usize = 2_000;
const WAITING_BYTES_MAX: usize = 16 << 20;
/// Sessions that are written at a time: they share commits.
const SESSIONS_AT_A_TIME: usize = 8;

/// How an import is made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// For whom, where the source does not say; labels are added to every record.
    pub(crate) scope: Scope,
    /// Stops at the first thing that cannot be read or written.
    pub(crate) strict: bool,
}

/// An import under way. Without a client nothing is written: a dry run.
pub(crate) struct Importer<'a> {
    client: Option<Client>,
    options: Options,
    report: Report,
    waiting: Waiting,
    remembering: Remembering,
    tell: &'a mut dyn FnMut(&Place, &str),
}

/// Whether the import goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It does.
    On,
    /// Something was refused and the import is strict.
    Stop,
}

impl<'a> Importer<'a> {
    /// An import that has read nothing yet; `tell` hears what is refused, when it is.
    pub(crate) fn new(
        client: Option<Client>,
        options: Options,
        tell: &'a mut dyn FnMut(&Place, &str),
    ) -> Self {
        let report = Report { dry_run: client.is_none(), ..Report::default() };
        let (waiting, remembering) = (Waiting::default(), Remembering::default());
        Self { client, options, report, waiting, remembering, tell }
    }

    /// Takes everything of one source.
    pub(crate) async fn take(
        &mut self,
        reading: impl Iterator<Item = std::io::Result<Located>>,
    ) -> anyhow::Result<Step> {
        self.report.file_count += 1;
        for located in reading {
            let (place, found) = located?;
            self.report.read_count += 1;
            if self.one(place, found).await? == Step::Stop {
                return Ok(Step::Stop);
            }
        }
        Ok(Step::On)
    }

    /// Writes what still waits and tells what became of everything.
    pub(crate) async fn finish(mut self) -> anyhow::Result<Report> {
        self.flush().await?;
        if let Some(client) = &self.client {
            self.remembering.finish(client).await?;
        }
        self.report.session_count = self.report.sessions.len() as u64;
        Ok(self.report)
    }

    async fn one(&mut self, place: Place, found: Found) -> anyhow::Result<Step> {
        match found {
            Found::Skipped(why) => self.report.skip(why),
            Found::Bad(why) => return Ok(self.refuse(&place, why)),
            Found::Turn(turn) => {
                self.waiting.add(place, self.scoped(*turn));
                if self.waiting.is_full() {
                    return self.flush().await;
                }
            }
            Found::Memory(mut memory) => {
                fill(&mut memory.memory.scope, &self.options.scope);
                memory.memory.scope.labels.extend(self.options.scope.labels.iter().cloned());
                let client = self.client.as_ref();
                let written = self.remembering.memory(client, *memory, &mut self.report).await;
                return self.told(&place, written);
            }
            Found::State(mut state) => {
                fill(&mut state.scope, &self.options.scope);
                let written = Remembering::state(self.client.as_ref(), *state, &mut self.report).await;
                return self.told(&place, written);
            }
        }
        Ok(Step::On)
    }

    fn scoped(&self, mut turn: Turn) -> Turn {
        fill(&mut turn.scope, &self.options.scope);
        turn.message.labels.extend(self.options.scope.labels.iter().cloned());
        turn
    }

    fn told(&mut self, place: &Place, written: anyhow::Result<()>) -> anyhow::Result<Step> {
        match written {
            Ok(()) => Ok(Step::On),
            Err(error) if is_refusal(&error) => Ok(self.refuse(place, error.to_string())),
            Err(error) => Err(error),
        }
    }

    fn refuse(&mut self, place: &Place, why: String) -> Step {
        (self.tell)(place, &why);
        self.report.refuse(place, why);
        if self.options.strict { Step::Stop } else { Step::On }
    }

    async fn flush(&mut self) -> anyhow::Result<Step> {
        let mut batches = self.waiting.take().into_iter();
        let mut sending: JoinSet<anyhow::Result<Sent>> = JoinSet::new();
        let mut step = Step::On;
        loop {
            while sending.len() < SESSIONS_AT_A_TIME {
                let Some(batch) = batches.next() else { break };
                self.report.sessions.insert(batch.session_hash());
                match &self.client {
                    Some(client) => drop(sending.spawn(batch.send(client.clone()))),
                    None => self.report.imported.messages += batch.messages.len() as u64,
                }
            }
            let Some(sent) = sending.join_next().await else { return Ok(step) };
            let sent = sent??;
            self.report.imported.messages += sent.imported;
            self.report.already_there.messages += sent.already_there;
            for (place, why) in sent.refused {
                if self.refuse(&place, why) == Step::Stop {
                    step = Step::Stop;
                }
            }
        }
    }
}

/// Messages that wait, by session.
#[derive(Default)]
struct Waiting {
    batches: Vec<Batch>,
    /// Where each session's batch stands.
    by_session: HashMap<(String, dreamkeeper_domain::scope::Scope), usize>,
    count: usize,
    bytes: usize,
}

impl Waiting {
    fn add(&mut self, place: Place, turn: Turn) {
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

    fn is_full(&self) -> bool {
        self.count >= WAITING_COUNT_MAX || self.bytes >= WAITING_BYTES_MAX
    }

    fn take(&mut self) -> Vec<Batch> {
        std::mem::take(self).batches
    }
}

/// Messages of one session, in order.
struct Batch {
    session: String,
    scope: Scope,
    messages: Vec<(Place, NewMessage)>,
}

#[derive(Default)]
struct Sent {
    imported: u64,
    already_there: u64,
    refused: Vec<(Place, String)>,
}

impl Batch {
    fn session_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.session, format!("{:?}", self.scope)).hash(&mut hasher);
        hasher.finish()
    }

    async fn send(mut self, client: Client) -> anyhow::Result<Sent> {
        let mut sent = Sent { already_there: self.leave_known(&client).await?, ..Sent::default() };
        let mut ranges: VecDeque<(usize, usize)> = self.requests().into();
        while let Some((from, to)) = ranges.pop_front() {
            let request = AppendRequest {
                session: SessionRef::Key(self.session.clone()),
                scope: self.scope.clone(),
                messages: self.messages[from..to].iter().map(|(_, message)| message.clone()).collect(),
                via: Via::Import,
                idempotency_key: None,
            };
            match client.append(&request).await {
                Ok(appended) => {
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

/// Fills in who it stands for, where the source does not say.
fn fill(scope: &mut Scope, given: &Scope) {
    let fill_in = |id: &mut Option<String>, given: &Option<String>| {
        if id.is_none() {
            id.clone_from(given);
        }
    };
    fill_in(&mut scope.user, &given.user);
    fill_in(&mut scope.agent, &given.agent);
    fill_in(&mut scope.app, &given.app);
    fill_in(&mut scope.run, &given.run);
}

/// Whether the server refused what was sent, and would take something else.
fn is_refusal(error: &anyhow::Error) -> bool {
    use dreamkeeper_api::error::ErrorCode::{
        BodyTooLarge, ClientIdReused, Erased, InvalidRequest, JsonTooDeep, VersionConflict,
    };
    let code = ApiFailure::code_of(error);
    code.is_some_and(|code| {
        matches!(
            code,
            BodyTooLarge | ClientIdReused | Erased | InvalidRequest | JsonTooDeep | VersionConflict
        )
    })
}

fn weight(message: &NewMessage) -> usize {
    message.content().map_or(0, |parts| dreamkeeper_domain::message::render(&parts).len()) + 128
}
