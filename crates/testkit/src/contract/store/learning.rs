//! The contract of `LearningRecords` and of the writes that feed it.

pub mod erasing;
pub mod finding;
pub mod leasing;
pub mod pruning;
pub mod quarantine;
pub mod queueing;
pub mod serving;
pub mod settling;

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::event::{LearnEvent, Settlement};
use dreamkeeper_domain::id::EventId;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::session::Session;
use jiff::Timestamp;

use super::{StorePlace, apply, open, refuse, run_rules, told};
use crate::builders::{a_message, a_named_session, a_scope, an_event_of, changes, minute};

/// Runs every rule, each on a place that the factory makes anew.
pub async fn run_all<P: StorePlace>(fresh: impl Fn() -> P) {
    run_rules!(fresh();
        queueing::an_event_is_read_back_as_it_was_queued,
        queueing::messages_that_were_there_already_are_left_out,
        queueing::an_event_follows_its_session_to_the_one_that_is_there,
        queueing::an_event_for_no_session_is_refused,
        queueing::events_are_paged_newest_first,
        queueing::a_full_queue_refuses_the_whole_changeset,
        leasing::the_oldest_sessions_come_first_each_with_its_events_in_order,
        leasing::a_session_of_which_an_event_is_running_waits,
        leasing::an_event_that_is_not_due_holds_back_those_after_it,
        leasing::a_worker_gets_no_more_than_it_asks_for,
        leasing::proposals_are_given_one_by_one,
        leasing::a_lease_that_has_run_out_is_given_to_another,
        leasing::an_event_whose_worker_never_comes_back_is_given_up,
        leasing::leasing_leaves_no_audit_entry,
        settling::the_report_is_kept_on_the_first_and_spending_is_summed_by_day,
        settling::what_a_worker_holds_no_more_it_cannot_settle,
        settling::a_retry_waits_until_it_is_due,
        settling::too_many_tries_fail,
        settling::waits_that_do_not_count_never_fail,
        settling::freed_leases_can_be_taken_again,
        settling::a_failed_event_waits_again_when_it_is_requeued,
        settling::what_is_given_back_was_not_tried,
        settling::queue_stats_tell_how_full_the_queue_is,
        quarantine::a_held_candidate_is_read_back_and_kept_once,
        quarantine::a_held_candidate_is_closed_once,
        quarantine::held_candidates_are_paged_newest_first,
        quarantine::the_summary_that_reaches_further_stands,
        quarantine::summaries_are_those_of_the_latest_sessions,
        finding::slots_find_active_and_superseded_memories_of_the_exact_scope,
        finding::quotes_find_the_memories_that_rest_on_them,
        finding::texts_find_active_memories_whatever_their_spelling,
        finding::names_find_active_memories_under_a_scope,
        finding::names_are_counted_most_named_first,
        serving::sentences_of_served_memories_are_known_to_their_user_and_agent,
        serving::words_of_low_origin_are_known_to_whom_they_were_served,
        serving::usefulness_counts_each_receipt_once,
        serving::feedback_is_counted,
        serving::learning_records_of_two_spaces_never_meet,
        pruning::settled_events_go_when_they_are_old,
        pruning::closed_candidates_go_when_they_are_old,
        pruning::when_a_space_was_maintained_is_noted,
        erasing::an_erased_message_leaves_nothing_that_was_learned_from_it,
        erasing::an_erased_memory_leaves_nothing_that_tells_it,
        erasing::what_was_learned_of_erased_messages_is_not_written,
        erasing::an_erased_message_leaves_no_words_of_warnings_and_errors,
    );
}

/// A named session of a user, with so many messages, recorded.
async fn talk(space: &dyn SpaceStore, user: &str, count: usize) -> (Session, Vec<Message>) {
    let session = a_named_session(a_scope(user, &[]), "talk");
    let message = |number| a_message(&format!("{user} says {number}")).in_session(&session);
    let messages: Vec<_> = (0..count).map(message).collect();
    let writes = messages.iter().map(|message| message.clone().write());
    apply(space, changes().open(&session).writes(writes)).await;
    (session, messages.into_iter().map(crate::builders::MessageBuilder::build).collect())
}

fn enqueue(event: &LearnEvent) -> Write {
    Write::Enqueue(Box::new(event.clone()))
}

/// An event of one message, made and due at a minute.
fn event_at(session: &Session, message: &Message, count: i64) -> LearnEvent {
    LearnEvent { created_at: minute(count), due_at: minute(count), ..an_event_of(session, &[message]) }
}

fn lease(worker: &str, until: Timestamp, count_max: usize) -> Write {
    Write::Lease { worker: worker.to_owned(), until, count_max }
}

/// What a worker gets at a minute, to be held for five.
async fn leased(space: &dyn SpaceStore, worker: &str, count: i64, count_max: usize) -> Vec<EventId> {
    let write = lease(worker, minute(count + 5), count_max);
    let mut outcomes = apply(space, changes().at(minute(count)).write(write)).await;
    match outcomes.pop() {
        Some(Outcome::Leased { events }) => events,
        other => panic!("leasing answers what was leased, not {other:?}"),
    }
}

fn settle(worker: &str, events: &[EventId], settlement: Settlement) -> Write {
    Write::Settle { worker: worker.to_owned(), events: events.to_vec(), settlement }
}

async fn event(space: &dyn SpaceStore, id: EventId) -> LearnEvent {
    told(space.events(&[id]).await).pop().expect("the event is there")
}
