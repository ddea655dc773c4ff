//! Conventions: what people stated, or corrected, in at least three sessions of their own accord is lifted into a topic;
//! what was said once never is.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::candidate::Cause;
use dreamkeeper_domain::dream::{ChangeKind, ClaimFate, SessionQuote};
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_language::screen;
use dreamkeeper_language::statements::{Skip, Utterance, read};
use dreamkeeper_topics::{sameness_key, says_the_same};

use super::draft::{Draft, created, rewritten, short};
use super::{Board, CONVENTIONS_PATH};
use crate::learn::context::Turn;

/// How people begin when they say something again.
const AGAIN: [&str; 22] = [
    "no,",
    "no -",
    "no:",
    "nope,",
    "actually,",
    "again,",
    "again:",
    "remember,",
    "remember:",
    "reminder:",
    "as i said,",
    "like i said,",
    "as i told you,",
    "i told you:",
    "i told you,",
    "i already told you:",
    "i already said:",
    "i said:",
    "please remember:",
    "correction:",
    "wrong,",
    "not like that,",
];
/// How people are polite.
const POLITE: [&str; 3] = ["please ", "kindly ", "pls "];
/// Marks of a contrast: "tabs, not spaces".
const CONTRAST: [&str; 4] = [", not ", " instead of ", " rather than ", ", never "];
const WORDS_MIN: usize = 3;
const WORDS_MAX: usize = 40;
/// Quotes that a change shows.
const QUOTES_MAX: usize = 8;

/// One statement of a convention.
struct Stated<'t> {
    turn: &'t Turn,
    /// As it was said, in the message.
    quote: String,
    /// Without how it was begun.
    words: String,
}

/// Lifts conventions into a topic, one change each.
pub(super) fn lift(board: &mut Board<'_>) {
    let gathered = board.gathered;
    let mut alike: BTreeMap<String, Vec<Stated<'_>>> = BTreeMap::new();
    for turn in &gathered.turns {
        for stated in stated(turn) {
            alike.entry(sameness_key(&stated.words)).or_default().push(stated);
        }
    }
    let mut fresh = None;
    for mut group in alike.into_values() {
        group.sort_by_key(|stated| stated.turn.message.at);
        let Some(latest) = group.pop() else { continue };
        group.retain(|other| says_the_same(&other.words, &latest.words));
        group.push(latest);
        let sessions: BTreeSet<SessionId> = group.iter().map(|stated| stated.turn.message.session).collect();
        let is_new = sessions.iter().any(|session| gathered.unseen.contains(session));
        if is_new && sessions.len() >= limits::DREAM_CONVENTION_SESSIONS_MIN {
            convention(board, &group, sessions.len(), &mut fresh);
        }
    }
}

fn convention(
    board: &mut Board<'_>,
    group: &[Stated<'_>],
    session_count: usize,
    fresh: &mut Option<dreamkeeper_domain::id::TopicId>,
) {
    let Some(latest) = group.last() else { return };
    let words = &latest.words;
    let stands = |text: &str| says_the_same(text, words);
    if board.notes.iter().flat_map(|note| &note.claims).any(|claim| stands(&claim.text)) {
        return;
    }
    let line = format!("- {words}\n");
    let there = board.notes.iter().find(|note| note.path() == CONVENTIONS_PATH).map(|note| note.topic);
    let origin =
        group.iter().map(|stated| stated.turn.message.origin).min().unwrap_or(latest.turn.message.origin);
    let mut draft = Draft::new(ChangeKind::Edit, "stated_again", origin).told(
        format!("`{CONVENTIONS_PATH}`: “{}”", short(words)),
        format!("It was said in {session_count} sessions."),
    );
    match there {
        Some(topic) => {
            let gap = if topic.content.is_empty() || topic.content.ends_with('\n') { "" } else { "\n" };
            draft.effects.push(rewritten(topic, format!("{}{gap}{line}", topic.content)));
            draft.origin = draft.origin.min(topic.head.origin);
        }
        None => {
            // All of them write the same new topic.
            let id = *fresh.get_or_insert_with(|| (board.fresh)());
            draft.kind = ChangeKind::Create;
            draft.effects.push(created(id, CONVENTIONS_PATH, line));
            draft.effects.extend(board.index_effect(&[(CONVENTIONS_PATH, "# Conventions\n")], &[]));
        }
    }
    draft.account(CONVENTIONS_PATH, words, ClaimFate::Added);
    let quotes = group.iter().rev().take(QUOTES_MAX).rev();
    draft.evidence = quotes
        .map(|stated| SessionQuote { message: stated.turn.message.id, quote: stated.quote.clone() })
        .collect();
    board.drafts.push(draft);
}

/// What a turn states that may be a convention.
fn stated(turn: &Turn) -> Vec<Stated<'_>> {
    sentences(&turn.text)
        .filter_map(|sentence| {
            let (words, is_again) = without_beginning(sentence);
            let count = words.split_whitespace().count();
            let is_told = (WORDS_MIN..=WORDS_MAX).contains(&count) && !words.ends_with('?');
            let is_convention = is_told && binds(turn, &words, is_again) && !is_sensitive(&words);
            is_convention.then(|| Stated { turn, quote: sentence.to_owned(), words })
        })
        .collect()
}

/// Whether it tells how things are to be done or called, for good: a standing instruction or preference, or a correction.
fn binds(turn: &Turn, words: &str, is_again: bool) -> bool {
    let utterance = Utterance { text: words, speaker: None, anchor: &turn.anchor };
    let reading = read(&utterance);
    let is_standing = reading.statements.iter().any(|statement| {
        matches!(statement.kind, Kind::Instruction | Kind::Procedure | Kind::Preference)
            && statement.subject == "user"
            || statement.is_correction
    });
    let is_order = || reading.skipped.iter().any(|(_, skip)| *skip == Skip::OneOff);
    let is_contrast = || CONTRAST.iter().any(|mark| words.contains(mark));
    is_standing || is_again && (is_order() || is_contrast())
}

fn is_sensitive(words: &str) -> bool {
    screen::findings(words).iter().any(|finding| finding.cause != Cause::InstructionShaped)
}

/// The sentence without how people begin when they say something again, beginning with a capital letter; whether it began
/// so.
fn without_beginning(sentence: &str) -> (String, bool) {
    let (mut rest, mut is_again) = (sentence.trim(), false);
    loop {
        let begins = |beginning: &&str| {
            rest.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        if let Some(beginning) = AGAIN.iter().copied().find(begins) {
            (rest, is_again) = (rest[beginning.len()..].trim_start(), true);
        } else if let Some(beginning) = POLITE.iter().copied().find(begins) {
            rest = rest[beginning.len()..].trim_start();
        } else {
            break;
        }
    }
    let mut letters = rest.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    (format!("{first}{}", letters.as_str()), is_again)
}

/// The sentences of a text, each on one line.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return None;
            }
            let ends = |(at, mark): &(usize, char)| match mark {
                '\n' => true,
                '.' | '!' | '?' => rest[at + 1..].chars().next().is_none_or(char::is_whitespace),
                _ => false,
            };
            let end = rest.char_indices().find(ends).map_or(rest.len(), |(at, mark)| at + mark.len_utf8());
            let sentence = rest[..end].trim();
            rest = &rest[end..];
            if !sentence.is_empty() {
                return Some(sentence);
            }
        }
    })
}
