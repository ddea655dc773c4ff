//! How long a recall takes, embedding included, as anybody calls it who sets nothing.

use std::time::{Duration, Instant};

use anyhow::Result;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::recall::RecallRequest;

use super::figures::{Bound, Figures};
use super::{small_user, user_of};
use crate::data::natural::Natural;
use crate::house::House;
use crate::measure::latency::Durations;

/// Questions asked of each scope: enough that the slowest hundredth is more than one of them.
const QUESTIONS: usize = 500;

/// What the 99th percentile of a recall may take, by passages in scope.
fn bound_ms(passages: usize) -> f64 {
    if passages <= 10_000 { 3.0 } else { 10.0 }
}

pub(super) async fn measure(
    house: &House,
    natural: &Natural,
    sizes: &[usize],
    figures: &mut Figures,
) -> Result<()> {
    for &size in sizes {
        eprintln!("asking {QUESTIONS} questions of {size} passages");
        let user = user_of(size);
        recall(house, &user, natural.question(0)).await?;
        let mut durations = Durations::default();
        for place in 0..QUESTIONS {
            durations.push(recall(house, &user, natural.question(place)).await?);
        }
        figures.tell(format!("recall at {size} p50"), durations.percentile_ms(50), "ms");
        let p99 = (durations.percentile_ms(99), "ms");
        figures.hold(format!("recall at {size} p99"), p99, (Bound::AtMost, bound_ms(size)));
    }
    Ok(())
}

/// Asks one question of each small scope, first and again: most spaces are many small scopes.
pub(super) async fn measure_small_scopes(
    house: &House,
    natural: &Natural,
    count: usize,
    figures: &mut Figures,
) -> Result<()> {
    eprintln!("asking a question of each of {count} small scopes, twice");
    for (name, bound) in [("first", None), ("warm", Some(bound_ms(0)))] {
        let mut durations = Durations::default();
        for number in 0..count {
            durations.push(recall(house, &small_user(number), natural.question(number)).await?);
        }
        let (p50, p99) = (durations.percentile_ms(50), durations.percentile_ms(99));
        figures.tell(format!("recall in {count} scopes, {name} p50"), p50, "ms");
        let name = format!("recall in {count} scopes, {name} p99");
        match bound {
            Some(bound) => figures.hold(name, (p99, "ms"), (Bound::AtMost, bound)),
            None => figures.tell(name, p99, "ms"),
        }
    }
    Ok(())
}

/// Asks and answers how long it took.
pub(super) async fn recall(house: &House, user: &str, question: &str) -> Result<Duration> {
    let request = RecallRequest::new(question, Scope::user(user));
    let start = Instant::now();
    house.recall(request).await?;
    Ok(start.elapsed())
}
