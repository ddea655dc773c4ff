//! Cuts a text into words and words into token ids, exactly as the BERT tokenizer of the model does.
//!
//! ASCII runs through a table of 128 bytes; everything else through [`Characters`].

use super::characters::{Characters, Outcome};
use super::package::{Package, PackageError};
use super::vocabulary::Vocabulary;

/// What becomes of an ASCII character; any other value is the byte to append to the word.
const ASCII_DROP: u8 = 0;
const ASCII_SPACE: u8 = 1;
const ASCII_ISOLATE: u8 = 2;

pub(super) struct Tokenizer {
    ascii: [u8; 128],
    characters: Characters,
    vocabulary: Vocabulary,
    special_tokens: Vec<&'static str>,
    unknown: u16,
    word_chars_max: usize,
}

impl Tokenizer {
    pub(super) fn new(package: &Package) -> Result<Self, PackageError> {
        if package.word_chars_max * 4 > Word::BYTES_MAX {
            return Err(PackageError::Damaged("its words are longer than this build keeps"));
        }
        let characters = Characters::read(package.characters)?;
        Ok(Self {
            ascii: ascii_table(&characters)?,
            characters,
            vocabulary: Vocabulary::new(&package.tokens)?,
            special_tokens: package.tokens[..package.special_tokens].to_vec(),
            unknown: package.unknown,
            word_chars_max: package.word_chars_max,
        })
    }

    /// The id of a word that the vocabulary cannot spell.
    pub(super) fn unknown(&self) -> u16 {
        self.unknown
    }

    /// Calls back for each word with its ids, in order.
    pub(super) fn for_each_word(&self, text: &str, mut each: impl FnMut(&[u16])) {
        let mut word = Word::default();
        let mut ids = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii() {
                let end = at + 1;
                match self.ascii[usize::from(bytes[at])] {
                    ASCII_DROP => {}
                    ASCII_SPACE => self.finish(&mut word, &mut ids, &mut each),
                    ASCII_ISOLATE => {
                        self.finish(&mut word, &mut ids, &mut each);
                        if let Some((id, length)) = self.special_token(&text[at..]) {
                            each(&[id]);
                            at += length;
                            continue;
                        }
                        word.push_byte(bytes[at]);
                        self.finish(&mut word, &mut ids, &mut each);
                    }
                    lowered => word.push_byte(lowered),
                }
                at = end;
            } else if let Some(c) = text[at..].chars().next() {
                let end = at + c.len_utf8();
                self.add(c, &mut word, &mut |word| self.finish(word, &mut ids, &mut each));
                at = end;
            }
        }
        self.finish(&mut word, &mut ids, &mut each);
    }

    /// Adds one character beyond ASCII, finishing words where it ends them.
    fn add(&self, c: char, word: &mut Word, finish: &mut impl FnMut(&mut Word)) {
        match self.characters.outcome(c) {
            Outcome::Keep => word.push(c),
            Outcome::Drop => {}
            Outcome::Space => finish(word),
            Outcome::Isolate => {
                finish(word);
                word.push(c);
                finish(word);
            }
            Outcome::Hangul(letters, count) => {
                letters[..count].iter().for_each(|letter| word.push(*letter));
            }
            Outcome::Fold(into) => {
                for part in into.chars() {
                    match self.characters.outcome(part) {
                        Outcome::Isolate => {
                            finish(word);
                            word.push(part);
                            finish(word);
                        }
                        _ => word.push(part),
                    }
                }
            }
        }
    }

    /// Looks the word up, reports it, and begins the next one.
    fn finish(&self, word: &mut Word, ids: &mut Vec<u16>, each: &mut impl FnMut(&[u16])) {
        if word.chars == 0 {
            return;
        }
        ids.clear();
        if word.chars > self.word_chars_max || !self.vocabulary.append_pieces(&word.bytes, ids) {
            ids.push(self.unknown);
        }
        each(ids);
        word.bytes.clear();
        word.chars = 0;
    }

    /// The reference matches `[CLS]` and its like wherever they stand in a text.
    fn special_token(&self, text: &str) -> Option<(u16, usize)> {
        let found = self.special_tokens.iter().position(|token| text.starts_with(token))?;
        Some((found as u16, self.special_tokens[found].len()))
    }
}

/// The characters of the word being read, normalised.
#[derive(Default)]
struct Word {
    bytes: Vec<u8>,
    chars: usize,
}

impl Word {
    /// More bytes than any word that is looked up; what follows is only counted.
    const BYTES_MAX: usize = 1024;

    fn push_byte(&mut self, byte: u8) {
        self.chars += 1;
        if self.bytes.len() < Self::BYTES_MAX {
            self.bytes.push(byte);
        }
    }

    fn push(&mut self, c: char) {
        self.chars += 1;
        if self.bytes.len() < Self::BYTES_MAX {
            self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

fn ascii_table(characters: &Characters) -> Result<[u8; 128], PackageError> {
    let mut table = [ASCII_DROP; 128];
    for (byte, place) in (0_u8..).zip(&mut table) {
        *place = match characters.outcome(char::from(byte)) {
            Outcome::Keep => byte,
            Outcome::Isolate => ASCII_ISOLATE,
            Outcome::Space => ASCII_SPACE,
            Outcome::Drop => ASCII_DROP,
            Outcome::Fold(into) if into.len() == 1 => into.as_bytes()[0],
            Outcome::Fold(_) | Outcome::Hangul(..) => {
                return Err(PackageError::Damaged("an ASCII character becomes several"));
            }
        };
    }
    Ok(table)
}
