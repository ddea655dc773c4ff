//! Both wires against a real llama.cpp server with a tiny model: that the wire is right, not that the model is
//! good. Where the server cannot be installed, the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "llama/serving.rs"]
mod serving;

use std::sync::Arc;
use std::time::{Duration, Instant};

use dreamkeeper_domain::ports::{ChatAnswer, ChatEnd, ChatModel, ChatRequest, PortErrorKind};
use dreamkeeper_models::{ChatSettings, ChatWire, SchemaMode, connect_chat};
use dreamkeeper_testkit::contract::chat::{request, schema};
use serde_json::Value;

const WIRES: [ChatWire; 2] = [ChatWire::OpenAi, ChatWire::Anthropic];

fn connect(base_url: &str, wire: ChatWire, change: impl FnOnce(&mut ChatSettings)) -> Arc<dyn ChatModel> {
    let mut settings = ChatSettings::new(base_url.parse().unwrap(), "smollm2");
    settings.body_extra.insert("temperature".to_owned(), 0.into());
    settings.body_extra.insert("seed".to_owned(), 1.into());
    change(&mut settings);
    connect_chat(wire, settings).unwrap()
}

fn short(prompt: &str) -> ChatRequest {
    ChatRequest { answer_tokens_max: 12, ..request(prompt, None) }
}

fn check_counted(answer: &ChatAnswer, answer_tokens_max: u64) {
    assert!(answer.usage.prompt_tokens > 5, "{answer:?}");
    assert!((1..=answer_tokens_max).contains(&answer.usage.answer_tokens), "{answer:?}");
}

#[tokio::test]
async fn whole_and_streamed_answers_are_the_same() {
    let Some(base_url) = serving::base_url() else { return };
    for wire in WIRES {
        let whole = connect(base_url, wire, |_| ()).complete(&short("Say hello.")).await.unwrap();
        let streaming = connect(base_url, wire, |settings| settings.stream = true);
        let streamed = streaming.complete(&short("Say hello.")).await.unwrap();
        assert!(!whole.text.trim().is_empty());
        assert_eq!((&whole.text, whole.end), (&streamed.text, streamed.end), "{wire:?}");
        check_counted(&whole, 12);
        check_counted(&streamed, 12);
    }
}

#[tokio::test]
async fn a_bound_of_tokens_ends_an_answer() {
    let Some(base_url) = serving::base_url() else { return };
    for wire in WIRES {
        let asked = short("Tell me a very long story about a ferry.");
        let answer = connect(base_url, wire, |_| ()).complete(&asked).await.unwrap();
        assert_eq!((answer.end, answer.usage.answer_tokens), (ChatEnd::Length, 12), "{answer:?}");
    }
}

/// A model of this size keeps to a schema only because the server makes it.
#[tokio::test]
async fn a_schema_is_kept() {
    let Some(base_url) = serving::base_url() else { return };
    let mut asked = request("Ana lives in Lisbon. What do you know?", Some(schema()));
    asked.answer_tokens_max = 100;
    if let Some(schema) = &mut asked.schema {
        schema.schema["properties"]["facts"]["maxItems"] = 2.into();
        schema.schema["properties"]["facts"]["items"]["maxLength"] = 40.into();
    }
    for stream in [false, true] {
        let model = connect(base_url, ChatWire::OpenAi, |settings| settings.stream = stream);
        let answer = model.complete(&asked).await.unwrap();
        assert_eq!(answer.end, ChatEnd::Complete, "{answer:?}");
        let found: Value = serde_json::from_str(&answer.text).unwrap();
        assert!(found["facts"].is_array() && found.as_object().unwrap().len() == 1, "{found}");
        check_counted(&answer, 100);
    }
    // Some object, of whatever shape: a small model may not end it within its bound.
    let model = connect(base_url, ChatWire::OpenAi, |settings| settings.schema_mode = SchemaMode::JsonObject);
    let answer = model.complete(&asked).await.unwrap();
    assert!(answer.text.trim_start().starts_with('{'), "{answer:?}");
}

#[tokio::test]
async fn a_call_ends_at_its_timeout_and_the_server_goes_on() {
    let Some(base_url) = serving::base_url() else { return };
    for (wire, stream) in [(ChatWire::OpenAi, false), (ChatWire::OpenAi, true), (ChatWire::Anthropic, true)] {
        let model = connect(base_url, wire, |settings| {
            settings.stream = stream;
            settings.timeout = Duration::from_millis(300);
        });
        let mut asked = request("Write the numbers from 1 to 1000 in words.", None);
        asked.answer_tokens_max = 500;
        let begun = Instant::now();
        let error = model.complete(&asked).await.unwrap_err();
        assert_eq!((error.kind, error.temporary), (PortErrorKind::Unavailable, true), "{error}");
        assert!(error.message.contains("within 300 ms"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
    let model = connect(base_url, ChatWire::OpenAi, |_| ());
    model.complete(&short("Say hello.")).await.unwrap();
}

#[tokio::test]
async fn a_prompt_over_the_models_window_is_refused_for_good() {
    let Some(base_url) = serving::base_url() else { return };
    for wire in WIRES {
        let asked = short(&"The ferry left the harbour late. ".repeat(1_000));
        let error = connect(base_url, wire, |_| ()).complete(&asked).await.unwrap_err();
        assert_eq!((error.kind, error.temporary), (PortErrorKind::Refused, false), "{error}");
        assert!(error.message.contains("context"), "{error}");
    }
}
