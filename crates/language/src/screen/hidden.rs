//! Hidden text: characters that a model reads and a person does not see.

use std::borrow::Cow;
use std::fmt::Write as _;

use dreamkeeper_domain::candidate::Cause;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Finding;
use crate::tokens::span;

/// Zero-width blanks beside white space that a text copied from a page may hold.
const LONE_BLANKS_MAX: usize = 4;

/// Tells each run of hidden characters once.
pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    if text.bytes().all(is_plain) {
        return;
    }
    let mut open: Option<Finding> = None;
    let blanks = lone_blanks(text);
    for (place, character, what) in classified(text) {
        let what = what.filter(|_| !blanks.contains(&place));
        let end = place + character.len_utf8();
        match (&mut open, what) {
            (Some(run), Some(what)) if run.what == what && run.span.end as usize == place => {
                run.span.end = end as u32;
            }
            (_, Some(what)) => {
                found.extend(open.take());
                open = Some(Finding { cause: Cause::HiddenText, span: span(place, end), what });
            }
            (_, None) => found.extend(open.take()),
        }
    }
    found.extend(open);
}

/// Places of zero-width blanks that stand alone beside white space, as web pages leave them behind: they part
/// nothing. More of them than a page leaves may be a code, and none of those is passed over.
fn lone_blanks(text: &str) -> Vec<usize> {
    let is_edge = |beside: Option<char>| beside.is_none_or(char::is_whitespace);
    let is_bare = |beside: Option<char>| beside.is_none_or(|beside| !is_ignorable(beside));
    let mut places = Vec::new();
    for (place, blank) in text.match_indices('\u{200b}') {
        let before = text[..place].chars().next_back();
        let after = text[place + blank.len()..].chars().next();
        if is_bare(before) && is_bare(after) && (is_edge(before) || is_edge(after)) {
            places.push(place);
        }
    }
    if places.len() > LONE_BLANKS_MAX {
        places.clear();
    }
    places
}

/// The text as a person sees it: composed (NFC), without the characters that nobody sees. Joiners and marks
/// that a script or an emoji needs are kept.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let is_clean = classified(text).all(|(_, _, what)| what.is_none());
    if is_clean && is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let kept = classified(text).filter(|(_, _, what)| what.is_none()).map(|(_, character, _)| character);
    Cow::Owned(kept.nfc().collect())
}

/// The text with every hidden character written out as `[U+200B]`, for a person who decides about it.
pub fn revealed(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) || classified(text).all(|(_, _, what)| what.is_none()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (_, character, what) in classified(text) {
        if what.is_none() {
            shown.push(character);
        } else {
            let _ = write!(shown, "[U+{:04X}]", u32::from(character));
        }
    }
    Cow::Owned(shown)
}

/// What detectors and the search for duplicates compare: without unseen characters, compatibility forms
/// resolved (NFKC), lower case, white space as one blank.
pub fn skeleton(text: &str) -> String {
    let seen = text.chars().filter(|character| !is_ignorable(*character));
    let mut folded = String::with_capacity(text.len());
    for character in seen.nfkc().flat_map(char::to_lowercase) {
        match character {
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            other if other.is_whitespace() => folded.push(' '),
            other => folded.push(other),
        }
    }
    let composed: String = folded.nfkc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character has no shape of its own: Unicode's default ignorable code points, and controls that
/// are no white space.
pub(crate) fn is_ignorable(character: char) -> bool {
    matches!(u32::from(character),
        0x00..=0x08 | 0x0E..=0x1F | 0x7F..=0x84 | 0x86..=0x9F
        | 0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB
        | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t'..=b'\r')
}

/// Every character with its place and, where it is hidden, what it is.
fn classified(text: &str) -> impl Iterator<Item = (usize, char, Option<&'static str>)> {
    let matched = matched_directions(text);
    let mut seen_before: Option<char> = None;
    let mut flag_end = 0;
    text.char_indices().map(move |(place, character)| {
        if character == '\u{1F3F4}' {
            flag_end = place + flag_length(&text[place..]);
        }
        let what = if !is_ignorable(character) || place < flag_end {
            None
        } else {
            let next = text[place + character.len_utf8()..].chars().next();
            let allowed = is_needed(character, seen_before, next) || matched.binary_search(&place).is_ok();
            (!allowed).then(|| name(character))
        };
        if what.is_none() {
            seen_before = Some(character);
        }
        (place, character, what)
    })
}

fn name(character: char) -> &'static str {
    match u32::from(character) {
        0xE0000..=0xE007F => "invisible tag characters",
        0x202A..=0x202E | 0x2066..=0x2069 => "characters that reorder the text",
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF | 0x180B..=0x180F => "variation selectors without a base",
        0x00..=0x1F | 0x7F..=0x9F => "control characters",
        _ => "zero-width characters",
    }
}

/// Whether script or emoji need the character where it stands.
fn is_needed(character: char, before: Option<char>, next: Option<char>) -> bool {
    let before_is = |test: fn(u32) -> bool| before.is_some_and(|before| test(u32::from(before)));
    let next_is = |test: fn(u32) -> bool| next.is_some_and(|next| test(u32::from(next)));
    match u32::from(character) {
        0x200B => before_is(writes_without_spaces) && next_is(writes_without_spaces),
        0x200C => before_is(joins_letters),
        0x200D => before_is(joins_letters) || (before_is(ends_emoji) && next_is(is_pictograph)),
        0x34F => before_is(joins_letters) || before_is(is_hebrew),
        0x61C | 0x200E | 0x200F => before_is(is_right_to_left) || next_is(is_right_to_left),
        0x115F..=0x1160 => next_is(is_jamo) || before_is(is_jamo),
        0x180B..=0x180F => before_is(|code| matches!(code, 0x1820..=0x18AF)),
        0xFE0E..=0xFE0F => before_is(has_emoji_form),
        0xFE00..=0xFE0D => before_is(|code| {
            is_ideograph(code)
                || matches!(code, 0x2200..=0x22FF | 0x2A00..=0x2AFF | 0x1000..=0x109F | 0xA840..=0xA877)
        }),
        0xE0100..=0xE01EF => before_is(is_ideograph),
        _ => false,
    }
}

/// Places of embeddings and isolates that are closed again and hold letters written from right to left, as
/// does the text around them. Overrides are never among them.
fn matched_directions(text: &str) -> Vec<usize> {
    if !text.chars().any(|character| is_right_to_left(u32::from(character))) {
        return Vec::new();
    }
    let (mut matched, mut open) = (Vec::new(), Vec::new());
    for (place, character) in text.char_indices() {
        match character {
            '\u{202A}' | '\u{202B}' | '\u{2066}'..='\u{2068}' => open.push((place, character)),
            '\u{202D}' | '\u{202E}' => open.push((place, character)),
            '\u{202C}' | '\u{2069}' => {
                let isolates = character == '\u{2069}';
                if let Some((start, opening)) = open.pop()
                    && isolates == matches!(opening, '\u{2066}'..='\u{2068}')
                    && !matches!(opening, '\u{202D}' | '\u{202E}')
                {
                    matched.extend([start, place]);
                }
            }
            '\n' => open.clear(),
            _ => {}
        }
    }
    matched.sort_unstable();
    matched
}

/// Bytes of the black flag with the tags of England, Scotland or Wales; 0 for anything else.
fn flag_length(text: &str) -> usize {
    const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];
    let tags: String = text.chars().skip(1).map_while(tag_letter).take(8).collect();
    let length = |name: &&str| text.chars().take(name.len() + 1).map(char::len_utf8).sum::<usize>() + 4;
    FLAGS.iter().find(|name| tags == format!("{name}\u{7f}")).map_or(0, length)
}

fn tag_letter(character: char) -> Option<char> {
    char::from_u32(u32::from(character).checked_sub(0xE0000)?).filter(char::is_ascii)
}

fn joins_letters(code: u32) -> bool {
    matches!(code,
        0x600..=0x8FF | 0x900..=0xDFF | 0xF00..=0x109F | 0x1780..=0x18AF | 0x1B00..=0x1BFF | 0xA840..=0xA8DF
        | 0xFB50..=0xFDFF | 0xFE70..=0xFEFE | 0x10A00..=0x11FFF)
}

fn is_hebrew(code: u32) -> bool {
    matches!(code, 0x590..=0x5FF)
}

fn is_right_to_left(code: u32) -> bool {
    matches!(code, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
        && code != 0x61C
}

fn writes_without_spaces(code: u32) -> bool {
    matches!(code, 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1A20..=0x1AAF)
}

fn is_jamo(code: u32) -> bool {
    matches!(code, 0x1100..=0x11FF | 0xA960..=0xA97F | 0xD7B0..=0xD7FF)
}

fn is_ideograph(code: u32) -> bool {
    matches!(code, 0x3000..=0x303F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

fn is_pictograph(code: u32) -> bool {
    matches!(code, 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF)
}

fn ends_emoji(code: u32) -> bool {
    is_pictograph(code) || code == 0xFE0F
}

fn has_emoji_form(code: u32) -> bool {
    is_pictograph(code)
        || matches!(code,
            0x23 | 0x2A | 0x30..=0x39 | 0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2460..=0x24FF
            | 0x3030 | 0x303D | 0x3297 | 0x3299)
}
