//! A durable write against the disk's own `fdatasync`, measured turn by turn so that both meet the same
//! disk in the same mood.

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use anyhow::Result;
use dreamkeeper_domain::message::Role;
use dreamkeeper_engine::NewMessage;

use super::figures::{Bound, Figures};
use crate::data::natural::{Chance, Natural};
use crate::house::House;
use crate::measure::latency::Durations;

const WRITES: usize = 400;
/// What SQLite's journal writes for a small change: one page and its frame.
const BYTES: usize = 4_096 + 24;

pub(super) async fn measure(house: &House, natural: &Natural, figures: &mut Figures) -> Result<()> {
    eprintln!("writing {WRITES} messages, one at a time, and as often to a bare file");
    let mut chance = Chance::seeded(1);
    let (mut syncs, mut writes) = (Durations::default(), Durations::default());
    let mut file = File::create(house.directory().join("fdatasync.probe"))?;
    let bytes = vec![7; BYTES];
    for round in 0..WRITES + 20 {
        let start = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        let sync = start.elapsed();
        let messages = vec![NewMessage::text(Role::User, natural.message(&mut chance))];
        let start = Instant::now();
        house.append("writer", "one at a time", messages).await?;
        let write = start.elapsed();
        // The first rounds make files and plans that later ones find there.
        if round >= 20 {
            syncs.push(sync);
            writes.push(write);
        }
    }
    drop(file);
    std::fs::remove_file(house.directory().join("fdatasync.probe"))?;
    for (percent, times) in [(50, 2.5), (99, 3.0)] {
        let (sync, write) = (syncs.percentile_ms(percent), writes.percentile_ms(percent));
        figures.tell(format!("fdatasync p{percent}"), sync, "ms");
        figures.hold(format!("durable write p{percent}"), (write, "ms"), (Bound::AtMost, sync * times));
    }
    Ok(())
}
