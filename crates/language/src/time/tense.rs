//! Tense: whether the clause around a phrase looks back or ahead, from its verbs.

use dreamkeeper_domain::limits::CLAUSE_TOKENS_MAX;

use super::tokens::{Kind, Tokens};
use super::verbs::{BARE_PAST, PARTICIPLES, PRESENT, is_past_form, is_regular_past};

/// Where a clause looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    /// It says that it looks ahead: "will", "going to", "am flying".
    Future,
    /// The present of "be" and "have", which says of a day that it lies ahead.
    Present,
    /// No verb that tells: notes, orders, the plain present.
    Plain,
    /// What holds in general, or cannot be told.
    Unclear,
}

/// "usually", "always": what they stand with holds on more than one day.
const HABITS: [&str; 11] = [
    "usually",
    "always",
    "normally",
    "typically",
    "generally",
    "often",
    "sometimes",
    "never",
    "rarely",
    "favourite",
    "favorite",
];
const JOINTS: [&str; 13] = [
    "and", "but", "because", "so", "when", "while", "although", "though", "which", "that", "who", "then",
    "where",
];
const SUBJECTS: [&str; 8] = ["i", "we", "he", "she", "they", "who", "which", "that"];
const MODALS: [&str; 12] =
    ["will", "shall", "gonna", "can", "could", "should", "may", "might", "must", "would", "let", "wo"];
/// Verbs of arranging: what they arrange "for Friday" lies ahead of the arranging.
const ARRANGING: [&str; 22] = [
    "booked",
    "scheduled",
    "reserved",
    "planned",
    "arranged",
    "postponed",
    "moved",
    "rescheduled",
    "invited",
    "bought",
    "got",
    "made",
    "agreed",
    "promised",
    "pushed",
    "signed",
    "called",
    "set",
    "delayed",
    "ordered",
    "hired",
    "organised",
];

/// The tense of the clause in which the tokens `start..end` stand.
pub(super) fn around(tokens: &Tokens<'_>, start: usize, end: usize) -> Tense {
    let reach = tokens.len().min(end.saturating_add(CLAUSE_TOKENS_MAX));
    let sentence_start = (start.saturating_sub(CLAUSE_TOKENS_MAX)..start)
        .rev()
        .find(|at| ends_sentence(tokens, *at))
        .map_or(start.saturating_sub(CLAUSE_TOKENS_MAX), |at| at + 1);
    let sentence_end = (end..reach).find(|at| ends_sentence(tokens, *at)).unwrap_or(reach);
    let cues = cues(tokens, sentence_start, sentence_end, (start, end));
    let has_habit = (sentence_start..sentence_end).any(|at| tokens.is(at, &HABITS));
    let before = cues.iter().rfind(|(at, _)| *at < start);
    let after = cues.iter().find(|(at, _)| *at >= end);
    let opens_clause = start == sentence_start
        || tokens.is_mark(start - 1, &[',', '(', '—', '–', '"'])
        || tokens.is(start - 1, &JOINTS) && !is_listed(tokens, start);
    let (first, second) = if opens_clause { (after, before) } else { (before, after) };
    let tense = match first.or(second) {
        Some((at, Tense::Past)) if is_arranged(tokens, *at, start) => Tense::Future,
        Some((_, tense)) => *tense,
        None => Tense::Plain,
    };
    if has_habit && !matches!(tense, Tense::Past | Tense::Future) { Tense::Unclear } else { tense }
}

/// "on Monday and Tuesday": the joint lists, it opens no clause.
fn is_listed(tokens: &Tokens<'_>, start: usize) -> bool {
    tokens.word(start - 1) == "and" && start >= 2 && tokens.lex(start - 2).is_some()
}

fn is_arranged(tokens: &Tokens<'_>, verb: usize, start: usize) -> bool {
    tokens.is(verb, &ARRANGING) && (tokens.is(start, &["for"]) || start > 0 && tokens.is(start - 1, &["for"]))
}

fn ends_sentence(tokens: &Tokens<'_>, at: usize) -> bool {
    match tokens.mark(at) {
        Some('.') => !(tokens.is_glued(at + 1) && tokens.get(at + 1).is_some()),
        Some('!' | '?' | ';' | '\n' | '…' | '"' | '“' | '”') => true,
        _ => false,
    }
}

/// Every place in the sentence that tells a tense, outside the phrase.
fn cues(tokens: &Tokens<'_>, from: usize, to: usize, phrase: (usize, usize)) -> Vec<(usize, Tense)> {
    let mut cues: Vec<(usize, Tense)> = Vec::new();
    for at in (from..to).filter(|at| !(phrase.0..phrase.1).contains(at)) {
        let Some(tense) = cue(tokens, at, cues.last().copied()) else { continue };
        cues.push((at, tense));
    }
    cues
}

fn cue(tokens: &Tokens<'_>, at: usize, last: Option<(usize, Tense)>) -> Option<Tense> {
    let token = tokens.get(at)?;
    match token.kind {
        Kind::Clitic => clitic(tokens, at),
        Kind::Word => auxiliary(tokens, at).or_else(|| {
            if BARE_PAST.contains(&token.text) {
                return bare_past(tokens, at, last);
            }
            if PRESENT.contains(&token.text) {
                return (!is_attribute(tokens, at)).then_some(Tense::Present);
            }
            let is_past = is_past_form(token.text) || is_regular_past(token.text);
            (is_past && is_finite(tokens, at, last)).then_some(Tense::Past)
        }),
        Kind::Number(_) | Kind::Mark(_) => None,
    }
}

fn clitic(tokens: &Tokens<'_>, at: usize) -> Option<Tense> {
    let name = tokens.clitic(at)?.trim_start_matches(['\'', '\u{2019}']);
    match name {
        "ll" => Some(Tense::Future),
        "m" | "re" => Some(be(tokens, at)),
        "ve" => Some(have(tokens, at)),
        "d" if has_participle(tokens, at) => Some(Tense::Past),
        "d" => Some(Tense::Present),
        "s" => {
            let before = at.checked_sub(1)?;
            let is_subject = tokens.is(
                before,
                &[
                    "it", "he", "she", "that", "there", "who", "what", "here", "where", "when", "everyone",
                    "this",
                ],
            );
            if has_been(tokens, at) {
                return Some(Tense::Past);
            }
            (is_subject || is_progressive(tokens, at)).then(|| be(tokens, at))
        }
        _ => None,
    }
}

fn auxiliary(tokens: &Tokens<'_>, at: usize) -> Option<Tense> {
    let word = tokens.word(at);
    match word {
        "was" | "were" | "wasn" | "weren" | "did" | "didn" | "had" | "hadn" => Some(Tense::Past),
        "am" | "is" | "are" | "isn" | "aren" if !follows_number(tokens, at) => Some(be(tokens, at)),
        "have" | "has" | "haven" | "hasn" => {
            // "to have", "will have": the verb before tells.
            if at > 0 && tokens.is(at - 1, &["to", "would", "could", "should", "might", "must"]) {
                return (tokens.word(at - 1) != "to" && has_participle(tokens, at)).then_some(Tense::Past);
            }
            if at > 0 && tokens.is(at - 1, &["will", "ll"]) {
                return None;
            }
            Some(have(tokens, at))
        }
        "do" | "does" | "don" | "doesn" => Some(Tense::Present),
        "need" | "needs" | "want" | "wants" | "plan" | "plans" | "hope" | "hopes" | "intend" | "expect" => {
            let is_infinitive = tokens.is(at + 1, &["to", "on"]);
            is_infinitive.then_some(Tense::Future)
        }
        "going" | "about" if tokens.word(at + 1) == "to" && at > 0 && tokens.is(at - 1, &["be"]) => {
            Some(Tense::Future)
        }
        "won" if is_negated(tokens, at) => Some(Tense::Future),
        "may" if tokens.is_capital(at) && at > 0 && !super::lookalikes::begins_sentence(tokens, at) => None,
        word if MODALS.contains(&word) => Some(Tense::Future),
        _ => None,
    }
}

fn is_negated(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.clitic(at + 1).is_some_and(|clitic| clitic.ends_with('t'))
}

fn follows_number(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.word(at) == "am" && at > 0 && tokens.digits(at - 1).is_some()
}

/// The present of "be": ahead where "going to" or a progressive follows.
fn be(tokens: &Tokens<'_>, at: usize) -> Tense {
    if is_progressive(tokens, at) { Tense::Future } else { Tense::Present }
}

fn have(tokens: &Tokens<'_>, at: usize) -> Tense {
    if has_participle(tokens, at) { Tense::Past } else { Tense::Present }
}

const ADVERBS: [&str; 16] = [
    "not", "just", "already", "finally", "also", "really", "never", "now", "still", "only", "recently",
    "all", "both", "probably", "even", "actually",
];

/// The first word after the auxiliary that is no adverb, negation or pronoun.
fn main_verb(tokens: &Tokens<'_>, at: usize) -> usize {
    let mut next = at + 1;
    for _ in 0..4 {
        let is_between = tokens.is(next, &ADVERBS)
            || tokens.is(next, &["i", "you", "we", "they", "he", "she", "it"])
            || tokens.clitic(next).is_some_and(|clitic| clitic.ends_with('t'));
        if !is_between {
            break;
        }
        next += 1;
    }
    next
}

fn is_progressive(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.word(main_verb(tokens, at));
    word.len() > 4
        && word.ends_with("ing")
        && !matches!(
            word,
            "thing"
                | "nothing"
                | "something"
                | "anything"
                | "during"
                | "morning"
                | "evening"
                | "spring"
                | "amazing"
                | "boring"
                | "exciting"
                | "interesting"
        )
}

fn has_participle(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.word(main_verb(tokens, at));
    PARTICIPLES.contains(&word) || is_regular_past(word) || is_past_form(word) || BARE_PAST.contains(&word)
}

fn has_been(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(main_verb(tokens, at), &["been", "gone", "got", "done", "had", "become"])
}

/// Before the plain form of a verb, not before its past.
const BEFORE_PLAIN: [&str; 19] = [
    "to", "will", "ll", "can", "could", "would", "should", "may", "might", "must", "do", "does", "don",
    "doesn", "did", "didn", "not", "please", "and",
];

/// A verb whose past looks like its present: a past, where its subject cannot stand with the present.
fn bare_past(tokens: &Tokens<'_>, at: usize, last: Option<(usize, Tense)>) -> Option<Tense> {
    let before = at.checked_sub(1)?;
    let is_plain = tokens.is(before, &BEFORE_PLAIN) || tokens.clitic(before).is_some();
    if is_plain || tokens.word(before).is_empty() || is_attribute(tokens, at) {
        return None;
    }
    if tokens.is(before, &["i", "we", "he", "she", "they", "it", "finally", "just"]) {
        return Some(Tense::Past);
    }
    match last {
        // "My car cost a lot": a singular subject has no present without -s.
        None if !tokens.word(before).ends_with('s') => Some(Tense::Past),
        None => Some(Tense::Unclear),
        Some(_) => None,
    }
}

/// Whether a past form is the verb of its clause, and no participle or adjective.
fn is_finite(tokens: &Tokens<'_>, at: usize, last: Option<(usize, Tense)>) -> bool {
    if is_attribute(tokens, at) {
        return false;
    }
    let Some((last, _)) = last else { return true };
    // After an auxiliary the form is a participle, unless another subject or a joint stands between.
    (last + 1..at).any(|place| {
        tokens.is(place, &SUBJECTS)
            || tokens.is(place, &JOINTS)
            || tokens.mark(place).is_some()
            || tokens.is_capital(place) && place + 1 == at
    })
}

/// Whether the word stands where an adjective or a noun stands: "my advanced class", "the leaves".
fn is_attribute(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0
        && (tokens.is(
            at - 1,
            &[
                "a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "to", "of", "very",
                "be", "get", "gets", "getting", "being", "more", "too",
            ],
        ) || tokens.clitic(at - 1).is_some_and(|clitic| !clitic.ends_with('d') && !clitic.ends_with('t')))
}
