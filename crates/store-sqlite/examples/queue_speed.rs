//! Measures what queueing for learning costs an append, and what leasing and counting cost with a full queue.
//!
//! `cargo run --release -p dreamkeeper-store-sqlite --example queue_speed [DIRECTORY]`. Appends with and
//! without an event take turns, so that both meet the same disk.

use std::path::Path;
use std::time::{Duration, Instant};

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::event::{LearnEvent, Settlement};
use dreamkeeper_domain::limits::{LEASE_EVENTS_MAX, QUEUE_EVENTS_MAX};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::session::Session;
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::builders::{
    ChangeSetBuilder, a_message, a_named_session, a_scope, a_space, an_event_of, changes, minute,
};

type Failure = Box<dyn std::error::Error>;

const COUNT: usize = 1_000;
const SESSIONS: usize = 1_000;
const WORDS: &str =
    "Yesterday we walked along the river to the old mill and talked about the trip to Faro in May.";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "target/queue_speed".into());
    if Path::new(&directory).exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let data = DataDir::open(Path::new(&directory), Options::default())?;
    let space = data.store().space(a_space()).await?;
    let session = a_named_session(a_scope("ana", &[]), "talk");
    appends(&*space, &session, "an empty queue").await?;
    fill(&*space).await?;
    appends(&*space, &session, "a queue that is nearly full").await?;
    work(&*space).await
}

/// One message, with an event or without.
fn append(session: &Session, is_queued: bool) -> ChangeSetBuilder {
    let message = a_message(WORDS).in_session(session);
    let event = an_event_of(session, &[&message.clone().build()]);
    let set = changes().open(session).write(message.write());
    if is_queued { set.write(Write::Enqueue(Box::new(event))) } else { set }
}

async fn appends(space: &dyn SpaceStore, session: &Session, at: &str) -> Result<(), Failure> {
    let (mut plain, mut queued) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        for (is_queued, times) in [(false, &mut plain), (true, &mut queued)] {
            let set = append(session, is_queued).build();
            let start = Instant::now();
            space.apply(set).await?;
            times.push(start.elapsed());
        }
    }
    let (plain, queued) = (median(&mut plain), median(&mut queued));
    let ratio = queued.as_secs_f64() / plain.as_secs_f64();
    report(&format!("append at {at}: {plain:?}, with an event {queued:?}: {ratio:.3} times"));
    Ok(())
}

/// All but what the measurements add, over many sessions.
async fn fill(space: &dyn SpaceStore) -> Result<(), Failure> {
    let per_session = (QUEUE_EVENTS_MAX - 3 * COUNT) / SESSIONS;
    let start = Instant::now();
    for user in 0..SESSIONS {
        let session = a_named_session(a_scope(&format!("user {user}"), &[]), "talk");
        let message = a_message(WORDS).in_session(&session);
        let said = message.clone().build();
        let event = || LearnEvent { due_at: minute(user as i64 % 60), ..an_event_of(&session, &[&said]) };
        let events = (0..per_session).map(|_| Write::Enqueue(Box::new(event())));
        space.apply(changes().open(&session).write(message.write()).writes(events).build()).await?;
    }
    report(&format!("{} events queued in {:?}", per_session * SESSIONS, start.elapsed()));
    Ok(())
}

async fn work(space: &dyn SpaceStore) -> Result<(), Failure> {
    let (mut counting, mut leasing, mut settling) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..200 {
        let start = Instant::now();
        space.queue_stats(minute(60)).await?;
        counting.push(start.elapsed());
        let worker = format!("w{round}");
        let lease = Write::Lease { worker: worker.clone(), until: minute(70), count_max: LEASE_EVENTS_MAX };
        let set = changes().at(minute(60)).write(lease).build();
        let start = Instant::now();
        let applied = space.apply(set).await?;
        leasing.push(start.elapsed());
        let Some(Outcome::Leased { events }) = applied.outcomes.into_iter().next() else { continue };
        let settlement = Settlement::Succeeded(Box::default());
        let set = changes().at(minute(60)).write(Write::Settle { worker, events, settlement }).build();
        let start = Instant::now();
        space.apply(set).await?;
        settling.push(start.elapsed());
    }
    let [counting, leasing, settling] =
        [&mut counting, &mut leasing, &mut settling].map(|times| median(times));
    report(&format!(
        "with a full queue: queue_stats {counting:?}, lease of {LEASE_EVENTS_MAX} {leasing:?}, settle {settling:?}"
    ));
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "an example's output is what it is for")]
fn report(line: &str) {
    println!("{line}");
}
