//! What is sent, byte for byte where it matters, and how odd answers are read.

use dreamkeeper_domain::ports::{ChatEnd, TokenUsage};

use super::*;

#[tokio::test]
async fn openai_is_asked_as_its_reference_says() {
    let (server, model) = scripted(ChatWire::OpenAi, vec![good(ChatWire::OpenAi)], |settings| {
        settings.stream = true;
        settings.body_extra = serde_json::from_value(json!({"temperature": 0, "model": "other"})).unwrap();
    })
    .await;
    model.complete(&request("well?", Some(schema()))).await.unwrap();
    let seen = &server.requests()[0];
    assert_eq!(seen.target, "/v1/chat/completions");
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(seen.header("x-gateway"), Some(HEADER_KEY));
    let json_schema = json!({"name": "facts", "schema": schema().schema, "strict": true});
    let expected = json!({
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "You are terse."}, {"role": "user", "content": "well?"},
        ],
        "max_tokens": 64,
        "response_format": {"type": "json_schema", "json_schema": json_schema},
        "stream": true,
        "stream_options": {"include_usage": true},
        "temperature": 0,
    });
    assert_eq!(seen.json(), expected);
    assert_eq!(model.identity(), "openai/tiny");
}

#[tokio::test]
async fn anthropic_is_asked_as_its_reference_says() {
    let (server, model) = scripted(ChatWire::Anthropic, vec![good(ChatWire::Anthropic)], |_| ()).await;
    model.complete(&request("well?", Some(schema()))).await.unwrap();
    let seen = &server.requests()[0];
    assert_eq!(seen.target, "/v1/messages");
    assert_eq!((seen.header("x-api-key"), seen.header("authorization")), (Some(KEY), None));
    assert_eq!(seen.header("anthropic-version"), Some("2023-06-01"));
    let mut body = seen.json();
    let tool = body["tools"][0].take();
    assert_eq!((&tool["name"], &tool["input_schema"]), (&json!("facts"), &schema().schema));
    let expected = json!({
        "model": "tiny",
        "system": "You are terse.",
        "messages": [{"role": "user", "content": "well?"}],
        "max_tokens": 64,
        "tools": [null],
        "tool_choice": {"type": "tool", "name": "facts", "disable_parallel_tool_use": true},
    });
    assert_eq!(body, expected);
    assert_eq!(model.identity(), "anthropic/tiny");
}

/// Expects this answer from this body, whole or not.
async fn check(wire: ChatWire, answer: Answer, text: &str, end: ChatEnd, usage: (u64, u64)) {
    for stream in [false, true] {
        let (outcome, _) = call(wire, vec![answer.clone()], |settings| settings.stream = stream).await;
        let found = outcome.unwrap();
        assert_eq!((found.text.as_str(), found.end), (text, end), "streaming: {stream}");
        let expected = TokenUsage { prompt_tokens: usage.0, answer_tokens: usage.1 };
        assert_eq!(found.usage, expected, "streaming: {stream}");
    }
}

/// The prompt of `request` has 19 bytes: five tokens where nobody counts them.
const ESTIMATED: u64 = 5;

#[tokio::test]
async fn openai_answers_are_read_in_the_ways_that_servers_write_them() {
    let openai = |body: Value| Answer::json(&body);
    let choice =
        |message: Value, reason: Value| json!({"choices": [{"message": message, "finish_reason": reason}]});
    let parts = json!({"content": [{"type": "text", "text": "{\"a\""}, {"type": "text", "text": ":1}"}]});
    let body = openai(choice(parts, "stop".into()));
    check(ChatWire::OpenAi, body, "{\"a\":1}", ChatEnd::Complete, (ESTIMATED, 2)).await;
    let mut counted = choice(json!({"content": "yes", "reasoning_content": "hm"}), Value::Null);
    counted["usage"] = json!({"prompt_tokens": 70, "completion_tokens": 8});
    counted["error"] = Value::Null;
    check(ChatWire::OpenAi, openai(counted), "yes", ChatEnd::Complete, (70, 8)).await;
    let refused = openai(choice(json!({"content": null, "refusal": "I won't."}), "stop".into()));
    check(ChatWire::OpenAi, refused, "I won't.", ChatEnd::Refused, (ESTIMATED, 2)).await;
    let filtered = openai(choice(json!({"content": ""}), "content_filter".into()));
    check(ChatWire::OpenAi, filtered, "", ChatEnd::Refused, (ESTIMATED, 0)).await;
    let filtered = refusal(400, "The response was filtered", "content_filter");
    check(ChatWire::OpenAi, filtered, "", ChatEnd::Refused, (ESTIMATED, 0)).await;
}

#[tokio::test]
async fn anthropic_answers_are_read_without_what_is_beside_the_answer() {
    let body = |content: Value, reason: &str| {
        let usage = json!({"input_tokens": 3, "cache_read_input_tokens": 40, "output_tokens": 9});
        Answer::json(&json!({"type": "message", "content": content, "stop_reason": reason, "usage": usage}))
    };
    let called = json!([
        {"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Here it is."},
        {"type": "tool_use", "name": "facts", "input": {"facts": []}},
    ]);
    let expected = r#"{"facts":[]}"#;
    check(ChatWire::Anthropic, body(called, "tool_use"), expected, ChatEnd::Complete, (43, 9)).await;
    let texts = json!([{"type": "text", "text": "one "}, {"type": "text", "text": "two"}]);
    check(ChatWire::Anthropic, body(texts, "max_tokens"), "one two", ChatEnd::Length, (43, 9)).await;
    check(ChatWire::Anthropic, body(json!([]), "refusal"), "", ChatEnd::Refused, (43, 9)).await;
}

#[tokio::test]
async fn a_stream_may_stay_open_after_its_end() {
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": reason});
        format!("data: {}\n\n", json!({"choices": [choice]}))
    };
    let chunks = vec![
        chunk(json!({"content": "ye"}), Value::Null),
        chunk(json!({"content": "s"}), "stop".into()),
        "data: [DONE]\n\n".to_owned(),
        ": the connection is kept\n\n".to_owned(),
    ];
    let drip = Answer::Drip { kind: "text/event-stream", chunks, pause: Duration::from_millis(150) };
    let begun = std::time::Instant::now();
    let (outcome, _) = call(ChatWire::OpenAi, vec![drip], |settings| {
        settings.stream = true;
        // Less than the whole takes, and more than two pieces lie apart.
        settings.idle_timeout = Duration::from_millis(450);
    })
    .await;
    assert_eq!(outcome.unwrap().text, "yes");
    assert!(begun.elapsed() < Duration::from_secs(4));
}
