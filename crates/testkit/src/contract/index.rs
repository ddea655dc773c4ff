//! The contract of [`PassageIndex`]: measured against the exact search of [`NaiveIndex`](crate::NaiveIndex).

pub mod bounds;
mod comparing;
pub mod following;
pub mod neighbours;
pub mod recall;
pub mod segments;
pub mod signals;
pub mod topics;
mod world;

use std::sync::Arc;

use dreamkeeper_domain::ports::PassageIndex;

use super::run_rules;

/// Runs every rule, each on an index that the factory makes anew.
pub async fn run_all(fresh: impl Fn() -> Arc<dyn PassageIndex>) {
    run_rules!(*fresh();
        signals::signals_are_those_of_the_formulas,
        signals::an_added_term_counts_by_its_weight,
        signals::passages_without_a_vector_of_the_embedder_have_no_cosine,
        signals::a_request_without_terms_and_vector_nominates_nothing,
        signals::what_is_not_there_is_not_found,
        bounds::nothing_outside_the_scope_is_told,
        bounds::nothing_below_the_origin_floor_is_told,
        bounds::nothing_that_the_filter_refuses_is_told,
        bounds::nothing_but_the_given_owners_is_told,
        bounds::as_of_tells_passages_as_they_stood,
        bounds::messages_and_memories_are_told_when_wanted,
        bounds::counts_bound_what_is_nominated,
        bounds::of_equals_the_later_place_comes_first,
        neighbours::turns_within_the_window_are_told_too,
        neighbours::all_passages_of_a_nominated_message_are_told,
        neighbours::neighbours_are_bounded_as_hits_are,
        segments::another_segment_changes_no_byte_of_the_answer,
        segments::another_space_changes_no_byte_of_the_answer,
        segments::scores_of_one_segment_depend_on_no_other,
        segments::counts_are_over_all_segments_together,
        following::what_is_committed_and_told_is_found,
        following::a_change_that_is_told_twice_changes_nothing,
        following::changes_told_in_another_order_end_the_same,
        following::erased_passages_are_gone,
        following::what_was_discarded_is_loaded_anew,
        following::questions_and_changes_may_meet,
        topics::topics_are_told_apart_and_when_wanted,
        topics::topics_are_found_as_their_versions_stood,
        recall::the_same_question_gets_the_same_answer,
        recall::nominated_recall_is_at_least_99_in_100,
    );
}
