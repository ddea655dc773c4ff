//! Random ChangeSets leave in a store what they leave in the model, step by step, errors included.

mod drawing;
mod noting;

use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet, Outcome, Write};
use dreamkeeper_domain::passage::{StoredPassage, Vector};
use dreamkeeper_domain::ports::{Embedder, SpaceStore, Store};

use super::reading::{Asked, an_identity, everything};
use super::{StorePlace, told};
use crate::builders::{a_space, changes, minute};
use crate::{MemoryStore, ScriptedEmbedder, SeededEntropy};
use drawing::Drawing;

const SEEDS: u64 = 3;
const STEPS: usize = 160;
const STEPS_BETWEEN_READS: usize = 20;

/// Each seed in a space of its own; ids, ordinals, versions, outcomes, errors and every read agree.
pub async fn random_changes_leave_what_the_model_leaves(place: &dyn StorePlace) {
    for seed in 0..SEEDS {
        let id = a_space();
        let space = told(place.open().await.space(id).await);
        let model = told(MemoryStore::new().space(id).await);
        compare(&SeededEntropy::new(seed), &*space, &*model).await;
        // What a store keeps in memory only is gone now.
        drop(space);
        let space = told(place.open().await.space(id).await);
        compare(&SeededEntropy::new(seed + SEEDS), &*space, &*model).await;
    }
}

async fn compare(entropy: &SeededEntropy, space: &dyn SpaceStore, model: &dyn SpaceStore) {
    let first = told(model.audit(0, 10_000).await).len();
    let mut drawing = Drawing::new(entropy, first);
    let mut failures = 0;
    for step in 0..STEPS {
        let set = drawing.change_set(model).await;
        let expected = level(model.apply(set.clone()).await);
        failures += usize::from(expected.is_err());
        assert_eq!(level(space.apply(set.clone()).await), expected, "in step {step}: {set:#?}");
        drawing.record(set, expected.is_ok());
        if step % STEPS_BETWEEN_READS == 0 {
            embed_some(entropy, space, model).await;
        }
        if step % STEPS_BETWEEN_READS == 0 || step + 1 == STEPS {
            let asked: &Asked = drawing.asked();
            assert_eq!(everything(space, asked).await, everything(model, asked).await, "after step {step}");
        }
    }
    assert!(failures > 0 && failures < STEPS / 2, "the steps are a mixture: {failures} failures");
}

/// Gives some stale passages vectors. Places may differ between two stores, so each gets its own write.
async fn embed_some(entropy: &SeededEntropy, space: &dyn SpaceStore, model: &dyn SpaceStore) {
    let embedder = ScriptedEmbedder::default();
    let chosen = entropy.draw();
    for store in [space, model] {
        let stale = told(store.stale_passages(&an_identity(), None, 64).await);
        let some = stale.iter().enumerate().filter(|(number, _)| chosen >> number & 1 == 1);
        let vector = |stored: &StoredPassage| {
            let words = format!("{:?}", stored.passage.terms);
            (stored.seq, Vector::quantise(&embedder.vector(&words)))
        };
        let vectors = some.map(|(_, stored)| vector(stored)).collect();
        let write = Write::PutVectors { embedder: embedder.identity().clone(), vectors };
        let set: ChangeSet = changes().at(minute(0)).write(write).build();
        store.apply(set).await.expect("vectors are taken");
    }
}

/// An answer without places and words: what two sound stores have in common.
fn level(answer: Result<Applied, ApplyError>) -> Result<(bool, Vec<Outcome>), (&'static str, u32)> {
    let applied = answer.map_err(|error| match error {
        // A store may say of nothing that it is not found, or that its version is 0.
        ApplyError::NotFound { .. } => ("conflict", 0),
        ApplyError::VersionConflict { found, .. } => ("conflict", found),
        ApplyError::ClientIdReused { .. } => ("client id reused", 0),
        ApplyError::IdempotencyKeyReused(_) => ("key reused", 0),
        ApplyError::Erased { .. } => ("erased", 0),
        ApplyError::QueueFull { .. } => ("queue full", 0),
        ApplyError::LeaseLost { .. } => ("lease lost", 0),
        ApplyError::PathTaken { .. } => ("path taken", 0),
        ApplyError::StoreClosed(_) => ("store closed", 0),
        ApplyError::StoreFull { .. } => ("store full", 0),
        ApplyError::HeadVersion(_) => ("head version", 0),
        ApplyError::TargetHeld(_) => ("target held", 0),
        ApplyError::Port(error) => panic!("the store failed: {error}"),
    })?;
    let mut outcomes = applied.outcomes;
    for outcome in &mut outcomes {
        if let Outcome::Appended { passages, .. }
        | Outcome::Memory { passages, .. }
        | Outcome::Topic { passages, .. } = outcome
        {
            assert!(passages.is_sorted_by(|a, b| a < b), "places grow");
            for (number, seq) in passages.iter_mut().enumerate() {
                seq.0 = number as u64;
            }
        }
    }
    Ok((applied.replayed, outcomes))
}
