//! Clauses: a sentence cut where one statement ends and another begins, with the word that joins them.

use super::lexicon::Class;
use super::slots::is_number;
use super::tokens::{Shape, Token};

/// How a clause hangs on what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// The sentence begins with it, or a mark or "but" stands before it.
    Start,
    /// "and", "or".
    And,
    /// A comma.
    Comma,
    /// "because", "since", "as": a reason, which is a statement even in a question.
    Because,
    /// "if", "unless", "whether".
    If,
    /// "who", after somebody.
    Who,
    /// "which", "whose": about a thing just named.
    Which,
}

/// A clause, as numbers of tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clause {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) link: Link,
}

/// Cuts the tokens of one sentence, marks at its end left out.
pub(super) fn clauses(tokens: &[Token<'_>], from: usize, to: usize) -> Vec<Clause> {
    let words = &tokens[..to];
    let mut clauses = Vec::new();
    let mut open = Clause { from, to, link: Link::Start };
    let mut at = from;
    while at < to {
        if let Some(link) = boundary(words, from, at) {
            if at > open.from {
                clauses.push(Clause { to: at, ..open });
            }
            let keeps = matches!(words[at].text, "as" | "As") && link != Link::Because;
            let inherits = at == open.from && link == Link::Comma;
            open = Clause {
                from: if keeps { at } else { at + 1 },
                to,
                link: if inherits { open.link } else { link },
            };
        }
        at += 1;
    }
    if open.from < to {
        clauses.push(open);
    }
    clauses
}

fn boundary(words: &[Token<'_>], first: usize, at: usize) -> Option<Link> {
    let token = &words[at];
    let next = words.get(at + 1);
    let lower = |known: &[&str]| known.iter().any(|known| token.text.eq_ignore_ascii_case(known));
    if token.is_mark() {
        return match token.text {
            ";" | ":" | "—" | "–" | "…" | "(" | ")" | "!" | "?" => Some(Link::Start),
            "-" => Some(Link::Comma),
            "," => (!comma_joins(words, first, at)).then_some(Link::Comma),
            _ => None,
        };
    }
    if token.is(Class::Joint) && at > first {
        let resumes = words[at - 1].text == "," && adverbial_before_subject(words, at + 1);
        return (resumes || begins_clause(words, at + 1) || continues_verb(words, at + 1))
            .then_some(Link::And);
    }
    if reports(words, first, at) {
        return Some(Link::Start);
    }
    let she = next.is_some_and(|next| next.is(Class::ThirdPerson));
    if she && at > first && (token.text == "that" || token.is(Class::Speech)) {
        return words[first..=at].iter().any(|token| token.is(Class::Speech)).then_some(Link::Start);
    }
    if at > first + 1
        && token.text == "that"
        && next.is_some_and(|next| next.is(Class::Possessive))
        && matches!(words[at - 1].text, "and" | ",")
    {
        return Some(Link::Start);
    }
    if lower(&["if", "unless", "whether"]) {
        return Some(Link::If);
    }
    if lower(&["because", "cause", "cuz"]) {
        return Some(Link::Because);
    }
    if lower(&["since", "as"]) {
        let reason = next.is_some_and(|next| next.is(Class::FirstPerson) || next.is(Class::Possessive));
        return reason.then_some(Link::Because);
    }
    if at > first && lower(&["who"]) {
        return Some(Link::Who);
    }
    if at > first && lower(&["which", "whose"]) {
        return Some(Link::Which);
    }
    let a_while = token.text == "while" && at > first && words[at - 1].text == "a";
    if !a_while && lower(&["but", "though", "although", "while", "whereas", "except"]) && at > first {
        return Some(Link::Start);
    }
    let asks =
        lower(&["so"]) && next.is_some_and(|next| next.is(Class::QuestionWord) || next.is(Class::Auxiliary));
    (at > first && lower(&["so", "until"]) && (asks || begins_clause(words, at + 1))).then_some(Link::Start)
}

/// "My sister told me | she is pregnant", "my doctor says | I'm anaemic": what somebody in the speaker's life says
/// is so begins a clause of its own; of the speaker only what a doctor says.
fn reports(words: &[Token<'_>], first: usize, at: usize) -> bool {
    let token = &words[at];
    let passes = matches!(token.text, "me" | "us" | "that") || token.is(Class::Speech);
    let begins = at > first && passes && begins_clause(words, at + 1);
    let doubted = ["claims", "claimed", "asked", "replied", "quoted", "insisted"];
    let said =
        || (first + 1..=at).find(|at| words[*at].is(Class::Speech) && !doubted.contains(&words[*at].text));
    let Some(said) = begins.then(said).flatten() else { return false };
    let between = words[said + 1..=at].iter().all(|token| matches!(token.text, "me" | "us" | "that"));
    let opening = words[first..said].iter().find(|token| !token.is(Class::Opener) && !token.is_mark());
    let known = opening.is_some_and(|opening| {
        let being = |token: &Token<'_>| token.is(Class::Friend) || token.is(Class::Kin);
        opening.is(Class::Possessive)
            || opening.is(Class::Kin)
            || opening.text.eq_ignore_ascii_case("the") && words[first..said].iter().any(being)
    });
    const DOCTORS: [&str; 14] = [
        "doctor",
        "dentist",
        "gp",
        "vet",
        "physio",
        "therapist",
        "psychiatrist",
        "optician",
        "cardiologist",
        "dermatologist",
        "gynaecologist",
        "gynecologist",
        "midwife",
        "consultant",
    ];
    let by_doctor = words[first..said].iter().any(|token| DOCTORS.contains(&&*token.text.to_lowercase()));
    let of_speaker = words[at + 1].is(Class::FirstPerson);
    between && known && (!of_speaker || by_doctor)
}

/// Whether a subject stands here: "I", "my …", "she", "Ana works".
pub(super) fn begins_clause(words: &[Token<'_>], at: usize) -> bool {
    let Some(token) = words[at..].iter().find(|token| !token.is(Class::Adverb)) else { return false };
    let second = words.get(at + 1);
    let is_object = second.is_none_or(Token::is_mark);
    if token.is(Class::FirstPerson) || token.is(Class::ThirdPerson) || token.is(Class::Possessive) {
        return !is_object && !continues_list(words, at, token);
    }
    let the = token.text == "the"
        && words.get(at + 2).is_some_and(|verb| {
            verb.is(Class::Is)
                || verb.shape == Shape::Lower
                    && verb.text.len() > 3
                    && verb.text.ends_with('s')
                    && verb.is(Class::Verb)
        });
    if the {
        return true;
    }
    let points =
        ["it", "this", "that", "you", "there"].iter().any(|known| token.text.eq_ignore_ascii_case(known));
    let acts = second.is_some_and(|second| {
        second.is(Class::Is)
            || second.is(Class::Have)
            || (second.is(Class::Verb) && second.shape == Shape::Lower)
    });
    (points || token.is_name_like()) && acts || matches!(token.text, "his" | "her")
}

/// "my" begins a clause only where a verb follows: in "my dog and my cat" it goes on with a list.
fn continues_list(words: &[Token<'_>], at: usize, token: &Token<'_>) -> bool {
    if !token.is(Class::Possessive) {
        return false;
    }
    let rest = words[at..]
        .iter()
        .skip(1)
        .take(7)
        .take_while(|token| !matches!(token.text, "," | ";" | "." | "and" | "but"));
    !rest.clone().any(|token| {
        token.is(Class::Be) || token.is(Class::Have) || token.is(Class::Verb) || token.is(Class::Will)
    })
}

/// "on weekends I keep": a subject after what tells when or where.
fn adverbial_before_subject(words: &[Token<'_>], at: usize) -> bool {
    let opens = words
        .get(at)
        .is_some_and(|token| token.is(Class::Preposition) || matches!(token.text, "every" | "last" | "next"));
    opens && words[at..].iter().skip(1).take(4).any(|token| token.is(Class::FirstPerson))
}

fn continues_verb(words: &[Token<'_>], at: usize) -> bool {
    let token = words[at.min(words.len())..].iter().find(|token| !token.is(Class::Adverb));
    token.is_some_and(|token| {
        token.is(Class::Verb) && token.shape == Shape::Lower && !token.is(Class::Language)
    })
}

/// Whether a comma stands inside a list, a date or a place's name, and not between clauses.
fn comma_joins(words: &[Token<'_>], first: usize, at: usize) -> bool {
    let (Some(next), true) = (words.get(at + 1), at > first) else { return false };
    let previous = &words[at - 1];
    let year = is_number(next) && next.text.len() == 4 && (is_number(previous) || previous.is(Class::Month));
    if year || is_apposition(words, first, at) {
        return true;
    }
    let adjectives = at >= first + 2
        && words[at - 2].is(Class::Article)
        && previous.shape == Shape::Lower
        && next.shape == Shape::Lower
        && next.classes & !(Class::Verb.bit() | Class::Adverb.bit()) == 0
        && words.get(at + 2).is_some_and(|token| token.shape == Shape::Lower && token.classes == 0);
    if adjectives {
        return true;
    }
    if previous.is_name_like()
        && next.is_name_like()
        && next.classes & (Class::Opener.bit() | Class::Verb.bit()) == 0
    {
        let run = words[at + 1..].iter().take_while(|token| token.is_name_like()).count();
        let follows = words.get(at + 1 + run);
        return follows.is_none_or(|token| {
            !(token.is(Class::Is) || token.is(Class::Verb) && token.shape == Shape::Lower)
        });
    }
    goes_on_as_list(words, at)
}

/// "my sister, Ana, is": the name between commas belongs to the noun.
fn is_apposition(words: &[Token<'_>], first: usize, at: usize) -> bool {
    let is_person =
        |token: &Token<'_>| token.is(Class::Kin) || token.is(Class::Friend) || token.is(Class::Pet);
    if is_person(&words[at - 1]) {
        let run = words[at + 1..].iter().take_while(|token| token.is_name_like()).count();
        return run > 0 && words.get(at + 1 + run).is_some_and(|token| token.text == ",");
    }
    let run = words[first..at].iter().rev().take_while(|token| token.is_name_like()).count();
    let before = at.checked_sub(run + 2).filter(|before| *before >= first);
    run > 0 && before.is_some_and(|before| words[before + 1].text == "," && is_person(&words[before]))
}

/// Whether short items follow up to an "and" or "or".
fn goes_on_as_list(words: &[Token<'_>], comma: usize) -> bool {
    let mut length = 0;
    for (offset, token) in words[comma + 1..].iter().enumerate() {
        let at = comma + 1 + offset;
        if matches!(token.text, "and" | "or" | "&") {
            return !begins_clause(words, at + 1) && !continues_verb(words, at + 1);
        }
        if token.text == "," {
            length = 0;
            continue;
        }
        let starts_item = length == 0;
        let refused = token.is(Class::FirstPerson)
            || token.is(Class::Be)
            || token.is(Class::QuestionWord)
            || token.is(Class::ClauseWord)
            || token.is(Class::Demonstrative)
            || (starts_item
                && (token.is(Class::Opener) || token.is(Class::Not) || token.is(Class::Auxiliary)))
            || (starts_item && token.is(Class::Verb) && token.shape == Shape::Lower);
        length += 1;
        if refused || length > 5 || (token.is_mark() && !matches!(token.text, "\"" | "'" | "“" | "”")) {
            return false;
        }
    }
    false
}
