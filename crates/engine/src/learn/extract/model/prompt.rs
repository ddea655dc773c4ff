//! Prompt: the context as fenced data. A marker that is drawn from the data itself keeps it from closing its own
//! fence.

use std::fmt::Write;

use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::memory::Memory;
use sha2::Digest;

use crate::learn::context::{Context, Turn};
use crate::learn::settings::LearnSettings;

const SYSTEM: &str = include_str!("../../../../prompts/learn-1.md");
/// Characters of a turn that is shown as context only, and of a new one.
const EARLIER_CHARS_MAX: usize = 600;
const NEW_CHARS_MAX: usize = 8_000;

/// The short names that turns and memories have in a prompt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    turns: Vec<MessageId>,
    memories: Vec<MemoryId>,
}

impl Names {
    pub(crate) fn new(context: &Context, known: &[Memory]) -> Self {
        Self {
            turns: context.turns.iter().map(|turn| turn.message.id).collect(),
            memories: known.iter().map(|memory| memory.id).collect(),
        }
    }

    /// The message that `t3` names.
    pub(crate) fn turn(&self, name: &str) -> Option<MessageId> {
        Self::place(name, 't').and_then(|place| self.turns.get(place)).copied()
    }

    /// The memory that `m3` names.
    pub(crate) fn memory(&self, name: &str) -> Option<MemoryId> {
        Self::place(name, 'm').and_then(|place| self.memories.get(place)).copied()
    }

    fn place(name: &str, letter: char) -> Option<usize> {
        name.trim().strip_prefix(letter)?.parse::<usize>().ok()?.checked_sub(1)
    }
}

/// The standing instructions with those of the space.
pub(crate) fn system(settings: &LearnSettings) -> String {
    let mut system = SYSTEM.to_owned();
    if !settings.instructions.trim().is_empty() {
        let _ = write!(system, "\nFor this space, set by its operator:\n{}\n", settings.instructions.trim());
    }
    if !settings.categories.is_empty() {
        system.push_str("\nCategories:\n");
        for (name, what) in &settings.categories {
            let _ = writeln!(system, "- {name}: {what}");
        }
    }
    system
}

/// The data.
pub(crate) fn user(context: &Context, known: &[Memory], names: &Names) -> String {
    let mut data = String::new();
    if let Some(summary) = &context.summary {
        let _ = write!(data, "## Summary so far\n{}\n\n", summary.text);
    }
    data.push_str("## Known memories\n");
    for (place, memory) in known.iter().enumerate() {
        let _ =
            writeln!(data, "m{} ({}): {}", place + 1, memory.kind, one_line(&memory.text, EARLIER_CHARS_MAX));
    }
    data.push_str("\n## Earlier turns, for understanding only\n");
    for (place, turn) in context.turns.iter().enumerate() {
        if place == context.earlier_count {
            data.push_str("\n## New turns\n");
        }
        let bound = if place < context.earlier_count { EARLIER_CHARS_MAX } else { NEW_CHARS_MAX };
        let _ = writeln!(data, "t{} {}: {}", place + 1, speaker(turn), cut(&turn.text, bound));
    }
    debug_assert_eq!(names.turns.len(), context.turns.len());
    format!("{}\n\nPropose what is worth remembering from the new turns.", fenced(&data))
}

/// Data between markers that it does not hold.
pub(crate) fn fenced(data: &str) -> String {
    let marker = marker(data);
    format!("<<<data {marker}\n{data}\ndata {marker}>>>")
}

pub(crate) fn speaker(turn: &Turn) -> String {
    let said = turn.anchor.at.to_zoned(turn.anchor.zone.clone());
    let name = turn.message.author.as_deref().unwrap_or("-");
    let (role, origin) = (turn.message.role.as_str(), turn.message.origin.as_str());
    format!("[{} | {name} | {role} | origin {origin}]", said.strftime("%a %Y-%m-%d %H:%M"))
}

/// Sixteen hex digits that stand nowhere in the data.
fn marker(data: &str) -> String {
    let digest = sha2::Sha256::digest(data.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn cut(text: &str, chars: usize) -> String {
    let mut cut: String = text.trim().chars().take(chars).collect();
    if cut.len() < text.trim().len() {
        cut.push('…');
    }
    cut
}

pub(crate) fn one_line(text: &str, chars: usize) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), chars)
}
