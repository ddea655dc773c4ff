//! A second call for contradictions that the model was not shown, and only for them; code checks what it answers.

use std::sync::Arc;

use dreamkeeper_domain::event::{LearnEvent, Verdict};
use dreamkeeper_testkit::{ModelCall, ModelReply, ScriptedChat};
use serde_json::{Value, json};

use crate::house::{House, house, said};
use crate::model::{answer, item, port};

const DRIVES: &str = "User drives to the office on Mondays";
const CYCLES: &str = "User cycles to the office on Mondays";

/// Proposes what the script says, and answers so when it is asked about pairs.
fn model(verdicts: Value) -> Arc<ScriptedChat> {
    let of_stamps = |number: usize| {
        let text = format!("User owns a rare blue stamp from harbour number {number}");
        let quote = format!("I own a rare blue stamp from harbour number {number}");
        (number, item(&text, ("user", &format!("stamp {number}"), "blue"), &quote))
    };
    let stamps: Vec<(usize, Value)> = (100..140).map(of_stamps).collect();
    Arc::new(ScriptedChat::responding(move |call: &ModelCall| {
        if is_about_pairs(call) {
            return ModelReply::json(&verdicts);
        }
        let script = vec![
            (
                "drive to the office",
                item(DRIVES, ("user", "commute", "car"), "I drive to the office on Mondays"),
            ),
            (
                "cycle to the office",
                item(CYCLES, ("user", "commute", "bike"), "I cycle to the office on Mondays"),
            ),
        ];
        let mut said = answer(call, &script);
        let stamped = crate::model::new_turns(call).into_iter().flat_map(|(name, words)| {
            let own = stamps.iter().filter(move |(number, _)| {
                words.contains(&format!("own a rare blue stamp from harbour number {number}"))
            });
            own.map(move |(_, item)| item.to_string().replace("\"?\"", &format!("{name:?}")))
                .collect::<Vec<_>>()
        });
        let stamped: Vec<Value> = stamped.filter_map(|item| serde_json::from_str(&item).ok()).collect();
        said["items"].as_array_mut().expect("a list").extend(stamped);
        ModelReply::json(&said)
    }))
}

fn is_about_pairs(call: &ModelCall) -> bool {
    call.schema.as_ref().is_some_and(|schema| !schema["properties"]["pairs"].is_null())
}

/// Says that she drives, then much of stamps, then, among stamps, that she cycles: what is shown then is of stamps.
async fn changes_her_mind(model: &Arc<ScriptedChat>) -> (House, LearnEvent) {
    let house = house(port(model)).await;
    house.learn("one", vec![said("2026-01-02T10:00:00Z", "I drive to the office on Mondays.")]).await;
    let stamp = |number: usize| format!("I own a rare blue stamp from harbour number {number}.");
    for number in 100..125 {
        house.learn(&format!("s{number}"), vec![said("2026-01-03T10:00:00Z", &stamp(number))]).await;
    }
    let mixed =
        format!("{} I cycle to the office on Mondays. {}", stamp(125).repeat(4), stamp(126).repeat(4));
    let event = house.learn("two", vec![said("2026-01-20T10:00:00Z", &mixed)]).await;
    (house, event)
}

#[tokio::test]
async fn a_contradiction_that_was_not_shown_is_asked_about_and_replaced() {
    let model = model(json!({"pairs": [{"pair": "p1", "verdict": "replaces"}]}));
    let (house, event) = changes_her_mind(&model).await;
    assert_eq!(event.report.calls, 2, "{:?}", event.report);
    let active = house.active().await;
    assert!(active.contains(&CYCLES.to_owned()) && !active.contains(&DRIVES.to_owned()), "{active:?}");
    let asked = model.requests();
    let pairs: Vec<&str> = asked
        .iter()
        .filter(|asked| asked.schema.as_ref().is_some_and(|schema| schema.name == "verdicts"))
        .map(|asked| asked.turns[0].text.as_str())
        .collect();
    assert_eq!(pairs.len(), 1, "only where something was found");
    assert!(pairs[0].contains(DRIVES) && pairs[0].contains(CYCLES));
}

#[tokio::test]
async fn an_answer_that_names_nothing_or_is_none_leaves_deciding_to_code() {
    for verdicts in [
        json!({"pairs": [{"pair": "p9", "verdict": "replaces"}, {"pair": "p1", "verdict": "destroy"}]}),
        json!({"pairs": [{"pair": "p1", "verdict": "both"}]}),
        json!("no idea"),
    ] {
        let (house, event) = changes_her_mind(&model(verdicts.clone())).await;
        let active = house.active().await;
        assert!(active.contains(&CYCLES.to_owned()) && active.contains(&DRIVES.to_owned()), "{active:?}");
        assert!(!event.report.decisions.iter().any(|said| matches!(said.verdict, Verdict::Delete { .. })));
        let warned = event.report.warnings.iter().any(|warning| warning.contains("code decided alone"));
        assert_eq!(warned, verdicts.is_string(), "{:?}", event.report.warnings);
    }
}
