//! Score: the one scorer of turns. Turns raw signals and what stands around a turn into one number.
//!
//! Lexical signals are divided by the square root of the question's information, so that long questions
//! do not drown what the vectors say. Cost: the number of turns times a small constant.

use std::collections::BTreeSet;

use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::text::Cues;
use jiff::tz::TimeZone;

use super::order::Order;
use super::query::{Leaning, Query};
use super::signals::{Parts, SIGNAL_COUNT, Signal, weigh};
use super::turns::{Ground, Turn, set_bits};

/// A turn with its score.
#[derive(Debug, Clone)]
pub(crate) struct Scored {
    /// Its place among the turns.
    pub(crate) turn: usize,
    /// The score: comparable within one question only.
    pub(crate) raw: f32,
    /// What each signal added.
    pub(crate) parts: Parts,
}

/// How much of a question's words a turn and those around it hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cover {
    /// Two turns to each side.
    pub(crate) wide: f32,
    /// One turn to each side.
    pub(crate) near: f32,
}

/// A word in a neighbour counts for less than in the turn itself: (distance, share).
const SHARES: [(i32, f32); 5] = [(0, 1.0), (-1, 0.7), (1, 0.5), (-2, 0.4), (2, 0.3)];
/// Turns to each side that make up a stretch of a session.
const STRETCH: u32 = 8;
/// Deviations of cosine that count as one step of meaning.
const DEVIATIONS: f32 = 4.0;

/// Scores turns that are sorted by segment, session and place; best first, of equals the later.
pub(crate) fn score(query: &Query, turns: &[Turn], grounds: &[Ground], context: &Context<'_>) -> Vec<Scored> {
    let covers: Vec<Cover> = (0..turns.len()).map(|place| cover(turns, grounds, place)).collect();
    let ends = ends(turns);
    let order = Order::read(query, turns, grounds);
    let mut scored: Vec<Scored> = (0..turns.len())
        .map(|place| {
            let mut raw = signals(query, turns, grounds, &covers, place);
            place_in_time(&mut raw, query, &turns[place], ends, context.zone);
            raw[Signal::Order as usize] = order.as_ref().map_or(0.0, |order| order.fits(turns, place));
            let parts = weigh(&raw, context.without);
            Scored { turn: place, raw: parts.iter().sum(), parts }
        })
        .collect();
    scored.sort_by(|a, b| {
        let later = |scored: &Scored| (turns[scored.turn].at, scored.turn);
        b.raw.total_cmp(&a.raw).then_with(|| later(b).cmp(&later(a)))
    });
    scored
}

/// What scoring needs beside the question.
pub(crate) struct Context<'a> {
    /// Where the days of the question are counted.
    pub(crate) zone: &'a TimeZone,
    /// Signals to leave out.
    pub(crate) without: &'a BTreeSet<String>,
}

/// The turn that stands `distance` turns from the one at `place` in the same session, if it is known.
fn neighbour(turns: &[Turn], place: usize, distance: i32) -> Option<(usize, &Turn)> {
    let from = &turns[place];
    let ordinal = from.ordinal.checked_add_signed(distance)?;
    let steps = distance.unsigned_abs() as usize;
    let near = if distance < 0 { place.saturating_sub(steps)..place } else { place..place + steps + 1 };
    near.filter_map(|at| turns.get(at).map(|turn| (at, turn))).find(|(_, turn)| {
        turn.ordinal == ordinal && turn.session == from.session && turn.segment == from.segment
    })
}

/// Sums each term's information once, by the nearest turn that has it.
pub(crate) fn cover(turns: &[Turn], grounds: &[Ground], place: usize) -> Cover {
    let ground = &grounds[turns[place].segment];
    let (mut seen, mut cover) = (0_u64, Cover::default());
    for (distance, share) in SHARES {
        let Some((_, turn)) = neighbour(turns, place, distance) else { continue };
        let mass: f32 = set_bits(turn.bits & !seen).filter_map(|bit| ground.idf.get(bit)).sum();
        seen |= turn.bits;
        cover.wide += share * mass;
        cover.near += if distance.abs() <= 1 { share * mass } else { 0.0 };
    }
    cover
}

fn signals(query: &Query, turns: &[Turn], grounds: &[Ground], covers: &[Cover], place: usize) -> Parts {
    let turn = &turns[place];
    let ground = &grounds[turn.segment];
    let per_mass = if ground.mass > 0.0 { 1.0 / ground.mass.sqrt() } else { 0.0 };
    let has = |turn: &Turn, cue| f32::from(u8::from(turn.cues.has(cue)));
    let before = neighbour(turns, place, -1).map(|(_, turn)| turn);
    let after = neighbour(turns, place, 1).map(|(_, turn)| turn);
    let said_by = |name| turn.speaker.as_ref() == Some(name);
    let wants = |cue: Cues| query.wants.has(cue) && turn.cues.has(cue);
    let mut raw = [0.0; SIGNAL_COUNT];
    let mut set = |signal: Signal, value: f32| raw[signal as usize] = value;
    set(Signal::Words, turn.terms * per_mass);
    set(Signal::WordsAround, covers[place].wide * per_mass);
    set(Signal::Meaning, turn.meaning_steady / DEVIATIONS);
    set(Signal::MeaningAfter, after.map_or(0.0, |turn| turn.meaning / DEVIATIONS));
    set(Signal::Stretch, stretch(turns, covers, place) * per_mass);
    set(Signal::Speaker, f32::from(u8::from(ground.named.as_ref().is_some_and(said_by))));
    set(Signal::Person, f32::from(u8::from(matches!(turn.role, Role::User | Role::System))));
    set(Signal::Asks, has(turn, Cues::ENDS_QUESTION));
    let asked = |before: &Turn| has(before, Cues::ENDS_QUESTION) * before.terms * per_mass;
    set(Signal::AnswersQuestion, before.map_or(0.0, asked));
    set(Signal::TellsWhen, f32::from(u8::from(wants(Cues::TIME))));
    set(Signal::TellsNumber, f32::from(u8::from(wants(Cues::NUMBER))));
    let is_standing = turn.role == Role::User && turn.cues.has(Cues::STANDING);
    set(Signal::Standing, if is_standing { turn.meaning.max(0.0) / DEVIATIONS } else { 0.0 });
    raw
}

/// The mean cover of the best three turns within a stretch around the turn; unknown ones count nothing.
fn stretch(turns: &[Turn], covers: &[Cover], place: usize) -> f32 {
    let turn = &turns[place];
    let is_near = |other: &&Turn| {
        other.segment == turn.segment
            && other.session == turn.session
            && other.ordinal.abs_diff(turn.ordinal) <= STRETCH
    };
    let before = turns[..place].iter().rev().take_while(is_near).count();
    let after = turns[place..].iter().take_while(is_near).count();
    let mut best = [0.0_f32; 3];
    for cover in &covers[place - before..place + after] {
        let mut value = cover.near;
        for rank in &mut best {
            if value > *rank {
                std::mem::swap(rank, &mut value);
            }
        }
    }
    best.iter().sum::<f32>() / 3.0
}

/// The first and last moment of the turns, in seconds.
fn ends(turns: &[Turn]) -> (i64, i64) {
    let seconds = || turns.iter().map(|turn| turn.at.as_second());
    (seconds().min().unwrap_or(0), seconds().max().unwrap_or(0))
}

fn place_in_time(raw: &mut Parts, query: &Query, turn: &Turn, ends: (i64, i64), zone: &TimeZone) {
    if !query.times.is_empty() {
        let nearness = query.times.nearness(zone.to_datetime(turn.at).date());
        raw[Signal::Day as usize] = nearness;
        let tells = f32::from(u8::from(turn.cues.has(Cues::TIME)));
        raw[Signal::DayAndTime as usize] = nearness * tells;
    }
    if let Some(leaning) = query.leaning {
        let share = (turn.at.as_second() - ends.0) as f32 / (ends.1 - ends.0).max(1) as f32;
        let fit = match leaning {
            Leaning::Late => share,
            Leaning::Early => 1.0 - share,
        };
        raw[Signal::Leaning as usize] = fit;
    }
}
