//! Sentences: where each begins and ends, and which of them are not the speaker's own prose.

use super::foreign::foreign_ranges;
use super::lexicon::Class;
use super::tokens::Token;

/// A sentence, as numbers of tokens, its closing marks inside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The token after its last word.
    pub(super) words_to: usize,
    /// Whether it asks.
    pub(super) is_question: bool,
    /// Whether it stands in code, a quotation, a log or a table.
    pub(super) is_foreign: bool,
}

/// Words that end in a dot inside a sentence.
const ABBREVIATIONS: [&str; 22] = [
    "mr", "mrs", "ms", "dr", "st", "prof", "jr", "sr", "vs", "etc", "e.g", "i.e", "no", "approx", "dept",
    "mt", "jan", "feb", "aug", "sept", "oct", "nov",
];

/// Cuts the tokens into sentences.
pub(super) fn sentences(text: &str, tokens: &[Token<'_>]) -> Vec<Sentence> {
    let foreign = foreign_ranges(text);
    let mut sentences = Vec::new();
    let mut from = 0;
    for at in 0..tokens.len() {
        if at > from && tokens[at].on_new_line {
            sentences.push(sentence(tokens, from, at, &foreign));
            from = at;
        }
        let next = tokens.get(at + 1);
        let closes = ends_sentence(tokens, at, from)
            && !next.is_some_and(|next| is_closing(next) && next.start == tokens[at].end());
        let after_close = is_closing(&tokens[at]) && at > from && ends_sentence(tokens, at - 1, from);
        if closes || after_close {
            sentences.push(sentence(tokens, from, at + 1, &foreign));
            from = at + 1;
        }
    }
    if from < tokens.len() {
        sentences.push(sentence(tokens, from, tokens.len(), &foreign));
    }
    sentences
}

fn is_closing(token: &Token<'_>) -> bool {
    matches!(token.text, "." | "!" | "?" | "…" | "\"" | "”" | "»" | ")" | "'" | "’")
}

fn ends_sentence(tokens: &[Token<'_>], at: usize, from: usize) -> bool {
    let token = &tokens[at];
    match token.text {
        "!" | "?" | "…" => true,
        "." => {
            let follows = tokens.get(at + 1).is_none_or(|next| next.start > token.end() || is_closing(next));
            let short = at > from && is_abbreviation(&tokens[at - 1]);
            follows && !short
        }
        _ => false,
    }
}

fn is_abbreviation(token: &Token<'_>) -> bool {
    let initial = token.text.len() == 1 && token.text != "I" && token.text.starts_with(char::is_uppercase);
    initial || ABBREVIATIONS.iter().any(|known| token.text.eq_ignore_ascii_case(known))
}

fn sentence(tokens: &[Token<'_>], from: usize, to: usize, foreign: &[(usize, usize)]) -> Sentence {
    let mut words_to = to;
    let mut is_question = false;
    while words_to > from && tokens[words_to - 1].is_mark() {
        is_question |= tokens[words_to - 1].text == "?";
        if matches!(tokens[words_to - 1].text, "\"" | "”" | "»") && !is_closing(&tokens[words_to - 1]) {
            break;
        }
        words_to -= 1;
    }
    let start = tokens[from].start;
    let is_foreign = foreign.iter().any(|(from, to)| (*from..*to).contains(&start));
    Sentence { from, to, words_to, is_question: is_question || asks(&tokens[from..words_to]), is_foreign }
}

/// Whether words without a question mark ask: "what should I …", "do you …".
fn asks(words: &[Token<'_>]) -> bool {
    let mut words = words.iter().skip_while(|word| word.is(Class::Opener) || word.is_mark());
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    let inverted = second.is_some_and(|second| {
        second.is(Class::FirstPerson)
            || second.is(Class::ThirdPerson)
            || second.is(Class::Demonstrative)
            || second.is(Class::Possessive)
    });
    let wh = first.is(Class::QuestionWord)
        && second.is_some_and(|second| second.is(Class::Auxiliary) || second.is(Class::Be));
    wh || (first.is(Class::Auxiliary) && inverted)
}
