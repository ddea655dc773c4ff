//! Claims: what a Markdown text states, one by one. The blocks that hold them are the text again, byte for byte.

mod blocks;
mod sentences;

use std::fmt;
use std::ops::Range;

pub use blocks::{Block, BlockKind, blocks};

use crate::words::normalised;

/// What tells a claim from another: FNV-1a of 128 bits (Fowler, Noll and Vo) over its normalised words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimHash(pub u128);

impl ClaimHash {
    /// The hash of a text's words.
    pub fn of(text: &str) -> Self {
        const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        Self(normalised(text).bytes().fold(OFFSET, step))
    }
}

impl fmt::Display for ClaimHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What sort of text a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// An item of a list, without the items below it.
    Item {
        /// Columns that it is indented by.
        indent: usize,
    },
    /// A row of a table.
    Row,
    /// A sentence of a paragraph.
    Sentence,
    /// A block of code, whole.
    Code,
}

/// One thing that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where it stands, in bytes, with its marker.
    pub span: Range<usize>,
    /// Its words, without marker and line breaks.
    pub text: String,
    /// What sort.
    pub kind: ClaimKind,
    /// The headings that it stands under, outermost first.
    pub headings: Vec<String>,
    /// What tells it from another.
    pub hash: ClaimHash,
}

/// What a text states, in order. Headings, front matter and marks without a word state nothing.
pub fn claims(text: &str) -> Vec<Claim> {
    let mut found = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    for block in blocks(text) {
        let words = &text[block.span.clone()];
        let kind = match block.kind {
            BlockKind::Heading { level } => {
                headings.retain(|(outer, _)| *outer < level);
                headings.push((level, words.trim().trim_matches('#').trim().to_owned()));
                continue;
            }
            BlockKind::Blank | BlockKind::FrontMatter | BlockKind::Rule => continue,
            BlockKind::Paragraph => {
                let under = || headings.iter().map(|(_, heading)| heading.clone()).collect::<Vec<_>>();
                let of_sentence = |span: Range<usize>| {
                    let span = block.span.start + span.start..block.span.start + span.end;
                    claim(text, span, ClaimKind::Sentence, under())
                };
                found.extend(sentences::sentences(words).into_iter().filter_map(of_sentence));
                continue;
            }
            BlockKind::Item { indent } => ClaimKind::Item { indent },
            BlockKind::Row => ClaimKind::Row,
            BlockKind::Code => ClaimKind::Code,
        };
        let headings = headings.iter().map(|(_, heading)| heading.clone()).collect();
        found.extend(claim(text, block.span, kind, headings));
    }
    found
}

/// `None` for what has no word.
fn claim(text: &str, span: Range<usize>, kind: ClaimKind, headings: Vec<String>) -> Option<Claim> {
    let raw = &text[span.clone()];
    let words = match kind {
        ClaimKind::Item { .. } => blocks::without_marker(raw),
        ClaimKind::Row | ClaimKind::Sentence | ClaimKind::Code => raw.trim(),
    };
    let joined = match kind {
        ClaimKind::Code => words.to_owned(),
        ClaimKind::Item { .. } | ClaimKind::Row | ClaimKind::Sentence => {
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    };
    if normalised(&joined).is_empty() {
        return None;
    }
    Some(Claim { span, hash: ClaimHash::of(&joined), text: joined, kind, headings })
}

#[cfg(test)]
mod tests;
