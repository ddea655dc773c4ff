//! Adopt: writes accepted changes in one ChangeSet, one version of each record, with one record of the adoption. A change
//! whose base is not as it was when it was proposed is refused, and the others go on.

mod compose;

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::{Adoption, ChangeKind, ChangeReview, Dream, ProposedChange};
use dreamkeeper_domain::id::{DreamId, StoreId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{SpaceStore, TopicQuery};
use dreamkeeper_domain::topic::Topic;

use super::land::Landing;
use super::read::found;
use super::review::refuse_unless_whole;
use crate::{Engine, Principal, VerbError};
use compose::Composition;

/// Which changes to adopt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichChanges {
    /// Those that were accepted.
    Accepted,
    /// These; they count as accepted by the caller.
    Numbers(Vec<u32>),
    /// All that nobody rejected; they count as accepted by the caller.
    Remaining,
    /// All of these kinds that nobody rejected; they count as accepted by the caller.
    Kinds(Vec<ChangeKind>),
}

/// A change that was not written, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its number.
    pub number: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// What an adoption did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The dream after it.
    pub dream: Dream,
    /// Numbers of the changes that were written.
    pub changes: Vec<u32>,
    /// Those that were not.
    pub refused: Vec<Refused>,
}

impl Engine {
    /// Writes changes of a completed dream, all or nothing of them in one step.
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`; `Invalid` where nothing can be adopted, with the reasons; `Apply` where
    /// something changed in between: nothing was written; `Port` when the store fails.
    pub async fn adopt_dream(
        &self,
        principal: &Principal,
        id: DreamId,
        which: WhichChanges,
    ) -> Result<Adopted, VerbError> {
        principal.require(Permission::Approve)?;
        let space = self.space(principal).await?;
        let mut dream = found(&*space, id).await?;
        refuse_unless_whole(&dream)?;
        let all = space.proposed_changes(id).await?;
        let mut chosen = chosen(&all, &which)?;
        let mut refused = Vec::new();
        let composition = loop {
            if chosen.is_empty() {
                return Err(nothing(&refused));
            }
            refused.extend(without_needed(&all, &mut chosen));
            match Composition::of(&*space, &dream, (&all, &chosen)).await? {
                Ok(composition) => break composition,
                Err(refusals) => {
                    chosen.retain(|change| refusals.iter().all(|refusal| refusal.number != change.number));
                    refused.extend(refusals);
                }
            }
        };
        let at = self.now();
        let adoption = Adoption {
            number: dream.adoptions.len() as u32 + 1,
            actor: principal.actor.clone(),
            at,
            changes: chosen.iter().map(|change| change.number).collect(),
            rolled_back: None,
        };
        let numbers = adoption.changes.clone();
        let reviewed: Vec<ProposedChange> = chosen
            .iter()
            .map(|change| {
                let review = ChangeReview::Adopted { adoption: adoption.number };
                ProposedChange { review, ..(*change).clone() }
            })
            .collect();
        let expected = Expected::Version(dream.version);
        dream.adoptions.push(adoption);
        let records = vec![
            Write::PutDream { dream: Box::new(dream.clone()), expected },
            Write::PutProposedChanges { dream: id, changes: reviewed },
        ];
        let store = store_of(&space, &dream).await?;
        let Composition { topics, memories } = composition;
        let reason = format!("adopted from dream {id}");
        let landing = Landing { store, topics, memories, records, dream: id, reason, at };
        self.land(principal, &space, landing).await?;
        dream.version += 1;
        Ok(Adopted { dream, changes: numbers, refused })
    }
}

pub(super) async fn store_of(
    space: &Arc<dyn SpaceStore>,
    dream: &Dream,
) -> Result<Option<dreamkeeper_domain::topic_store::TopicStore>, VerbError> {
    match dream.target.store {
        Some(store) => Ok(space.topic_store(store).await?),
        None => Ok(None),
    }
}

fn chosen<'c>(all: &'c [ProposedChange], which: &WhichChanges) -> Result<Vec<&'c ProposedChange>, VerbError> {
    let is_open = |change: &&ProposedChange| {
        matches!(
            change.review,
            ChangeReview::Waiting | ChangeReview::Accepted { .. } | ChangeReview::RolledBack { .. }
        )
    };
    let open = all.iter().filter(is_open);
    Ok(match which {
        WhichChanges::Accepted => {
            open.filter(|change| matches!(change.review, ChangeReview::Accepted { .. })).collect()
        }
        WhichChanges::Remaining => open.collect(),
        WhichChanges::Kinds(kinds) => open.filter(|change| kinds.contains(&change.kind)).collect(),
        WhichChanges::Numbers(numbers) => {
            let numbers: BTreeSet<u32> = numbers.iter().copied().collect();
            let mut chosen = Vec::new();
            for number in numbers {
                let change = all.iter().find(|change| change.number == number);
                let change = change.ok_or_else(|| VerbError::not_found("change", number))?;
                if !is_open(&change) {
                    let review = change.review.as_str();
                    let problem = format!("change {number} is {review}: it cannot be adopted so");
                    return Err(VerbError::invalid("changes", problem));
                }
                chosen.push(change);
            }
            chosen
        }
    })
}

/// Takes out changes that need one which is neither adopted nor chosen.
fn without_needed(all: &[ProposedChange], chosen: &mut Vec<&ProposedChange>) -> Vec<Refused> {
    let mut refused = Vec::new();
    loop {
        let there: BTreeSet<u32> = chosen
            .iter()
            .map(|change| change.number)
            .chain(all.iter().filter(|change| is_adopted(change)).map(|change| change.number))
            .collect();
        let lacks =
            |change: &&ProposedChange| change.needs.iter().find(|number| !there.contains(number)).copied();
        let Some((number, needed)) = chosen.iter().find_map(|change| Some((change.number, lacks(change)?)))
        else {
            return refused;
        };
        refused.push(Refused { number, reason: format!("it makes no sense without change {needed}") });
        chosen.retain(|change| change.number != number);
    }
}

fn is_adopted(change: &ProposedChange) -> bool {
    matches!(change.review, ChangeReview::Adopted { .. })
}

fn nothing(refused: &[Refused]) -> VerbError {
    if refused.is_empty() {
        return VerbError::invalid("changes", "none is accepted: accept some, or name those to adopt");
    }
    let told: Vec<String> =
        refused.iter().map(|refused| format!("change {}: {}", refused.number, refused.reason)).collect();
    VerbError::invalid("changes", format!("nothing can be adopted: {}", told.join("; ")))
}

/// The live topics of a store, whole.
pub(super) async fn heads_as_topics(space: &dyn SpaceStore, store: StoreId) -> Result<Vec<Topic>, VerbError> {
    let mut found: Vec<Topic> = Vec::new();
    loop {
        let query = TopicQuery {
            store,
            prefix: None,
            after_path: found.last().map(|topic| topic.head.path.clone()),
            as_of: None,
            limit: limits::PAGE_COUNT_MAX,
        };
        let heads = space.topic_heads(&query).await?;
        let is_last = heads.len() < limits::PAGE_COUNT_MAX;
        found.extend(heads.into_iter().map(|head| Topic { head, content: String::new() }));
        if is_last {
            return Ok(found);
        }
    }
}
