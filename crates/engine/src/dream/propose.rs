//! Propose: what rules find to tidy, as changes. Pure: it sees what was gathered and nothing else, and what it makes is
//! only a draft; whether a draft may stand is the check's to say.
//!
//! Precision before recall: a rule that is not sure leaves things as they are.

mod contradictions;
mod conventions;
pub(crate) mod dates;
mod draft;
mod duplicates;
mod links;
mod memories;
mod names;
mod note;
mod oversized;
mod slots;
mod stale;

use std::collections::BTreeSet;

use dreamkeeper_domain::dream::ProposedChange;
use dreamkeeper_domain::id::{DreamId, TopicId};

use super::fingerprint::fingerprint;
use super::gather::Gathered;
use crate::MaintainPolicy;
use draft::{Draft, Standing};
use names::Names;
use note::Note;

/// Where topics stand that were set aside; dreams leave them alone.
pub(crate) const ARCHIVE: &str = "/archive";
/// Where conventions are lifted to.
pub(crate) const CONVENTIONS_PATH: &str = "/conventions.md";

/// A claim by its note and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    note: usize,
    claim: usize,
}

/// The notes, and what is decided about their claims so far.
struct Board<'g> {
    gathered: &'g Gathered,
    notes: Vec<Note<'g>>,
    names: Names,
    /// Claims that a change takes away or rewrites.
    taken: BTreeSet<Place>,
    /// Claims that a change relies on.
    kept: BTreeSet<Place>,
    /// Notes that a change takes away, moves or splits as a whole.
    moved: BTreeSet<usize>,
    drafts: Vec<Draft>,
    fresh: &'g mut dyn FnMut() -> TopicId,
}

/// Everything that rules propose, in the order in which it is best looked at; what an earlier dream proposed already
/// is left out.
pub(crate) fn propose(
    gathered: &Gathered,
    (dream, policy): (DreamId, &MaintainPolicy),
    fresh: &mut dyn FnMut() -> TopicId,
) -> Vec<ProposedChange> {
    let notes: Vec<Note<'_>> = gathered.topics.iter().map(|topic| Note::new(topic, gathered)).collect();
    let names = Names::of(&notes);
    let mut board = Board {
        gathered,
        notes,
        names,
        taken: BTreeSet::new(),
        kept: BTreeSet::new(),
        moved: BTreeSet::new(),
        drafts: Vec::new(),
        fresh,
    };
    if !gathered.changed.is_empty() {
        duplicates::topics(&mut board);
        duplicates::claims(&mut board);
        contradictions::claims(&mut board);
    }
    stale::claims(&mut board);
    dates::claims(&mut board);
    conventions::lift(&mut board);
    oversized::split_all(&mut board);
    links::mend(&mut board);
    let drafts = std::mem::take(&mut board.drafts);
    let changes = drafts.into_iter().map(|draft| draft.into_change(dream));
    let changes = changes.chain(memories::changes(gathered, (dream, policy)));
    changes.filter(|change| !gathered.settled.contains(&fingerprint(change))).collect()
}

impl<'g> Board<'g> {
    fn is_free(&self, place: Place) -> bool {
        !self.taken.contains(&place) && !self.moved.contains(&place.note)
    }

    /// Whether it may be taken away: nobody relies on it.
    fn may_go(&self, place: Place) -> bool {
        self.is_free(place) && !self.kept.contains(&place)
    }

    fn take(&mut self, gone: Place, kept: Option<Place>) {
        self.taken.insert(gone);
        self.kept.extend(kept);
    }

    /// The notes that rules work on, with their places.
    fn working(&self) -> impl Iterator<Item = (usize, &Note<'g>)> {
        let is_at_work = |(place, note): &(usize, &Note<'g>)| {
            note.standing == Standing::Plain && !self.moved.contains(place)
        };
        self.notes.iter().enumerate().filter(is_at_work)
    }

    fn is_changed(&self, place: Place) -> bool {
        self.notes[place.note].is_changed
    }

    fn index(&self) -> Option<usize> {
        self.notes.iter().position(|note| note.standing == Standing::Index)
    }

    /// Whether two claims can be compared by their words alone: each says by itself what it is about, or they stand in
    /// one note under the same headings.
    fn are_comparable(&self, one: Place, other: Place) -> bool {
        let (first, second) = (self.claim(one), self.claim(other));
        let is_one_place = one.note == other.note && first.headings == second.headings;
        is_one_place || (self.names.begins(&first.text) && self.names.begins(&second.text))
    }

    fn claim(&self, place: Place) -> &dreamkeeper_topics::Claim {
        &self.notes[place.note].claims[place.claim]
    }
}
