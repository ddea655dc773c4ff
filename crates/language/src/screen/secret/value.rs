//! Values: what stands behind a name such as `api_key =`, and strings too random to be anything but keys.

use super::{Alphabet, push, run, said};
use crate::screen::Finding;

/// Parts of a name that say that its value is secret. `key` alone says nothing.
#[rustfmt::skip]
const SECRET_NAMES: [&str; 31] = [
    "access_key", "access_token", "account_key", "accountkey", "api_key", "api_token", "apikey", "auth_token", "authtoken",
    "bearer", "client_secret", "credential", "encryption_key", "passphrase", "passwd", "password", "private_key", "pw", "pwd",
    "refresh_token", "secret", "secret_key", "sharedaccesskey", "signing_key", "token", "x_api_key", "seed_phrase", "passcode", "sig", "signature", "app_key",
];
/// Names whose values are short and may be plain words.
const PASSWORD_NAMES: [&str; 6] = ["passcode", "passphrase", "passwd", "password", "pw", "pwd"];
/// What stands for a secret in documentation.
#[rustfmt::skip]
const PLACEHOLDERS: [&str; 22] = [
    "changeme", "dummy", "example", "false", "foo", "hidden", "none", "null", "pass", "passwd", "password", "placeholder",
    "pw", "pwd", "redacted", "required", "secret", "string", "test", "token", "true", "undefined",
];
const VALUE_LENGTH_MIN: usize = 4;
const VALUE_LENGTH_MAX: usize = 512;
const KEY_LENGTH_MIN: usize = 12;
/// Bytes before a random string that may tell what it is.
const EXPLAINED_WITHIN: usize = 512;
const RANDOM_LENGTH: std::ops::RangeInclusive<usize> = 32..=128;
/// Bits a character that random letters and digits of that length have and words do not.
const RANDOM_ENTROPY_MIN: f64 = 4.3;

/// Whether a value stands for a secret rather than being one.
pub(super) fn is_placeholder(value: &str) -> bool {
    let bare = value.trim_matches(|character: char| {
        !character.is_alphanumeric() && !matches!(character, '$' | '<' | '{' | '%' | '*')
    });
    let lower = bare.to_lowercase();
    lower.is_empty()
        || bare.starts_with(['$', '<', '{', '%', '*'])
        || lower.starts_with("your")
        || lower.starts_with("my_")
        || lower.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'.' | b'-' | b'_'))
        || PLACEHOLDERS.contains(&lower.as_str())
}

/// `name = value`, `"name": "value"`, `name=value` in a link, `Authorization: Bearer value`.
pub(super) fn assigned(text: &str, found: &mut Vec<Finding>) {
    for (sign, _) in text.match_indices(['=', ':']) {
        let Some(name) = name_before(&text[..sign]) else { continue };
        let Some((start, end)) = value_after(text, sign + 1) else { continue };
        let value = &text[start..end];
        let is_password = PASSWORD_NAMES.iter().any(|part| name.ends_with(part));
        // "Password: sunshine" as a note of its own; in code a type or a field stands there.
        let is_noted = text[sign..start] == *": "
            && text[end..].lines().next().is_none_or(str::is_empty)
            && value.chars().all(char::is_alphanumeric)
            && !said::is_remark(&value.to_lowercase());
        let is_quoted = text[..start].ends_with(['"', '\'', '`']);
        let is_secret = if is_password {
            value.len() >= VALUE_LENGTH_MIN
                && (is_quoted
                    || is_noted
                    || !is_word(value)
                    || (text.as_bytes()[sign] == b'=' && !value.contains(['_', '.'])))
        } else {
            value.len() >= KEY_LENGTH_MIN
                && !is_word(value)
                && value.bytes().any(|byte| byte.is_ascii_digit())
        };
        // "Reset your password: https://…": a link; a password inside one is found as a connection.
        let is_link = value.starts_with("//") || value.contains("://");
        if is_secret && !is_placeholder(value) && !is_link {
            push(found, start, end, "a value named as secret");
        }
    }
}

/// The name before an assignment, lower case with `_` between its parts, where it names a secret.
fn name_before(text: &str) -> Option<String> {
    let text = text.trim_end().trim_end_matches(['"', '\'', '`', '*']);
    let start = text
        .char_indices()
        .rev()
        .take(64)
        .take_while(|(_, character)| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | ' ')
        })
        .last()
        .map(|(place, _)| place)?;
    let name = text[start..].trim().to_lowercase().replace(['-', '.', ' '], "_");
    if name.ends_with("authorization") {
        return Some("bearer".to_owned());
    }
    let is_whole =
        |part: &&&str| name.strip_suffix(**part).is_some_and(|rest| !rest.ends_with(char::is_alphabetic));
    let joined = ["password", "secret", "token", "apikey"].iter().any(|part| name.ends_with(part));
    // `totalTokens:` counts; it names nothing secret.
    (SECRET_NAMES.iter().find(is_whole).is_some() || joined).then_some(name)
}

fn value_after(text: &str, place: usize) -> Option<(usize, usize)> {
    let rest = &text[place..];
    let mut start = place + rest.len() - rest.trim_start_matches([' ', '\t', '"', '\'', '`', '*']).len();
    for scheme in [
        "Bearer ",
        "bearer ",
        "Basic ",
        "basic ",
        "token ",
        "Token ",
        "SSWS ",
        "ApiKey ",
        "GenieKey ",
        "Key ",
    ] {
        if text[start..].starts_with(scheme) {
            start += scheme.len();
        }
    }
    let ends = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | ',' | ';' | '&' | '<' | ')')
    };
    let length =
        text[start..].char_indices().find(|(place, character)| ends(*character) || *place > VALUE_LENGTH_MAX);
    let length = length.map_or(text.len() - start, |(place, _)| place);
    let value = text[start..start + length].trim_end_matches(['.', '!', '?']);
    // A call or a look-up in code: the value is elsewhere.
    if value.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && value.contains(['(', '['])
    {
        return None;
    }
    (!value.is_empty()).then_some((start, start + value.len()))
}

fn is_word(value: &str) -> bool {
    value.chars().all(|character| character.is_alphabetic() || matches!(character, '-' | '_' | '.' | '/'))
}

/// Long strings of letters of both cases and digits that no link, path, hash or picture explains.
pub(super) fn unnamed(text: &str, found: &mut Vec<Finding>) {
    let mut at = 0;
    while at < text.len() {
        let length = run(&text[at..], Alphabet::Base64);
        let whole = &text[at..at + length];
        if RANDOM_LENGTH.contains(&length) && is_random(whole) && !is_explained(&text[..at], whole) {
            push(found, at, at + length, "a string as random as a key");
        }
        let after = at + length;
        at = after + text[after..].chars().next().map_or(1, char::len_utf8);
    }
}

fn is_random(text: &str) -> bool {
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    let digits = count(u8::is_ascii_digit);
    digits * 12 >= text.len()
        && count(u8::is_ascii_uppercase) * 8 >= text.len()
        && count(u8::is_ascii_lowercase) * 8 >= text.len()
        // Words joined by dashes, dots or slashes have long parts of one case; keys do not.
        && text.split(['-', '_', '.', '/', '=']).all(|part| !is_word(part) || part.len() < 7)
        && entropy(text) >= RANDOM_ENTROPY_MIN
}

/// Whether the string is part of a link, a path, a hash, a public key or a picture.
fn is_explained(before: &str, whole: &str) -> bool {
    let mut near = before.len().saturating_sub(EXPLAINED_WITHIN);
    while !before.is_char_boundary(near) {
        near += 1;
    }
    let before = &before[near..];
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_link = word.contains("://") || word.starts_with("www.") || word.contains('@');
    let is_named = ["sha", "data:", "base64", "ssh-", "md5", "hash"]
        .iter()
        .any(|mark| word.contains(mark) || whole.starts_with(mark) || before.trim_end().ends_with(mark));
    let is_public = whole.starts_with("AAAA")
        || before.trim_end().ends_with("ssh-ed25519")
        || before.trim_end().ends_with("ssh-rsa");
    // Base64 goes on over lines; a picture or file is longer than any key.
    let is_block = before.ends_with('\n')
        && before
            .trim_end()
            .lines()
            .next_back()
            .is_some_and(|line| line.len() >= 60 && line.bytes().all(|byte| Alphabet::Base64.has(byte)));
    is_link
        || is_named
        || is_public
        || is_block
        || whole.matches('/').count() > 3
        || whole.starts_with("iVBOR")
}

/// Shannon's entropy of the bytes, in bits a byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len() as f64;
    let share = |count: u32| f64::from(count) / length;
    counts.iter().filter(|count| **count > 0).map(|count| -share(*count) * share(*count).log2()).sum()
}
