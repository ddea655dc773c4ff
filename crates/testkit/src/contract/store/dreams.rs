//! The contract of `DreamRecords` and of the writes that feed it.

pub mod changes;
pub mod runs;
pub mod schedules;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::{Dream, ProposedChange};
use dreamkeeper_domain::ports::SpaceStore;
use jiff::Timestamp;

use super::{StorePlace, apply, open, refuse, run_rules, told};
use crate::builders::{a_dream, a_topic_store};

/// Runs every rule, each on a place that the factory makes anew.
pub async fn run_all<P: StorePlace>(fresh: impl Fn() -> P) {
    run_rules!(fresh();
        runs::a_dream_is_read_back_at_every_version,
        runs::one_dream_holds_a_target_at_a_time,
        runs::dreams_are_paged_newest_first_by_every_test,
        runs::due_dreams_wait_or_lost_their_worker,
        runs::what_a_completed_dream_read_is_dreamt,
        runs::a_purged_dream_leaves_nothing,
        changes::changes_are_kept_by_number,
        changes::every_review_of_a_change_is_kept,
        changes::erasing_a_source_empties_what_was_proposed_of_it,
        changes::erasing_a_message_takes_its_quotes_from_memories_that_a_change_touches,
        schedules::schedules_are_kept_by_name,
    );
}

fn put(dream: &Dream) -> Write {
    let expected = match dream.version {
        1 => Expected::Absent,
        version => Expected::Version(version - 1),
    };
    Write::PutDream { dream: Box::new(dream.clone()), expected }
}

/// A dream over a store of its own.
fn dream_at(moment: Timestamp) -> Dream {
    a_dream(a_topic_store("notes").id, moment)
}

async fn propose(space: &dyn SpaceStore, dream: &Dream, proposed: &[ProposedChange]) {
    let write = Write::PutProposedChanges { dream: dream.id, changes: proposed.to_vec() };
    apply(space, crate::builders::changes().write(write)).await;
}
