//! Sessions: which passages stand around a turn.

use std::collections::HashMap;

use dreamkeeper_domain::id::SessionId;

use super::bytes::{make_room, map_bytes, vec_bytes};

/// The sessions of a segment, each with its passages in order of turn.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    ids: Vec<SessionId>,
    /// For each session (ordinal, row), sorted.
    turns: Vec<Vec<(u32, u32)>>,
    numbers: HashMap<SessionId, u32>,
}

impl Sessions {
    /// Puts a row at its turn; tells the session's number.
    pub(crate) fn put(&mut self, id: SessionId, ordinal: u32, row: u32) -> u32 {
        let next = self.ids.len() as u32;
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.ids.push(id);
            self.turns.push(Vec::new());
        }
        let turns = &mut self.turns[number as usize];
        let turn = (ordinal, row);
        // Turns come in order but for commits that are told late.
        let place = if turns.last().is_none_or(|last| *last < turn) {
            turns.len()
        } else {
            turns.partition_point(|other| *other < turn)
        };
        make_room(turns, 1);
        turns.insert(place, turn);
        number
    }

    pub(crate) fn id(&self, number: u32) -> SessionId {
        self.ids[number as usize]
    }

    /// The rows whose turn is at most `window` from this one.
    pub(crate) fn around(&self, number: u32, ordinal: u32, window: u32) -> impl Iterator<Item = u32> {
        let turns = &self.turns[number as usize];
        let from = turns.partition_point(|(other, _)| *other < ordinal.saturating_sub(window));
        let last = ordinal.saturating_add(window);
        turns[from..].iter().take_while(move |(other, _)| *other <= last).map(|(_, row)| *row)
    }

    pub(crate) fn bytes(&self) -> usize {
        vec_bytes(&self.ids)
            + vec_bytes(&self.turns)
            + self.turns.iter().map(vec_bytes).sum::<usize>()
            + map_bytes(&self.numbers)
    }
}
