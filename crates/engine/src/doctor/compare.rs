//! Compare: what a text's passages should be beside what they are, and what mends the difference.

use dreamkeeper_domain::passage::{EmbedderIdentity, Passage, PassageSeq, Vector};
use dreamkeeper_domain::ports::Embedder;

use super::read::Text;

/// How far the length of a stored vector may be from 1: what whole numbers of one byte cost, and some more.
const LENGTH_TOLERANCE: f32 = 0.05;

/// What can be wrong with a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// Nothing counts it as its own.
    Extra,
    /// Its row cannot be read.
    Unreadable,
    /// It names other bytes than the text is cut at.
    Span,
    /// Its terms, marks or hash are those of another text.
    Words,
    /// Its scope, speaker, origin, place or times are not its owner's.
    Standing,
    /// It has no vector of the current embedder, or none that an embedder can have made.
    Vector,
    /// A counter of passages did not count what is there.
    Miscounted,
}

impl Fault {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Unreadable => "unreadable",
            Self::Span => "span",
            Self::Words => "words",
            Self::Standing => "standing",
            Self::Vector => "vector",
            Self::Miscounted => "miscounted",
        }
    }
}

/// What is wrong with the passages of one text, and what mends it.
pub(super) struct Found {
    pub(super) faults: Vec<Fault>,
    pub(super) remedy: Remedy,
}

/// What mends the passages of one text.
pub(super) enum Remedy {
    /// All of them are put anew.
    Replace(Text),
    /// These get a vector.
    Embed(Vec<Stale>),
}

/// A passage with a vector that cannot be trusted, or with none.
pub(super) struct Stale {
    pub(super) seq: PassageSeq,
    /// What it is embedded as.
    pub(super) source: String,
    /// What is there.
    pub(super) there: Option<(EmbedderIdentity, Vector)>,
}

/// What is wrong with a text's passages; `None` when nothing is.
pub(super) fn compare(mut text: Text, embedder: &dyn Embedder) -> Option<Found> {
    let mut held = std::mem::take(&mut text.held);
    let mut faults = Vec::new();
    let (mut lost, mut stale) = (0_usize, Vec::new());
    for (passage, source) in &text.cut {
        let same = |(_, there): &(_, Option<Passage>)| {
            there.as_ref().is_some_and(|there| (there.owner, there.span) == (passage.owner, passage.span))
        };
        let Some(place) = held.iter().position(same) else {
            lost += 1;
            continue;
        };
        let (seq, Some(there)) = held.swap_remove(place) else { continue };
        match wrong(passage, &there) {
            Some(fault) => faults.push(fault),
            None if is_sound(&there, embedder) => {}
            None => stale.push(Stale { seq, source: source.clone(), there: there.vector }),
        }
    }
    let unreadable = held.iter().filter(|(_, there)| there.is_none()).count();
    let other = held.len() - unreadable;
    let moved = other.min(lost.saturating_sub(unreadable));
    let counts = [
        (Fault::Unreadable, unreadable),
        (Fault::Span, moved),
        (Fault::Missing, lost.saturating_sub(unreadable + moved)),
        (Fault::Extra, other - moved),
    ];
    for (fault, count) in counts {
        faults.extend(std::iter::repeat_n(fault, count));
    }
    if !faults.is_empty() {
        faults.extend(stale.iter().map(|_| Fault::Vector));
        return Some(Found { faults, remedy: Remedy::Replace(text) });
    }
    (!stale.is_empty()).then(|| Found { faults: Vec::new(), remedy: Remedy::Embed(stale) })
}

/// What is wrong with a passage beside its vector.
fn wrong(expected: &Passage, there: &Passage) -> Option<Fault> {
    let words = |passage: &Passage| (passage.terms.clone(), passage.cues, passage.source_hash);
    if words(expected) != words(there) {
        return Some(Fault::Words);
    }
    // A store keeps microseconds; what a caller gave may be finer.
    let at = (expected.at.as_microsecond() == there.at.as_microsecond()).then_some(there.at);
    let at = at.unwrap_or(expected.at);
    let expected = Passage { vector: there.vector.clone(), at, ..expected.clone() };
    (expected != *there).then_some(Fault::Standing)
}

/// Whether a passage has a vector that this embedder can have made.
fn is_sound(passage: &Passage, embedder: &dyn Embedder) -> bool {
    passage.vector.as_ref().is_some_and(|(identity, vector)| {
        identity == embedder.identity()
            && vector.rows.len() == embedder.dimensions()
            && is_of_length_one(vector)
    })
}

/// Zeros stand for a text without any known word, and for a lost vector: only embedding tells.
fn is_of_length_one(vector: &Vector) -> bool {
    let squares: f32 = vector.rows.iter().map(|row| f32::from(*row) * f32::from(*row)).sum();
    (vector.scale * squares.sqrt() - 1.0).abs() <= LENGTH_TOLERANCE
}
