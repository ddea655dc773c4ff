//! Dates: relative phrases of time ("last Saturday") get their date beside them, resolved against the moment at which
//! the claim was written; the words stay. Where that moment is not known exactly, or the phrase may mean a habit,
//! nothing is done.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate, ProposedChange};
use dreamkeeper_domain::time::Granularity;
use dreamkeeper_language::time::{Anchor, Meaning, TimePhrase, read};
use dreamkeeper_topics::{ClaimKind, links};
use jiff::{SignedDuration, ToSpan as _};

use super::draft::{Draft, rewritten, short};
use super::note::Note;
use super::{Board, Place};
use crate::dream::gather::Gathered;

/// Words one of which a phrase must have to count as relative: a bare weekday may be a habit.
const RELATIVE: [&str; 11] = [
    "yesterday",
    "today",
    "tonight",
    "tomorrow",
    "last",
    "next",
    "this",
    "ago",
    "coming",
    "past",
    "previous",
];
/// Words after which a phrase is a part of something else: a habit, a bound, "the last week of June".
const BEFORE: [&str; 9] = ["every", "each", "the", "any", "until", "till", "by", "since", "of"];

/// Redates claims, one change for each topic.
pub(super) fn claims(board: &mut Board<'_>) {
    let changed: Vec<usize> =
        board.working().filter(|(_, note)| note.is_changed).map(|(place, _)| place).collect();
    for note in changed {
        topic(board, note);
    }
}

fn topic(board: &mut Board<'_>, note: usize) {
    for claim in 0..board.notes[note].claims.len() {
        let place = Place { note, claim };
        if !board.is_free(place) {
            continue;
        }
        let (found, anchors) = (&board.notes[note], board.notes[note].anchors(claim, board.gathered));
        let span = found.claims[claim].span.clone();
        if found.claims[claim].kind == ClaimKind::Code {
            continue;
        }
        let words = &found.topic.content[span.clone()];
        let Some(dated) = dated(words, &anchors) else { continue };
        let told = dated.notes.join(", ");
        let mut draft = Draft::new(ChangeKind::Redate, "relative_date", found.topic.head.origin).told(
            format!("`{}`: {told} in “{}”", found.path(), short(&found.claims[claim].text)),
            format!("It was written on {}: {told}.", anchors[0].at.to_zoned(anchors[0].zone.clone()).date()),
        );
        let new = one_line(&dated.text, &found.claims[claim].text, words);
        draft.account(found.path(), &found.claims[claim].text, ClaimFate::Redated { to: new });
        draft.effects.push(rewritten(found.topic, found.with(vec![(span, dated.text)])));
        board.taken.insert(place);
        board.drafts.push(draft);
    }
}

/// The words of a claim as [`dreamkeeper_topics::claims`] reads them, from its raw text.
fn one_line(raw: &str, before: &str, raw_before: &str) -> String {
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marker = joined(raw_before).len() - before.len().min(joined(raw_before).len());
    joined(raw).get(marker..).unwrap_or_default().to_owned()
}

/// A text with dates beside its phrases.
pub(crate) struct Dated {
    pub(crate) text: String,
    /// "last Saturday is 2023-05-06", for people.
    pub(crate) notes: Vec<String>,
}

/// The text with a date beside each relative phrase that means the same under both anchors; `None` where there is none.
pub(crate) fn dated(text: &str, anchors: &[Anchor; 2]) -> Option<Dated> {
    let (mut new, mut notes, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    for (phrase, date) in resolved(text, anchors) {
        let end = phrase.span.end as usize;
        new.push_str(&text[at..end]);
        new.push_str(&format!(" ({date})"));
        notes.push(format!("{} is {date}", phrase.span.of(text).unwrap_or_default()));
        at = end;
    }
    new.push_str(&text[at..]);
    (!notes.is_empty()).then_some(Dated { text: new, notes })
}

/// The dates that relative phrases of a text mean.
pub(crate) fn resolved(text: &str, anchors: &[Anchor; 2]) -> Vec<(TimePhrase, String)> {
    let phrases = read(text, &anchors[0]);
    if phrases.is_empty() {
        return Vec::new();
    }
    let again = read(text, &anchors[1]);
    let elsewhere: Vec<Vec<TimePhrase>> =
        [1, 50, 400].map(|days| read(text, &later(&anchors[0], days))).into();
    let mut found = Vec::new();
    for phrase in phrases {
        let Some(date) = phrase.meaning.as_ref().and_then(date) else { continue };
        let same = |others: &Vec<TimePhrase>| others.contains(&phrase);
        let is_sure = same(&again);
        let is_relative = elsewhere.iter().any(|others| !same(others));
        if is_sure && is_relative && may_be_dated(text, &phrase) {
            found.push((phrase, date));
        }
    }
    found
}

fn later(anchor: &Anchor, days: i64) -> Anchor {
    let moved = anchor.at.checked_add(SignedDuration::from_hours(24 * days));
    Anchor { at: moved.unwrap_or(anchor.at), zone: anchor.zone.clone() }
}

/// Whether the phrase is one that is said of one time, stands in running text and has no date yet.
fn may_be_dated(text: &str, phrase: &TimePhrase) -> bool {
    let (start, end) = (phrase.span.start as usize, phrase.span.end as usize);
    let words = &text[start..end];
    let has = |marker: &&str| {
        words.split(|mark: char| !mark.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(marker))
    };
    let before = &text[..start];
    let is_quoted = is_open(before, '"', '"') || is_open(before, '“', '”') || is_open(before, '`', '`');
    let is_title = before.trim_end().chars().last().is_some_and(|last| last.is_alphanumeric() || last == ',')
        && words.starts_with(char::is_uppercase);
    let is_dated = text[end..].trim_start().starts_with('(');
    let in_link = links(text).iter().any(|link| link.span.start < end && start < link.span.end);
    let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let follows_habit = BEFORE.contains(&last.as_str());
    RELATIVE.iter().any(has) && !is_quoted && !is_title && !is_dated && !in_link && !follows_habit
}

/// Whether a quotation is open at the end of the text.
fn is_open(text: &str, open: char, close: char) -> bool {
    let count = |mark: char| text.matches(mark).count();
    if open == close { count(open) % 2 == 1 } else { count(open) > count(close) }
}

/// A meaning as a date, or the first and the last day of it.
fn date(meaning: &Meaning) -> Option<String> {
    let first = meaning.start.date();
    let last = meaning.end.checked_sub(1.microsecond()).ok()?.date();
    match meaning.granularity {
        Granularity::Minute | Granularity::Hour => None,
        Granularity::Day if first == last => Some(first.to_string()),
        Granularity::PartOfDay => Some(first.to_string()),
        Granularity::Month if first.first_of_month() == last.first_of_month() => {
            Some(format!("{:04}-{:02}", first.year(), first.month()))
        }
        Granularity::Year if first.year() == last.year() => Some(format!("{:04}", first.year())),
        Granularity::Day
        | Granularity::Weekend
        | Granularity::Week
        | Granularity::Month
        | Granularity::Quarter
        | Granularity::Season
        | Granularity::Year => Some(format!("{first} to {last}")),
    }
}

/// The dates that claims may get which changes date anew, by their words: read from the snapshot once more, whoever
/// proposed them.
pub(crate) fn anchored(
    gathered: &Gathered,
    changes: &[ProposedChange],
) -> BTreeMap<String, BTreeSet<String>> {
    let mut dates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let accounts = changes.iter().flat_map(|change| &change.claims);
    for account in accounts.filter(|account| matches!(account.fate, ClaimFate::Redated { .. })) {
        let found = dates.entry(account.text.clone()).or_default();
        for topic in gathered.topics.iter().filter(|topic| topic.head.path == account.place) {
            let note = Note::new(topic, gathered);
            let same = |place: &usize| note.claims[*place].text == account.text;
            for place in (0..note.claims.len()).filter(same) {
                let meant = resolved(&account.text, &note.anchors(place, gathered));
                found.extend(meant.into_iter().map(|(_, date)| date));
            }
        }
        for memory in gathered.memories.iter().filter(|memory| memory.id.to_string() == account.place) {
            let anchor = Anchor { at: memory.created_at, zone: gathered.zone.rules() };
            let meant = resolved(&memory.text, &[anchor.clone(), anchor]);
            found.extend(meant.into_iter().map(|(_, date)| date));
        }
    }
    dates
}

/// Whether what two claims say of time is the same: no phrase of time, or phrases that mean the same, each where it
/// stands. Events that are told in notes about different days are two.
pub(super) fn are_of_one_time(board: &Board<'_>, one: Place, other: Place) -> bool {
    let told = |place: Place| {
        let note = &board.notes[place.note];
        let anchors = note.anchors(place.claim, board.gathered);
        let phrases = read(&note.claims[place.claim].text, &anchors[0]);
        (note.day(place.claim), phrases.into_iter().map(|phrase| phrase.meaning).collect::<Vec<_>>())
    };
    let ((one_day, one_told), (other_day, other_told)) = (told(one), told(other));
    let is_vague = one_told.iter().chain(&other_told).any(Option::is_none);
    let are_days_apart = one_day != other_day;
    let is_past = || dreamkeeper_language::time::tells_past(&board.claim(one).text);
    one_told == other_told && !(one.note != other.note && (is_vague || are_days_apart && is_past()))
}
