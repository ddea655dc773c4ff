//! `ack`: how long is an append that is to be learned from later, while the worker has more than it can do? Against
//! the disk's own `fdatasync`, measured turn by turn so that both meet the same disk in the same mood.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::Learn;
use dreamkeeper_engine::{Append, NewMessage, SessionRef};
use serde::Serialize;
use tokio::sync::oneshot;

use super::Report;
use crate::data::natural::{Chance, Natural};
use crate::house::House;
use crate::measure::latency::Durations;
use crate::measure::rounded;

/// What an acknowledgement may take, in syncs.
const RATIO_MAX: f64 = 3.0;
/// Rounds before the figures count: the first make files and plans that later ones find there.
const WARM_UP: usize = 20;
/// Messages of one append of the backlog, and of one session there.
const BATCH: usize = limits::EVENT_MESSAGES_MAX;
const SESSION: usize = 4 * BATCH;
/// What SQLite's journal writes for a small change: one page and its frame.
const SYNCED_BYTES: usize = 4_096 + 24;

/// Options of `ack`.
#[derive(Debug, clap::Args)]
pub(crate) struct Ack {
    /// Where sentences come from: a LoCoMo file or a BEAM folder; the conversation that ships with the repository
    /// unless told.
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Where the data is kept while measuring; what is durable depends on the disk. The system's directory for
    /// temporary files unless told.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Messages that wait to be learned from when the measuring begins.
    #[arg(long, value_name = "N", default_value_t = 40_000)]
    backlog: usize,
    /// Appends that are measured.
    #[arg(long, value_name = "N", default_value_t = 400)]
    appends: usize,
}

/// What `ack` found out.
#[derive(Debug, Serialize)]
pub(crate) struct AckReport {
    directory: String,
    appends: usize,
    /// Events that waited when the measuring began and when it ended; none at the end would be an idle worker.
    waiting_at_begin: u64,
    waiting_at_end: u64,
    ack_ms: Percentiles,
    fdatasync_ms: Percentiles,
    /// Of the two, beside what they may be.
    ratio: Percentiles,
    bound: f64,
    holds: bool,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Percentiles {
    p50: f64,
    p99: f64,
}

impl Percentiles {
    fn of(durations: &Durations) -> Self {
        Self { p50: rounded(durations.percentile_ms(50)), p99: rounded(durations.percentile_ms(99)) }
    }

    fn over(self, other: Self) -> Self {
        Self { p50: rounded(self.p50 / other.p50), p99: rounded(self.p99 / other.p99) }
    }
}

impl Ack {
    /// Fills the queue, lets a worker at it, and appends meanwhile.
    pub(crate) async fn run(self) -> Result<AckReport> {
        ensure!(self.appends > 0, "--appends: measure at least one");
        let natural = Natural::read(self.data.as_deref())?;
        let house = Arc::new(House::open(self.dir.as_deref()).await?);
        eprintln!("queueing {} messages", self.backlog);
        let mut chance = Chance::seeded(3);
        for number in 0..self.backlog.div_ceil(BATCH) {
            let session = format!("backlog {}", number * BATCH / SESSION);
            append(&house, &session, (0..BATCH).map(|_| natural.message(&mut chance)).collect()).await?;
        }
        let waiting_at_begin = waiting(&house).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let engine = house.engine().0.clone();
        let worker = tokio::spawn(async move {
            engine
                .work(async {
                    let _told = stopped.await;
                })
                .await;
        });
        // A task among others, as a request to a server is: who holds its threads up is seen.
        let measured = tokio::spawn(measure(house.clone(), (natural, chance), self.appends)).await?;
        let waiting_at_end = waiting(&house).await?;
        // The worker ends its round; there is nobody to tell when it has died.
        let _told = stop.send(());
        worker.await?;
        let directory = house.directory().display().to_string();
        house.close().await;
        let (acks, syncs) = measured?;
        ensure!(waiting_at_end > 0, "the worker was idle before the end: give a larger --backlog");
        let (ack_ms, fdatasync_ms) = (Percentiles::of(&acks), Percentiles::of(&syncs));
        let ratio = ack_ms.over(fdatasync_ms);
        Ok(AckReport {
            directory,
            appends: self.appends,
            waiting_at_begin,
            waiting_at_end,
            ack_ms,
            fdatasync_ms,
            ratio,
            bound: RATIO_MAX,
            holds: ratio.p50 <= RATIO_MAX && ratio.p99 <= RATIO_MAX,
        })
    }
}

async fn measure(
    house: Arc<House>,
    (natural, mut chance): (Natural, Chance),
    appends: usize,
) -> Result<(Durations, Durations)> {
    eprintln!("appending {appends} messages, one at a time, and syncing a bare file as often");
    let (mut acks, mut syncs) = (Durations::default(), Durations::default());
    let path = house.directory().join("fdatasync.probe");
    let mut file = File::create(&path)?;
    for round in 0..appends + WARM_UP {
        let sync = tokio::task::block_in_place(|| sync(&mut file))?;
        let said = vec![natural.message(&mut chance)];
        let start = Instant::now();
        append(&house, "one at a time", said).await?;
        let ack = start.elapsed();
        if round >= WARM_UP {
            acks.push(ack);
            syncs.push(sync);
        }
    }
    remove(&path, file)?;
    Ok((acks, syncs))
}

fn sync(file: &mut File) -> Result<Duration> {
    let bytes = vec![7; SYNCED_BYTES];
    let start = Instant::now();
    file.write_all(&bytes)?;
    file.sync_data()?;
    Ok(start.elapsed())
}

fn remove(path: &Path, file: File) -> Result<()> {
    drop(file);
    Ok(std::fs::remove_file(path)?)
}

async fn append(house: &House, session: &str, said: Vec<String>) -> Result<()> {
    let (engine, principal) = house.engine();
    let request = Append {
        session: SessionRef::Key(session.to_owned()),
        scope: Scope::user("writer"),
        messages: said.into_iter().map(|text| NewMessage::text(Role::User, text)).collect(),
        via: Via::Live,
        idempotency_key: None,
        learn: Learn::Later,
        temporary: false,
    };
    engine.append(principal, request).await?;
    Ok(())
}

async fn waiting(house: &House) -> Result<u64> {
    let (engine, principal) = house.engine();
    Ok(engine.queue_stats(principal).await?.pending_count)
}

impl Report for AckReport {
    fn human(&self) -> String {
        let row = |name: &str, of: Percentiles| format!("  {name:<20} {:>9.2} {:>9.2}\n", of.p50, of.p99);
        let verdict = if self.holds { "" } else { "  MISSED" };
        format!(
            "Acknowledgement while the worker is busy ({} events waiting, {} at the end), data in {}\n  {:<20} {:>9} \
             {:>9}\n{}{}{}  at most {:.0}{verdict}\n",
            self.waiting_at_begin,
            self.waiting_at_end,
            self.directory,
            "ms",
            "p50",
            "p99",
            row("append, later", self.ack_ms),
            row("fdatasync", self.fdatasync_ms),
            row("ratio", self.ratio),
            self.bound,
        )
    }
}
