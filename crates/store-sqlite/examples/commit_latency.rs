//! Measures what an acknowledged write costs beside what the disk itself costs, how many messages a second
//! go through in batches, and how long loading a segment takes.
//!
//! `cargo run --release -p dreamkeeper-store-sqlite --example commit_latency [DIRECTORY]`; the directory
//! must lie on the disk that is to be measured. Lone appends and bare syncs take turns, so that both meet
//! the same disk.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ChangeSet, Write};
use dreamkeeper_domain::id::{MessageId, SessionId, SpaceId};
use dreamkeeper_domain::message::{Message, Part, Role};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, Passage, Turn, Vector};
use dreamkeeper_domain::ports::{PortError, SpaceStore};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::text::{cues, cut, terms};
use dreamkeeper_store_sqlite::{DataDir, Options};
use jiff::Timestamp;

type Failure = Box<dyn std::error::Error>;

const LONE_COUNT: usize = 2_000;
const BATCH: usize = 256;
const BATCH_COUNT: usize = 400;
const WORDS: &str = "Yesterday we walked along the river to the old mill, had coffee with Tomas and talked about \
                     the trip to Faro in May, which Ana wants to book before the prices go up again.";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "target/commit_latency".into());
    let directory = Path::new(&directory);
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    let data = DataDir::open(directory, Options::default())?;
    let space = data.store().space(SpaceId::new(Timestamp::UNIX_EPOCH, [1; 10])).await?;
    lone_appends(directory, &*space).await?;
    concurrent_appends(&space).await?;
    batches(&*space).await?;
    loading(&*space).await?;
    let stats = space.stats(&embedder()).await?;
    let per_passage = stats.disk_bytes as f64 / stats.passage_count as f64;
    report(&format!("{} passages, {per_passage:.0} bytes on disk each", stats.passage_count));
    Ok(())
}

async fn lone_appends(directory: &Path, space: &dyn SpaceStore) -> Result<(), Failure> {
    let mut scene = Scene::new(1);
    scene.open(space).await?;
    let mut file = File::create(directory.join("bare"))?;
    let (mut bare, mut fresh, mut appends) = (Vec::new(), Vec::new(), Vec::new());
    let page = [7; 4_096];
    for number in 0..LONE_COUNT {
        // Overwriting in place is the cheapest sync there is; an append moves the file's end as well.
        file.seek(SeekFrom::Start((number % 64 * 4_096) as u64))?;
        file.write_all(&page)?;
        let clock = Instant::now();
        file.sync_data()?;
        if number >= 64 { &mut bare } else { &mut fresh }.push(clock.elapsed());
        let changes = scene.append(1, false);
        let clock = Instant::now();
        space.apply(changes).await?;
        appends.push(clock.elapsed());
    }
    let (bare, appends) = (Spread::of(bare), Spread::of(appends));
    report(&format!("fdatasync of 4 KiB:         {bare}"));
    report(&format!("append of one message:      {appends}"));
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    report(&format!(
        "ratio: p50 {:.2} (bound 2.5), p99 {:.2} (bound 3)",
        ratio(appends.p50, bare.p50),
        ratio(appends.p99, bare.p99)
    ));
    Ok(())
}

async fn concurrent_appends(space: &Arc<dyn SpaceStore>) -> Result<(), Failure> {
    for writer_count in [2, 8, 64_u8] {
        let clock = Instant::now();
        let mut tasks = Vec::new();
        for number in 0..writer_count {
            let space = Arc::clone(space);
            tasks.push(tokio::spawn(async move {
                let mut scene = Scene::new(10 + number);
                let mut took = Vec::new();
                scene.open(&*space).await?;
                for _ in 0..100 {
                    let changes = scene.append(1, false);
                    let clock = Instant::now();
                    space.apply(changes).await.map_err(|error| internal(&error))?;
                    took.push(clock.elapsed());
                }
                Ok::<_, PortError>(took)
            }));
        }
        let mut took = Vec::new();
        for task in tasks {
            took.extend(task.await??);
        }
        let rate = took.len() as f64 / clock.elapsed().as_secs_f64();
        report(&format!("{writer_count:2} writers: {rate:6.0} messages/s, {}", Spread::of(took)));
    }
    Ok(())
}

async fn batches(space: &dyn SpaceStore) -> Result<(), Failure> {
    let mut scene = Scene::new(2);
    scene.open(space).await?;
    let mut took = Vec::new();
    let mut busy = Duration::ZERO;
    let before = processor_time();
    for _ in 0..BATCH_COUNT {
        let changes = scene.append(BATCH, true);
        let clock = Instant::now();
        space.apply(changes).await?;
        took.push(clock.elapsed());
        busy += clock.elapsed();
    }
    let rate = (BATCH * BATCH_COUNT) as f64 / busy.as_secs_f64();
    report(&format!(
        "batches of {BATCH} with vectors: {rate:.0} messages/s (bound 10000), {}",
        Spread::of(took)
    ));
    let each = (processor_time() - before) / (BATCH * BATCH_COUNT) as u32;
    report(&format!("  {each:?} of processor for each message, making it included"));
    Ok(())
}

async fn loading(space: &dyn SpaceStore) -> Result<(), Failure> {
    let key = SegmentKey::User("user-2".into());
    let mut took = Vec::new();
    let mut count = 0;
    let before = processor_time();
    for _ in 0..5 {
        let clock = Instant::now();
        count = space.passages(&key, None, 100_000).await?.len();
        took.push(clock.elapsed());
    }
    let busy = (processor_time() - before) / 5;
    report(&format!("loading {count} passages: {}, {busy:?} of processor (bound 300 ms)", Spread::of(took)));
    let clock = Instant::now();
    let wrong = space.check().await?;
    report(&format!("check: {:?}, {} findings", clock.elapsed(), wrong.len()));
    Ok(())
}

/// One session of one user, and what is said in it.
struct Scene {
    session: Session,
    scope: Arc<Scope>,
    number: u64,
    seed: u8,
}

impl Scene {
    fn new(seed: u8) -> Self {
        let scope = Scope::user(format!("user-{seed}"));
        let now = Timestamp::UNIX_EPOCH;
        let session = Session {
            id: SessionId::new(now, [seed; 10]),
            key: Some("scene".into()),
            scope: scope.clone(),
            opened_at: now,
            last_at: now,
            last_recorded_at: now,
            message_count: 0,
            temporary: false,
        };
        Self { session, scope: Arc::new(scope), number: 0, seed }
    }

    async fn open(&self, space: &dyn SpaceStore) -> Result<(), PortError> {
        let changes = self.changes(vec![Write::OpenSession(self.session.clone())]);
        space.apply(changes).await.map(drop).map_err(|error| internal(&error))
    }

    fn changes(&self, writes: Vec<Write>) -> ChangeSet {
        ChangeSet { idempotency: None, actor: Actor::operator("measure"), at: Timestamp::UNIX_EPOCH, writes }
    }

    fn append(&mut self, count: usize, with_vectors: bool) -> ChangeSet {
        let writes = (0..count).map(|_| self.message(with_vectors)).collect();
        self.changes(writes)
    }

    fn message(&mut self, with_vectors: bool) -> Write {
        self.number += 1;
        let at = Timestamp::from_millisecond(1_700_000_000_000 + self.number as i64).unwrap_or_default();
        let mut random = [self.seed; 10];
        random[2..].copy_from_slice(&self.number.to_be_bytes());
        let text = format!("{WORDS} {}", self.number);
        let message = Message {
            id: MessageId::new(at, random),
            session: self.session.id,
            ordinal: 0,
            client_id: Some(format!("c-{}", self.number)),
            role: Role::User,
            author: Some("Ana".into()),
            origin: Origin::User,
            via: Via::Live,
            scope: (*self.scope).clone(),
            parts: vec![Part::Text { text: text.clone() }],
            at,
            zone: None,
            recorded_at: at,
            erased: false,
        };
        let passages = passages(&message, &text, (&self.scope, with_vectors));
        Write::AppendMessage { message, passages }
    }
}

fn passages(message: &Message, text: &str, (scope, with_vectors): (&Arc<Scope>, bool)) -> Vec<Passage> {
    let vector = Vector { scale: 0.01, rows: (0..256).map(|place| (place % 128) as i8).collect() };
    cut(text)
        .into_iter()
        .map(|span| Passage {
            owner: Owner::Message(message.id),
            span,
            turn: Some(Turn { session: message.session, ordinal: 0, role: message.role }),
            kind: None,
            speaker: Some("Ana".into()),
            origin: message.origin,
            scope: Arc::clone(scope),
            at: message.at,
            recorded_at: message.recorded_at,
            retired_at: None,
            terms: terms(text).into(),
            cues: cues(text),
            source_hash: 1,
            vector: with_vectors.then(|| (embedder(), vector.clone())),
        })
        .collect()
}

fn embedder() -> EmbedderIdentity {
    EmbedderIdentity("measure/256".into())
}

fn internal(error: &dyn std::error::Error) -> PortError {
    PortError::new(dreamkeeper_domain::ports::PortErrorKind::Internal, error.to_string())
}

/// What this process's threads have used of the processor, where Linux tells: on a shared machine the clock
/// on the wall tells more of the others than of us.
fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let used = tasks.filter_map(|task| {
        let line = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        line.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    });
    used.sum()
}

/// The middle and the tail of some durations.
struct Spread {
    p50: Duration,
    p99: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:?}, p99 {:?}", self.p50, self.p99)
    }
}

#[expect(clippy::print_stdout, reason = "a program that reports to a terminal")]
fn report(line: &str) {
    println!("{line}");
}
