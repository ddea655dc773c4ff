//! What becomes of each character before words are looked up: BERT's normaliser and pre-tokeniser as
//! one table, worked out by `cargo xtask embedder` and carried in the model's file.
//!
//! It is not computed from this build's Unicode tables, so that no upgrade can move a vector.

use super::package::{PackageError, Reader};

const PAGE: usize = 256;
const PAGES: usize = 0x110000 / PAGE;

const KEEP: u16 = 0;
const ISOLATE: u16 = 1;
const SPACE: u16 = 2;
const DROP: u16 = 3;
/// From here on, a value is the number of a fold.
const FIRST_FOLD: u16 = 4;

const HANGUL_FIRST: u32 = 0xAC00;
const HANGUL_LAST: u32 = 0xD7A3;

/// What becomes of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Part of a word, as it is.
    Keep,
    /// A word of its own, as it is.
    Isolate,
    /// Ends a word.
    Space,
    /// Vanishes without ending the word.
    Drop,
    /// Replaced by these, each of which is kept or isolated.
    Fold(&'static str),
    /// A Hangul syllable: replaced by its two or three letters, which are kept.
    Hangul([char; 3], usize),
}

/// The table, in two stages: most pages of 256 code points are one of the four uniform ones.
pub(super) struct Characters {
    pages: Vec<u16>,
    values: Vec<u16>,
    folds: Vec<&'static str>,
}

impl Characters {
    pub(super) fn read(mut reader: Reader) -> Result<Self, PackageError> {
        let uniform = (KEEP..FIRST_FOLD).flat_map(|kind| [kind; PAGE]).collect();
        let mut table = Self { pages: vec![KEEP; PAGES], values: uniform, folds: Vec::new() };
        for _ in 0..reader.size()? {
            let kind = u16::from(reader.byte()?);
            let (first, last) = (reader.size()?, reader.size()?);
            if !(ISOLATE..FIRST_FOLD).contains(&kind) || first > last || last >= PAGES * PAGE {
                return Err(PackageError::Damaged("a range of characters is impossible"));
            }
            table.set_range(kind, first, last);
        }
        for _ in 0..reader.size()? {
            let code = reader.size()?;
            let value = u16::try_from(table.folds.len() + usize::from(FIRST_FOLD));
            let (Ok(value), true) = (value, code < PAGES * PAGE) else {
                return Err(PackageError::Damaged("a character's fold is impossible"));
            };
            table.folds.push(reader.text()?);
            table.set(code, value);
        }
        if !reader.is_empty() {
            return Err(PackageError::Damaged("something follows its table of characters"));
        }
        Ok(table)
    }

    fn set_range(&mut self, kind: u16, first: usize, last: usize) {
        let mut code = first;
        while code <= last {
            if code.is_multiple_of(PAGE) && last - code >= PAGE - 1 {
                self.pages[code / PAGE] = kind;
                code += PAGE;
            } else {
                self.set(code, kind);
                code += 1;
            }
        }
    }

    fn set(&mut self, code: usize, value: u16) {
        let page = &mut self.pages[code / PAGE];
        if *page < FIRST_FOLD {
            let uniform = *page;
            *page = (self.values.len() / PAGE) as u16;
            self.values.extend([uniform; PAGE]);
        }
        self.values[usize::from(*page) * PAGE + code % PAGE] = value;
    }

    pub(super) fn outcome(&self, c: char) -> Outcome {
        let code = c as usize;
        match self.values[usize::from(self.pages[code / PAGE]) * PAGE + code % PAGE] {
            KEEP if (HANGUL_FIRST..=HANGUL_LAST).contains(&u32::from(c)) => hangul(u32::from(c)),
            KEEP => Outcome::Keep,
            ISOLATE => Outcome::Isolate,
            SPACE => Outcome::Space,
            DROP => Outcome::Drop,
            fold => Outcome::Fold(self.folds[usize::from(fold - FIRST_FOLD)]),
        }
    }
}

/// The canonical decomposition of a syllable, by the arithmetic of the Unicode standard, §3.12.
fn hangul(code: u32) -> Outcome {
    let syllable = code - HANGUL_FIRST;
    let letter = |code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    let letters = [
        letter(0x1100 + syllable / 588),
        letter(0x1161 + syllable % 588 / 28),
        letter(0x11A7 + syllable % 28),
    ];
    Outcome::Hangul(letters, if syllable.is_multiple_of(28) { 2 } else { 3 })
}
