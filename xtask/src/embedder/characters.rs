//! What BERT's normaliser and pre-tokeniser do with each character, worked out for all of Unicode.
//!
//! Three runs of the reference are folded into one table: clean text, space CJK, strip accents and lower
//! case (in this order, as the `tokenizers` crate does), then split at white space and punctuation.

use anyhow::{Result, ensure};
use unicode_categories::UnicodeCategories;
use unicode_normalization::UnicodeNormalization;

/// Hangul syllables decompose by arithmetic, in the table's reader.
const HANGUL_SYLLABLES: std::ops::RangeInclusive<char> = '\u{AC00}'..='\u{D7A3}';

/// What becomes of one character. The numbers of the first three are in the file.
#[derive(Clone, PartialEq)]
enum Outcome {
    /// Part of a word, as it is. Not in the file, being what most characters do.
    Keep,
    /// A word of its own.
    Isolate,
    /// Ends a word.
    Space,
    /// Vanishes without ending the word.
    Drop,
    /// Replaced by these characters, each of which is kept or isolated.
    Fold(String),
}

/// The section of the file: counted ranges of `kind, first, last`, then counted folds of
/// `code point, length, UTF-8`.
pub(super) fn table() -> Result<Vec<u8>> {
    let mut ranges: Vec<(u8, u32, u32)> = Vec::new();
    let mut folds: Vec<(char, String)> = Vec::new();
    for c in ('\0'..=char::MAX).filter(|c| !HANGUL_SYLLABLES.contains(c)) {
        let kind = match outcome(c) {
            Outcome::Keep => continue,
            Outcome::Isolate => 1,
            Outcome::Space => 2,
            Outcome::Drop => 3,
            Outcome::Fold(into) => {
                check_fold(c, &into)?;
                folds.push((c, into));
                continue;
            }
        };
        match ranges.last_mut() {
            Some((last_kind, _, last)) if *last_kind == kind && *last + 1 == u32::from(c) => *last += 1,
            _ => ranges.push((kind, u32::from(c), u32::from(c))),
        }
    }
    let mut section = u32::try_from(ranges.len())?.to_le_bytes().to_vec();
    for (kind, first, last) in ranges {
        section.push(kind);
        section.extend(first.to_le_bytes());
        section.extend(last.to_le_bytes());
    }
    section.extend(u32::try_from(folds.len())?.to_le_bytes());
    for (c, into) in folds {
        section.extend(u32::from(c).to_le_bytes());
        section.push(u8::try_from(into.len())?);
        section.extend(into.as_bytes());
    }
    Ok(section)
}

fn outcome(c: char) -> Outcome {
    let is_line_control = matches!(c, '\t' | '\n' | '\r');
    if matches!(c, '\0' | '\u{FFFD}') || (c.is_other() && !is_line_control) {
        return Outcome::Drop;
    }
    if c.is_whitespace() {
        return Outcome::Space;
    }
    let folded: String = std::iter::once(c)
        .nfd()
        .filter(|part| !part.is_mark_nonspacing())
        .flat_map(char::to_lowercase)
        .collect();
    if folded.is_empty() {
        Outcome::Drop
    } else if folded != c.to_string() {
        Outcome::Fold(folded)
    } else if is_isolated(c) {
        Outcome::Isolate
    } else {
        Outcome::Keep
    }
}

/// The reader looks up each character of a fold once more, and only to learn whether it is isolated.
fn check_fold(c: char, into: &str) -> Result<()> {
    for part in into.chars() {
        ensure!(
            matches!(outcome(part), Outcome::Keep | Outcome::Isolate),
            "{c:?} folds into {part:?}, which is not final"
        );
    }
    // A CJK ideograph gets spaces around it before it is folded: what it folds into must still stand alone.
    ensure!(!is_cjk(c) || into.chars().all(is_isolated), "{c:?} loses its spaces by folding into {into:?}");
    Ok(())
}

fn is_isolated(c: char) -> bool {
    is_cjk(c) || c.is_ascii_punctuation() || c.is_punctuation()
}

/// The blocks that BERT takes for Chinese; Hangul and kana are not among them.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0xF900..=0xFAFF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F
        | 0x2B740..=0x2B81F | 0x2B920..=0x2CEAF | 0x2F800..=0x2FA1F)
}
