//! Pruning: settled events and closed candidates go when they are past their time, and nothing else does.

use dreamkeeper_domain::candidate::{Closing, HeldStatus};
use dreamkeeper_domain::changeset::{Outcome, Outdated, Pruned, Write};
use dreamkeeper_domain::event::{EventState, Settlement};
use dreamkeeper_domain::ports::EventQuery;

use super::{StorePlace, apply, enqueue, event_at, leased, open, settle, talk, told};
use crate::builders::{a_candidate, a_held, a_scope, an_actor, changes, minute};

fn old(succeeded: i64, failed: i64, closed: i64) -> Outdated {
    Outdated {
        succeeded_before: minute(succeeded),
        failed_before: minute(failed),
        closed_before: minute(closed),
    }
}

/// By the moment of settling, each sort by its own; what waits or runs stays.
pub async fn settled_events_go_when_they_are_old(place: &dyn StorePlace) {
    let space = open(place).await;
    for (user, count) in [("ana", 1), ("bo", 2), ("cy", 3)] {
        let (session, messages) = talk(&*space, user, 1).await;
        apply(&*space, changes().write(enqueue(&event_at(&session, &messages[0], 0)))).await;
        let ids = leased(&*space, "w", count, 64).await;
        let settlement = match count {
            2 => Settlement::Failed { error: "broken".into() },
            _ => Settlement::Succeeded(Box::default()),
        };
        apply(&*space, changes().at(minute(count)).write(settle("w", &ids, settlement))).await;
    }
    let (session, messages) = talk(&*space, "dot", 1).await;
    apply(&*space, changes().write(enqueue(&event_at(&session, &messages[0], 0)))).await;
    let count = |event_count| Pruned { event_count, held_count: 0 };
    assert_eq!(told(space.outdated(old(1, 2, 9)).await), count(0), "the moment itself is not before");
    assert_eq!(told(space.outdated(old(9, 2, 9)).await), count(2));
    assert_eq!(told(space.outdated(old(9, 9, 9)).await), count(3));
    let prune = |old, count_max| changes().at(minute(20)).write(Write::Prune { old, count_max });
    assert_eq!(apply(&*space, prune(old(9, 2, 9), 1)).await, [Outcome::Pruned(count(1))], "at most so many");
    assert_eq!(apply(&*space, prune(old(9, 2, 9), 9)).await, [Outcome::Pruned(count(1))]);
    assert_eq!(apply(&*space, prune(old(9, 2, 9), 9)).await, [Outcome::Pruned(count(0))]);
    let query = EventQuery { limit: 10, ..EventQuery::default() };
    let mut states: Vec<_> =
        told(space.list_events(&query).await).items.into_iter().map(|event| event.state.as_str()).collect();
    states.sort_unstable();
    assert_eq!(states, [EventState::Failed.as_str(), EventState::Pending.as_str()]);
    assert_eq!(told(space.queue_stats(minute(20)).await).pending_count, 1);
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// By the moment of holding; what waits for a person stays.
pub async fn closed_candidates_go_when_they_are_old(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut ids = Vec::new();
    for count in 0..3 {
        let mut held = a_held(a_candidate(&format!("Ana rows {count}"), &a_scope("ana", &[]), &[]));
        held.held_at = minute(count);
        apply(&*space, changes().write(Write::Hold(Box::new(held.clone())))).await;
        ids.push(held.candidate.id);
    }
    let closing = Closing { actor: an_actor(), at: minute(5), reason: None, memory: None };
    for id in &ids[..2] {
        let close = Write::CloseHeld { id: *id, status: HeldStatus::Rejected, closing: closing.clone() };
        apply(&*space, changes().write(close)).await;
    }
    let count = |held_count| Pruned { event_count: 0, held_count };
    assert_eq!(told(space.outdated(old(0, 0, 1)).await), count(1));
    assert_eq!(told(space.outdated(old(0, 0, 9)).await), count(2));
    let prune = changes().at(minute(20)).write(Write::Prune { old: old(0, 0, 9), count_max: 9 });
    assert_eq!(apply(&*space, prune).await, [Outcome::Pruned(count(2))]);
    let left: Vec<_> = told(space.held(&ids).await).into_iter().map(|held| held.candidate.id).collect();
    assert_eq!(left, ids[2..]);
}

/// Nothing until it is noted; then the latest.
pub async fn when_a_space_was_maintained_is_noted(place: &dyn StorePlace) {
    let space = open(place).await;
    assert_eq!(told(space.maintained_at().await), None);
    for count in [3, 7] {
        apply(&*space, changes().write(Write::NoteMaintained(minute(count)))).await;
        assert_eq!(told(space.maintained_at().await), Some(minute(count)));
    }
}
