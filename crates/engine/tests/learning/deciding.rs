//! Adding, updating, merging and forgetting.

use dreamkeeper_domain::event::Verdict;
use dreamkeeper_domain::memory::Status;
use serde_json::json;

use crate::house::{house, said};
use crate::model::{answer, item, known, port, proposing};
use dreamkeeper_testkit::{ModelReply, ScriptedChat};
use std::sync::Arc;

fn moves() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("Lisbon", item("User lives in Lisbon", ("user", "residence", "Lisbon"), "I live in Lisbon")),
        ("Porto", item("User lives in Porto", ("user", "residence", "Porto"), "I live in Porto")),
        ("tea", item("User likes green tea", ("user", "likes", "green tea"), "I like green tea")),
    ]
}

#[tokio::test]
async fn a_new_value_supersedes_the_old_and_both_are_kept() {
    let house = house(port(&proposing(moves()))).await;
    house.learn("one", vec![said("2026-01-05T10:00:00Z", "I live in Lisbon")]).await;
    let event = house.learn("two", vec![said("2026-02-05T10:00:00Z", "I live in Porto now")]).await;
    assert!(matches!(event.report.decisions[0].verdict, Verdict::Update { .. }), "{:?}", event.report);
    assert_eq!(house.active().await, ["User lives in Porto"]);
    let old = house.memories(&[Status::Superseded]).await.pop().expect("the old one is kept");
    assert_eq!(old.text, "User lives in Lisbon");
    assert_eq!(old.validity.to.unwrap().to_string(), "2026-02-05T10:00:00Z");
    assert_eq!(old.evidence[0].quote, "I live in Lisbon");
}

#[tokio::test]
async fn saying_it_again_is_one_more_quote_and_no_second_memory() {
    let house = house(port(&proposing(moves()))).await;
    house.learn("one", vec![said("2026-01-05T10:00:00Z", "I like green tea")]).await;
    let event = house.learn("two", vec![said("2026-01-06T10:00:00Z", "As I said, I like green tea")]).await;
    assert!(matches!(event.report.decisions[0].verdict, Verdict::NoOp { .. }), "{:?}", event.report);
    let memories = house.memories(&[Status::Active]).await;
    assert_eq!(
        (memories.len(), memories[0].evidence.len(), memories[0].detail.session_count),
        (1, 2, Some(2))
    );
}

#[tokio::test]
async fn what_the_person_asks_to_forget_is_hidden_and_can_come_back() {
    let script = moves();
    let model = Arc::new(ScriptedChat::responding(move |call| {
        let mut answer = answer(call, &script);
        if let Some((name, _)) =
            crate::model::new_turns(call).iter().find(|(_, words)| words.contains("forget"))
        {
            answer["forget"] = json!([{"turn": name, "quote": "green tea"}]);
        }
        ModelReply::json(&answer)
    }));
    let house = house(port(&model)).await;
    house.learn("one", vec![said("2026-01-05T10:00:00Z", "I like green tea. I live in Lisbon.")]).await;
    let event =
        house.learn("one", vec![said("2026-01-05T10:01:00Z", "Please forget about green stuff")]).await;
    assert!(
        event.report.decisions.iter().any(|decision| matches!(decision.verdict, Verdict::Delete { .. })),
        "{:?}",
        event.report
    );
    assert_eq!(house.memories(&[Status::Forgotten]).await.len(), 1);
    assert_eq!(house.active().await, ["User lives in Lisbon"]);
}

#[tokio::test]
async fn a_model_cannot_touch_what_it_was_not_shown_nor_what_is_about_something_else() {
    let model = Arc::new(ScriptedChat::responding(|call| {
        let mut answer = answer(call, &moves());
        for item in answer["items"].as_array_mut().unwrap() {
            let target = known(call, "tea").unwrap_or_else(|| "m99".to_owned());
            item["decision"] = json!({"action": "update", "memory": target});
        }
        ModelReply::json(&answer)
    }));
    let house = house(port(&model)).await;
    house.learn("one", vec![said("2026-01-05T10:00:00Z", "I like green tea")]).await;
    house.learn("two", vec![said("2026-01-06T10:00:00Z", "I live in Porto")]).await;
    assert_eq!(house.active().await, ["User likes green tea", "User lives in Porto"]);
}

#[tokio::test]
async fn erasing_a_message_erases_what_rests_on_it_alone() {
    let house = house(port(&proposing(moves()))).await;
    house.learn("one", vec![said("2026-01-05T10:00:00Z", "I like green tea")]).await;
    house.learn("two", vec![said("2026-01-06T10:00:00Z", "I like green tea")]).await;
    house.learn("two", vec![said("2026-01-06T10:01:00Z", "I live in Porto")]).await;
    let memories = house.memories(&[Status::Active]).await;
    let residence = memories.iter().find(|memory| memory.text.contains("Porto")).expect("learned");
    let tea = memories.iter().find(|memory| memory.text.contains("tea")).expect("learned");
    let erase = async |message| {
        let target = dreamkeeper_engine::EraseTarget::Message(message);
        house.engine.erase(&house.operator, target, None).await.expect("erased")
    };
    assert_eq!(erase(residence.evidence[0].message).await.memory_count, 1);
    assert_eq!(erase(tea.evidence[0].message).await.memory_count, 0, "it has another quote");
    assert_eq!(house.active().await, ["User likes green tea"]);
    assert_eq!(erase(tea.evidence[1].message).await.memory_count, 1);
    assert!(house.active().await.is_empty());
}
