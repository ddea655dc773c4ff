//! Servers and answers that break: learning waits, goes on by itself, and tells.

use std::collections::HashSet;

use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::message::Role;
use dreamkeeper_testkit::Fault;

use crate::house::{WAYS, house, item, proposing};

const SAID: &str = "I live in Lisbon";

/// An answer came, and is of use after repair or another call.
const MENDED: [Fault; 6] = [
    Fault::TruncatedJson,
    Fault::FencedJson,
    Fault::TrailingProse,
    Fault::WrongSchema,
    Fault::NotJson,
    Fault::Refusal,
];
/// No answer came.
const DOWN: [Fault; 10] = [
    Fault::Status429,
    Fault::Status500,
    Fault::Status529,
    Fault::Status401,
    Fault::SlowDrip,
    Fault::BreakOff,
    Fault::HangUp,
    Fault::Silence,
    Fault::HtmlPage,
    Fault::EmptyAnswer,
];

#[test]
fn every_fault_is_tried() {
    let tried: HashSet<Fault> = MENDED.into_iter().chain(DOWN).collect();
    assert_eq!(tried, Fault::ALL.into());
}

fn honest() -> dreamkeeper_testkit::Behaviour {
    proposing(vec![item("User lives in Lisbon", SAID)])
}

#[tokio::test]
async fn an_answer_that_can_be_mended_or_asked_for_again_is_learned_and_told() {
    for way in WAYS {
        for fault in MENDED {
            let house = house(way, fault.over_first(1, honest())).await;
            let event = house.hear("one", &[(Role::User, SAID)]).await;
            assert_eq!(event.state, EventState::Succeeded, "{way:?} {fault:?}: {event:?}");
            assert_eq!(house.active().await, ["User lives in Lisbon"], "{way:?} {fault:?}");
            house.holds(&format!("{way:?} {fault:?}"), &event).await;
        }
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_waited_for() {
    for way in WAYS {
        for fault in DOWN {
            let house = house(way, fault.over_first(1, honest())).await;
            let first = house.hear("one", &[(Role::User, SAID)]).await;
            assert_eq!(first.state, EventState::Pending, "{way:?} {fault:?}: {first:?}");
            assert!(first.error.is_some(), "{way:?} {fault:?}: {first:?}");
            assert!(house.memories(&dreamkeeper_domain::memory::Status::ALL).await.is_empty());
            let event = house.later(&first).await;
            assert_eq!(event.state, EventState::Succeeded, "{way:?} {fault:?}: {event:?}");
            assert_eq!(house.active().await, ["User lives in Lisbon"], "{way:?} {fault:?}");
            house.holds(&format!("{way:?} {fault:?}"), &event).await;
        }
    }
}

#[tokio::test]
async fn a_model_that_always_refuses_fails_the_event_and_keeps_the_message() {
    for way in WAYS {
        let house = house(way, Fault::Refusal.over(honest())).await;
        let mut event = house.hear("one", &[(Role::User, SAID)]).await;
        for _ in 0..dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX {
            event = house.later(&event).await;
        }
        assert_eq!(event.state, EventState::Failed, "{event:?}");
        assert!(event.error.as_deref().is_some_and(|error| error.contains("refused")), "{event:?}");
        house.holds("refusals", &event).await;
    }
}
