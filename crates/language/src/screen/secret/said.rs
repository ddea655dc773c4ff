//! Said: "my password is …", "the PIN for the alarm is …".

use dreamkeeper_domain::text::is_stop_word;

use super::push;
use crate::screen::Finding;
use crate::tokens::{Token, tokens};

/// What a person calls a secret, as the last words before "is" or "for".
const NAMES: [&str; 12] = [
    "access code",
    "alarm code",
    "door code",
    "gate code",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "pin code",
    "recovery code",
    "security code",
];
/// Between the name and its value.
const LINKS: [&str; 6] = ["is", "was", "are", "to", "as", "be"];
/// After "my password is": what is said of it rather than it.
#[rustfmt::skip]
const REMARKS: [&str; 54] = [
    "actually", "already", "also", "always", "another", "blocked", "broken", "case", "changed", "compromised", "correct",
    "different", "disabled", "easy", "empty", "encrypted", "enough", "expired", "expiring", "fine", "forgotten", "gone", "good", "hard",
    "hidden", "incorrect", "insecure", "invalid", "known", "leaked", "long", "lost", "missing", "needed", "okay", "old", "optional", "out",
    "probably", "protected", "required", "reset", "right", "safe", "saved", "secure", "short", "stored", "strong", "unique",
    "valid", "weak", "working", "wrong",
];
/// Words between the name and its link: "the PIN of my old phone is".
const BETWEEN_MAX: usize = 10;
/// Names of a phrase of many words, and how many of them make one.
const PHRASES: [&str; 4] = ["mnemonic phrase", "recovery phrase", "secret phrase", "seed phrase"];
const PHRASE_WORDS_MIN: usize = 8;
const PHRASE_WORDS_MAX: usize = 24;
/// Bytes that a quoted value may have.
const QUOTED_MAX: usize = 128;
const DIGIT_WORDS: [&str; 11] =
    ["eight", "five", "four", "nine", "oh", "one", "seven", "six", "three", "two", "zero"];

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    let tokens = tokens(text);
    for place in 0..tokens.len() {
        if let Some(after) = name_at(&tokens, place)
            && let Some((start, end)) = value(text, &tokens, after)
        {
            push(found, start, end, "a password or code that somebody tells");
        }
        let is_phrase = PHRASES.iter().any(|phrase| begins(&tokens[place..], phrase));
        let words =
            tokens[place..].iter().skip(2).take(PHRASE_WORDS_MAX).take_while(|token| !token.opens).count();
        if is_phrase && words >= PHRASE_WORDS_MIN {
            push(
                found,
                tokens[place + 2].start,
                tokens[place + 1 + words].end,
                "a phrase that opens a wallet",
            );
        }
    }
}

/// The token after the name that begins here.
fn name_at(tokens: &[Token<'_>], place: usize) -> Option<usize> {
    let names = NAMES.iter().filter(|name| begins(&tokens[place..], name));
    names.map(|name| place + name.split(' ').count()).max()
}

fn begins(tokens: &[Token<'_>], name: &str) -> bool {
    let mut words = tokens.iter().map(|token| token.folded.as_str());
    name.split(' ').all(|part| words.next() == Some(part))
}

/// Where the value that is told stands.
fn value(text: &str, tokens: &[Token<'_>], after: usize) -> Option<(usize, usize)> {
    let reach = (after + BETWEEN_MAX).min(tokens.len());
    let stays = |token: &&Token<'_>| !token.opens;
    let near: Vec<&Token<'_>> = tokens[after..reach].iter().take_while(stays).collect();
    let link = near.iter().position(|token| LINKS.contains(&token.folded.as_str()));
    let first = after + link.map_or(0, |link| link + 1);
    let token = tokens.get(first).filter(stays).filter(|token| token.folded != "1password")?;
    let start = token.start;
    let gap = &text[tokens[first - 1].end..start];
    let is_quoted = gap.contains(['"', '\'', '“', '‘', '`']);
    let ends = |character: char| character.is_whitespace() || "\"'”’`,;".contains(character);
    let near = text[start..].char_indices();
    let length = near
        .clone()
        .find(|(place, character)| ends(*character) || *place > QUOTED_MAX)
        .map(|(place, _)| place);
    let whole = &text[start..length.map_or(text.len(), |length| start + length)];
    let whole = whole.trim_end_matches(['.', '!', '?', ')']);
    if whole.contains("://") {
        // A link to where a password is changed.
        return None;
    }
    let end = start + whole.len();
    let has_digit = whole.bytes().any(|byte| byte.is_ascii_digit());
    if link.is_none() {
        // "password hunter2", "PIN 4821", but not "password manager" or "PIN 1" of a plug.
        return (has_digit && whole.len() >= 4 && gap.trim_matches([' ', ':', '"', '\'', '#']).is_empty())
            .then_some((start, end));
    }
    let mut quoted = near.take_while(|(place, _)| *place <= QUOTED_MAX);
    if is_quoted && let Some((length, _)) = quoted.find(|(_, character)| "\"'”’`".contains(*character)) {
        return Some((start, start + length));
    }
    if spelt_digits(&tokens[first..]) >= 4 || (has_digit && whole.len() >= 4) {
        return Some((start, end));
    }
    let is_last = tokens
        .get(first + 1)
        .is_none_or(|next| next.opens || next.start < end || text[end..].starts_with(','));
    let mixes =
        whole.chars().skip(1).any(|character| character.is_uppercase() || "!@#$%^&*_+=".contains(character));
    let says_nothing = is_remark(&token.folded);
    let names = tokens[after - 1].folded.starts_with("pass") && link == Some(0);
    (whole.len() >= 4 && !says_nothing && (mixes || (is_last && names))).then_some((start, end))
}

/// Whether a word tells of a password rather than being one.
pub(super) fn is_remark(folded: &str) -> bool {
    REMARKS.contains(&folded) || is_stop_word(folded)
}

fn spelt_digits(tokens: &[Token<'_>]) -> usize {
    let is_digit = |token: &&Token<'_>| {
        DIGIT_WORDS.contains(&token.folded.as_str()) || token.folded.bytes().all(|byte| byte.is_ascii_digit())
    };
    tokens.iter().take_while(is_digit).count()
}
