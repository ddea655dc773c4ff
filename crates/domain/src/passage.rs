//! Passage: a span of a message, memory or topic; the unit of every index and of evidence.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{MemoryId, MessageId, SessionId, TopicId};
use crate::memory::Kind;
use crate::message::Role;
use crate::origin::Origin;
use crate::scope::Scope;
use crate::text::{Cues, TermHash};

/// Bytes `[start, end)` of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The part of `text` that the span names; `None` when it names none.
    pub fn of<'text>(&self, text: &'text str) -> Option<&'text str> {
        text.get(self.start as usize..self.end as usize)
    }
}

/// What a passage is a part of; recall returns owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A message.
    Message(MessageId),
    /// A memory.
    Memory(MemoryId),
    /// A topic.
    Topic(TopicId),
}

/// A passage's place in its space: given by the store, growing with every commit, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PassageSeq(pub u64);

/// Where a message's passage stands in its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Turn {
    /// The session.
    pub session: SessionId,
    /// The message's place in it; 0 until the store has given it.
    pub ordinal: u32,
    /// Whose turn it is.
    pub role: Role,
}

/// A unit vector of an embedding, as whole numbers: component `i` is `scale * rows[i]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    /// What one step is worth.
    pub scale: f32,
    /// One number for each dimension.
    pub rows: Box<[i8]>,
}

impl Vector {
    /// The nearest vector of whole numbers; a vector of zeros stays one.
    pub fn quantise(components: &[f32]) -> Self {
        let peak = components.iter().fold(0.0_f32, |peak, component| peak.max(component.abs()));
        if peak == 0.0 || !peak.is_finite() {
            return Self { scale: 0.0, rows: vec![0; components.len()].into() };
        }
        let scale = peak / 127.0;
        let rows = components.iter().map(|component| (component / scale).round() as i8).collect();
        Self { scale, rows }
    }
}

/// What made a passage's vector: a vector counts only for the embedder that made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmbedderIdentity(pub Arc<str>);

/// A span of a message or memory, ready to be indexed. All but `owner` and `span` is derived from the
/// owner and can be made again.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// What it is a part of.
    pub owner: Owner,
    /// Which bytes of the owner's text.
    pub span: Span,
    /// For a message's passage: where it stands.
    pub turn: Option<Turn>,
    /// For a memory's passage: the memory's kind.
    pub kind: Option<Kind>,
    /// The speaker's name.
    pub speaker: Option<Arc<str>>,
    /// Who really authored it.
    pub origin: Origin,
    /// For whom it stands.
    pub scope: Arc<Scope>,
    /// When it was said; for a memory, from when it is true, else when it was recorded.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// From when on it is no longer the current text of its owner.
    pub retired_at: Option<Timestamp>,
    /// Its terms in order, as [`crate::text::terms`] gives them; for a memory also those of its aliases.
    pub terms: Box<[TermHash]>,
    /// Marks of its shape.
    pub cues: Cues,
    /// Hash of the text that the terms and the vector were made from.
    pub source_hash: u64,
    /// Its embedding, with what made it; absent where no embedder answered yet.
    pub vector: Option<(EmbedderIdentity, Vector)>,
}

/// A passage with the place that the store gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPassage {
    /// Its place.
    pub seq: PassageSeq,
    /// The passage.
    pub passage: Passage,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_vectors_keep_their_direction() {
        let components: Vec<f32> = (0..256).map(|i| ((i * 37 % 101) as f32 - 50.0) / 500.0).collect();
        let vector = Vector::quantise(&components);
        let back: Vec<f32> = vector.rows.iter().map(|row| f32::from(*row) * vector.scale).collect();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        let cosine = dot(&components, &back) / (dot(&components, &components) * dot(&back, &back)).sqrt();
        assert!(cosine > 0.999, "{cosine}");
    }

    #[test]
    fn a_span_outside_the_text_or_inside_a_character_names_nothing() {
        assert_eq!(Span { start: 0, end: 2 }.of("né"), None);
        assert_eq!(Span { start: 0, end: 9 }.of("né"), None);
        assert_eq!(Span { start: 1, end: 3 }.of("né"), Some("é"));
    }
}
