//! How fast the index nominates, and what it takes of memory, over natural text.
//!
//! `cargo run --release -p dreamkeeper-index-embedded --example nominate_speed -- TEXT QUESTIONS [SIZE…]`:
//! each line of TEXT is a passage (lines are paired when there are too few), each line of QUESTIONS a query.
//! Times are those of `nominate` alone, without the embedding of the query.
#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::{MessageId, SpaceId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{EmbedderIdentity, Vector};
use dreamkeeper_domain::ports::{
    Embedder, NominationRequest, PassageIndex, QueryTerm, SegmentSelection, SpaceStore, Store,
};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::text::{is_stop_term, terms};
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_models::{StaticEmbedder, StaticModel};
use dreamkeeper_testkit::{MemoryStore, builders};

const TURNS_PER_SESSION: usize = 30;
const QUERY_ROUNDS: usize = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [text, questions, sizes @ ..] = arguments.as_slice() else {
        return Err("usage: nominate_speed TEXT QUESTIONS [SIZE…]".into());
    };
    let text = std::fs::read_to_string(text)?;
    let questions = std::fs::read_to_string(questions)?;
    let lines: Vec<&str> = text.lines().collect();
    let embedder = StaticEmbedder::bundled();
    let sizes: Vec<usize> = sizes.iter().map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let requests: Vec<NominationRequest> =
        questions.lines().take(1_000).map(|question| request(question, &embedder)).collect();
    for size in sizes {
        let fill = Fill { lines: &lines, size, users: 1 };
        measure(&fill, &embedder, &requests).await?;
    }
    let all: Vec<NominationRequest> = requests
        .iter()
        .map(|request| NominationRequest {
            segments: SegmentSelection::All,
            scope: Scope::default(),
            ..request.clone()
        })
        .collect();
    measure(&Fill { lines: &lines, size: 30_000, users: 1_000 }, &embedder, &all).await?;
    Ok(())
}

fn request(question: &str, embedder: &StaticEmbedder) -> NominationRequest {
    let mut hashes = terms(question);
    hashes.retain(|term| !is_stop_term(*term));
    hashes.sort_unstable();
    hashes.dedup();
    let scope = Scope::user("user-0");
    NominationRequest {
        segments: SegmentSelection::One(scope.segment()),
        scope,
        terms: hashes.into_iter().take(64).map(|hash| QueryTerm { hash, weight: 1.0 }).collect(),
        vector: Some((embedder.identity().clone(), embedder.model().embed(question))),
        min_origin: Origin::User,
        filter: None,
        owners: None,
        as_of: None,
        messages: true,
        memories: true,
        topics: true,
        lexical_count_max: 200,
        vector_count_max: 100,
        window: 2,
    }
}

/// What a store is filled with.
struct Fill<'text> {
    lines: &'text [&'text str],
    size: usize,
    users: usize,
}

impl Fill<'_> {
    fn passage(&self, number: usize) -> String {
        let count = self.lines.len();
        let round = number / count;
        let line = self.lines[number % count];
        if round == 0 {
            return line.to_owned();
        }
        // Halves of two lines: new text with the words and lengths of the old.
        let other = self.lines[(number * 7_919 + round * 104_729) % count];
        let half = |text: &str| text.split(' ').count().div_ceil(2);
        let first = line.split(' ').take(half(line));
        first.chain(other.split(' ').skip(half(other))).collect::<Vec<_>>().join(" ")
    }

    async fn store(&self, model: &StaticModel, identity: &EmbedderIdentity) -> Arc<dyn SpaceStore> {
        let store = MemoryStore::new();
        let space = store.space(builders::a_space()).await.expect("the fake opens any space");
        let mut writes = Vec::new();
        let mut session = builders::a_session(Scope::default());
        for number in 0..self.size {
            if number % TURNS_PER_SESSION == 0 {
                let user = (number / TURNS_PER_SESSION) % self.users;
                session = builders::a_session(Scope::user(format!("user-{user}")));
                // Keyless sessions of one moment would be one session.
                session.key = Some(format!("session-{number}"));
                writes.push(Write::OpenSession(session.clone()));
            }
            let text = self.passage(number);
            let speaker = if number % 2 == 0 { "Ana" } else { "Bo" };
            let message = builders::a_message(&text).in_session(&session).by(speaker).with(|message| {
                message.id = MessageId::new(message.at, builders::next_id_bytes());
            });
            let mut write = message.write();
            if let Write::AppendMessage { passages, .. } = &mut write {
                let vector = (identity.clone(), Vector::quantise(&model.embed(&text)));
                passages.iter_mut().for_each(|passage| passage.vector = Some(vector.clone()));
            }
            writes.push(write);
        }
        space.apply(builders::changes().writes(writes).build()).await.expect("the fake takes valid writes");
        space
    }
}

/// Processor time of the whole process so far, to a hundredth of a second; zero where it is not told.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Which share of the exact best by vector is nominated.
async fn vector_recall(
    index: &EmbeddedIndex,
    space: SpaceId,
    store: &Arc<dyn SpaceStore>,
    requests: &[NominationRequest],
) -> Result<f64, Box<dyn std::error::Error>> {
    let passages = store.passages(&Scope::user("user-0").segment(), None, usize::MAX).await?;
    let (mut found, mut wanted) = (0, 0);
    for request in requests.iter().step_by(20) {
        let request = NominationRequest { lexical_count_max: 0, window: 0, ..request.clone() };
        let Some((_, query)) = &request.vector else { continue };
        let cosine = |vector: &Vector| {
            let dot: f32 = vector.rows.iter().zip(query).map(|(a, b)| f32::from(*a) * b).sum();
            dot / vector.rows.iter().map(|a| f32::from(*a).powi(2)).sum::<f32>().sqrt().max(1.0)
        };
        let vectors =
            passages.iter().filter_map(|stored| Some((stored.passage.vector.as_ref()?, stored.seq)));
        let mut exact: Vec<(f32, _)> = vectors.map(|((_, vector), seq)| (cosine(vector), seq)).collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        exact.truncate(request.vector_count_max);
        let nomination = index.nominate(space, store, &request).await?;
        let is_exact = |seq| exact.iter().any(|(_, other)| *other == seq);
        found += nomination.candidates.iter().filter(|candidate| is_exact(candidate.seq)).count();
        wanted += exact.len();
    }
    Ok(found as f64 / wanted.max(1) as f64)
}

async fn measure(
    fill: &Fill<'_>,
    embedder: &StaticEmbedder,
    requests: &[NominationRequest],
) -> Result<(), Box<dyn std::error::Error>> {
    let store = fill.store(embedder.model(), embedder.identity()).await;
    let index = EmbeddedIndex::new(IndexOptions::default());
    let space: SpaceId = builders::a_space();
    let start = Instant::now();
    let mut after = None;
    while let Some(last) = store.passages(&Scope::user("user-0").segment(), after, 2_048).await?.last() {
        after = Some(last.seq);
    }
    let reading = start.elapsed();
    let start = Instant::now();
    index.nominate(space, &store, &requests[0]).await?;
    let first = start.elapsed();
    let (mut times, mut candidates) = (Vec::new(), 0);
    let processor_before = processor_time();
    for request in std::iter::repeat_n(requests, QUERY_ROUNDS).flatten() {
        let start = Instant::now();
        let nomination = index.nominate(space, &store, request).await?;
        times.push(start.elapsed());
        candidates += nomination.candidates.len();
    }
    times.sort_unstable();
    let processor = processor_time() - processor_before;
    let stats = index.stats();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{:>7} passages, {:>4} users: nominate p50 {:.3} ms, p99 {:.3} ms, processor {:.3} ms; first {:.1} ms (reading \
         one segment from the fake {:.1}); \
         {} bytes a passage; {:.0} candidates a query",
        stats.passage_count,
        fill.users,
        ms(at(0.5)),
        ms(at(0.99)),
        ms(processor) / times.len() as f64,
        ms(first),
        ms(reading),
        stats.resident_bytes / stats.passage_count.max(1),
        candidates as f64 / times.len() as f64,
    );
    if fill.users == 1 {
        println!(
            "        recall of the exact best by vector {:.4}",
            vector_recall(&index, space, &store, requests).await?
        );
    }
    Ok(())
}
