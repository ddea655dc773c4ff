//! Models that fail: nothing is lost, and the event says what happened.

use dreamkeeper_domain::event::EventState;
use dreamkeeper_engine::learn::{Budget, LearnSettings};
use dreamkeeper_testkit::{ModelReply, ScriptedChat};
use jiff::SignedDuration;
use std::sync::Arc;

use crate::house::{house, house_with, said};
use crate::model::{answer, item, port};

fn script() -> Vec<(&'static str, serde_json::Value)> {
    vec![("tea", item("User likes tea", ("user", "likes", "tea"), "I like tea"))]
}

#[tokio::test]
async fn a_model_that_is_down_is_waited_for() {
    let model = Arc::new(ScriptedChat::responding(|call| {
        if call.number == 0 {
            return ModelReply::HangsUp;
        }
        ModelReply::json(&answer(call, &script()))
    }));
    let house = house(port(&model)).await;
    let event = house.hear("one", vec![said("2026-01-05T10:00:00Z", "I like tea")]).await;
    assert_eq!(event.state, EventState::Pending);
    assert!(event.error.as_deref().is_some_and(|error| error.contains("hung up")), "{event:?}");
    house.clock.advance(SignedDuration::from_secs(5));
    house.engine.learn_round(house.operator.space, "later").await.expect("a round");
    let event = house.engine.event(&house.operator, event.id).await.expect("the event");
    assert_eq!((event.state, house.active().await.len()), (EventState::Succeeded, 1), "{event:?}");
}

#[tokio::test]
async fn a_spent_budget_is_waited_for_until_the_next_day() {
    let model = Arc::new(ScriptedChat::responding(|call| ModelReply::json(&answer(call, &script()))));
    let budget = Budget { tokens_per_day: Some(1), ..Budget::default() };
    let house = house_with(port(&model), LearnSettings { budget, ..LearnSettings::default() }).await;
    let first = house.hear("one", vec![said("2026-01-05T10:00:00Z", "What a day")]).await;
    assert_eq!(first.state, EventState::Succeeded, "the bound is looked at before a call: {first:?}");
    let event = house.hear("one", vec![said("2026-01-05T10:05:00Z", "I like tea")]).await;
    assert_eq!(event.state, EventState::Pending, "{event:?}");
    assert!(event.error.as_deref().is_some_and(|error| error.contains("budget")), "{event:?}");
    // However often it is tried meanwhile, it is not given up.
    for _ in 0..=dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX {
        house.clock.advance(SignedDuration::from_mins(20));
        house.engine.learn_round(house.operator.space, "later").await.expect("a round");
    }
    assert!(house.active().await.is_empty());
    house.clock.advance(SignedDuration::from_hours(24));
    house.engine.learn_round(house.operator.space, "tomorrow").await.expect("a round");
    let event = house.engine.event(&house.operator, event.id).await.expect("the event");
    assert_eq!((event.state, house.active().await.len()), (EventState::Succeeded, 1), "{event:?}");
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_asked_for_again_and_the_event_tells() {
    let model = Arc::new(ScriptedChat::responding(|call| {
        if call.number == 0 {
            return ModelReply::text("I'd rather talk about the weather.");
        }
        ModelReply::json(&answer(call, &script()))
    }));
    let house = house(port(&model)).await;
    let event = house.learn("one", vec![said("2026-01-05T10:00:00Z", "I like tea")]).await;
    assert_eq!((event.report.calls, house.active().await.len()), (2, 1));
    assert!(event.report.warnings[0].contains("first answer"), "{:?}", event.report.warnings);
}

#[tokio::test]
async fn a_model_that_never_answers_in_shape_fails_the_event_after_so_many_tries() {
    let model = Arc::new(ScriptedChat::responding(|_| ModelReply::text("no")));
    let house = house(port(&model)).await;
    let mut event = house.hear("one", vec![said("2026-01-05T10:00:00Z", "I like tea")]).await;
    for _ in 0..dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX {
        house.clock.advance(SignedDuration::from_mins(20));
        house.engine.learn_round(house.operator.space, "later").await.expect("a round");
        event = house.engine.event(&house.operator, event.id).await.expect("the event");
    }
    assert_eq!(event.state, EventState::Failed, "{event:?}");
    assert!(event.error.as_deref().is_some_and(|error| error.contains("no usable answer")), "{event:?}");
    let again = house.engine.requeue(&house.operator, event.id).await.expect("requeued");
    assert_eq!(again.state, EventState::Pending);
}
