//! Oversized: a topic that grew too large to be read whole is split by its headings; every line is kept.

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate};
use dreamkeeper_domain::limits;
use dreamkeeper_topics::{claims, links, split};

use super::Board;
use super::draft::{Draft, created, rewritten};

/// Splits oversized topics that no other change touches.
pub(super) fn split_all(board: &mut Board<'_>) {
    let touched: Vec<_> =
        board.drafts.iter().flat_map(|draft| &draft.effects).map(|effect| effect.topic).collect();
    let large: Vec<usize> = board
        .working()
        .filter(|(_, note)| note.is_changed && note.topic.content.len() > limits::DREAM_SPLIT_BYTES)
        .filter(|(_, note)| !touched.contains(&note.topic.head.id))
        .map(|(place, _)| place)
        .collect();
    for note in large {
        one(board, note);
    }
}

fn one(board: &mut Board<'_>, note: usize) {
    let (topic, path) = (board.notes[note].topic, board.notes[note].path());
    // A relative link would lead elsewhere from a part's place.
    if links(&topic.content).iter().any(|link| !link.is_wiki && !link.target.starts_with('/')) {
        return;
    }
    let Some(parts) = split(path, &topic.content) else { return };
    let is_taken = |path: &str| board.notes.iter().any(|note| note.path() == path);
    if parts.iter().skip(1).any(|part| is_taken(&part.path)) {
        return;
    }
    let mut draft = Draft::new(ChangeKind::Split, "oversized", topic.head.origin).told(
        format!("`{path}` becomes {} topics", parts.len()),
        format!(
            "It holds {} bytes; above {} a topic is split by its headings.",
            topic.content.len(),
            limits::DREAM_SPLIT_BYTES
        ),
    );
    draft.effects.push(rewritten(topic, parts[0].content.clone()));
    for part in &parts[1..] {
        for claim in claims(&part.content) {
            draft.account(path, &claim.text, ClaimFate::Moved { to: part.path.clone() });
        }
        draft.effects.push(created((board.fresh)(), &part.path, part.content.clone()));
    }
    let come: Vec<(&str, &str)> =
        parts[1..].iter().map(|part| (part.path.as_str(), part.content.as_str())).collect();
    draft.effects.extend(board.index_effect(&come, &[]));
    board.moved.insert(note);
    board.drafts.push(draft);
}
