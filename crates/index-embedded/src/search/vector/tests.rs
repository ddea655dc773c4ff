//! The sketch against an exact scan, on embeddings of real text.

use std::collections::HashSet;
use std::sync::Arc;

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{
    EmbedderIdentity, Owner, Passage, PassageSeq, Span, StoredPassage, Vector,
};
use dreamkeeper_domain::ports::{NominationRequest, SegmentSelection};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::text::Cues;
use dreamkeeper_models::StaticModel;
use jiff::Timestamp;

use crate::search::{Query, Search};
use crate::segment::{SKETCH_ROWS_MIN, Segment};

/// A conversation of several months that ships with the demo.
const TRANSCRIPT: &str = include_str!("../../../../../demo/transcript.jsonl");
const WANTED: usize = 100;

/// What is said in the transcript.
fn lines() -> Vec<String> {
    let said = |line: &str| -> Option<String> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = ["text", "content"].iter().find_map(|key| line.get(key)?.as_str())?;
        (text.len() > 20).then(|| text.to_owned())
    };
    TRANSCRIPT.lines().filter_map(said).collect()
}

/// The vector of half of one line and half of another: a static model adds what words mean.
fn mixed(halves: &[Vec<f32>], number: usize) -> Vec<f32> {
    let (a, b) = (number % halves.len(), number / halves.len() * 7 + number * 31);
    let sum = halves[a].iter().zip(&halves[b % halves.len()]).map(|(a, b)| a + b);
    sum.collect()
}

fn passage(number: usize, vector: &[f32], embedder: &EmbedderIdentity) -> StoredPassage {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&(number as u64).to_be_bytes());
    StoredPassage {
        seq: PassageSeq(number as u64 + 1),
        passage: Passage {
            owner: Owner::Message(MessageId::new(Timestamp::UNIX_EPOCH, random)),
            span: Span { start: 0, end: 1 },
            turn: None,
            kind: None,
            speaker: None,
            origin: Origin::User,
            scope: Arc::new(Scope::user("ana")),
            at: Timestamp::UNIX_EPOCH,
            recorded_at: Timestamp::UNIX_EPOCH,
            retired_at: None,
            terms: Box::default(),
            cues: Cues::default(),
            source_hash: 0,
            vector: Some((embedder.clone(), Vector::quantise(vector))),
        },
    }
}

fn request(embedder: &EmbedderIdentity, vector: Vec<f32>) -> NominationRequest {
    NominationRequest {
        segments: SegmentSelection::All,
        scope: Scope::default(),
        terms: Vec::new(),
        vector: Some((embedder.clone(), vector)),
        min_origin: Origin::User,
        filter: None,
        owners: None,
        as_of: None,
        messages: true,
        memories: true,
        topics: true,
        lexical_count_max: 0,
        vector_count_max: WANTED,
        window: 0,
    }
}

/// The best rows by an exact scan of the same whole numbers.
fn exact_best(passages: &[StoredPassage], query: &[f32]) -> HashSet<PassageSeq> {
    let cosine = |stored: &StoredPassage| {
        let (_, vector) = stored.passage.vector.as_ref().unwrap();
        let square: f32 = vector.rows.iter().map(|number| f32::from(*number).powi(2)).sum();
        let dot: f32 = vector.rows.iter().zip(query).map(|(a, b)| f32::from(*a) * b).sum();
        dot / square.sqrt().max(1.0)
    };
    let mut scored: Vec<(f32, PassageSeq)> =
        passages.iter().map(|stored| (cosine(stored), stored.seq)).collect();
    scored.sort_by(|a, b| b.partial_cmp(a).unwrap());
    scored.truncate(WANTED);
    scored.into_iter().map(|(_, seq)| seq).collect()
}

#[test]
fn sketches_lose_at_most_one_in_a_hundred_of_the_exact_best() {
    let model = StaticModel::bundled();
    let embedder = EmbedderIdentity("potion".into());
    let lines = lines();
    assert!(lines.len() > 200, "the transcript is read: {} lines", lines.len());
    let halves: Vec<Vec<f32>> = lines
        .iter()
        .flat_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let (first, second) = words.split_at(words.len() / 2);
            [model.embed(&first.join(" ")), model.embed(&second.join(" "))]
        })
        .collect();
    let passages: Vec<StoredPassage> = (0..SKETCH_ROWS_MIN + 5_000)
        .map(|number| passage(number, &mixed(&halves, number), &embedder))
        .collect();
    let mut segment = Segment::new(Scope::user("ana").segment());
    segment.add(&passages);
    let table = segment.table(&embedder, model.dimensions()).unwrap();
    assert!(table.sketches(0, table.len()).is_some(), "it is large enough to be sketched");

    let (mut found, mut wanted) = (0, 0);
    for line in lines.iter().filter(|line| line.contains('?')).take(40) {
        let query = model.embed(line);
        let exact = exact_best(&passages, &query);
        let mut search = Search::new(Query::new(&request(&embedder, query)));
        search.look_into(&segment);
        let nominated = search.finish().candidates;
        found += nominated.iter().filter(|candidate| exact.contains(&candidate.seq)).count();
        wanted += exact.len();
    }
    assert!(wanted >= 20 * WANTED, "there are questions: {wanted}");
    assert!(found * 100 >= wanted * 99, "{found} of {wanted} were found");
}
