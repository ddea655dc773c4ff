//! Claims: the names, numbers and dates of a memory's text.

use std::collections::HashSet;

use dreamkeeper_domain::text::{is_known_word, is_stop_word};

use super::{Claim, What, calendar, numbers};
use crate::tokens::Token;

/// Capitalised words that name nobody: the speaker, and what a memory's sentences begin with.
#[rustfmt::skip]
const NO_NAMES: [&str; 30] = [
    "assistant", "dr", "he", "her", "his", "i", "i'd", "i'll", "i'm", "i've", "its", "jr", "miss", "mr", "mrs", "ms", "mx",
    "ok", "prof", "she", "sir", "sr", "the user", "their", "they", "tv", "user", "user's", "users", "we",
];

/// Given names that are not also common words, lower case, sorted: told as names where a sentence begins
/// with one, where the capital says nothing.
const GIVEN_NAMES: &str = include_str!("names.txt");

/// Every claim, in order, none overlapping another: dates before numbers before names.
/// `others` are names of people of the conversation.
pub(super) fn claims(text: &str, tokens: &[Token<'_>], others: &[&str]) -> Vec<Claim> {
    let mut taken = vec![false; tokens.len()];
    let mut found = Vec::new();
    for (first, after, parts) in calendar::all(text, tokens) {
        taken[first..after].fill(true);
        found.push(Claim { first, after, what: What::Date(parts) });
    }
    for (first, after, number) in numbers::all(text, tokens) {
        if taken[first..after].iter().any(|taken| *taken) || number.is_soft(&tokens[first..after]) {
            continue;
        }
        taken[first..after].fill(true);
        found.push(Claim { first, after, what: What::Number(number) });
    }
    let inside = tokens.iter().filter(|token| token.is_capitalised() && !token.opens);
    let mut names: HashSet<String> = inside.map(|token| token.folded.clone()).collect();
    for other in others {
        names.extend(crate::tokens::tokens(other).iter().map(bare_of));
    }
    for (place, token) in tokens.iter().enumerate().filter(|(place, _)| !taken[*place]) {
        if is_name(tokens, place, token, &names) {
            found.push(Claim { first: place, after: place + 1, what: What::Name });
        }
    }
    found.sort_by_key(|claim| claim.first);
    found
}

fn is_name(tokens: &[Token<'_>], place: usize, token: &Token<'_>, names: &HashSet<String>) -> bool {
    let bare = bare(&token.folded);
    if NO_NAMES.contains(&bare.as_str())
        || NO_NAMES.contains(&token.folded.as_str())
        || is_function(&token.folded)
    {
        return false;
    }
    let is_acronym = token.raw.chars().filter(|letter| letter.is_uppercase()).count() >= 2;
    let has_digit =
        token.raw.bytes().any(|byte| byte.is_ascii_digit()) && token.raw.chars().any(char::is_alphabetic);
    let is_inner_capital = token.raw.chars().skip(1).any(char::is_uppercase);
    if is_acronym || has_digit || is_inner_capital {
        return true;
    }
    if !token.is_capitalised() || !token.raw.chars().any(char::is_lowercase) {
        return token.is_capitalised() && !token.opens;
    }
    if !token.opens {
        return true;
    }
    // Where a sentence begins, the capital alone says nothing.
    let next_is_name = tokens.get(place + 1).is_some_and(|next| {
        !next.opens
            && next.is_capitalised()
            && next.start == token.end + 1
            && !NO_NAMES.contains(&bare_of(next).as_str())
    });
    names.contains(&token.folded)
        || names.contains(&bare)
        || is_given_name(&bare)
        || !is_known_word(&bare)
        || next_is_name
}

fn bare_of(token: &Token<'_>) -> String {
    bare(&token.folded)
}

/// "I", "I'm", "The": words of grammar that a sentence's start or a title makes capital.
fn is_function(folded: &str) -> bool {
    is_stop_word(folded.split('\'').next().unwrap_or(folded))
}

pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN_NAMES.lines().any(|name| name == word)
}

/// A folded word without possessive and apostrophes, so that "McDonald's" and "McDonalds" meet by stem.
pub(super) fn bare(folded: &str) -> String {
    let whole = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\'')).unwrap_or(folded);
    whole.replace('\'', "")
}
