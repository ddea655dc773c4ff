//! Queueing events, and listing them.

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::event::{EventState, LearnEvent};
use dreamkeeper_domain::id::EventId;
use dreamkeeper_domain::limits::{CHANGESET_WRITES_MAX, QUEUE_EVENTS_MAX};
use dreamkeeper_domain::ports::EventQuery;
use dreamkeeper_domain::scope::Scope;

use super::{StorePlace, apply, enqueue, event, event_at, open, refuse, settle, talk, told};
use crate::builders::{
    a_candidate, a_message, a_named_session, a_scope, an_event, an_event_of, at, changes, minute,
    next_id_bytes,
};

/// With its proposals, whole.
pub async fn an_event_is_read_back_as_it_was_queued(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, messages) = talk(&*space, "ana", 2).await;
    let spoken = event_at(&session, &messages[0], 3);
    let proposal = a_candidate("Ana rows", &a_scope("ana", &["home"]), &[&messages[1]]);
    let proposed = LearnEvent { proposals: vec![proposal], ..an_event(&a_scope("ana", &["home"])) };
    let outcomes = apply(&*space, changes().writes([enqueue(&spoken), enqueue(&proposed)])).await;
    assert_eq!(outcomes, [&spoken, &proposed].map(|event| Outcome::Enqueued { id: event.id }));
    assert_eq!(event(&*space, spoken.id).await, spoken);
    assert_eq!(event(&*space, proposed.id).await, proposed);
    assert_eq!(told(space.events(&[EventId::new(minute(0), next_id_bytes())]).await), []);
}

/// And an event of which nothing is left is not made.
pub async fn messages_that_were_there_already_are_left_out(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &[]), "talk");
    let message = |id: &str| a_message(&format!("about {id}")).in_session(&session).client_id(id);
    apply(&*space, changes().open(&session).write(message("1").write())).await;
    let (again, new) = (message("1"), message("2"));
    let made = an_event_of(&session, &[&again.clone().build(), &new.clone().build()]);
    let writes = [again.clone().write(), new.clone().write(), enqueue(&made)];
    apply(&*space, changes().open(&session).writes(writes)).await;
    assert_eq!(event(&*space, made.id).await.messages, [new.build().id]);
    let nothing = an_event_of(&session, &[&again.clone().build()]);
    let outcomes = apply(&*space, changes().writes([again.write(), enqueue(&nothing)])).await;
    assert_eq!(outcomes[1], Outcome::Done);
    assert_eq!(told(space.events(&[nothing.id]).await), []);
}

/// As messages do.
pub async fn an_event_follows_its_session_to_the_one_that_is_there(place: &dyn StorePlace) {
    let space = open(place).await;
    let (there, _) = talk(&*space, "ana", 1).await;
    let second = a_named_session(a_scope("ana", &[]), "talk");
    let message = a_message("and so on").in_session(&second);
    let made = an_event_of(&second, &[&message.clone().build()]);
    apply(&*space, changes().open(&second).writes([message.write(), enqueue(&made)])).await;
    assert_eq!(event(&*space, made.id).await.session, Some(there.id));
}

/// Its words are nowhere.
pub async fn an_event_for_no_session_is_refused(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &[]), "talk");
    let message = a_message("lost").in_session(&session).build();
    let error = refuse(&*space, changes().write(enqueue(&an_event_of(&session, &[&message])))).await;
    assert!(matches!(error, ApplyError::NotFound { .. }), "{error}");
}

/// Under a scope, of a session, in a state; every one once.
pub async fn events_are_paged_newest_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, of_ana) = talk(&*space, "ana", 5).await;
    let (bo, of_bo) = talk(&*space, "bo", 1).await;
    let events: Vec<LearnEvent> =
        of_ana.iter().zip(0..).map(|(message, count)| event_at(&ana, message, count / 2)).collect();
    let other = event_at(&bo, &of_bo[0], 9);
    apply(&*space, changes().writes(events.iter().chain([&other]).map(enqueue))).await;
    let space = &space;
    let ask = |query: EventQuery| async move { told(space.list_events(&query).await) };
    let mut query = EventQuery { scope: Scope::user("ana"), limit: 2, ..EventQuery::default() };
    let mut found = Vec::new();
    loop {
        let page = ask(query.clone()).await;
        assert!(page.items.len() <= 2);
        found.extend(page.items.iter().map(|event| event.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let mut expected = events.clone();
    expected.sort_by_key(|event| std::cmp::Reverse((event.created_at, event.id)));
    assert_eq!(found, expected.iter().map(|event| event.id).collect::<Vec<_>>());
    let of = |session, states| EventQuery { session, states, limit: 10, ..EventQuery::default() };
    assert_eq!(ask(of(Some(bo.id), Vec::new())).await.items, [other]);
    assert_eq!(ask(of(None, vec![EventState::Pending])).await.items.len(), 6);
    assert_eq!(ask(of(None, vec![EventState::Failed, EventState::Succeeded])).await.items, []);
    let bad = EventQuery { after: Some("nowhere".into()), limit: 2, ..EventQuery::default() };
    assert!(space.list_events(&bad).await.is_err(), "a cursor that no page gave is refused");
}

/// Nothing of it is written, messages neither; one that brings nothing new is not refused.
pub async fn a_full_queue_refuses_the_whole_changeset(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let proposal = a_candidate("Ana rows", &scope, &[]);
    let made = || LearnEvent { proposals: vec![proposal.clone()], ..an_event(&scope) };
    let mut left = QUEUE_EVENTS_MAX;
    while left > 0 {
        let count = left.min(CHANGESET_WRITES_MAX);
        apply(&*space, changes().writes((0..count).map(|_| enqueue(&made())))).await;
        left -= count;
    }
    let (session, message) = (a_named_session(scope.clone(), "talk"), a_message("one more"));
    let message = message.in_session(&session).client_id("1");
    let one_more = an_event_of(&session, &[&message.clone().build()]);
    let set = changes().open(&session).writes([message.clone().write(), enqueue(&one_more)]);
    let error = refuse(&*space, set).await;
    assert_eq!(error, ApplyError::QueueFull { waiting: QUEUE_EVENTS_MAX as u64 });
    assert_eq!(told(space.messages(&[message.clone().build().id]).await), []);
    apply(&*space, changes().open(&session).write(message.clone().write())).await;
    apply(&*space, changes().open(&session).writes([message.write(), enqueue(&one_more)])).await;
    // What a worker has does not wait.
    let taken = super::leased(&*space, "w", 0, 1).await;
    apply(&*space, changes().at(at("2026-01-05T09:01:00Z")).write(enqueue(&made()))).await;
    refuse(&*space, changes().at(minute(9)).write(enqueue(&made()))).await;
    refuse(&*space, changes().write(settle("v", &taken, super::Settlement::Released))).await;
}
