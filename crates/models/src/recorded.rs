//! Recordings of a chat model: one JSON line for each call, found again by the digest of its request.
//!
//! For tests and for looking into what a model did. A recording holds prompts and answers in the clear, so
//! that its file is readable by its owner alone; keys are no part of a request and never in it.

mod line;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, PortError, PortErrorKind};

use line::{Line, Outcome};

/// Writes each request and what came of it to a file, after what is there already.
pub struct RecordingChat {
    inner: Arc<dyn ChatModel>,
    path: PathBuf,
    file: Mutex<File>,
}

/// Answers from a recording; no model stands behind it.
pub struct ReplayedChat {
    identity: String,
    path: PathBuf,
    outcomes: HashMap<String, Vec<Outcome>>,
    asked: Mutex<HashMap<String, usize>>,
}

/// Why a recording cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be opened or read.
    #[error("the recording {path} cannot be opened")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is none of a recording.
    #[error("line {number} of the recording {path} is none: {reason}; record it again or take the line out")]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl RecordingChat {
    /// Records what a model answers.
    pub fn new(inner: Arc<dyn ChatModel>, path: impl Into<PathBuf>) -> Result<Self, RecordingError> {
        let path = path.into();
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(file) => Ok(Self { inner, path, file: Mutex::new(file) }),
            Err(source) => Err(RecordingError::File { path, source }),
        }
    }
}

#[async_trait]
impl ChatModel for RecordingChat {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let outcome = self.inner.complete(request).await;
        let line = Line::new(self.inner.identity(), request, &outcome).render();
        // One short write to a local file, in one piece, so that lines of two calls do not mix.
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
        if let Err(error) = written {
            // A recording with holes would replay as something that never happened.
            let path = self.path.display();
            let message = format!("the answer cannot be recorded in {path}: {error}");
            return Err(PortError::new(PortErrorKind::Full, message).caused_by(error));
        }
        outcome
    }
}

impl ReplayedChat {
    /// Reads a recording whole.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, RecordingError> {
        let path = path.into();
        let unreadable = |source| RecordingError::File { path: path.clone(), source };
        let file = File::open(&path).map_err(unreadable)?;
        let mut identity = None;
        let mut outcomes: HashMap<String, Vec<Outcome>> = HashMap::new();
        for (index, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(unreadable)?;
            if line.trim().is_empty() {
                continue;
            }
            let line = Line::parse(&line).map_err(|reason| RecordingError::Line {
                path: path.clone(),
                number: index + 1,
                reason,
            })?;
            identity.get_or_insert(line.model);
            outcomes.entry(line.digest).or_default().push(line.outcome);
        }
        let identity = identity.unwrap_or_else(|| "recorded/empty".to_owned());
        Ok(Self { identity, path, outcomes, asked: Mutex::default() })
    }

    /// Where the recording stands.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[async_trait]
impl ChatModel for ReplayedChat {
    fn identity(&self) -> &str {
        &self.identity
    }

    /// A request that was recorded several times gets its outcomes in their order, the last one for ever.
    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let digest = line::digest(request);
        let Some(outcomes) = self.outcomes.get(&digest) else {
            let path = self.path.display();
            let begins: String =
                request.turns.last().map_or("", |turn| &turn.text).chars().take(60).collect();
            return Err(PortError::new(
                PortErrorKind::Refused,
                format!(
                    "{path} has no answer to the request {digest} (it ends with {begins:?}…); the prompt or the \
                     schema changed since: record it again"
                ),
            ));
        };
        let turn = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let count = asked.entry(digest).or_default();
            *count += 1;
            (*count - 1).min(outcomes.len() - 1)
        };
        outcomes[turn].clone().into_result()
    }
}
