//! Reviewable memory for AI agents, as a library: the verbs that the server and the command line call.
//!
//! [`Dreamkeeper::open`] takes a data directory into possession and gives an [`engine::Engine`] with a
//! [`engine::Principal`] for every verb. No server, no network and no model are needed.
//!
//! ```
//! use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{memory::Kind, scope::Scope};
//! use dreamkeeper::engine::NewMemory;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let keeper = Dreamkeeper::open(directory.path()).await?;
//! let (engine, me) = (keeper.engine(), keeper.principal());
//!
//! // A memory in your own words: a version with its author, which can be changed and brought back.
//! let sea = NewMemory::new(Kind::Preference, "Ana swims in the sea, also in winter.", Scope::user("ana"));
//! let memory = engine.remember(me, sea).await?;
//! engine.forget(me, memory.id, Some("she asked".into())).await?;
//! engine.restore(me, memory.id, None, None).await?;
//!
//! let history = engine.history(me, memory.id).await?;
//! let operations: Vec<_> = history.versions.iter().map(|version| version.operation.as_str()).collect();
//! assert_eq!(operations, ["create", "forget", "restore"]);
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! What was said is appended to sessions and found again by meaning and words:
//!
//! ```
//! use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{message::Role, origin::Via, scope::Scope};
//! use dreamkeeper::engine::{Append, Learn, NewMessage, SessionRef, recall::RecallRequest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let keeper = Dreamkeeper::open(directory.path()).await?;
//! let (engine, me) = (keeper.engine(), keeper.principal());
//!
//! let messages = vec![
//!     NewMessage::text(Role::User, "The walnut tree has to go before the roof is done."),
//!     NewMessage::text(Role::Assistant, "Then I will ask the tree surgeon for a date in March."),
//! ];
//! let append = Append {
//!     session: SessionRef::Key("garden".into()),
//!     scope: Scope::user("ana"),
//!     messages,
//!     via: Via::Live,
//!     idempotency_key: None,
//!     learn: Learn::Off,
//!     temporary: false,
//! };
//! engine.append(me, append).await?;
//!
//! let question = RecallRequest::new("What about the walnut tree?", Scope::user("ana"));
//! let answer = engine.recall(me, question).await?;
//! assert!(answer.conversation[0].quote.contains("walnut tree"));
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! What is no longer true is replaced, not overwritten; a question may be about then:
//!
//! ```
//! # use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{memory::Kind, scope::Scope, time::Interval};
//! use dreamkeeper::engine::{NewMemory, recall::RecallRequest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let keeper = Dreamkeeper::open(directory.path()).await?;
//! # let (engine, me) = (keeper.engine(), keeper.principal());
//! let ana = || Scope::user("ana");
//! let rent = |text: &str, from: &str| -> Result<NewMemory, jiff::Error> {
//!     let validity = Interval { from: Some(from.parse()?), to: None };
//!     Ok(NewMemory { validity, ..NewMemory::new(Kind::Fact, text, ana()) })
//! };
//! let old = engine.remember(me, rent("The rent is 1150 euros.", "2024-05-01T00:00:00Z")?).await?;
//! let new = engine.supersede(me, old.id, rent("The rent is 1210 euros.", "2025-05-01T00:00:00Z")?).await?;
//! assert_eq!(new.supersedes, Some(old.id));
//!
//! let now = engine.recall(me, RecallRequest::new("What is the rent?", ana())).await?;
//! assert_eq!(now.memories[0].memory.text, "The rent is 1210 euros.");
//! let then = RecallRequest {
//!     valid_at: Some("2024-12-24T00:00:00Z".parse()?),
//!     ..RecallRequest::new("What is the rent?", ana())
//! };
//! let then = engine.recall(me, then).await?;
//! assert_eq!(then.memories[0].memory.text, "The rent is 1150 euros.");
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! State is a value under a key, set only over the version that was seen:
//!
//! ```
//! # use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{changeset::ApplyError, scope::Scope};
//! use dreamkeeper::engine::{SetState, VerbError};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let keeper = Dreamkeeper::open(directory.path()).await?;
//! # let (engine, me) = (keeper.engine(), keeper.principal());
//! let seats = |left: u32, expected_version: Option<u32>| SetState {
//!     scope: Scope::user("ana"),
//!     key: "seats".into(),
//!     value: Some(json!({ "left": left })),
//!     expected_version,
//!     reason: None,
//! };
//! // 0: there is none yet.
//! let first = engine.set_state(me, seats(5, Some(0))).await?;
//! engine.set_state(me, seats(4, Some(first.version))).await?;
//!
//! // Somebody who still believes in the first version is told, and nothing is changed.
//! let late = engine.set_state(me, seats(3, Some(first.version))).await;
//! assert!(matches!(late, Err(VerbError::Apply(ApplyError::VersionConflict { found: 2, .. }))));
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! Every answer leaves a receipt, and what is erased is gone from that too:
//!
//! ```
//! # use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{memory::Kind, scope::Scope};
//! use dreamkeeper::engine::{EraseTarget, NewMemory, recall::RecallRequest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let keeper = Dreamkeeper::open(directory.path()).await?;
//! # let (engine, me) = (keeper.engine(), keeper.principal());
//! let allergy = NewMemory::new(Kind::Fact, "Ana is allergic to walnuts.", Scope::user("ana"));
//! let memory = engine.remember(me, allergy).await?;
//! let question = RecallRequest::new("What is Ana allergic to?", Scope::user("ana"));
//! let receipt = engine.recall(me, question.clone()).await?.receipt.ok_or("no receipt")?;
//!
//! let why = engine.why(me, receipt).await?;
//! assert_eq!(why.receipt.query, "What is Ana allergic to?");
//! assert_eq!(why.receipt.items[0].quote, "Ana is allergic to walnuts.");
//! assert_eq!(why.memories_now[0].id, memory.id);
//!
//! let erased = engine.erase(me, EraseTarget::Memory(memory.id), Some("she asked".into())).await?;
//! assert_eq!(erased.memory_count, 1);
//! assert!(engine.recall(me, question).await?.silence.is_some());
//! assert_eq!(engine.why(me, receipt).await?.receipt.items[0].quote, "");
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! What people say of themselves is learned, by rules unless [`LearnOptions::model`] names a chat model; each memory
//! rests on the words that were said:
//!
//! ```
//! use dreamkeeper::Dreamkeeper;
//! use dreamkeeper::domain::{message::Role, origin::Via, scope::Scope};
//! use dreamkeeper::engine::{Append, Learn, ListMemories, NewMessage, SessionRef};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let keeper = Dreamkeeper::open(directory.path()).await?;
//! let (engine, me) = (keeper.engine(), keeper.principal());
//!
//! let append = Append {
//!     session: SessionRef::Current,
//!     scope: Scope::user("ana"),
//!     messages: vec![NewMessage::text(Role::User, "I'm allergic to walnuts.")],
//!     via: Via::Live,
//!     idempotency_key: None,
//!     learn: Learn::Now,
//!     temporary: false,
//! };
//! engine.append(me, append).await?;
//!
//! let list = ListMemories { scope: Scope::user("ana"), ..ListMemories::default() };
//! let memories = engine.list_memories(me, list).await?.items;
//! assert!(memories[0].text.contains("walnuts"));
//! assert_eq!(memories[0].evidence[0].quote, "I'm allergic to walnuts");
//! # keeper.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! With `Learn::Later` an append is answered at once and [`engine::Engine::work`] learns from it, in a task that its
//! caller owns.

mod wiring;

use std::path::{Path, PathBuf};

pub use dreamkeeper_domain as domain;
pub use dreamkeeper_engine as engine;
use dreamkeeper_engine::{Engine, Principal};

pub use wiring::{
    ChatChoice, ChatWire, EmbedderChoice, LearnOptions, OpenAiChoice, OpenError, OpenOptions, Restore,
    RestoreError, Restored, SchemaMode, SystemClock, Taping, without_credentials,
};

/// A data directory in this process's possession, with the verbs over it.
#[derive(Clone)]
pub struct Dreamkeeper {
    directory: PathBuf,
    engine: Engine,
    principal: Principal,
    read_only: bool,
}

impl Dreamkeeper {
    /// Opens a data directory with the defaults; makes it when there is none.
    ///
    /// # Errors
    /// [`OpenError::Store`] of kind `Owned`, with the pid, while another process has it open.
    pub async fn open(directory: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(directory, OpenOptions::default()).await
    }

    /// Opens a data directory with other bounds or another embedder.
    ///
    /// # Errors
    /// As for [`Dreamkeeper::open`]; [`OpenError::Embedder`] for an endpoint that does not answer.
    pub async fn open_with(directory: impl AsRef<Path>, options: OpenOptions) -> Result<Self, OpenError> {
        let directory = directory.as_ref().to_owned();
        let (engine, read_only) = wiring::engine(&directory, &options).await?;
        let space = if options.may_make_space {
            engine.open_space(&options.space).await?
        } else {
            engine.find_space(&options.space).await?
        };
        let principal = Principal::operator(space, user_name());
        Ok(Self { directory, engine, principal, read_only })
    }

    /// The verbs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Who runs this process: may do everything in the space that was opened.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Whether the directory can only be read: writes are refused, and recalls leave no receipt.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Where the records are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Writes what recalls have left to write. Call it before the process ends.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    /// Puts a backup, a space's file or a copied data directory, in the place of a data directory. It is
    /// checked whole first; what was there before is put aside, or in the way, as `how` says.
    ///
    /// # Errors
    /// [`RestoreError`]; whatever it is, what was there before is as it was.
    pub async fn restore(
        backup: impl AsRef<Path>,
        directory: impl AsRef<Path>,
        how: Restore,
    ) -> Result<Restored, RestoreError> {
        wiring::restore(backup.as_ref(), directory.as_ref(), how).await
    }

    /// Opens a data directory of its own over a space's backup, which is moved into it. It is unchecked and
    /// has the bundled embedder: for trying things out that are thrown away.
    ///
    /// # Errors
    /// [`RestoreError`] for a file that is no space; [`OpenError`] as for [`Dreamkeeper::open`].
    pub async fn open_copy(
        backup: impl AsRef<Path>,
        directory: impl AsRef<Path>,
        space: &str,
    ) -> Result<Self, OpenError> {
        let directory = directory.as_ref();
        wiring::place(backup.as_ref(), directory, space, wiring::Placing::Move).await?;
        Self::open_with(directory, OpenOptions { space: space.to_owned(), ..OpenOptions::default() }).await
    }

    /// The process that owns a data directory, if any does.
    pub fn owner(directory: impl AsRef<Path>) -> Option<u32> {
        wiring::owner(directory.as_ref())
    }
}

/// The name under which versions record who worked at the command line.
fn user_name() -> String {
    let told = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    told.filter(|name| !name.is_empty()).unwrap_or_else(|| "operator".to_owned())
}
