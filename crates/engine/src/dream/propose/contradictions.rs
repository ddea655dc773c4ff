//! Contradictions: of two values of a property that has one at a time, the one that was written later holds. A value of
//! lower origin never takes the place of one of higher origin.

use std::collections::BTreeMap;

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate};
use dreamkeeper_topics::ClaimKind;

use super::draft::{Draft, guard, rewritten, short};
use super::slots::{Slot, of};
use super::{Board, Place};
use crate::learn::similar::is_within;

/// A claim with its slot.
struct Valued {
    place: Place,
    slot: Slot,
}

/// Takes away values that a later one replaced.
pub(super) fn claims(board: &mut Board<'_>) {
    let mut groups: BTreeMap<String, Vec<Valued>> = BTreeMap::new();
    for (note, content) in board.working() {
        for (claim, words) in content.claims.iter().enumerate() {
            if matches!(words.kind, ClaimKind::Row | ClaimKind::Code) {
                continue;
            }
            let anchors = content.anchors(claim, board.gathered);
            let Some(slot) = of(&words.text, &board.names, &anchors[0]) else { continue };
            // What does not name its subject is about whatever its note and headings are about.
            let within = if slot.is_named { String::new() } else { format!("{note} {:?}", words.headings) };
            let key = format!("{within}|{}", slot.key);
            groups.entry(key).or_default().push(Valued { place: Place { note, claim }, slot });
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        settle(board, &group);
    }
}

/// The latest value stays; with two that may be the latest, nothing is done.
fn settle(board: &mut Board<'_>, group: &[Valued]) {
    let written = |valued: &Valued| board.notes[valued.place.note].written[valued.place.claim];
    let free: Vec<&Valued> = group.iter().filter(|valued| board.is_free(valued.place)).collect();
    let Some(latest) = free.iter().max_by_key(|valued| written(valued).from) else { return };
    let is_sure = |other: &&&Valued| {
        let same = other.slot.value == latest.slot.value;
        other.place != latest.place && !same && written(other).to >= written(latest).from
    };
    if free.iter().any(|other| is_sure(&other)) {
        return;
    }
    let origin = |valued: &Valued| board.notes[valued.place.note].topic.head.origin;
    let replaced: Vec<Place> = free
        .iter()
        .filter(|other| {
            other.slot.value != latest.slot.value && !is_within(&other.slot.value, &latest.slot.value)
        })
        .filter(|other| origin(other) <= origin(latest))
        .filter(|other| board.may_go(other.place))
        .filter(|other| board.is_changed(other.place) || board.is_changed(latest.place))
        .map(|other| other.place)
        .collect();
    let latest = latest.place;
    for older in replaced {
        supersede(board, older, latest);
    }
}

fn supersede(board: &mut Board<'_>, older: Place, newer: Place) {
    let (note, other) = (&board.notes[older.note], &board.notes[newer.note]);
    let Some(span) = note.cut(older.claim) else { return };
    let (gone, holds) = (board.claim(older), board.claim(newer));
    let day = |place: Place| {
        board.notes[place.note].written[place.claim].from.to_zoned(board.gathered.zone.rules()).date()
    };
    let origin = note.topic.head.origin.min(other.topic.head.origin);
    let mut draft = Draft::new(ChangeKind::Supersede, "later_value", origin).told(
        format!("`{}`: “{}” holds no longer", note.path(), short(&gone.text)),
        format!(
            "It was written on {}; “{}” was written on {} in `{}`.",
            day(older),
            holds.text,
            day(newer),
            other.path()
        ),
    );
    if older.note != newer.note {
        draft.effects.push(guard(other.topic));
    }
    draft.effects.push(rewritten(note.topic, note.with(vec![(span, String::new())])));
    draft.account(note.path(), &gone.text, ClaimFate::Superseded { by: holds.text.clone() });
    board.take(older, Some(newer));
    board.drafts.push(draft);
}
