//! Stale: what says itself until when it holds, and that moment is past, moves below `/archive`. Nothing is lost: the
//! words stand there as they were.

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate, TopicEffect};
use dreamkeeper_language::time::{Anchor, read};
use dreamkeeper_topics::ClaimKind;
use jiff::Timestamp;

use super::draft::{Draft, Standing, created, rewritten, short, side};
use super::{ARCHIVE, Board, Place};

/// Words before a moment that end something there.
const ENDS: [&str; 4] = ["until ", "till ", "through ", "expires on "];
/// Verbs and words of the present, one of which must stand before: "lived there until 2019" stays true.
const HOLDS: [&str; 16] = [
    "is",
    "are",
    "stays",
    "remains",
    "must",
    "will",
    "use",
    "avoid",
    "keep",
    "valid",
    "closed",
    "open",
    "out",
    "temporary",
    "temporarily",
    "expires",
];
/// Words that tell the past.
const PAST: [&str; 6] = ["was", "were", "had", "did", "used", "been"];

/// Moves what is over below the archive, one change for each topic.
pub(super) fn claims(board: &mut Board<'_>) {
    let notes: Vec<usize> = board.working().map(|(place, _)| place).collect();
    for note in notes {
        let found = &board.notes[note];
        let over: Vec<(usize, String)> = (0..found.claims.len())
            .filter(|claim| board.may_go(Place { note, claim: *claim }))
            .filter(|claim| found.claims[*claim].kind != ClaimKind::Code)
            .filter_map(|claim| {
                let anchors = found.anchors(claim, board.gathered);
                let ended = ended(&found.claims[claim].text, &anchors, board.gathered.at)?;
                found.cut(claim)?;
                Some((claim, ended))
            })
            .collect();
        if !over.is_empty() {
            archive(board, note, &over);
        }
    }
}

/// The day on which a claim says that it ends, where that is past.
fn ended(text: &str, anchors: &[Anchor; 2], now: Timestamp) -> Option<String> {
    let lower = text.to_lowercase();
    let (at, word) = ENDS.iter().filter_map(|word| lower.find(word).map(|at| (at, *word))).min()?;
    // Lower case may change lengths; then nothing is sure.
    let (before, moment) = (text.get(..at)?, text.get(at + word.len()..)?);
    let said = |words: &[&str]| {
        before
            .split(|mark: char| !mark.is_alphanumeric())
            .any(|other| words.contains(&other.to_lowercase().as_str()))
    };
    if !(said(&HOLDS) || word.starts_with("expires")) || said(&PAST) || lower.contains("not until") {
        return None;
    }
    let ends = anchors.clone().map(|anchor| {
        let phrase = read(moment, &anchor).into_iter().find(|phrase| phrase.span.start == 0)?;
        let interval = phrase.interval(&anchor)?;
        // "From 3 to 5 June" and the like end with their last moment.
        interval.to.filter(|end| *end > anchor.at)
    });
    match ends {
        [Some(one), Some(other)] if one == other && one < now => {
            Some(one.to_zoned(anchors[0].zone.clone()).date().to_string())
        }
        _ => None,
    }
}

fn archive(board: &mut Board<'_>, note: usize, over: &[(usize, String)]) {
    let found = &board.notes[note];
    let to = format!("{ARCHIVE}{}", found.path());
    let there = board.notes.iter().find(|other| other.path() == to);
    let whole = over.len() == found.claims.len() && there.is_none();
    let told =
        over.iter().map(|(claim, end)| format!("“{}” ended before {end}", short(&found.claims[*claim].text)));
    let reason = format!("{}.", told.collect::<Vec<_>>().join("; "));
    let title = format!(
        "`{}`: {} set aside",
        found.path(),
        if over.len() == 1 { "one line is".to_owned() } else { format!("{} lines are", over.len()) }
    );
    let mut draft = Draft::new(ChangeKind::Archive, "past_end", found.topic.head.origin).told(title, reason);
    for (claim, _) in over {
        draft.account(found.path(), &found.claims[*claim].text, ClaimFate::Moved { to: to.clone() });
    }
    if whole {
        let after = Some((to.clone(), found.topic.content.clone()));
        draft.effects.push(TopicEffect {
            topic: found.topic.head.id,
            before: Some(side(found.topic)),
            after,
        });
        draft.effects.extend(board.index_effect(&[], &[found.path()]));
        board.moved.insert(note);
        board.drafts.push(draft);
        return;
    }
    let content = &found.topic.content;
    let mut spans: Vec<_> = over.iter().filter_map(|(claim, _)| found.cut(*claim)).collect();
    spans.sort_by_key(|span| span.start);
    let moved: String = spans.iter().map(|span| format!("{}\n", content[span.clone()].trim_end())).collect();
    let left = found.with(spans.into_iter().map(|span| (span, String::new())).collect());
    draft.effects.push(rewritten(found.topic, left));
    match there {
        Some(there) => {
            debug_assert_eq!(there.standing, Standing::Archived, "what stands below the archive is archived");
            let gap =
                if there.topic.content.ends_with('\n') || there.topic.content.is_empty() { "" } else { "\n" };
            draft.effects.push(rewritten(there.topic, format!("{}{gap}{moved}", there.topic.content)));
            draft.origin = draft.origin.min(there.topic.head.origin);
        }
        None => draft.effects.push(created((board.fresh)(), &to, moved)),
    }
    for (claim, _) in over {
        board.taken.insert(Place { note, claim: *claim });
    }
    board.drafts.push(draft);
}
