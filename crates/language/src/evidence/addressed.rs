//! Addressed: whether the "you" of a quote is whom a memory names.
//!
//! "Your help saved me" is Gina's help, said to Gina; "you know I love jazz" says nothing of her. What stands beside the
//! name in the memory must stand beside the "you" in the quote.

use std::collections::HashSet;

use dreamkeeper_domain::text::{TermHash, is_stop_word, term_hash};

use super::claims::bare;
use crate::tokens::{Token, tokens};

/// Content words on either side that are compared.
const BESIDE_MAX: usize = 4;
/// Where another subject begins, what follows is said of that one.
const SUBJECTS: [&str; 12] =
    ["i", "i'm", "i've", "i'd", "i'll", "we", "we're", "he", "she", "they", "who", "it"];
/// Before "you": said of anybody.
const ANYBODY_BEFORE: [&str; 6] = ["if", "when", "whenever", "once", "unless", "until"];
/// After "you": a phrase that speaks of nobody.
const NOBODY_AFTER: [&str; 3] = ["know", "see", "never"];

/// Whether a quote speaks to somebody in the words in which the memory's text names them.
pub fn addresses(quote: &str, text: &str, name: &str) -> bool {
    let (quote, text) = (tokens(quote), tokens(text));
    let names: HashSet<String> = tokens(name).iter().map(|token| bare(&token.folded)).collect();
    let named = places(&text, |token| names.contains(&bare(&token.folded)));
    let spoken_to = places(&quote, is_you).filter(|place| !is_of_anybody(&quote, *place));
    let beside_you: Vec<HashSet<TermHash>> = spoken_to.map(|place| beside(&quote, place)).collect();
    named
        .map(|place| beside(&text, place))
        .any(|beside_name| beside_you.iter().any(|beside_you| !beside_name.is_disjoint(beside_you)))
}

fn places<'t>(
    tokens: &'t [Token<'_>],
    is: impl Fn(&Token<'_>) -> bool + 't,
) -> impl Iterator<Item = usize> + 't {
    (0..tokens.len()).filter(move |place| is(&tokens[*place]))
}

fn is_you(token: &Token<'_>) -> bool {
    let word = token.folded.split('\'').next().unwrap_or(&token.folded);
    matches!(word, "you" | "your" | "yours" | "yourself" | "youre" | "ya")
}

/// "If you swim in the sea …", "you never know": a "you" that is anybody or nobody.
fn is_of_anybody(tokens: &[Token<'_>], place: usize) -> bool {
    let is = |at: Option<usize>, known: &[&str]| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| known.contains(&token.folded.as_str()))
    };
    // "If you swim you sleep well": the second "you" is whoever the first one was.
    let first = sentence_start(tokens, place);
    let opens_anybody = |at: usize| is(at.checked_sub(1), &ANYBODY_BEFORE) && is_you(&tokens[at]);
    (first..=place).any(opens_anybody) || is(Some(place + 1), &NOBODY_AFTER)
}

/// A sentence's first word is of the sentence that it opens.
fn sentence_start(tokens: &[Token<'_>], place: usize) -> usize {
    tokens[..=place].iter().rposition(|token| token.opens).unwrap_or(0)
}

/// The words that say something on both sides of a place, up to another subject or the sentence's end.
fn beside(tokens: &[Token<'_>], place: usize) -> HashSet<TermHash> {
    let says = |token: &&Token<'_>| !is_stop_word(&token.folded) && !is_you(token);
    let is_subject = |token: &&Token<'_>| SUBJECTS.contains(&token.folded.as_str());
    let after = tokens[place + 1..].iter().take_while(|token| !token.opens && !is_subject(token));
    let before =
        tokens[sentence_start(tokens, place)..place].iter().rev().take_while(|token| !is_subject(token));
    let terms = |token: &Token<'_>| term_hash(&bare(&token.folded));
    after.filter(says).take(BESIDE_MAX).chain(before.filter(says).take(BESIDE_MAX)).map(terms).collect()
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn what_is_said_to_somebody_may_name_them() {
        for (quote, text) in [
            ("Thanks, your help means a lot!", "Ana is grateful for Gina's help"),
            ("You should visit Rome", "Ana told Gina to visit Rome"),
            ("I'm so proud of you", "Ana is proud of Gina"),
            ("Congrats on your promotion!", "Ana congratulated Gina on her promotion"),
            ("Thank you for the ride", "Ana thanked Gina for the ride"),
            ("I hope you're well", "Ana hopes that Gina is well"),
        ] {
            assert!(addresses(quote, text, "Gina"), "{quote} / {text}");
        }
    }

    #[test]
    fn what_is_said_of_the_speaker_is_not_the_others() {
        for (quote, text) in [
            ("You know I love jazz", "Gina loves jazz"),
            ("Thank you! I moved to Porto.", "Gina moved to Porto"),
            ("I'll tell you a secret: I hate jazz", "Gina hates jazz"),
            ("If you swim in the sea you sleep well, I do it daily", "Gina sleeps well"),
            ("You never know what they sell in Rome", "Gina sells in Rome"),
            ("My sister lives in Porto", "Gina lives in Porto"),
        ] {
            assert!(!addresses(quote, text, "Gina"), "{quote} / {text}");
        }
    }
}
