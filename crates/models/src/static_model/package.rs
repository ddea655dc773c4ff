//! The layout of the embedder's file; `xtask/src/embedder/package.rs` writes it and must agree.
//!
//! Only slices are taken here: nothing is copied, and nothing read that the header does not measure.

use std::str;

const MAGIC: &[u8; 8] = b"DKSTATIC";
const FORMAT_VERSION: u32 = 1;

/// Why a file is not a static model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PackageError {
    /// It does not begin as such a file does.
    #[error("not a static model: it begins with {0:?}; make it with `cargo xtask embedder`")]
    Magic(Vec<u8>),
    /// It was made by another version of the converter.
    #[error(
        "static model of format {0}, this build reads {FORMAT_VERSION}; make it with `cargo xtask embedder`"
    )]
    Format(u32),
    /// It ends early, is too long, or contradicts itself.
    #[error("damaged static model: {0}; make it again with `cargo xtask embedder`")]
    Damaged(&'static str),
}

/// The sections of a file, checked for size and borrowed from it.
pub(super) struct Package {
    pub(super) dimensions: usize,
    /// The first tokens of the vocabulary, which match verbatim in a text.
    pub(super) special_tokens: usize,
    pub(super) unknown: u16,
    /// Longer words are unknown.
    pub(super) word_chars_max: usize,
    pub(super) identity: &'static [u8; 32],
    pub(super) tokens: Vec<&'static str>,
    pub(super) characters: Reader,
    pub(super) scales: &'static [[u8; 4]],
    pub(super) rows: &'static [u8],
}

impl Package {
    pub(super) fn parse(bytes: &'static [u8]) -> Result<Self, PackageError> {
        let magic = &bytes[..MAGIC.len().min(bytes.len())];
        if magic != MAGIC {
            return Err(PackageError::Magic(magic.to_vec()));
        }
        let mut reader = Reader(&bytes[MAGIC.len()..]);
        let version = reader.number()?;
        if version != FORMAT_VERSION {
            return Err(PackageError::Format(version));
        }
        let dimensions = reader.size()?;
        let token_count = reader.size()?;
        let vocabulary_bytes = reader.size()?;
        let characters_bytes = reader.size()?;
        let special_tokens = reader.size()?;
        let unknown = reader.number()?;
        let word_chars_max = reader.size()?;
        let identity = reader.array::<32>()?;
        let mut vocabulary = Reader(reader.take(vocabulary_bytes)?);
        let characters = Reader(reader.take(characters_bytes)?);
        let scales = reader.take(token_count.saturating_mul(4))?.as_chunks::<4>().0;
        let rows = reader.take(token_count.saturating_mul(dimensions))?;

        let tokens = (0..token_count).map(|_| vocabulary.text()).collect::<Result<_, _>>()?;
        if !reader.0.is_empty() || !vocabulary.0.is_empty() {
            return Err(PackageError::Damaged("something follows its last section"));
        }
        // One id stays free, for the vocabulary's empty slots.
        if dimensions == 0 || token_count >= usize::from(u16::MAX) || special_tokens > token_count {
            return Err(PackageError::Damaged("its header measures something impossible"));
        }
        let unknown = u16::try_from(unknown).ok().filter(|id| usize::from(*id) < token_count);
        let unknown = unknown.ok_or(PackageError::Damaged("its unknown token is not in its vocabulary"))?;
        Ok(Self {
            dimensions,
            special_tokens,
            unknown,
            word_chars_max,
            identity,
            tokens,
            characters,
            scales,
            rows,
        })
    }
}

/// Takes little-endian values off the front of a slice.
#[derive(Clone, Copy)]
pub(super) struct Reader(&'static [u8]);

impl Reader {
    pub(super) fn take(&mut self, length: usize) -> Result<&'static [u8], PackageError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(PackageError::Damaged("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<&'static [u8; N], PackageError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(PackageError::Damaged("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, PackageError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn number(&mut self) -> Result<u32, PackageError> {
        Ok(u32::from_le_bytes(*self.array()?))
    }

    pub(super) fn size(&mut self) -> Result<usize, PackageError> {
        usize::try_from(self.number()?).map_err(|_| PackageError::Damaged("a size does not fit this machine"))
    }

    /// One byte of length, then UTF-8.
    pub(super) fn text(&mut self) -> Result<&'static str, PackageError> {
        let length = usize::from(self.byte()?);
        str::from_utf8(self.take(length)?).map_err(|_| PackageError::Damaged("a text in it is not UTF-8"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{POTION_BASE_8M, StaticModel};
    use super::*;

    fn check(bytes: Vec<u8>, expected: &str) {
        let found = StaticModel::parse(bytes.leak()).err().map(|error| error.to_string());
        assert!(found.as_ref().is_some_and(|found| found.contains(expected)), "{found:?} lacks {expected:?}");
    }

    #[test]
    fn another_file_is_told_from_a_damaged_one() {
        check(Vec::new(), "not a static model");
        check(b"PK\x03\x04 and more".to_vec(), "not a static model");
        check([MAGIC.as_slice(), &9_u32.to_le_bytes()].concat(), "format 9, this build reads 1");
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        for length in (8..96).chain([300_000, 400_000, POTION_BASE_8M.len() - 1]) {
            check(POTION_BASE_8M[..length].to_vec(), "it ends early");
        }
        check([POTION_BASE_8M, b"x"].concat(), "something follows");
    }

    #[test]
    fn a_header_that_measures_wrong_is_refused() {
        // The numbers of the header stand from byte 12 on: dimensions, tokens, and so on.
        for (at, value) in
            [(12, 0), (12, u32::MAX), (16, 7), (16, u32::MAX), (20, 9), (24, 9), (28, u32::MAX)]
        {
            let mut bytes = POTION_BASE_8M.to_vec();
            bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
            check(bytes, "damaged static model");
        }
    }
}
