//! Lifecycle: opening the data directory as the configuration says, serving, and ending well.

mod log;
mod serve;
mod socket;
mod worker;

use dreamkeeper::{Dreamkeeper, EmbedderChoice, LearnOptions, OpenAiChoice, OpenError, OpenOptions};
use dreamkeeper_domain::ports::PortErrorKind;

pub(crate) use log::{Talk, start as start_log};
pub(crate) use serve::serve;

use crate::config::{Config, EmbedderKind};
use crate::output::failure::Failure;

/// Takes the configured directory into possession.
pub(crate) async fn open(config: &Config, may_make_space: bool) -> Result<Dreamkeeper, OpenError> {
    let options = OpenOptions { may_make_space, ..options(config) };
    Dreamkeeper::open_with(&config.data.dir, options).await
}

/// The configuration as the library takes it.
pub(crate) fn options(config: &Config) -> OpenOptions {
    let embedder = match config.embedder.kind {
        EmbedderKind::Static => EmbedderChoice::Bundled,
        EmbedderKind::Openai => EmbedderChoice::OpenAi(OpenAiChoice {
            url: config.embedder.url.clone(),
            model: config.embedder.model.clone(),
            key: config.embedder.key.clone(),
            dimensions: config.embedder.dimensions,
            passage_prefix: config.embedder.passage_prefix.clone(),
            query_prefix: config.embedder.query_prefix.clone(),
            timeout: config.embedder.timeout,
            batch_texts_max: config.embedder.batch_texts_max,
        }),
    };
    OpenOptions {
        space: config.data.space.clone(),
        embedder,
        index_bytes_max: config.index.memory_bytes_max,
        spaces_open_max: config.store.spaces_open_max,
        readers_max: config.store.readers_max,
        maintenance: config.maintain.policy.clone(),
        learning: LearnOptions {
            settings: config.learn.settings.clone(),
            by_space: config.learn.by_space.clone(),
            model: config.model.clone(),
            decide_model: config.decide_model.clone(),
            summary_model: config.summary_model.clone(),
        },
        ..OpenOptions::default()
    }
}

/// Why a directory could not be opened, with what to do.
pub(crate) fn open_failure(error: OpenError) -> Failure {
    let help = match &error {
        OpenError::Embedder { .. } => {
            "check `dreamkeeper config show`, or set embedder.kind=static".to_owned()
        }
        OpenError::Copy(_) => "check the place for temporary files, or name another with TMPDIR".to_owned(),
        OpenError::Chat { .. } => "check `dreamkeeper config show`, or set learn.model.kind=none".to_owned(),
        OpenError::Space(_) => "name a space with --space; `add` or `import` makes a new one".to_owned(),
        OpenError::Store(store) => match store.kind {
            PortErrorKind::Owned => "stop it first, or name another directory with --data".to_owned(),
            PortErrorKind::Corrupt => {
                "nothing was touched: restore a backup, or name another directory with --data".to_owned()
            }
            PortErrorKind::Newer => "nothing was touched: run the newer dreamkeeper that wrote it".to_owned(),
            PortErrorKind::Full => "free space on that disk".to_owned(),
            PortErrorKind::ReadOnly => "make the directory writable, or name another with --data".to_owned(),
            PortErrorKind::Unavailable
            | PortErrorKind::Refused
            | PortErrorKind::BadAnswer
            | PortErrorKind::Overloaded
            | PortErrorKind::Internal => {
                "check that the directory can be read and written, or name another with --data".to_owned()
            }
        },
    };
    Failure::new(error.to_string(), help)
}
