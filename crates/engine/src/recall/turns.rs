//! Turns: the nominated passages of messages, gathered into the turns of their conversations, with the
//! raw signals of each and its neighbours at hand.

use std::sync::Arc;

use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::passage::{Owner, Turn as StoredTurn};
use dreamkeeper_domain::ports::{Candidate, Nomination, SegmentStats};
use dreamkeeper_domain::text::{Cues, background_probability, bm25, term_hash, words};
use jiff::Timestamp;

use super::query::Query;

/// A message with its raw signals: for each the best of its passages.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// The message.
    pub(crate) id: MessageId,
    /// Its session.
    pub(crate) session: SessionId,
    /// Its place there.
    pub(crate) ordinal: u32,
    /// Whose turn it is.
    pub(crate) role: Role,
    /// Who spoke.
    pub(crate) speaker: Option<Arc<str>>,
    /// When.
    pub(crate) at: Timestamp,
    /// Index of its segment.
    pub(crate) segment: usize,
    /// Which content terms occur in it.
    pub(crate) bits: u64,
    /// BM25 over them, each term counted once in a passage.
    pub(crate) terms: f32,
    /// By how many deviations its cosine stands over the segment's mean.
    pub(crate) meaning: f32,
    /// The same, but short passages are pulled to the mean: a static embedding overrates them.
    pub(crate) meaning_steady: f32,
    /// The cosine itself.
    pub(crate) cosine: f32,
    /// The cues of all its passages; whether it ends with a question is told by the last.
    pub(crate) cues: Cues,
    /// The passage that fits best, by its place among the candidates.
    pub(crate) best: usize,
}

/// What a segment gives to the scoring of a question.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// For each content term its inverse document frequency; 0 for a speaker's name.
    pub(crate) idf: Vec<f32>,
    /// Their sum.
    pub(crate) mass: f32,
    /// The mass of terms that occur nowhere in the segment; words of time may, a turn's own time tells it.
    pub(crate) absent_mass: f32,
    /// What the names of speakers in the question would weigh as words.
    pub(crate) name_mass: f32,
    /// The speaker that the question names, when it names exactly one.
    pub(crate) named: Option<Arc<str>>,
}

/// Terms of a passage by which the pull to the mean halves: 5, about one short clause.
const STEADY_TERMS: f32 = 5.0;
/// Of a name's information the share that it weighs: names are rarer in vocabularies than in talk.
const NAME_SHARE: f32 = 0.6;

/// The turns of a nomination, by segment, session and place, with the ground of each segment.
pub(crate) fn gather(query: &Query, nomination: &Nomination) -> (Vec<Turn>, Vec<Ground>) {
    let candidates = &nomination.candidates;
    // Candidates come by segment.
    let end = |segment: usize| candidates.partition_point(|candidate| candidate.segment < segment);
    let grounds: Vec<Ground> = nomination
        .segments
        .iter()
        .enumerate()
        .map(|(place, stats)| ground(query, stats, &candidates[end(place)..end(place + 1)]))
        .collect();
    // Places in a segment mostly follow the turns already, which makes this sort cheap.
    let mut told: Vec<(&Candidate, StoredTurn, MessageId, usize)> = candidates
        .iter()
        .enumerate()
        .filter_map(|(place, candidate)| match (candidate.turn, candidate.owner) {
            (Some(turn), Owner::Message(id)) => Some((candidate, turn, id, place)),
            (_, Owner::Message(_) | Owner::Memory(_) | Owner::Topic(_)) => None,
        })
        .collect();
    let position = |(candidate, turn, ..): &(&Candidate, StoredTurn, MessageId, usize)| {
        (candidate.segment, turn.session, turn.ordinal)
    };
    told.sort_by_key(position);
    let mut turns: Vec<Turn> = Vec::with_capacity(told.len());
    for passages in told.chunk_by(|a, b| position(a) == position(b)) {
        let (first, turn, id, _) = passages[0];
        let Some(stats) = nomination.segments.get(first.segment) else { continue };
        let mut entry = (blank(id, turn, first), Best::default());
        for (candidate, _, _, place) in passages {
            absorb(&mut entry, *place, candidate, stats, &grounds[first.segment]);
        }
        turns.push(entry.0);
    }
    (turns, grounds)
}

fn blank(id: MessageId, turn: StoredTurn, candidate: &Candidate) -> Turn {
    Turn {
        id,
        session: turn.session,
        ordinal: turn.ordinal,
        role: turn.role,
        speaker: candidate.speaker.clone(),
        at: candidate.at,
        segment: candidate.segment,
        bits: 0,
        terms: 0.0,
        meaning: f32::MIN,
        meaning_steady: f32::MIN,
        cosine: 0.0,
        cues: Cues::default(),
        best: usize::MAX,
    }
}

/// What chose a turn's best passage, and where its last one begins.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    fit: f32,
    last_start: u32,
}

fn absorb(
    (turn, best): &mut (Turn, Best),
    place: usize,
    candidate: &Candidate,
    stats: &SegmentStats,
    ground: &Ground,
) {
    let length = candidate.term_count as f32;
    let terms: f32 = set_bits(candidate.term_bits)
        .filter_map(|bit| ground.idf.get(bit))
        .map(|idf| bm25::term_score(*idf, 1.0, length, stats.term_count_mean))
        .sum();
    let cosine = candidate.cosine.unwrap_or(stats.cosine_mean);
    let meaning = (cosine - stats.cosine_mean) / stats.cosine_deviation.max(1e-3);
    let steady = meaning * length / (length + STEADY_TERMS);
    let fit = terms / ground.mass.sqrt().max(1e-3) + 0.5 * steady;
    if turn.best == usize::MAX || fit > best.fit {
        (turn.best, best.fit) = (place, fit);
    }
    turn.bits |= candidate.term_bits;
    turn.terms = turn.terms.max(terms);
    turn.meaning = turn.meaning.max(meaning);
    turn.meaning_steady = turn.meaning_steady.max(steady);
    turn.cosine = turn.cosine.max(candidate.cosine.unwrap_or(0.0));
    let ends = if candidate.span.start >= best.last_start { candidate.cues } else { turn.cues };
    best.last_start = best.last_start.max(candidate.span.start);
    let lasting = (turn.cues.0 | candidate.cues.0) & !Cues::ENDS_QUESTION.0;
    turn.cues = Cues(lasting | (ends.0 & Cues::ENDS_QUESTION.0));
}

/// The places of the bits that are set.
pub(crate) fn set_bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        // Clears the lowest bit; of none it leaves none.
        bits &= bits.wrapping_sub(1);
        (place < 64).then_some(place)
    })
}

fn ground(query: &Query, stats: &SegmentStats, candidates: &[Candidate]) -> Ground {
    let (names, named) = named_speakers(query, candidates);
    let mut ground = Ground { idf: stats.idf.clone(), mass: 0.0, absent_mass: 0.0, name_mass: 0.0, named };
    ground.idf.resize(query.terms.len(), 0.0);
    for (place, term) in query.terms.iter().enumerate() {
        if names >> place & 1 == 1 {
            ground.name_mass -= NAME_SHARE * background_probability(term.hash).ln();
            ground.idf[place] = 0.0;
        }
        ground.mass += ground.idf[place];
        let is_absent = stats.document_frequency.get(place).is_none_or(|count| *count == 0);
        let is_time = query.time_bits >> place & 1 == 1;
        ground.absent_mass += if is_absent && !is_time { ground.idf[place] } else { 0.0 };
    }
    ground
}

/// Which terms of the question are words of speakers' names, and the speaker when it is only one.
fn named_speakers(query: &Query, candidates: &[Candidate]) -> (u64, Option<Arc<str>>) {
    let mut speakers: Vec<&Arc<str>> = Vec::new();
    for speaker in candidates.iter().filter_map(|candidate| candidate.speaker.as_ref()) {
        if speakers.iter().all(|known| *known != speaker) {
            speakers.push(speaker);
        }
    }
    let (mut names, mut named) = (0_u64, Vec::new());
    for speaker in speakers {
        let mut bits = 0_u64;
        words(speaker, |word| {
            let hash = term_hash(word);
            let place = query.terms.iter().position(|term| term.hash == hash);
            bits |= place.map_or(0, |place| 1 << place);
        });
        names |= bits;
        if bits != 0 {
            named.push(speaker.clone());
        }
    }
    let only = (named.len() == 1).then(|| named.pop()).flatten();
    (names, only)
}
