//! Parted: keys that are known by the lengths of their parts and not by how they begin.

use super::{Alphabet, follows_word, push, run};
use crate::screen::Finding;

/// Where a bot's token of three parts has how many bytes.
const BOT: [std::ops::RangeInclusive<usize>; 3] = [23..=28, 6..=7, 27..=40];
/// What stands in the middle of a client secret of Azure, the bytes before it and after it.
const AZURE_MARKS: [&str; 2] = ["8Q~", "7Q~"];
const AZURE_BEFORE: usize = 3;
const AZURE_AFTER: std::ops::RangeInclusive<usize> = 30..=36;
/// Bytes of the hexadecimal first part of a mail service's key.
const MAIL_LENGTH: usize = 32;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    let mut at = 0;
    while at < text.len() {
        let length = run(&text[at..], Alphabet::Dotted);
        let whole = text[at..at + length].trim_matches(['.', '-', '_']);
        if length > 0 && !follows_word(text, at) {
            let start = at + text[at..at + length].find(whole).unwrap_or_default();
            one(whole, start, found);
        }
        let after = at + length;
        at = after + text[after..].chars().next().map_or(1, char::len_utf8);
    }
    for mark in AZURE_MARKS {
        for (place, _) in text.match_indices(mark) {
            azure(text, place, mark.len(), found);
        }
    }
}

/// Looks at one run of letters, digits, dots, dashes and underscores.
fn one(whole: &str, start: usize, found: &mut Vec<Finding>) {
    let parts: Vec<&str> = whole.split('.').collect();
    let fits =
        parts.len() == BOT.len() && parts.iter().zip(&BOT).all(|(part, length)| length.contains(&part.len()));
    // The first part is a number in base64; names of packages and hosts mix no cases.
    let is_bot =
        fits && parts[0].starts_with(['M', 'N', 'O']) && parts.iter().all(|part| is_mixed_case(part));
    if is_bot {
        push(found, start, start + whole.len(), "a Discord bot's token");
        return;
    }
    let dashed: Vec<&str> = whole.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| Alphabet::Hex.has(byte));
    let first = dashed[0].len() == MAIL_LENGTH && is_hex(dashed[0]);
    let is_mail = match dashed.as_slice() {
        [_, centre] => centre.strip_prefix("us").is_some_and(|number| {
            (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        [_, middle, end] => middle.len() == 8 && end.len() == 8 && is_hex(middle) && is_hex(end),
        _ => false,
    };
    if first && is_mail {
        push(found, start, start + whole.len(), "a mail service's key");
    }
}

fn is_mixed_case(part: &str) -> bool {
    let has = |test: fn(&u8) -> bool| part.bytes().any(|byte| test(&byte));
    part.len() < 10 || (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase))
}

/// A client secret of Azure: a mark in its middle, letters, digits, dashes, dots and tildes around it.
fn azure(text: &str, place: usize, mark: usize, found: &mut Vec<Finding>) {
    let has = |byte: u8| Alphabet::Dotted.has(byte) || byte == b'~';
    let before = text.as_bytes()[..place].iter().rev().take_while(|byte| has(**byte)).count();
    let after = text.as_bytes()[place + mark..].iter().take(64).take_while(|byte| has(**byte)).count();
    if before == AZURE_BEFORE && AZURE_AFTER.contains(&after) {
        push(found, place - before, place + mark + after, "an Azure client secret");
    }
}
