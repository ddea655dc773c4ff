//! Duplicates: topics with the same content, and claims that say the same. The one of the highest origin stays, of equals
//! the one that was written first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::dream::{ChangeKind, ClaimFate};
use dreamkeeper_domain::topic::ContentHash;
use dreamkeeper_topics::{ClaimKind, relink, sameness_key, says_the_same};

use super::draft::{Draft, Standing, guard, removed, rewritten, short};
use super::{Board, Place, dates};

/// Words that a claim must have to be told from chance.
const WORDS_MIN: usize = 3;

/// Topics with the same content become one.
pub(super) fn topics(board: &mut Board<'_>) {
    let mut alike: BTreeMap<ContentHash, Vec<usize>> = BTreeMap::new();
    for (place, note) in board.working().filter(|(_, note)| !note.claims.is_empty()) {
        alike.entry(note.topic.head.hash).or_default().push(place);
    }
    for mut places in alike.into_values().filter(|places| places.len() > 1) {
        let head = |place: usize| &board.notes[place].topic.head;
        places.sort_by_key(|place| {
            (Reverse(head(*place).origin), head(*place).created_at, head(*place).path.clone())
        });
        let keeper = places[0];
        for gone in places.into_iter().skip(1) {
            let is_changed = board.notes[gone].is_changed || board.notes[keeper].is_changed;
            if is_changed && are_about_the_same(board, keeper, gone) {
                same_topic(board, keeper, gone);
            }
        }
    }
}

/// Words in a path that only say that it is a copy.
const COPY: [&str; 6] = ["copy", "copies", "backup", "old", "duplicate", "of"];

/// The path of a topic often says what its lines are about: the same words in `/ana.md` and `/bo.md` are two things. They
/// are one where the paths are those of copies, or every line names what it is about; and both are about the same day.
fn are_about_the_same(board: &Board<'_>, one: usize, other: usize) -> bool {
    let words = |place: usize| {
        let path = normalised(board.notes[place].path().trim_end_matches(".md"));
        path.split(' ').filter(|word| !COPY.contains(word)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (&board.notes[one], &board.notes[other]);
    let is_one_day = (0..first.claims.len()).all(|claim| first.day(claim) == second.day(claim));
    is_one_day
        && (words(one) == words(other) || first.claims.iter().all(|claim| board.names.begins(&claim.text)))
}

fn same_topic(board: &mut Board<'_>, keeper: usize, gone: usize) {
    let (kept, other) = (board.notes[keeper].topic, board.notes[gone].topic);
    let (to, from) = (kept.head.path.clone(), other.head.path.clone());
    let origin = kept.head.origin.min(other.head.origin);
    let mut draft = Draft::new(ChangeKind::Merge, "same_topic", origin).told(
        format!("`{from}` is `{to}` once more"),
        format!(
            "Both hold the same {} bytes; `{to}` stays, links to the other lead there.",
            other.content.len()
        ),
    );
    draft.effects.push(guard(kept));
    draft.effects.push(removed(other));
    for claim in &board.notes[gone].claims {
        draft.account(&from, &claim.text, ClaimFate::Merged { into: claim.text.clone() });
    }
    let mut links = Vec::new();
    for (place, note) in board.notes.iter().enumerate() {
        if place == gone || place == keeper || note.standing == Standing::Index {
            continue;
        }
        let moved = |path: &str| (path == from).then(|| to.clone());
        let content = relink(note.path(), &note.topic.content, moved);
        if content != note.topic.content {
            links.push(rewritten(note.topic, content));
        }
    }
    draft.effects.extend(links);
    draft.effects.extend(board.index_effect(&[], &[&from]));
    board.moved.insert(gone);
    for claim in 0..board.notes[keeper].claims.len() {
        board.kept.insert(Place { note: keeper, claim });
    }
    board.drafts.push(draft);
}

/// Claims that say the same become one.
pub(super) fn claims(board: &mut Board<'_>) {
    let mut alike: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (note, content) in board.working() {
        for (claim, words) in content.claims.iter().enumerate() {
            let is_prose = matches!(words.kind, ClaimKind::Item { .. } | ClaimKind::Sentence);
            if is_prose && words.text.split_whitespace().count() >= WORDS_MIN {
                alike.entry(sameness_key(&words.text)).or_default().push(Place { note, claim });
            }
        }
    }
    for mut places in alike.into_values().filter(|places| places.len() > 1) {
        places.sort_by_key(|place| {
            let note = &board.notes[place.note];
            (Reverse(note.topic.head.origin), note.written[place.claim].from, *place)
        });
        for later in 1..places.len() {
            let gone = places[later];
            let keeper = places[..later].iter().copied().find(|keeper| may_merge(board, *keeper, gone));
            if let Some(keeper) = keeper {
                same_claim(board, keeper, gone);
            }
        }
    }
}

fn may_merge(board: &Board<'_>, keeper: Place, gone: Place) -> bool {
    let (one, other) = (board.claim(keeper), board.claim(gone));
    board.is_free(keeper)
        && board.may_go(gone)
        && (board.is_changed(keeper) || board.is_changed(gone))
        && board.are_comparable(keeper, gone)
        && says_the_same(&one.text, &other.text)
        && dates::are_of_one_time(board, keeper, gone)
        && task(board, keeper) == task(board, gone)
        && board.notes[gone.note].cut(gone.claim).is_some()
}

/// The box of a task: an open one and a done one do not say the same.
fn task<'b>(board: &'b Board<'_>, place: Place) -> Option<&'b str> {
    let raw = &board.notes[place.note].topic.content[board.claim(place).span.clone()];
    let rest = raw.trim_start().get(1..)?.trim_start();
    rest.get(..3).filter(|mark| mark.starts_with('[') && mark.ends_with(']'))
}

fn same_claim(board: &mut Board<'_>, keeper: Place, gone: Place) {
    let (kept, note) = (&board.notes[keeper.note], &board.notes[gone.note]);
    let Some(span) = note.cut(gone.claim) else { return };
    let (words, other) = (board.claim(keeper), board.claim(gone));
    let where_else =
        if keeper.note == gone.note { "further up".to_owned() } else { format!("in `{}`", kept.path()) };
    let origin = kept.topic.head.origin.min(note.topic.head.origin);
    let mut draft = Draft::new(ChangeKind::Merge, "same_claim", origin).told(
        format!("`{}`: “{}” is said {where_else} too", note.path(), short(&other.text)),
        format!("“{}” stays {where_else} and says the same.", words.text),
    );
    if keeper.note != gone.note {
        draft.effects.push(guard(kept.topic));
    }
    draft.effects.push(rewritten(note.topic, note.with(vec![(span, String::new())])));
    draft.account(note.path(), &other.text, ClaimFate::Merged { into: words.text.clone() });
    board.take(gone, Some(keeper));
    board.drafts.push(draft);
}
