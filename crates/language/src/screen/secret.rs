//! Secrets: keys of known form, values that are named as secret, and what a person says a password is.

mod formats;
mod parted;
mod said;
mod value;

use dreamkeeper_domain::candidate::Cause;

use super::Finding;
use crate::tokens::span;
use formats::{Alphabet, FORMATS, Format};

/// Bytes of the longest key, JSON web tokens included.
const KEY_LENGTH_MAX: usize = 4_096;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    for format in &FORMATS {
        keys(text, format, found);
    }
    private_blocks(text, found);
    web_tokens(text, found);
    connections(text, found);
    parted::find(text, found);
    value::assigned(text, found);
    value::unnamed(text, found);
    said::find(text, found);
}

fn push(found: &mut Vec<Finding>, start: usize, end: usize, what: &'static str) {
    found.push(Finding { cause: Cause::Secret, span: span(start, end), what });
}

/// Keys that begin as their issuer begins them.
fn keys(text: &str, format: &Format, found: &mut Vec<Finding>) {
    for (start, prefix) in text.match_indices(format.prefix) {
        // A mark that stands in the middle of a key has the key's first part before it.
        let opens = format.prefix.starts_with(|first: char| first.is_ascii_alphanumeric());
        if opens && follows_word(text, start) {
            continue;
        }
        let body = start + prefix.len();
        let length = run(&text[body..], format.alphabet);
        let whole = &text[body..body + length];
        let is_key = format.length.contains(&length)
            && (format.length.start() == format.length.end() || is_mixed(whole));
        if is_key {
            push(found, start, body + length, format.what);
        }
    }
}

/// Bytes at the start that belong to the alphabet.
/// No more are looked at than any key has, so that a text made of prefixes costs no more than another.
fn run(text: &str, alphabet: Alphabet) -> usize {
    let most = text.len().min(KEY_LENGTH_MAX);
    text.bytes().take(most).position(|byte| !alphabet.has(byte)).unwrap_or(most)
}

fn follows_word(text: &str, start: usize) -> bool {
    text[..start].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_')
}

/// Whether digits or cases are mixed, which words joined by dashes are not.
fn is_mixed(text: &str) -> bool {
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    let digits = count(u8::is_ascii_digit);
    let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    (digits >= 2 && upper + lower > 0) || (upper >= 4 && lower >= 4)
}

fn private_blocks(text: &str, found: &mut Vec<Finding>) {
    for (start, opening) in text.match_indices("-----BEGIN ") {
        let line = text[start + opening.len()..].lines().next().unwrap_or_default();
        let Some(label) = line.split("-----").next().filter(|label| label.contains("PRIVATE KEY")) else {
            continue;
        };
        let body = start + opening.len() + label.len();
        let end = text[body..].find("-----END ").map_or(text.len(), |place| {
            let closing = body + place + "-----END ".len();
            text[closing..].find("-----").map_or(text.len(), |rest| closing + rest + 5)
        });
        push(found, start, end, "a private key");
        if end == text.len() {
            break;
        }
    }
    if let Some(start) = text.find("PuTTY-User-Key-File-") {
        push(found, start, text.len(), "a private key");
    }
}

/// JSON web tokens: three parts, of which the first two are JSON objects in base64.
fn web_tokens(text: &str, found: &mut Vec<Finding>) {
    for (start, _) in text.match_indices("eyJ").filter(|(start, _)| !follows_word(text, *start)) {
        let length = run(&text[start..], Alphabet::Dotted);
        let parts: Vec<&str> = text[start..start + length].trim_end_matches('.').split('.').collect();
        let is_token = parts.len() >= 3 && parts[1].len() >= 8 && parts[2].len() >= 16;
        if is_token {
            push(found, start, start + length, "a JSON web token");
        }
    }
}

/// `scheme://user:password@host`.
fn connections(text: &str, found: &mut Vec<Finding>) {
    for (place, separator) in text.match_indices("://") {
        let authority = place + separator.len();
        let ends = |character: char| {
            character.is_whitespace() || matches!(character, '/' | '"' | '\'' | '<' | '>' | '`')
        };
        let length = text[authority..].find(ends).unwrap_or(text.len() - authority);
        // A password may itself hold a slash or an at sign; the last at sign before the end parts it.
        let Some(at) = text[authority..authority + length].rfind('@') else { continue };
        let Some((_, password)) = text[authority..authority + at].split_once(':') else { continue };
        if !value::is_placeholder(password) {
            let scheme =
                text[..place].rfind(|character: char| !character.is_ascii_alphanumeric() && character != '+');
            let start =
                scheme.map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
            push(found, start, authority + length, "a connection string with a password");
        }
    }
}
