//! The raw signals of a passage and the yardsticks of a segment, word for word as the port defines them.

use dreamkeeper_domain::passage::{EmbedderIdentity, Passage, StoredPassage};
use dreamkeeper_domain::ports::{Candidate, NominationRequest, SegmentStats};
use dreamkeeper_domain::scope::SegmentKey;
use dreamkeeper_domain::text::{TermHash, background_probability, bm25, is_stop_term};

pub(super) fn segment_stats(
    key: SegmentKey,
    passages: &[StoredPassage],
    request: &NominationRequest,
) -> SegmentStats {
    let current = || passages.iter().map(|stored| &stored.passage).filter(|one| one.retired_at.is_none());
    let passage_count = current().count();
    let lengths = current().map(|passage| f64::from(term_count(passage)));
    let term_count_mean = mean(&lengths.collect::<Vec<_>>()) as f32;
    let having = |term: TermHash| current().filter(|passage| occurrences(passage, term) > 0).count() as u32;
    let document_frequency: Vec<u32> = request.terms.iter().map(|term| having(term.hash)).collect();
    let idf = request.terms.iter().zip(&document_frequency).map(|(term, frequency)| {
        let background = background_probability(term.hash);
        bm25::idf(passage_count as f32, *frequency as f32, term_count_mean, background)
    });
    let cosines: Vec<f64> =
        current().filter_map(|passage| cosine(passage, request.vector.as_ref())).map(f64::from).collect();
    let cosine_mean = mean(&cosines);
    let spread: Vec<f64> = cosines.iter().map(|cosine| (cosine - cosine_mean).powi(2)).collect();
    SegmentStats {
        key,
        passage_count: passage_count as u32,
        term_count_mean,
        idf: idf.collect(),
        document_frequency,
        cosine_mean: cosine_mean as f32,
        cosine_deviation: mean(&spread).sqrt() as f32,
    }
}

/// A passage as the request sees it, not nominated yet.
pub(super) fn candidate(
    stored: &StoredPassage,
    segment: usize,
    stats: &SegmentStats,
    request: &NominationRequest,
) -> Candidate {
    let passage = &stored.passage;
    let term_count = term_count(passage);
    let (mut lexical, mut term_bits) = (0.0, 0);
    for (place, term) in request.terms.iter().enumerate() {
        let count = occurrences(passage, term.hash);
        if count > 0 {
            let (idf, mean) = (stats.idf[place], stats.term_count_mean);
            lexical += term.weight * bm25::term_score(idf, count as f32, term_count as f32, mean);
            term_bits |= 1 << place;
        }
    }
    Candidate {
        seq: stored.seq,
        segment,
        owner: passage.owner,
        span: passage.span,
        turn: passage.turn,
        kind: passage.kind,
        speaker: passage.speaker.clone(),
        origin: passage.origin,
        at: passage.at,
        recorded_at: passage.recorded_at,
        term_count,
        cues: passage.cues,
        lexical,
        term_bits,
        cosine: cosine(passage, request.vector.as_ref()),
        nominated: false,
    }
}

/// Stop words count neither for length nor as terms.
fn term_count(passage: &Passage) -> u32 {
    passage.terms.iter().filter(|term| !is_stop_term(**term)).count() as u32
}

fn occurrences(passage: &Passage, term: TermHash) -> usize {
    if is_stop_term(term) {
        return 0;
    }
    passage.terms.iter().filter(|known| **known == term).count()
}

fn cosine(passage: &Passage, query: Option<&(EmbedderIdentity, Vec<f32>)>) -> Option<f32> {
    let (asked_by, query) = query?;
    let (made_by, vector) = passage.vector.as_ref()?;
    if made_by != asked_by {
        return None;
    }
    let components = || vector.rows.iter().map(|row| f64::from(vector.scale) * f64::from(*row));
    let dot: f64 = components().zip(query).map(|(a, b)| a * f64::from(*b)).sum();
    let passage_length = components().map(|component| component * component).sum::<f64>().sqrt();
    let query_length = query.iter().map(|component| f64::from(*component).powi(2)).sum::<f64>().sqrt();
    let lengths = passage_length * query_length;
    (lengths > 0.0).then(|| (dot / lengths) as f32)
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}
