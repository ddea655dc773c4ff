//! Order: "what did Ana do before the trip?" A clause after "before" or "after" is looked for among the
//! turns, and turns on its wanted side fit better.

use jiff::Timestamp;

use super::query::Query;
use super::turns::{Ground, Turn, set_bits};

/// The moment that a question names by what happened then, and the side of it that is asked for.
pub(crate) struct Order {
    moment: Timestamp,
    is_after: bool,
}

/// A turn tells of the clause when it holds at least this share of its information.
const CLAUSE_SHARE_MIN: f32 = 0.6;

impl Order {
    /// Finds the clause and the first turn that tells of it; `None` without either.
    pub(crate) fn read(query: &Query, turns: &[Turn], grounds: &[Ground]) -> Option<Self> {
        let place = query.words.iter().position(|word| matches!(word.as_str(), "before" | "after"))?;
        let clause = &query.words[place + 1..];
        let mut bits = 0_u64;
        for (at, term) in query.terms.iter().enumerate() {
            bits |= if clause.contains(&term.word) { 1 << at } else { 0 };
        }
        let mass = |turn: &Turn, bits: u64| -> f32 {
            set_bits(bits).filter_map(|bit| grounds[turn.segment].idf.get(bit)).sum()
        };
        let holds = |turn: &Turn| {
            let whole = mass(turn, bits);
            let share = if whole > 0.0 { mass(turn, turn.bits & bits) / whole } else { 0.0 };
            (share >= CLAUSE_SHARE_MIN).then_some(share)
        };
        let best = turns.iter().filter_map(|turn| Some((holds(turn)?, turn.at)));
        let (_, moment) = best.reduce(|best, next| {
            let is_better = next.0 > best.0 || (next.0 == best.0 && next.1 < best.1);
            if is_better { next } else { best }
        })?;
        Some(Self { moment, is_after: query.words[place] == "after" })
    }

    /// 1 for a turn on the wanted side, else 0.
    pub(crate) fn fits(&self, turns: &[Turn], place: usize) -> f32 {
        let at = turns[place].at;
        let is_there = if self.is_after { at > self.moment } else { at < self.moment };
        f32::from(u8::from(is_there))
    }
}
