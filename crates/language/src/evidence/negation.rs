//! Negation: whether a memory turns what was said into its opposite.

use std::collections::HashSet;

use dreamkeeper_domain::text::{TermHash, is_stop_word, term_hash};

use crate::tokens::{Token, tokens};

/// Words that say no by themselves.
#[rustfmt::skip]
const NEGATIONS: [&str; 19] = [
    "ain't", "barely", "cannot", "cant", "dont", "hardly", "isnt", "neither", "never", "no", "nobody", "none", "nope", "nor",
    "not", "nothing", "nowhere", "wont", "without",
];
/// Words whose meaning holds a no: "dislikes" stands for "does not like".
#[rustfmt::skip]
const NEGATIVE: [&str; 28] = [
    "avoid", "avoids", "avoided", "can't", "despise", "despises", "detest", "detests", "dislike", "dislikes", "disliked",
    "hate", "hates", "hated", "lack", "lacks", "loathe", "loathes", "quit", "quits", "refuse", "refuses", "refused",
    "stopped", "stop", "stops", "unable", "unlike",
];
/// Turns of speech with a no in them that say none.
#[rustfmt::skip]
const HARMLESS: [&str; 22] = [
    "can't wait", "cannot wait", "couldn't agree more", "couldn't be happier", "don't forget", "don't worry", "never forget",
    "no doubt", "no matter", "no problem", "no wonder", "no worries", "not just", "not long", "not only", "not to mention",
    "not too long", "nothing better", "nothing like", "nothing more", "why don't", "why not",
];
/// Words of the longest of them.
const PHRASE_WORDS_MAX: usize = 4;
/// What a question that is hung on a sentence ends with: "isn't it".
const PRONOUNS: [&str; 7] = ["he", "i", "it", "she", "they", "we", "you"];
/// Words that begin a part of a sentence with a meaning of its own.
const JOINTS: [&str; 8] = ["although", "and", "because", "but", "however", "so", "though", "while"];

/// Whether the memory drops or adds a negation that its quote has: the parts of both that speak of the same
/// are compared. Parts that share no word are not.
pub fn negation_flipped(text: &str, quote: &str) -> bool {
    let (claimed, said) = (tokens(text), tokens(quote));
    let (claims, parts) = (clauses(text, &claimed), clauses(quote, &said));
    let parts: Vec<_> = parts.into_iter().map(|part| (content(part), is_negative(part))).collect();
    claims.into_iter().any(|claim| {
        let about = content(claim);
        let shared: Vec<usize> = parts.iter().map(|(part, _)| part.intersection(&about).count()).collect();
        let most = shared.iter().copied().max().unwrap_or(0);
        let is_no = is_negative(claim);
        // Where several parts fit as well, one that agrees is enough.
        most > 0
            && !parts
                .iter()
                .zip(shared)
                .any(|((_, part_is_no), shared)| shared == most && *part_is_no == is_no)
    })
}

/// The stretches of a text between marks of punctuation and joints.
fn clauses<'tokens, 'text>(text: &str, tokens: &'tokens [Token<'text>]) -> Vec<&'tokens [Token<'text>]> {
    let mut found = Vec::new();
    let mut start = 0;
    for place in 1..=tokens.len() {
        let ends = tokens.get(place).is_none_or(|token| {
            let gap = &text[tokens[place - 1].end..token.start];
            let parts = gap.contains([',', ';', ':', '(', ')', '–', '—']) || gap.contains(" - ");
            token.opens || parts || JOINTS.contains(&token.folded.as_str())
        });
        if ends {
            found.push(&tokens[start..place.min(tokens.len())]);
            start = place;
        }
    }
    found
}

fn content(tokens: &[Token<'_>]) -> HashSet<TermHash> {
    let tells = |token: &&Token<'_>| {
        let word = token.folded.as_str();
        !is_stop_word(word) && !says_no(word) && word != "user"
    };
    tokens.iter().filter(tells).map(|token| term_hash(&opposite_of(&token.folded))).collect()
}

/// What "dislikes" is about: liking.
fn opposite_of(word: &str) -> String {
    word.strip_prefix("dis").filter(|rest| rest.starts_with("like")).unwrap_or(word).to_owned()
}

fn says_no(word: &str) -> bool {
    NEGATIONS.contains(&word) || word.ends_with("n't")
}

/// Two negations in one part take each other back.
fn is_negative(tokens: &[Token<'_>]) -> bool {
    let words: Vec<&str> = tokens.iter().map(|token| token.folded.as_str()).collect();
    let mut count = 0;
    for (place, word) in words.iter().enumerate() {
        let rest = words[place..words.len().min(place + PHRASE_WORDS_MAX)].join(" ");
        let before =
            place.checked_sub(1).map(|before| format!("{} {rest}", words[before])).unwrap_or_default();
        let is_harmless = HARMLESS.iter().any(|phrase| {
            rest.starts_with(phrase) || (phrase.starts_with("why") && before.starts_with(phrase))
        });
        let is_tag = word.ends_with("n't")
            && (place == 0 || place > 2)
            && place + 2 == words.len()
            && PRONOUNS.contains(&words[place + 1]);
        if (says_no(word) || NEGATIVE.contains(word)) && !is_harmless && !is_tag {
            count += 1;
        }
    }
    count % 2 == 1
}
