//! Reads the benchmarks' files into plain conversations and cases. Knows their formats and nothing of
//! the engine.

pub(crate) mod beam;
pub(crate) mod locomo;
pub(crate) mod natural;
pub(crate) mod poison;
pub(crate) mod precision;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// One conversation with the questions that are asked about it.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    /// Its name in the data; also the user in whose scope it is kept.
    pub(crate) name: String,
    /// Its sessions, in order.
    pub(crate) sessions: Vec<Session>,
    /// The questions whose evidence is known.
    pub(crate) questions: Vec<Question>,
}

/// One session of a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Its name in the data.
    pub(crate) name: String,
    /// Its turns, in order.
    pub(crate) turns: Vec<Turn>,
}

/// One turn.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// Its id in the data, which evidence refers to.
    pub(crate) id: String,
    /// Who speaks, where the data names people.
    pub(crate) speaker: Option<String>,
    /// Whether the assistant speaks.
    pub(crate) assistant: bool,
    /// What is said.
    pub(crate) text: String,
    /// What a picture that goes with it shows.
    pub(crate) caption: Option<String>,
    /// When.
    pub(crate) at: Timestamp,
}

/// One question.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// Its words.
    pub(crate) text: String,
    /// Ids of the turns that answer it, each once; never empty.
    pub(crate) evidence: Vec<String>,
    /// What the data files it under.
    pub(crate) category: String,
}

impl Conversation {
    /// How many turns all sessions have.
    pub(crate) fn turn_count(&self) -> usize {
        self.sessions.iter().map(|session| session.turns.len()).sum()
    }

    /// The time of the latest turn.
    pub(crate) fn last_at(&self) -> Option<Timestamp> {
        self.sessions.iter().flat_map(|session| &session.turns).map(|turn| turn.at).max()
    }
}

/// Reads a JSON file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}: check the path", path.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is not in the format this command reads", path.display()))
}
