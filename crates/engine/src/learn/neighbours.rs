//! Neighbours: the memories that a candidate is decided beside, fetched by code: those of the same slot, those
//! with the same words, and the nearest in meaning, all of exactly the candidate's user, agent, app and run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::candidate::Candidate;
use dreamkeeper_domain::detail::{Slot, normalised};
use dreamkeeper_domain::id::{MemoryId, SpaceId};
use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{NominationRequest, PassageIndex, SegmentSelection, SpaceStore};
use dreamkeeper_domain::scope::Scope;

use super::desk::Desk;
use super::endings::family;
use crate::VerbError;

/// Memories that are looked at by nearness of meaning.
const NEAREST_COUNT: usize = 10;
/// Memories that are looked at for other names of the same subject.
const NAMED_COUNT: usize = 50;
/// Cosine from which a model's word that two memories say the same is taken.
const VERY_NEAR: f32 = 0.8;
/// Properties that exclude each other for one value.
const OPPOSITES: [(&str, &str); 1] = [("likes", "dislikes")];

/// What is known around one candidate.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    /// Cosine of each memory that was near, or was made in the same batch.
    cosines: BTreeMap<MemoryId, f32>,
    /// Other subjects that mean the same person or thing, normalised.
    subjects: BTreeSet<String>,
}

impl Neighbours {
    /// How near a memory is in meaning, where that was measured.
    pub(crate) fn cosine(&self, id: MemoryId) -> Option<f32> {
        self.cosines.get(&id).copied()
    }

    /// Whether the memory was among those looked at.
    pub(crate) fn is_near(&self, id: MemoryId) -> bool {
        self.cosines.contains_key(&id)
    }

    pub(crate) fn is_very_near(&self, id: MemoryId) -> bool {
        self.cosine(id).is_some_and(|cosine| cosine >= VERY_NEAR)
    }

    /// Notes how near memories are that were made in the same batch.
    pub(crate) fn note(&mut self, cosines: impl Iterator<Item = (MemoryId, f32)>) {
        self.cosines.extend(cosines);
    }

    /// The memories that were looked at, nearest first.
    pub(crate) fn ids(&self) -> Vec<MemoryId> {
        let mut ids: Vec<_> = self.cosines.iter().collect();
        ids.sort_by(|one, other| other.1.total_cmp(one.1).then(one.0.cmp(other.0)));
        ids.into_iter().map(|(id, _)| *id).collect()
    }

    /// Whether two slots give the same property of the same subject, `own` being the candidate's.
    pub(crate) fn is_same_slot(&self, own: &Slot, other: &Slot) -> bool {
        normalised(&own.attribute) == normalised(&other.attribute) && self.is_same_subject(own, other)
    }

    /// The same, or one property and its opposite.
    pub(crate) fn is_same_or_opposite(&self, own: &Slot, other: &Slot) -> bool {
        let (one, two) = (normalised(&own.attribute), normalised(&other.attribute));
        (one == two || opposite(&one) == Some(&*two)) && self.is_same_subject(own, other)
    }

    /// Whether two slots are about the same person or thing, `own` being the candidate's.
    pub(crate) fn is_same_subject(&self, own: &Slot, other: &Slot) -> bool {
        let (own, other) = (normalised(&own.subject), normalised(&other.subject));
        own == other || self.subjects.contains(&other)
    }
}

fn opposite(attribute: &str) -> Option<&'static str> {
    let pair = OPPOSITES.into_iter().find(|(one, other)| [*one, *other].contains(&attribute))?;
    Some(if pair.0 == attribute { pair.1 } else { pair.0 })
}

/// Fetches neighbours for one batch of candidates.
pub(crate) struct Fetching<'a> {
    pub(crate) id: SpaceId,
    pub(crate) space: &'a Arc<dyn SpaceStore>,
    pub(crate) index: &'a Arc<dyn PassageIndex>,
    pub(crate) embedder: dreamkeeper_domain::passage::EmbedderIdentity,
}

impl Fetching<'_> {
    /// Lays the neighbours of a candidate on the desk. `vector` is the candidate's own.
    pub(crate) async fn around(
        &self,
        desk: &mut Desk,
        candidate: &Candidate,
        vector: Option<&[f32]>,
    ) -> Result<Neighbours, VerbError> {
        let mut neighbours = Neighbours::default();
        if let Some(slot) = &candidate.detail.slot {
            neighbours.subjects = self.other_names(&candidate.scope, &slot.subject).await?;
            let keys = slot_keys(slot, &neighbours.subjects);
            for memory in self.space.memories_by_slot(&candidate.scope, &keys).await? {
                desk.lay(&memory);
            }
        }
        for memory in self.space.memories_by_text(&candidate.scope, &[normalised(&candidate.text)]).await? {
            desk.lay(&memory);
        }
        if let Some(vector) = vector {
            self.nearest(desk, &candidate.scope, vector, &mut neighbours).await?;
        }
        Ok(neighbours)
    }

    /// Lays the nearest memories of a text on the desk, and notes how near they are.
    pub(crate) async fn nearest(
        &self,
        desk: &mut Desk,
        scope: &Scope,
        vector: &[f32],
        neighbours: &mut Neighbours,
    ) -> Result<(), VerbError> {
        let request = NominationRequest {
            segments: SegmentSelection::One(scope.segment()),
            scope: Scope { labels: BTreeSet::new(), ..scope.clone() },
            terms: Vec::new(),
            vector: Some((self.embedder.clone(), vector.to_vec())),
            min_origin: Origin::External,
            filter: None,
            owners: None,
            as_of: None,
            messages: false,
            memories: true,
            topics: false,
            lexical_count_max: 0,
            vector_count_max: NEAREST_COUNT,
            window: 0,
        };
        let nomination = self.index.nominate(self.id, self.space, &request).await?;
        let mut ids = Vec::new();
        for candidate in nomination.candidates {
            let (Owner::Memory(id), Some(cosine)) = (candidate.owner, candidate.cosine) else { continue };
            let known = neighbours.cosines.entry(id).or_insert(cosine);
            *known = known.max(cosine);
            ids.push(id);
        }
        for memory in self.space.memories(&ids, None).await? {
            if memory.status == Status::Active {
                desk.lay(&memory);
            }
        }
        Ok(())
    }

    /// Subjects in use that mean the same as this one: "sister" and "Ana" for "sister Ana". A bare role that two
    /// people have means neither.
    async fn other_names(&self, scope: &Scope, subject: &str) -> Result<BTreeSet<String>, VerbError> {
        let own = normalised(subject);
        if own == "user" {
            return Ok(BTreeSet::new());
        }
        let parts = own.split_once(' ').map(|(role, rest)| [role.to_owned(), rest.to_owned()]);
        let asked: Vec<String> = parts.into_iter().flatten().chain([own.clone()]).collect();
        let named = self.space.memories_by_name(scope, &asked, NAMED_COUNT).await?;
        let in_use = named.iter().filter_map(|memory| memory.detail.slot.as_ref());
        let in_use: BTreeSet<String> = in_use.map(|slot| normalised(&slot.subject)).collect();
        Ok(same_subjects(&own, &in_use))
    }
}

/// The subjects in use that mean the same as `own`.
fn same_subjects(own: &str, in_use: &BTreeSet<String>) -> BTreeSet<String> {
    let Some((role, name)) = own.split_once(' ') else {
        let longer: BTreeSet<String> = in_use
            .iter()
            .filter(|other| other.split_once(' ').is_some_and(|(role, name)| role == own || name == own))
            .cloned()
            .collect();
        return if longer.len() == 1 { longer } else { BTreeSet::new() };
    };
    let rivals =
        in_use.iter().filter(|other| other.split_once(' ').is_some_and(|(other_role, _)| other_role == role));
    let role_is_free = rivals.filter(|other| *other != own).count() == 0;
    in_use.iter().filter(|other| *other == name || (role_is_free && *other == role)).cloned().collect()
}

fn slot_keys(slot: &Slot, subjects: &BTreeSet<String>) -> Vec<String> {
    let attribute = normalised(&slot.attribute);
    let mut attributes: Vec<&str> = opposite(&attribute).into_iter().chain([attribute.as_str()]).collect();
    if slot.ended {
        attributes.extend(family(&attribute));
    }
    let mut keys = BTreeSet::new();
    for subject in subjects.iter().chain([&normalised(&slot.subject)]) {
        let of = |attribute: &str, ended: bool| Slot {
            subject: subject.clone(),
            attribute: attribute.to_owned(),
            ended,
            ..slot.clone()
        };
        keys.extend(attributes.iter().map(|attribute| of(attribute, false).key()));
        keys.insert(of(&attribute, true).key());
    }
    keys.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_role_and_a_name_mean_the_person_that_has_both() {
        assert_eq!(same_subjects("sister", &set(&["sister ana", "user"])), set(&["sister ana"]));
        assert_eq!(same_subjects("ana", &set(&["sister ana"])), set(&["sister ana"]));
        assert_eq!(same_subjects("sister ana", &set(&["sister", "ana", "brother"])), set(&["sister", "ana"]));
    }

    #[test]
    fn a_role_that_two_people_have_means_neither() {
        assert_eq!(same_subjects("sister", &set(&["sister ana", "sister eva"])), set(&[]));
        assert_eq!(same_subjects("sister ana", &set(&["sister", "sister eva"])), set(&[]));
    }
}
