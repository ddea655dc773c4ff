//! The contract of [`Store`] and `SpaceStore`.

pub mod ageing;
pub mod applying;
pub mod dreams;
pub mod durability;
pub mod erasing;
pub mod filtering;
pub mod isolation;
pub mod learning;
pub mod listing;
pub mod memories;
pub mod messages;
pub mod passages;
pub mod random;
mod reading;
pub mod receipts;
pub mod sessions;
pub mod state;
pub mod topics;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{PortError, PortErrorKind, SpaceStore, Store};

use super::run_rules;
use crate::builders::{ChangeSetBuilder, a_space};

/// Where a store under test keeps what it is told: a directory, a database, a fake's maps.
#[async_trait]
pub trait StorePlace: Send + Sync {
    /// Opens the store that is kept here. A rule drops what it opened before it opens again.
    async fn open(&self) -> Arc<dyn Store>;

    /// A path on which nothing is yet, for a backup; another one with every call.
    fn new_path(&self) -> PathBuf;

    /// Opens a backup of a space.
    async fn open_copy(&self, copy: &Path, space: SpaceId) -> Arc<dyn SpaceStore>;

    /// Makes every write meet a full or read-only disk until told `None`; `false` where that cannot be
    /// arranged, and the rule is passed over.
    fn refuse_writes(&self, _kind: Option<PortErrorKind>) -> bool {
        false
    }
}

/// Runs every rule, each on a place that the factory makes anew.
pub async fn run_all<P: StorePlace>(fresh: impl Fn() -> P) {
    run_records(&fresh).await;
    learning::run_all(&fresh).await;
    topics::run_all(&fresh).await;
    dreams::run_all(&fresh).await;
}

async fn run_records<P: StorePlace>(fresh: impl Fn() -> P) {
    run_rules!(fresh();
        messages::acknowledged_writes_are_read_back,
        messages::ordinals_are_contiguous_under_concurrency,
        messages::client_ids_make_appends_idempotent,
        messages::a_reused_client_id_with_other_content_is_refused,
        messages::client_ids_of_two_sessions_never_meet,
        messages::a_message_id_is_used_once,
        messages::a_message_for_no_session_is_refused,
        messages::turns_are_read_in_order_and_bounded,
        messages::surroundings_are_the_turns_within_reach,
        sessions::a_session_is_opened_once,
        sessions::a_key_belongs_to_the_ids_of_a_scope,
        sessions::the_current_session_is_the_latest_recorded_keyless_one,
        sessions::keyless_sessions_of_one_scope_at_one_time_are_one,
        sessions::a_session_tells_its_count_and_times,
        sessions::sessions_are_listed_latest_message_first,
        sessions::temporary_sessions_are_found_when_they_are_quiet,
        memories::every_property_of_a_memory_is_read_back,
        memories::versions_tell_what_who_when_and_why,
        memories::versions_conflict_is_reported_with_what_was_found,
        memories::as_of_sees_what_was_recorded_then,
        memories::writes_of_one_changeset_see_each_other,
        listing::memories_are_listed_newest_change_first,
        listing::pages_hold_every_record_once,
        listing::status_pin_and_expiry_narrow_a_list,
        listing::a_given_scope_id_must_match_and_an_absent_one_does_not_restrict,
        filtering::filters_select_what_they_admit,
        filtering::owners_are_those_that_the_filter_admits,
        filtering::owners_as_of_a_moment_are_those_that_the_filter_admitted_then,
        state::state_is_compared_and_set,
        state::state_of_two_exact_scopes_never_meets,
        state::a_removed_key_is_kept_with_its_history,
        state::state_versions_tell_what_who_when_and_why,
        state::state_is_listed_by_key_under_a_scope,
        state::state_keys_are_those_that_have_content,
        state::a_snapshot_serves_state_and_pinned_memories,
        state::a_snapshot_as_of_a_moment_serves_what_was_recorded_then,
        erasing::an_erased_memory_leaves_no_content_in_any_read,
        erasing::an_erased_message_leaves_no_content_in_any_read,
        erasing::an_erased_state_key_leaves_no_content_in_any_read,
        erasing::what_was_erased_does_not_come_back,
        erasing::a_receipt_written_after_an_erase_holds_none_of_it,
        erasing::a_memory_version_written_after_an_erase_holds_none_of_its_quotes,
        erasing::erasing_twice_changes_nothing,
        erasing::erasing_the_unknown_is_refused,
        applying::a_failing_changeset_writes_nothing,
        applying::one_bad_member_fails_alone_in_a_group,
        applying::no_read_sees_half_of_a_changeset,
        applying::a_caller_that_goes_away_leaves_a_whole_changeset_or_none,
        applying::of_concurrent_changes_to_one_version_one_wins,
        applying::idempotency_keys_replay_the_first_answer,
        applying::an_idempotency_key_of_another_request_is_refused,
        applying::a_failed_changeset_leaves_its_idempotency_key_unused,
        applying::of_concurrent_repetitions_one_is_applied,
        applying::every_applied_changeset_is_audited_once,
    );
    run_derived(&fresh).await;
}

/// The rules of what is derived from records, and of the store as a whole.
async fn run_derived<P: StorePlace>(fresh: &impl Fn() -> P) {
    run_rules!(fresh();
        state::pins_are_tested_before_they_are_cut,
        ageing::an_idempotency_key_is_remembered_for_its_days,
        ageing::receipts_are_kept_for_their_days,
        ageing::audit_entries_are_kept_for_their_days,
        ageing::an_erasure_drops_the_digests_of_requests,
        passages::every_property_of_a_passage_is_read_back,
        passages::places_grow_and_are_never_used_twice,
        passages::a_new_version_retires_the_passages_before_it,
        passages::passages_are_paged_by_segment,
        passages::passages_are_stale_until_they_have_a_vector_of_the_embedder,
        passages::vectors_for_passages_that_are_gone_are_passed_over,
        passages::holdings_tell_which_text_brought_which_passages,
        passages::mended_passages_stand_in_the_place_of_the_old,
        passages::a_mending_of_what_has_changed_since_is_passed_over,
        passages::stats_count_what_is_there,
        receipts::every_property_of_a_receipt_is_read_back,
        durability::what_was_acknowledged_is_there_after_reopening,
        durability::a_backup_holds_the_space_as_it_was,
        durability::a_backup_tells_its_progress_and_overwrites_nothing,
        durability::a_store_that_cannot_write_says_so_and_reads_on,
        isolation::two_spaces_never_meet,
        random::random_changes_leave_what_the_model_leaves,
    );
}

/// A fresh space of a place.
async fn open(place: &dyn StorePlace) -> Arc<dyn SpaceStore> {
    told(place.open().await.space(a_space()).await)
}

/// The answer of a call that has no reason to fail.
fn told<T>(answer: Result<T, PortError>) -> T {
    answer.expect("the store answers")
}

/// Applies a ChangeSet that has no reason to fail.
async fn apply(space: &dyn SpaceStore, changes: ChangeSetBuilder) -> Vec<Outcome> {
    let changes = changes.build();
    let write_count = changes.writes.len();
    let applied = space.apply(changes).await.expect("a sound ChangeSet is applied");
    assert!(!applied.replayed, "a new ChangeSet is no repetition");
    assert_eq!(applied.outcomes.len(), write_count, "one outcome for each write");
    applied.outcomes
}

/// Applies a ChangeSet that must be refused.
async fn refuse(space: &dyn SpaceStore, changes: ChangeSetBuilder) -> ApplyError {
    space.apply(changes.build()).await.expect_err("the ChangeSet is refused")
}
