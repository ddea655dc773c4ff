//! Leasing: who gets what, and when.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::event::{EventState, LearnEvent, Lease};
use dreamkeeper_domain::id::EventId;
use dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX;

use super::{StorePlace, apply, enqueue, event, event_at, leased, open, talk, told};
use crate::builders::{a_candidate, a_scope, an_event, changes, minute};

fn ids(events: &[&LearnEvent]) -> Vec<EventId> {
    events.iter().map(|event| event.id).collect()
}

/// In the order in which they were queued.
pub async fn the_oldest_sessions_come_first_each_with_its_events_in_order(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 2).await;
    let (bo, of_bo) = talk(&*space, "bo", 2).await;
    let later = event_at(&ana, &of_ana[0], 1);
    let oldest = event_at(&bo, &of_bo[0], 0);
    let last = event_at(&ana, &of_ana[1], 2);
    let second = event_at(&bo, &of_bo[1], 3);
    let events = [&later, &oldest, &last, &second];
    apply(&*space, changes().writes(events.map(enqueue))).await;
    assert_eq!(leased(&*space, "w", 5, 64).await, ids(&[&oldest, &second, &later, &last]));
    let found = event(&*space, last.id).await;
    assert_eq!((found.state, found.attempts), (EventState::Running, 1));
    assert_eq!(found.lease, Some(Lease { worker: "w".into(), until: minute(10) }));
}

/// Whoever asks, and other sessions do not.
pub async fn a_session_of_which_an_event_is_running_waits(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 2).await;
    let (bo, of_bo) = talk(&*space, "bo", 1).await;
    let [first, second] = [0, 1].map(|place: usize| event_at(&ana, &of_ana[place], 0));
    apply(&*space, changes().write(enqueue(&first))).await;
    assert_eq!(leased(&*space, "w", 0, 64).await, [first.id]);
    let other = event_at(&bo, &of_bo[0], 1);
    apply(&*space, changes().writes([enqueue(&second), enqueue(&other)])).await;
    assert_eq!(leased(&*space, "w", 1, 64).await, [other.id]);
    assert_eq!(leased(&*space, "v", 1, 64).await, []);
    let done = super::settle("w", &[first.id], super::Settlement::Succeeded(Box::default()));
    apply(&*space, changes().at(minute(2)).write(done)).await;
    assert_eq!(leased(&*space, "v", 2, 64).await, [second.id]);
}

/// Events of one session are worked on in order.
pub async fn an_event_that_is_not_due_holds_back_those_after_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 3).await;
    let due = [0, 5, 0].map(minute);
    let made = of_ana.iter().zip(due).map(|(message, due_at)| {
        let event = event_at(&ana, message, 0);
        LearnEvent { due_at, ..event }
    });
    let events: Vec<LearnEvent> = made.collect();
    apply(&*space, changes().writes(events.iter().map(enqueue))).await;
    assert_eq!(leased(&*space, "w", 1, 64).await, ids(&[&events[0]]));
    let done = super::settle("w", &[events[0].id], super::Settlement::Succeeded(Box::default()));
    apply(&*space, changes().at(minute(1)).write(done)).await;
    assert_eq!(leased(&*space, "w", 4, 64).await, []);
    assert_eq!(told(space.queue_stats(minute(4)).await).next_due_at, Some(minute(5)));
    assert_eq!(leased(&*space, "w", 5, 64).await, ids(&[&events[1], &events[2]]));
}

/// A session that does not fit is left whole for later; one alone is begun.
pub async fn a_worker_gets_no_more_than_it_asks_for(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 3).await;
    let (bo, of_bo) = talk(&*space, "bo", 2).await;
    let first: Vec<LearnEvent> = of_ana.iter().map(|message| event_at(&ana, message, 0)).collect();
    let then: Vec<LearnEvent> = of_bo.iter().map(|message| event_at(&bo, message, 1)).collect();
    apply(&*space, changes().writes(first.iter().chain(&then).map(enqueue))).await;
    assert_eq!(leased(&*space, "w", 1, 2).await, ids(&[&first[0], &first[1]]));
    assert_eq!(leased(&*space, "v", 1, 1).await, ids(&[&then[0]]));
    for (worker, events) in [("w", &first[..2]), ("v", &then[..1])] {
        let events: Vec<EventId> = events.iter().map(|event| event.id).collect();
        let done = super::settle(worker, &events, super::Settlement::Released);
        apply(&*space, changes().at(minute(2)).write(done)).await;
    }
    assert_eq!(leased(&*space, "w", 2, 4).await, ids(&[&first[0], &first[1], &first[2]]));
}

/// They are of no session and wait for none.
pub async fn proposals_are_given_one_by_one(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let proposals = || vec![a_candidate("Ana rows", &scope, &[])];
    let events = [(); 3].map(|()| LearnEvent { proposals: proposals(), ..an_event(&scope) });
    apply(&*space, changes().writes(events.iter().map(enqueue))).await;
    assert_eq!(leased(&*space, "w", 0, 2).await, ids(&[&events[0], &events[1]]));
    assert_eq!(leased(&*space, "w", 0, 2).await, ids(&[&events[2]]));
}

/// With the events of its session that wait, and counts as one more try.
pub async fn a_lease_that_has_run_out_is_given_to_another(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 2).await;
    let events = [0, 1].map(|place: usize| event_at(&ana, &of_ana[place], 0));
    apply(&*space, changes().write(enqueue(&events[0]))).await;
    assert_eq!(leased(&*space, "w", 0, 64).await, ids(&[&events[0]]));
    apply(&*space, changes().write(enqueue(&events[1]))).await;
    assert_eq!(leased(&*space, "v", 4, 64).await, []);
    assert_eq!(leased(&*space, "v", 5, 64).await, ids(&[&events[0], &events[1]]));
    assert_eq!(event(&*space, events[0].id).await.attempts, 2);
}

/// So that it cannot keep its session from ever being learned from.
pub async fn an_event_whose_worker_never_comes_back_is_given_up(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 1).await;
    let poison = event_at(&ana, &of_ana[0], 0);
    apply(&*space, changes().write(enqueue(&poison))).await;
    for round in 0..i64::from(EVENT_ATTEMPTS_MAX) {
        assert_eq!(leased(&*space, "w", round * 5, 64).await, [poison.id], "try {round}");
    }
    assert_eq!(leased(&*space, "w", 100, 64).await, []);
    let found = event(&*space, poison.id).await;
    assert_eq!((found.state, found.settled_at), (EventState::Failed, Some(minute(100))));
    assert!(found.error.is_some() && found.lease.is_none());
}

/// Workers ask all the time.
pub async fn leasing_leaves_no_audit_entry(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 1).await;
    apply(&*space, changes().write(enqueue(&event_at(&ana, &of_ana[0], 0)))).await;
    let before = told(space.audit(0, 100).await).len();
    assert_eq!(leased(&*space, "w", 0, 64).await.len(), 1);
    assert_eq!(told(space.audit(0, 100).await).len(), before);
    let requeue = Write::Requeue(event_at(&ana, &of_ana[0], 0).id);
    super::refuse(&*space, changes().write(requeue)).await;
}
