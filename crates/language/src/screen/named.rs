//! Named numbers: a number that a phrase beside it says what it is, as "passport number X1234567".

use dreamkeeper_domain::candidate::Cause;

use super::Finding;
use crate::tokens::{Token, span, tokens};

/// A phrase, and the numbers that it may name.
pub(super) struct Named {
    /// Lower-cased words.
    pub(super) phrase: &'static str,
    pub(super) cause: Cause,
    /// Letters and digits of the number, of which `digits_min` are digits.
    pub(super) length: std::ops::RangeInclusive<usize>,
    pub(super) digits_min: usize,
    pub(super) what: &'static str,
}

/// Words that may stand between the phrase and its number.
const BETWEEN_MAX: usize = 4;
/// Of which none may be another than these.
#[rustfmt::skip]
const BETWEEN: [&str; 21] = [
    "a", "and", "as", "be", "card", "code", "for", "id", "is", "it's", "my", "new", "no", "nr", "number", "of", "on", "the",
    "this", "was", "which",
];

pub(super) fn find(text: &str, table: &[Named], found: &mut Vec<Finding>) {
    let tokens = tokens(text);
    for place in 0..tokens.len() {
        let longest = table
            .iter()
            .filter(|named| begins(&tokens[place..], named.phrase))
            .max_by_key(|named| named.phrase.len());
        if let Some(named) = longest
            && let Some((start, end)) =
                number(text, &tokens[place + named.phrase.split(' ').count()..], named)
        {
            found.push(Finding { cause: named.cause, span: span(start, end), what: named.what });
        }
    }
}

fn begins(tokens: &[Token<'_>], phrase: &str) -> bool {
    let mut words = tokens.iter().map(|token| token.folded.trim_end_matches("'s"));
    phrase.split(' ').all(|part| words.next() == Some(part))
}

/// The number after the phrase: tokens with digits, parted by single blanks, dots, dashes or slashes.
fn number(text: &str, tokens: &[Token<'_>], named: &Named) -> Option<(usize, usize)> {
    let has_digit = |token: &Token<'_>| token.raw.bytes().any(|byte| byte.is_ascii_digit());
    let first = tokens.iter().take(BETWEEN_MAX + 1).position(has_digit)?;
    if !tokens[..first].iter().all(|token| BETWEEN.contains(&token.folded.as_str()) || token.raw.len() <= 2) {
        return None;
    }
    // Letters that belong to the number and stand apart: "AB 12 34 56 C".
    let start = tokens[..first]
        .iter()
        .rposition(|token| token.raw.len() > 2 || !token.raw.chars().all(char::is_uppercase));
    let start = start.map_or(0, |before| before + 1);
    let mut end = start;
    let (mut length, mut digits) = (0, 0);
    for (place, token) in tokens.iter().enumerate().skip(start) {
        let gap = if place == start { "" } else { &text[tokens[place - 1].end..token.start] };
        let joins = gap.len() <= 1 && gap.bytes().all(|byte| matches!(byte, b' ' | b'-' | b'.' | b'/'));
        let is_part = has_digit(token) || (token.raw.len() <= 2 && token.raw.chars().all(char::is_uppercase));
        if !joins || !is_part || length + token.raw.len() > *named.length.end() {
            break;
        }
        length += token.raw.len();
        digits += token.raw.bytes().filter(u8::is_ascii_digit).count();
        end = place + 1;
    }
    let is_whole = named.length.contains(&length) && digits >= named.digits_min;
    (is_whole && end > start).then(|| (tokens[start].start, tokens[end - 1].end))
}
