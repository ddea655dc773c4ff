//! Natural text without end: new messages put together from sentences that people really wrote, and the
//! questions they really asked. Stop words, lengths and word frequencies stay those of speech.

use std::path::Path;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::{Conversation, beam, locomo};

/// The conversation that ships with the repository.
const DEMO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/transcript.jsonl"));
/// Questions such as people ask about it.
const QUESTIONS: &str = include_str!("../../data/questions.txt");
/// Characters of a piece; a longer one would not be one passage with its neighbour.
const PIECE_CHARS_MAX: usize = 400;

/// Pieces of speech, and questions.
pub(crate) struct Natural {
    pieces: Vec<String>,
    questions: Vec<String>,
}

impl Natural {
    /// Reads a LoCoMo file or a BEAM folder; without one, the conversation that ships with the repository.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self> {
        let natural = match path {
            None => Self::of_demo()?,
            Some(path) if path.is_dir() => Self::of(&beam::read(path)?),
            Some(path) => Self::of(&locomo::read(path)?),
        };
        ensure!(natural.pieces.len() > 100, "too little text: {} sentences", natural.pieces.len());
        ensure!(!natural.questions.is_empty(), "the text holds no question to ask");
        Ok(natural)
    }

    fn of(conversations: &[Conversation]) -> Self {
        let turns = conversations.iter().flat_map(|one| &one.sessions).flat_map(|session| &session.turns);
        let pieces = turns.flat_map(|turn| pieces(&turn.text)).collect();
        let questions = conversations.iter().flat_map(|one| &one.questions).map(|asked| asked.text.clone());
        Self { pieces, questions: questions.collect() }
    }

    fn of_demo() -> Result<Self> {
        #[derive(Deserialize)]
        struct Line {
            /// Absent where a message has parts; those are tool calls and pictures for the most part.
            #[serde(default)]
            text: String,
        }
        let questions = QUESTIONS.lines().map(str::to_owned).collect();
        let mut natural = Self { pieces: Vec::new(), questions };
        for line in DEMO.lines().filter(|line| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line)?;
            natural.pieces.extend(pieces(&line.text));
        }
        Ok(natural)
    }

    /// A new message: one to three pieces that nobody said together.
    pub(crate) fn message(&self, chance: &mut Chance) -> String {
        let count = 1 + chance.below(3);
        let picked: Vec<&str> =
            (0..count).map(|_| self.pieces[chance.below(self.pieces.len())].as_str()).collect();
        picked.join(" ")
    }

    /// The question at a place, from the start again when they run out.
    pub(crate) fn question(&self, place: usize) -> &str {
        &self.questions[place % self.questions.len()]
    }

    /// How many different pieces and questions there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.pieces.len(), self.questions.len())
    }
}

/// The sentences of a text that are neither too short to say anything nor too long for one passage.
fn pieces(text: &str) -> Vec<String> {
    let ends = |character: char| matches!(character, '.' | '!' | '?' | '\n');
    text.split_inclusive(ends)
        .map(str::trim)
        .filter(|piece| piece.split_whitespace().count() >= 3 && piece.chars().count() <= PIECE_CHARS_MAX)
        .map(str::to_owned)
        .collect()
}

/// A repeatable source of chance (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
/// generators": SplitMix64). Not for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The source of that seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0; so much smaller than 2^64 that the bias does not show.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_conversation_has_enough_to_say_and_to_ask() {
        let natural = Natural::read(None).unwrap();
        let (pieces, questions) = natural.counts();
        assert!(pieces > 500 && questions > 50, "{pieces} pieces, {questions} questions");
    }

    #[test]
    fn the_same_seed_says_the_same() {
        let natural = Natural::read(None).unwrap();
        let say = || {
            let mut chance = Chance::seeded(7);
            (0..50).map(|_| natural.message(&mut chance)).collect::<Vec<_>>()
        };
        assert_eq!(say(), say());
    }

    #[test]
    fn pieces_are_sentences_that_say_something() {
        assert_eq!(pieces("Hi! I went to Porto. Did you like it?"), ["I went to Porto.", "Did you like it?"]);
    }
}
