//! Messages imported a second, embedded and durable; fills the scopes that are asked later.

use std::time::{Duration, Instant};

use anyhow::Result;
use dreamkeeper_domain::message::Role;
use dreamkeeper_engine::NewMessage;

use super::figures::{Bound, Figures};
use super::{small_user, user_of};
use crate::data::natural::{Chance, Natural};
use crate::house::{BATCH_COUNT, House};

/// Messages of one session; then another begins.
const SESSION_COUNT: usize = 2_000;
/// Messages of a small scope.
const SMALL_COUNT: usize = 20;

/// Fills each large scope; the rate is that of the largest, where an index that grows would show.
pub(super) async fn measure(
    house: &House,
    natural: &Natural,
    sizes: &[usize],
    figures: &mut Figures,
) -> Result<()> {
    for &size in sizes {
        eprintln!("importing {size} messages into one scope");
        let took = fill(house, natural, &user_of(size), size).await?;
        let rate = size as f64 / took.as_secs_f64();
        if Some(&size) == sizes.last() {
            figures.hold("import", (rate, "messages/s"), (Bound::AtLeast, 5_000.0));
        }
    }
    Ok(())
}

/// Fills the small scopes that stand beside the large ones.
pub(super) async fn fill_small_scopes(house: &House, natural: &Natural, count: usize) -> Result<()> {
    eprintln!("importing {SMALL_COUNT} messages into each of {count} small scopes");
    for number in 0..count {
        fill(house, natural, &small_user(number), SMALL_COUNT).await?;
    }
    Ok(())
}

/// Only the time inside the engine counts, not that of making up text.
async fn fill(house: &House, natural: &Natural, user: &str, count: usize) -> Result<Duration> {
    let mut chance = Chance::seeded(count as u64 ^ user.len() as u64);
    let mut took = Duration::ZERO;
    let mut written = 0;
    while written < count {
        let batch = BATCH_COUNT.min(count - written);
        let messages = (0..batch).map(|number| {
            let role = if (written + number) % 2 == 0 { Role::User } else { Role::Assistant };
            NewMessage::text(role, natural.message(&mut chance))
        });
        let messages: Vec<NewMessage> = messages.collect();
        let session = format!("session {}", written / SESSION_COUNT);
        let start = Instant::now();
        house.append(user, &session, messages).await?;
        took += start.elapsed();
        written += batch;
    }
    Ok(took)
}
