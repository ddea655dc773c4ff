//! Silence: how sure recall is that a turn belongs, from 0 to 1, and the bar below which it says nothing.
//!
//! Sure is what holds the question's words, the telling ones above all, near each other and said by whom
//! the question names. Words that the scope has never heard speak against it. The constants were set on
//! LoCoMo's and BEAM's dev questions, asked in their own and in another's scope, and not checked on
//! conversations held out; docs/benchmarks.md has the figures.

use jiff::tz::TimeZone;

use super::query::Query;
use super::score::{Scored, cover};
use super::turns::{Ground, Turn, set_bits};

/// Below this confidence nothing is served.
pub(crate) const BAR: f32 = 0.25;

const INTERCEPT: f32 = -3.51;
const COVER_WEIGHT: f32 = 8.29;
const ABSENT_WEIGHT: f32 = -2.44;
const COSINE_WEIGHT: f32 = 1.8;
/// Turns from the top that are looked at.
const LOOKED_AT: usize = 5;
/// A turn of another than the named speaker earns this share of the name.
const NAME_SHARE: f32 = 0.5;
/// By how much the raw score may fall until a turn is worth a third (1/e) of the first.
const FALL: f32 = 5.0;

/// The confidence of each scored turn, in their order: that of the answer, less what a turn's score falls
/// behind the first's.
pub(crate) fn confidences(
    query: &Query,
    scored: &[Scored],
    (turns, grounds): (&[Turn], &[Ground]),
    zone: &TimeZone,
) -> Vec<f32> {
    let Some(first) = scored.first() else { return Vec::new() };
    let answer = answer_confidence(query, scored, (turns, grounds), zone);
    scored.iter().map(|turn| answer * ((turn.raw - first.raw) / FALL).exp()).collect()
}

/// How sure it is that the question is answered at all.
fn answer_confidence(
    query: &Query,
    scored: &[Scored],
    (turns, grounds): (&[Turn], &[Ground]),
    zone: &TimeZone,
) -> f32 {
    let (mut best_cover, mut best_cosine, mut absent) = (0.0_f32, 0.0_f32, 1.0_f32);
    for scored in &scored[..scored.len().min(LOOKED_AT)] {
        let turn = &turns[scored.turn];
        let ground = &grounds[turn.segment];
        let whole = ground.mass + ground.name_mass;
        if whole > 0.0 {
            let is_named = ground.named.is_none() || ground.named == turn.speaker;
            let name = ground.name_mass * if is_named { 1.0 } else { NAME_SHARE };
            let time = time_mass(query, turn, ground, zone);
            let held = cover(turns, grounds, scored.turn).wide + name + time;
            best_cover = best_cover.max((held / whole).min(1.0));
            absent = absent.min(ground.absent_mass / whole);
        }
        best_cosine = best_cosine.max(turn.cosine);
    }
    let sum = INTERCEPT + COVER_WEIGHT * best_cover + ABSENT_WEIGHT * absent + COSINE_WEIGHT * best_cosine;
    1.0 / (1.0 + (-sum).exp())
}

/// What a turn earns by its time of the question's words of time, which it need not say itself.
fn time_mass(query: &Query, turn: &Turn, ground: &Ground, zone: &TimeZone) -> f32 {
    if query.time_bits == 0 {
        return 0.0;
    }
    let unsaid = query.time_bits & !turn.bits;
    let mass: f32 = set_bits(unsaid).filter_map(|bit| ground.idf.get(bit)).sum();
    mass * query.times.nearness(zone.to_datetime(turn.at).date())
}
