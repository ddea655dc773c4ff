//! Instruction-shaped: text that tells an assistant what to do, told by adding up cues.
//!
//! The cues are data (`cues.txt`, `marks.txt`). They catch what is plain and miss what is put as a fact.

use std::sync::LazyLock;

use dreamkeeper_domain::candidate::Cause;

use super::Finding;
use crate::cues::Pattern;
use crate::tokens::{Token, sentences, span, tokens};

/// Weight from which a text counts.
const WEIGHT_MIN: u32 = 4;
/// Sentences whose cues are added up: a command is seldom spread wider.
const WINDOW: usize = 3;

static CUES: LazyLock<Vec<Cue>> =
    LazyLock::new(|| rows(include_str!("instruction/cues.txt")).map(Cue::read).collect());
static MARKS: LazyLock<Vec<(u32, String, &'static str)>> = LazyLock::new(|| {
    let unescape = |mark: &str| mark.replace("\\n", "\n");
    rows(include_str!("instruction/marks.txt"))
        .map(|(weight, mark, what)| (weight, unescape(mark), what))
        .collect()
});

/// Rows of a table: its columns are parted by ` | `.
fn rows(table: &'static str) -> impl Iterator<Item = (u32, &'static str, &'static str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let (weight, rest) = line.split_once(" | ")?;
        let (pattern, what) = rest.rsplit_once(" | ")?;
        Some((weight.parse().ok()?, pattern, what))
    })
}

struct Cue {
    weight: u32,
    what: &'static str,
    pattern: Pattern,
}

impl Cue {
    fn read((weight, pattern, what): (u32, &'static str, &'static str)) -> Self {
        Self { weight, what, pattern: Pattern::read(pattern) }
    }
}

/// The word with letters of other scripts that look Latin read as Latin, where it mixes the two.
fn plain(word: &str) -> String {
    const ALIKE: [(char, char); 19] = [
        ('а', 'a'),
        ('е', 'e'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('у', 'y'),
        ('х', 'x'),
        ('і', 'i'),
        ('ѕ', 's'),
        ('ј', 'j'),
        ('α', 'a'),
        ('ο', 'o'),
        ('ρ', 'p'),
        ('ν', 'v'),
        ('ι', 'i'),
        ('τ', 't'),
        ('υ', 'u'),
        ('κ', 'k'),
        ('ԁ', 'd'),
    ];
    if !word.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return word.to_owned();
    }
    let latin = |letter| ALIKE.iter().find(|(other, _)| *other == letter).map_or(letter, |(_, latin)| *latin);
    word.chars().map(latin).collect()
}

/// A cue that was met.
struct Met {
    sentence: usize,
    weight: u32,
    what: &'static str,
    start: usize,
    end: usize,
}

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    let mut tokens = tokens(text);
    for token in tokens.iter_mut().filter(|token| !token.folded.is_ascii()) {
        token.folded = plain(&token.folded);
    }
    let sentences = sentences(&tokens);
    let mut met = Vec::new();
    for (place, sentence) in sentences.iter().enumerate() {
        let words = &tokens[sentence.clone()];
        for cue in CUES.iter() {
            if let Some((first, after)) = cue.pattern.find(words).filter(|(first, after)| after > first) {
                let (start, end) = (words[first].start, words[after - 1].end);
                met.push(Met { sentence: place, weight: cue.weight, what: cue.what, start, end });
            }
        }
    }
    marks(text, &tokens, &sentences, &mut met);
    met.sort_by_key(|met| met.sentence);
    found.extend(heaviest(&met));
}

/// Marks stand between words, so they are looked for in the text itself.
fn marks(text: &str, tokens: &[Token<'_>], sentences: &[std::ops::Range<usize>], met: &mut Vec<Met>) {
    // Lower case in ASCII only, so that places stay what they are; a mark at the very start has a line of its own.
    let lower = format!("\n{}", text.to_ascii_lowercase());
    for (weight, mark, what) in MARKS.iter() {
        let Some(place) = lower.find(mark.as_str()) else { continue };
        let (start, end) = (place.saturating_sub(1), place + mark.len() - 1);
        let sentence =
            sentences.partition_point(|words| tokens[words.start].start <= start).saturating_sub(1);
        met.push(Met { sentence, weight: *weight, what, start, end });
    }
}

/// The stretch of sentences whose cues weigh most, when they weigh enough. Cues that say the same are one.
fn heaviest(met: &[Met]) -> Option<Finding> {
    let mut best: Option<(u32, &[Met])> = None;
    for (first, opening) in met.iter().enumerate() {
        let length = met[first..].iter().take_while(|met| met.sentence < opening.sentence + WINDOW).count();
        let window = &met[first..first + length];
        let weight = weight(window);
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, window));
        }
    }
    let (weight, window) = best?;
    let strongest = window.iter().max_by_key(|met| met.weight)?;
    let start = window.iter().map(|met| met.start).min()?;
    let end = window.iter().map(|met| met.end).max()?;
    (weight >= WEIGHT_MIN).then(|| Finding {
        cause: Cause::InstructionShaped,
        span: span(start, end),
        what: strongest.what,
    })
}

fn weight(window: &[Met]) -> u32 {
    let mut kinds: Vec<(&str, u32)> = Vec::new();
    for met in window {
        match kinds.iter_mut().find(|(what, _)| *what == met.what) {
            Some((_, weight)) => *weight = met.weight.max(*weight),
            None => kinds.push((met.what, met.weight)),
        }
    }
    kinds.iter().map(|(_, weight)| if *weight >= 3 { weight + 1 } else { *weight }).sum()
}
