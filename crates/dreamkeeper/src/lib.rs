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
//! use dreamkeeper::engine::{Append, NewMessage, SessionRef, recall::RecallRequest};
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

mod wiring;

use std::path::{Path, PathBuf};

pub use dreamkeeper_domain as domain;
pub use dreamkeeper_engine as engine;
use dreamkeeper_engine::{Engine, Principal};

pub use wiring::{EmbedderChoice, OpenAiChoice, OpenError, OpenOptions, SystemClock};

/// A data directory in this process's possession, with the verbs over it.
#[derive(Clone)]
pub struct Dreamkeeper {
    directory: PathBuf,
    engine: Engine,
    principal: Principal,
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
        let engine = wiring::engine(&directory, &options).await?;
        let space = if options.may_make_space {
            engine.open_space(&options.space).await?
        } else {
            engine.find_space(&options.space).await?
        };
        let principal = Principal::operator(space, user_name());
        Ok(Self { directory, engine, principal })
    }

    /// The verbs.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Who runs this process: may do everything in the space that was opened.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Where the records are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Writes what recalls have left to write. Call it before the process ends.
    pub async fn close(&self) {
        self.engine.close().await;
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
