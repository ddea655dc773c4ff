//! Diary: what a dream read, found and set aside, for people. It counts; it quotes nobody.

use std::collections::BTreeMap;

use dreamkeeper_domain::dream::{ChangeReview, Dream, DreamOutcome, ProposedChange};

/// What is told beside the changes.
pub(super) struct Told<'a> {
    pub(super) outcome: &'a DreamOutcome,
    /// Changes of earlier dreams over the target that wait for a decision.
    pub(super) waiting_count: usize,
}

/// The diary in Markdown.
pub(super) fn write(dream: &Dream, changes: &[ProposedChange], told: &Told<'_>) -> String {
    let usage = &dream.usage;
    let mut text = format!(
        "It read {} topics and memories, {} of them new or changed, and {} messages of {} sessions.\n",
        usage.read_count,
        usage.worked_count,
        usage.message_count,
        dream.sessions.len(),
    );
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for change in changes {
        let counts = kinds.entry(change.kind.as_str()).or_default();
        match change.review {
            ChangeReview::SetAside { .. } => counts.1 += 1,
            _ => counts.0 += 1,
        }
    }
    for (kind, (proposed, set_aside)) in kinds {
        text.push_str(&format!("- {kind}: {proposed} proposed"));
        if set_aside > 0 {
            text.push_str(&format!(", {set_aside} set aside by the check"));
        }
        text.push('\n');
    }
    match told.outcome {
        DreamOutcome::Proposed => {}
        DreamOutcome::NothingToDo => text.push_str("Nothing is to be done.\n"),
        DreamOutcome::DidNothing { because } => {
            text.push_str(&format!("It did nothing, because {because}.\n"))
        }
        DreamOutcome::Stopped { because } => text.push_str(&format!("It stopped, because {because}.\n")),
    }
    if told.waiting_count > 0 {
        text.push_str(&format!("{} changes of earlier dreams wait for review.\n", told.waiting_count));
    }
    text
}
