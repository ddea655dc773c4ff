//! A whole Dreamkeeper of its own: the real engine over the real adapters, in a directory that goes away.
//! Only time and chance are set, so that two runs answer the same.

mod chance;
mod clock;
pub(crate) mod scripted;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use dreamkeeper_domain::message::{Part, Role};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::Learning;
use dreamkeeper_engine::recall::{Recall, RecallRequest};
use dreamkeeper_engine::{Append, Engine, NewMessage, Parts, Principal, SessionRef, SpaceReport};
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_models::StaticEmbedder;
use dreamkeeper_store_sqlite::{DataDir, Options, OwnerLock};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::data::{Conversation, Turn};
use chance::SeededChance;
use clock::SetClock;

/// Messages in one append: as many as an import sends.
pub(crate) const BATCH_COUNT: usize = 500;
/// Where the clock stands until it is set.
const START: &str = "2026-01-01T00:00:00Z";

/// A running engine with its data directory.
pub(crate) struct House {
    engine: Engine,
    principal: Principal,
    clock: Arc<SetClock>,
    directory: PathBuf,
    /// Removes the directory when the house is dropped.
    own: Option<TempDir>,
}

/// Whether weak items are left out of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CutOff {
    /// As anybody gets it who sets nothing.
    Default,
    /// The nearest are served, however far.
    Off,
}

/// A question about what was said.
pub(crate) struct Ask<'a> {
    /// In whose scope.
    pub(crate) user: &'a str,
    /// Its words.
    pub(crate) text: &'a str,
    /// At most this many turns.
    pub(crate) limit: usize,
    /// Whether weak ones are left out.
    pub(crate) cut_off: CutOff,
    /// Signals that are taken away.
    pub(crate) without: &'a [String],
}

/// A turn that was recalled.
pub(crate) struct Found {
    /// Its id in the data.
    pub(crate) id: String,
    /// How well it fits.
    pub(crate) score: f64,
}

impl House {
    /// A new, empty one in a directory that is removed with it, under `parent` or where the system keeps
    /// such directories.
    pub(crate) async fn open(parent: Option<&Path>) -> Result<Self> {
        Self::open_learning(parent, Learning::default()).await
    }

    /// The same that learns so.
    pub(crate) async fn open_learning(parent: Option<&Path>, learning: Learning) -> Result<Self> {
        let own = match parent {
            Some(parent) => TempDir::with_prefix_in("dreamkeeper-bench-", parent),
            None => TempDir::with_prefix("dreamkeeper-bench-"),
        };
        let own = own.context("cannot make a directory for the data: give another with --dir")?;
        let mut house = Self::start(own.path(), 1, learning).await?;
        house.own = Some(own);
        Ok(house)
    }

    /// The one whose data is in `directory`, as another left it.
    pub(crate) async fn reopen(directory: &Path) -> Result<Self> {
        // Another seed, or new records would get the ids of old ones.
        Self::start(directory, 2, Learning::default()).await
    }

    async fn start(directory: &Path, seed: u64, learning: Learning) -> Result<Self> {
        let clock = Arc::new(SetClock::default());
        clock.set(START.parse()?);
        let engine = Engine::new(parts(directory, clock.clone(), seed)?).with_learning(learning);
        let space = engine.open_space("bench").await?;
        let principal = Principal::operator(space, "bench");
        Ok(Self { engine, principal, clock, directory: directory.to_owned(), own: None })
    }

    /// Ends the engine's tasks; the directory goes with the house.
    pub(crate) async fn close(&self) {
        self.engine.close().await;
    }

    /// Where the data is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Lets go of the data and keeps its directory, for another process to open.
    pub(crate) async fn into_directory(self) -> Result<TempDir> {
        self.close().await;
        let Self { engine, directory, own, .. } = self;
        drop(engine);
        // Tasks of the engine may hold the store for a moment longer.
        for _ in 0..500 {
            if OwnerLock::holder(&directory).is_none() {
                return own.context("the data directory is not this house's own");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("{} is still held five seconds after its engine was closed", directory.display())
    }

    /// The engine, for a command that calls other verbs.
    pub(crate) fn engine(&self) -> (&Engine, &Principal) {
        (&self.engine, &self.principal)
    }

    /// Sets the clock.
    pub(crate) fn set_time(&self, at: Timestamp) {
        self.clock.set(at);
    }

    /// Sets the clock to the day after a conversation ended, when its questions are asked.
    pub(crate) fn set_time_after(&self, conversation: &Conversation) {
        if let Some(last) = conversation.last_at() {
            self.set_time(last + SignedDuration::from_hours(24));
        }
    }

    /// Keeps every turn of a conversation as a message in the scope of the user called as the conversation.
    pub(crate) async fn keep(&self, conversation: &Conversation) -> Result<()> {
        self.set_time_after(conversation);
        for session in &conversation.sessions {
            for turns in session.turns.chunks(BATCH_COUNT) {
                let messages = turns.iter().map(message).collect();
                self.append(&conversation.name, &session.name, messages).await?;
            }
        }
        Ok(())
    }

    /// Appends messages to a user's session of that name.
    pub(crate) async fn append(&self, user: &str, session: &str, messages: Vec<NewMessage>) -> Result<()> {
        let request = Append {
            session: SessionRef::Key(session.to_owned()),
            scope: Scope::user(user),
            messages,
            via: Via::Import,
            idempotency_key: None,
            learn: dreamkeeper_engine::Learn::Off,
            temporary: false,
        };
        self.engine.append(&self.principal, request).await?;
        Ok(())
    }

    /// Asks for turns; those of every origin may answer.
    pub(crate) async fn turns(&self, ask: &Ask<'_>) -> Result<Vec<Found>> {
        let mut request = RecallRequest::new(ask.text, Scope::user(ask.user));
        request.sections = [Section::Conversation].into();
        request.min_origin = Origin::External;
        request.limit = ask.limit;
        // The ranking is measured, not the packing: the budget must not cut it.
        request.token_budget = dreamkeeper_domain::limits::RECALL_TOKENS_MAX;
        request.all = ask.cut_off == CutOff::Off;
        request.without = ask.without.iter().cloned().collect();
        request.receipt = false;
        let recall = self.recall(request).await?;
        let found = recall.conversation.into_iter().filter_map(|message| {
            Some(Found { id: message.client_id?, score: f64::from(message.score.value) })
        });
        Ok(found.collect())
    }

    /// Recalls as anybody would.
    pub(crate) async fn recall(&self, request: RecallRequest) -> Result<Recall> {
        Ok(self.engine.recall(&self.principal, request).await?)
    }

    /// What is held on disk and in memory.
    pub(crate) async fn stats(&self) -> Result<SpaceReport> {
        Ok(self.engine.stats(&self.principal).await?)
    }
}

pub(crate) fn message(turn: &Turn) -> NewMessage {
    let role = if turn.assistant { Role::Assistant } else { Role::User };
    let mut message = NewMessage::text(role, turn.text.clone());
    message.parts.extend(turn.caption.iter().map(|caption| Part::Image { caption: caption.clone() }));
    message.author = turn.speaker.clone();
    message.client_id = Some(turn.id.clone());
    message.at = Some(turn.at);
    message
}

/// The adapters that the binary has by default; only time and chance are set.
fn parts(directory: &Path, clock: Arc<SetClock>, seed: u64) -> Result<Parts> {
    let data = DataDir::open(directory, Options::default())?;
    Ok(Parts {
        store: data.store(),
        control: data.control(),
        index: Arc::new(EmbeddedIndex::new(IndexOptions::default())),
        embedder: Arc::new(StaticEmbedder::bundled()),
        clock,
        entropy: Arc::new(SeededChance::new(seed)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Question, Session};

    fn orchard() -> Conversation {
        let said = [
            ("a1", "Ana", "The pear tree by the gate has fire blight."),
            ("a2", "Bo", "Shall we cut it down, or only the sick branches?"),
            ("a3", "Ana", "Only the branches, and I burn them on Saturday."),
            ("a4", "Bo", "My cousin lends us the long saw until Sunday."),
        ];
        let turns = said.map(|(id, speaker, text)| Turn {
            id: id.to_owned(),
            speaker: Some(speaker.to_owned()),
            assistant: false,
            text: text.to_owned(),
            caption: None,
            at: "2025-06-02T09:00:00Z".parse().unwrap(),
        });
        let session = Session { name: "orchard".to_owned(), turns: turns.into() };
        let question = Question {
            text: "Who lends us the long saw?".to_owned(),
            evidence: vec!["a4".to_owned()],
            category: "1".to_owned(),
        };
        Conversation { name: "orchard".to_owned(), sessions: vec![session], questions: vec![question] }
    }

    async fn answers(cut_off: CutOff) -> Vec<(String, f64)> {
        let conversation = orchard();
        let house = House::open(None).await.unwrap();
        house.keep(&conversation).await.unwrap();
        let text = &conversation.questions[0].text;
        let ask = Ask { user: "orchard", text, limit: 10, cut_off, without: &[] };
        let found = house.turns(&ask).await.unwrap();
        house.close().await;
        found.into_iter().map(|found| (found.id, found.score)).collect()
    }

    #[tokio::test]
    async fn a_kept_turn_is_found_by_its_id_and_another_scope_knows_nothing() {
        assert_eq!(answers(CutOff::Default).await[0].0, "a4");
        let house = House::open(None).await.unwrap();
        house.keep(&orchard()).await.unwrap();
        let ask = Ask { user: "nobody", text: "the long saw", limit: 10, cut_off: CutOff::Off, without: &[] };
        assert!(house.turns(&ask).await.unwrap().is_empty());
        house.close().await;
    }

    #[tokio::test]
    async fn two_runs_answer_the_same() {
        assert_eq!(answers(CutOff::Off).await, answers(CutOff::Off).await);
    }

    #[tokio::test]
    async fn a_closed_house_leaves_its_data_to_the_next() {
        let house = House::open(None).await.unwrap();
        house.keep(&orchard()).await.unwrap();
        let directory = house.into_directory().await.unwrap();
        let house = House::reopen(directory.path()).await.unwrap();
        assert_eq!(house.stats().await.unwrap().store.message_count, 4);
    }
}
