//! Settling: what came of events.

use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::event::{EventState, LearnReport, QueueStats, Settlement, Spending, Verdict};
use dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX;
use jiff::civil::date;

use super::{StorePlace, apply, enqueue, event, event_at, leased, open, refuse, settle, talk, told};
use crate::builders::{a_decision, a_memory, at, changes, minute};

fn a_report() -> LearnReport {
    LearnReport {
        turns_read: 2,
        turns_learned_from: 1,
        skipped: [("background".to_owned(), 1)].into(),
        decisions: vec![a_decision(Verdict::Drop, "It rains", &[])],
        warnings: vec!["an answer was repaired".into()],
        calls: 2,
        prompt_tokens: 100,
        answer_tokens: 20,
        micro_cost: 7,
    }
}

/// UTC days, of the moment of settling.
pub async fn the_report_is_kept_on_the_first_and_spending_is_summed_by_day(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 4).await;
    let events: Vec<_> = messages.iter().map(|message| event_at(&ana, message, 0)).collect();
    apply(&*space, changes().writes(events[..2].iter().map(enqueue))).await;
    let both = leased(&*space, "w", 0, 64).await;
    let done = settle("w", &both, Settlement::Succeeded(Box::new(a_report())));
    apply(&*space, changes().at(minute(1)).write(done)).await;
    for (id, report) in both.iter().zip([a_report(), LearnReport::default()]) {
        let found = event(&*space, *id).await;
        assert_eq!((found.state, found.settled_at), (EventState::Succeeded, Some(minute(1))));
        assert_eq!((found.report, found.lease, found.error), (report, None, None));
    }
    for (one, moment) in events[2..].iter().zip(["2026-01-05T23:59:59Z", "2026-01-06T00:00:00Z"]) {
        let moment = at(moment);
        apply(&*space, changes().write(enqueue(one))).await;
        let until = moment + jiff::SignedDuration::from_mins(5);
        apply(&*space, changes().at(moment).write(super::lease("w", until, 64))).await;
        let done = settle("w", &[one.id], Settlement::Succeeded(Box::new(a_report())));
        apply(&*space, changes().at(moment).write(done)).await;
    }
    let spent = |times: u64| Spending { calls: 2 * times, tokens: 120 * times, micro_cost: 7 * times };
    for (day, times) in [(4, 0), (5, 2), (6, 1)] {
        assert_eq!(told(space.spending(date(2026, 1, day)).await), spent(times), "day {day}");
    }
}

/// Nor write anything else with it.
pub async fn what_a_worker_holds_no_more_it_cannot_settle(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 2).await;
    let events = [0, 1].map(|place: usize| event_at(&ana, &messages[place], 0));
    apply(&*space, changes().writes(events.iter().map(enqueue))).await;
    let both = leased(&*space, "w", 0, 64).await;
    let memory = a_memory("Ana rows");
    let attempt = |worker: &str, ids: &[_], count| {
        let done = settle(worker, ids, Settlement::Succeeded(Box::new(a_report())));
        changes().at(minute(count)).write(memory.clone().write()).write(done)
    };
    let lost =
        |worker: &str, place: usize| ApplyError::LeaseLost { worker: worker.into(), event: both[place] };
    assert_eq!(refuse(&*space, attempt("v", &both, 1)).await, lost("v", 0), "another's");
    assert_eq!(refuse(&*space, attempt("w", &both, 5)).await, lost("w", 0), "run out");
    apply(&*space, changes().at(minute(1)).write(settle("w", &both[1..], Settlement::Released))).await;
    assert_eq!(refuse(&*space, attempt("w", &both, 1)).await, lost("w", 1), "given back");
    assert_eq!(event(&*space, both[0]).await.state, EventState::Running, "settled whole or not at all");
    assert_eq!(told(space.memories(&[memory.clone().build().id], None).await), []);
    assert_eq!(told(space.spending(date(2026, 1, 5)).await), Spending::default());
    apply(&*space, attempt("w", &both[..1], 1)).await;
    let again = changes().at(minute(1)).write(settle("w", &both[..1], Settlement::Released));
    assert_eq!(refuse(&*space, again).await, lost("w", 0), "settled");
}

/// And tells why.
pub async fn a_retry_waits_until_it_is_due(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 1).await;
    apply(&*space, changes().write(enqueue(&event_at(&ana, &messages[0], 0)))).await;
    let ids = leased(&*space, "w", 0, 64).await;
    let again = Settlement::Retry { at: minute(20), error: "the model is down".into(), counts: true };
    apply(&*space, changes().at(minute(1)).write(settle("w", &ids, again))).await;
    let found = event(&*space, ids[0]).await;
    assert_eq!((found.state, found.due_at, found.attempts), (EventState::Pending, minute(20), 1));
    assert_eq!((found.error.as_deref(), found.lease), (Some("the model is down"), None));
    assert_eq!(leased(&*space, "w", 19, 64).await, []);
    assert_eq!(leased(&*space, "w", 20, 64).await, ids);
}

/// However often a worker wants to try again.
pub async fn too_many_tries_fail(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 1).await;
    let made = event_at(&ana, &messages[0], 0);
    apply(&*space, changes().write(enqueue(&made))).await;
    for attempt in 1..=EVENT_ATTEMPTS_MAX {
        let found = event(&*space, made.id).await;
        assert_eq!((found.state, found.attempts), (EventState::Pending, attempt - 1));
        assert_eq!(leased(&*space, "w", 0, 64).await, [made.id]);
        let again = Settlement::Retry { at: minute(0), error: format!("failure {attempt}"), counts: true };
        apply(&*space, changes().write(settle("w", &[made.id], again))).await;
    }
    let found = event(&*space, made.id).await;
    assert_eq!((found.state, found.settled_at), (EventState::Failed, Some(minute(0))));
    assert_eq!(found.error, Some(format!("failure {EVENT_ATTEMPTS_MAX}")));
}

/// A model that is down may be down for long.
pub async fn waits_that_do_not_count_never_fail(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 1).await;
    let made = event_at(&ana, &messages[0], 0);
    apply(&*space, changes().write(enqueue(&made))).await;
    for _ in 0..=EVENT_ATTEMPTS_MAX {
        assert_eq!(leased(&*space, "w", 0, 64).await, [made.id]);
        let again = Settlement::Retry { at: minute(0), error: "the model is down".into(), counts: false };
        apply(&*space, changes().write(settle("w", &[made.id], again))).await;
    }
    let found = event(&*space, made.id).await;
    assert_eq!((found.state, found.attempts), (EventState::Pending, 0));
}

/// What a process held that was killed is taken up by the next one at once.
pub async fn freed_leases_can_be_taken_again(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 1).await;
    let made = event_at(&ana, &messages[0], 0);
    apply(&*space, changes().write(enqueue(&made))).await;
    assert_eq!(leased(&*space, "killed", 0, 64).await, [made.id]);
    assert_eq!(leased(&*space, "next", 0, 64).await, []);
    apply(&*space, changes().write(Write::FreeLeases)).await;
    assert_eq!(event(&*space, made.id).await.attempts, 0);
    assert_eq!(leased(&*space, "next", 0, 64).await, [made.id]);
}

/// As if it had never been tried, and before what came after it.
pub async fn a_failed_event_waits_again_when_it_is_requeued(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 2).await;
    let [first, second] = [0, 1].map(|place: usize| event_at(&ana, &messages[place], 0));
    apply(&*space, changes().write(enqueue(&first))).await;
    let ids = leased(&*space, "w", 0, 64).await;
    let failed = Settlement::Failed { error: "no sense in it".into() };
    apply(&*space, changes().at(minute(1)).write(settle("w", &ids, failed))).await;
    let found = event(&*space, first.id).await;
    assert_eq!((found.state, found.settled_at), (EventState::Failed, Some(minute(1))));
    assert_eq!(found.error.as_deref(), Some("no sense in it"));
    apply(&*space, changes().write(enqueue(&second))).await;
    let requeue = [Write::Requeue(first.id), Write::Requeue(second.id)];
    apply(&*space, changes().at(minute(2)).writes(requeue)).await;
    let found = event(&*space, first.id).await;
    assert_eq!((found.state, found.attempts, found.due_at), (EventState::Pending, 0, minute(2)));
    assert_eq!((found.settled_at, found.error), (None, None));
    assert_eq!(event(&*space, second.id).await, second, "any other is left as it is");
    assert_eq!(leased(&*space, "w", 2, 64).await, [first.id, second.id]);
}

/// A worker that is told to stop gives back what it holds.
pub async fn what_is_given_back_was_not_tried(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, messages) = talk(&*space, "ana", 1).await;
    let made = event_at(&ana, &messages[0], 0);
    apply(&*space, changes().write(enqueue(&made))).await;
    let ids = leased(&*space, "w", 0, 64).await;
    apply(&*space, changes().write(settle("w", &ids, Settlement::Released))).await;
    assert_eq!(event(&*space, made.id).await, made);
    assert_eq!(leased(&*space, "v", 0, 64).await, ids);
}

/// A lease that has run out counts as waiting.
pub async fn queue_stats_tell_how_full_the_queue_is(place: &dyn StorePlace) {
    let space = open(place).await;
    assert_eq!(told(space.queue_stats(minute(0)).await), QueueStats::default());
    let (ana, of_ana) = talk(&*space, "ana", 2).await;
    let (bo, of_bo) = talk(&*space, "bo", 1).await;
    let (cy, of_cy) = talk(&*space, "cy", 1).await;
    let events = [
        event_at(&ana, &of_ana[0], 0),
        event_at(&ana, &of_ana[1], 1),
        event_at(&bo, &of_bo[0], 7),
        event_at(&cy, &of_cy[0], -1),
    ];
    apply(&*space, changes().writes(events.iter().map(enqueue))).await;
    let ids = leased(&*space, "w", 0, 64).await;
    assert_eq!(ids, [events[3].id, events[0].id]);
    let failed = Settlement::Failed { error: "no sense in it".into() };
    apply(&*space, changes().write(settle("w", &ids[..1], failed))).await;
    let expected = QueueStats {
        pending_count: 2,
        running_count: 1,
        failed_count: 1,
        oldest_pending_at: Some(minute(1)),
        next_due_at: Some(minute(7)),
    };
    assert_eq!(told(space.queue_stats(minute(4)).await), expected);
    let run_out = QueueStats {
        pending_count: 3,
        running_count: 0,
        oldest_pending_at: Some(minute(0)),
        next_due_at: Some(minute(0)),
        ..expected
    };
    assert_eq!(told(space.queue_stats(minute(5)).await), run_out);
}
