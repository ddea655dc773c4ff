//! Send: writes what was found, messages in batches by session, several sessions at a time.
//!
//! A batch that the server refuses is halved until the message at fault stands alone: it is told with its
//! place, the others are written.

use dreamkeeper_api::learn::Learn;
use dreamkeeper_api::scope::Scope;
use tokio::task::JoinSet;

use super::batch::{Sent, Waiting};
use super::found::{Found, Located, Place, Turn};
use super::remember::Remembering;
use super::report::Report;
use crate::client::{ApiFailure, Client};

/// Sessions that are written at a time: they share commits.
const SESSIONS_AT_A_TIME: usize = 8;

/// How an import is made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// For whom, where the source does not say; labels are added to every record.
    pub(crate) scope: Scope,
    /// Stops at the first thing that cannot be read or written.
    pub(crate) strict: bool,
    /// Whether the client writes to a copy that is thrown away.
    pub(crate) dry_run: bool,
    /// Whether its messages are learned from; not unless told.
    pub(crate) learn: Option<Learn>,
}

/// An import under way.
pub(crate) struct Importer<'a> {
    client: Client,
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
    pub(crate) fn new(client: Client, options: Options, tell: &'a mut dyn FnMut(&Place, &str)) -> Self {
        let report = Report { dry_run: options.dry_run, ..Report::default() };
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
        self.remembering.finish(&self.client).await?;
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
                for quote in &mut memory.evidence {
                    fill(&mut quote.scope, &self.options.scope);
                }
                // Its messages stand before it, and may still wait.
                if !memory.evidence.is_empty() && self.flush().await? == Step::Stop {
                    return Ok(Step::Stop);
                }
                fill(&mut memory.memory.scope, &self.options.scope);
                memory.memory.scope.labels.extend(self.options.scope.labels.iter().cloned());
                let written = self.remembering.memory(&self.client, *memory, &mut self.report).await;
                return self.told(&place, written);
            }
            Found::State(mut state) => {
                fill(&mut state.scope, &self.options.scope);
                let written = Remembering::state(&self.client, *state, &mut self.report).await;
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
        let learn = self.options.learn.unwrap_or(Learn::Off);
        let mut step = Step::On;
        loop {
            while sending.len() < SESSIONS_AT_A_TIME {
                let Some(batch) = batches.next() else { break };
                sending.spawn(batch.send(self.client.clone(), learn));
            }
            let Some(sent) = sending.join_next().await else { return Ok(step) };
            let sent = sent??;
            self.remembering.quotes.note(sent.session);
            if sent.imported > 0 {
                self.report.sessions.insert(sent.session_hash);
            }
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
pub(super) fn is_refusal(error: &anyhow::Error) -> bool {
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
