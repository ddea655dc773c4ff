//! Leaning: what a quote takes from the turn before it.
//!
//! "I love it there" has its place in the turn that it answers, and "thanks for that" its person: whoever said that
//! turn. This module tells when a memory may look there; the caller cites the turn, so that the name has evidence.

use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::text::{is_stop_word, term_hash};

use super::claims::{bare, is_given_name};
use crate::tokens::{Token, span, tokens};

/// Words that stand for something named before.
#[rustfmt::skip]
const STAND_INS: [&str; 21] = [
    "he", "her", "hers", "him", "his", "it", "it's", "its", "one", "ones", "she", "that", "that's", "their", "them",
    "there", "these", "they", "this", "those", "which",
];
/// Words that stand for a person who is neither the speaker nor the one spoken to.
#[rustfmt::skip]
const SOMEBODY_ELSE: [&str; 8] = ["he", "he's", "her", "hers", "him", "his", "she", "she's"];
/// What one person does to another by speaking to them, and what they then feel for them; compared by stem.
#[rustfmt::skip]
const SPEECH_ACTS: [&str; 44] = [
    "advice", "advise", "agree", "apologise", "apologize", "appreciate", "appreciation", "ask", "assure", "assurance",
    "cheer", "compliment", "congratulate", "encourage", "encouragement", "express", "grateful", "gratitude", "invite",
    "invitation", "offer", "praise", "promise", "proud", "question", "reassure", "reassurance", "recommend",
    "recommendation", "remind", "root", "share", "show", "suggest", "suggestion", "support", "supportive", "tell",
    "thank", "thankful", "urge", "wish", "admire", "motivate",
];
/// What may follow a name that is not the subject of what comes next.
#[rustfmt::skip]
const AFTER_OBJECT: [&str; 26] = [
    "about", "after", "as", "at", "because", "by", "during", "for", "from", "if", "in", "into", "of", "on", "out",
    "over", "since", "so", "that", "through", "to", "until", "when", "while", "with", "without",
];
/// How far after "Gina's" the act may stand: "Gina's kind support".
const POSSESSED_MAX: usize = 3;

/// Whether a quote has a word that stands for something named before it.
pub fn refers_back(quote: &str) -> bool {
    tokens(quote).iter().any(|token| STAND_INS.contains(&token.folded.as_str()))
}

/// The sentence of a turn that names somebody or something.
pub fn sentence_naming(text: &str, name: &str) -> Option<Span> {
    let wanted = bare(&tokens(name).first()?.folded);
    let tokens = tokens(text);
    let place = tokens.iter().position(|token| token.is_capitalised() && bare(&token.folded) == wanted)?;
    let first = tokens[..=place].iter().rposition(|token| token.opens).unwrap_or(0);
    Some(sentence(text, &tokens, first))
}

/// The sentence that a turn begins with.
pub fn first_sentence(text: &str) -> Option<Span> {
    let tokens = tokens(text);
    (!tokens.is_empty()).then(|| sentence(text, &tokens, 0))
}

/// From the word that opens it to the next that opens one.
fn sentence(text: &str, tokens: &[Token<'_>], first: usize) -> Span {
    let after = tokens[first + 1..].iter().find(|token| token.opens);
    let (start, end) = (tokens[first].start, after.map_or(text.len(), |after| after.start));
    span(start, start + text[start..end].trim_end().len())
}

/// Whether a word is somebody's name, or a part of it, whatever follows its apostrophe.
pub fn is_name_of(word: &str, name: &str) -> bool {
    let words = tokens(word);
    let parts = tokens(name);
    words.first().is_some_and(|word| parts.iter().any(|part| bare(&part.folded) == bare(&word.folded)))
}

/// Whether a memory tells what its speaker did to the other one by saying the quote: "Jon thanked Gina for the ride"
/// of "thanks for the ride!". The other one is told by the conversation then, not by the quote's words.
pub fn is_done_to(text: &str, quote: &str, (speaker, other): (&str, &str)) -> bool {
    let tokens = tokens(text);
    let names = |name: &str| crate::tokens::tokens(name).iter().map(|token| bare(&token.folded)).collect();
    let (speaker, other): (Vec<String>, Vec<String>) = (names(speaker), names(other));
    let begins_with_speaker = tokens.first().is_some_and(|token| speaker.contains(&bare(&token.folded)));
    begins_with_speaker
        && !speaks_of_somebody_else(quote, &speaker, &other)
        && tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| other.contains(&bare(&token.folded)))
            .all(|(place, _)| is_object(text, &tokens, place))
        && has_act(&tokens, &other)
}

fn speaks_of_somebody_else(quote: &str, speaker: &[String], other: &[String]) -> bool {
    tokens(quote).iter().any(|token| {
        let word = bare(&token.folded);
        let is_third = token.is_capitalised() && is_given_name(&word);
        SOMEBODY_ELSE.contains(&token.folded.as_str())
            || (is_third && !speaker.contains(&word) && !other.contains(&word))
    })
}

/// "… Gina for …", "… Gina's support", "… with Gina.": not "Gina lives".
fn is_object(text: &str, tokens: &[Token<'_>], place: usize) -> bool {
    let token = &tokens[place];
    let Some(next) = tokens.get(place + 1) else { return place > 0 };
    let is_parted = text[token.end..next.start].trim_start() != "";
    let possesses = token.folded.ends_with('\'') || token.folded.ends_with("'s");
    place > 0 && (possesses || is_parted || AFTER_OBJECT.contains(&next.folded.as_str()))
}

/// An act stands before the other one's name, or is theirs: "Gina's support".
fn has_act(tokens: &[Token<'_>], other: &[String]) -> bool {
    let is_act = |token: &Token<'_>| {
        let said = term_hash(&bare(&token.folded));
        !is_stop_word(&token.folded) && SPEECH_ACTS.iter().any(|act| term_hash(act) == said)
    };
    let Some(place) = tokens.iter().position(|token| other.contains(&bare(&token.folded))) else {
        return false;
    };
    let possessed = tokens[place].folded.ends_with("'s");
    tokens[..place].iter().any(is_act)
        || (possessed && tokens[place + 1..].iter().take(POSSESSED_MAX).any(is_act))
}

#[cfg(test)]
mod tests {
    use super::{is_done_to, refers_back, sentence_naming};

    #[test]
    fn what_is_done_by_speaking_is_done_to_the_other_one() {
        for (quote, text) in [
            ("Thanks for having my back.", "Jon expressed gratitude for Gina's support."),
            ("Keep it up!", "Jon encourages Gina to keep going"),
            ("Can I do anything to help?", "Jon offered help to Gina if needed"),
            ("It's a must-read!", "Jon recommended a book to Gina."),
        ] {
            assert!(is_done_to(text, quote, ("Jon", "Gina")), "{text}");
        }
    }

    #[test]
    fn what_is_said_of_oneself_or_of_others_is_not() {
        for (quote, text) in [
            ("I live in Porto", "Gina lives in Porto"),
            ("I live in Porto", "Jon tells that Gina lives in Porto"),
            ("I met my wife in Spain", "Jon met Gina in Spain"),
            ("I thanked him for the ride", "Jon thanked Gina for the ride"),
            ("Thanks for the ride, Ana!", "Jon thanked Gina for the ride"),
            ("Sister ill. Can you ask a doctor?", "Gina's sister is ill, Jon offered help"),
        ] {
            assert!(!is_done_to(text, quote, ("Jon", "Gina")), "{text}");
        }
    }

    #[test]
    fn a_name_is_found_with_its_sentence() {
        let check = |text: &str, name: &str, expected: Option<&str>| {
            assert_eq!(sentence_naming(text, name).and_then(|span| span.of(text)), expected, "{text}");
        };
        check("Nice. Have you been to Rome? I love it.", "Rome", Some("Have you been to Rome?"));
        check("Rome's food is great", "Rome", Some("Rome's food is great"));
        check("we roam about", "Rome", None);
        assert!(refers_back("I love it there") && !refers_back("I love Porto"));
    }
}
