//! Chat models against a real server on loopback that follows a script.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod chat {
    mod contract;
    mod dialects;
    mod failures;
    mod recording;
    mod wire;

    use std::sync::Arc;
    use std::time::Duration;

    use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, PortError};
    use dreamkeeper_models::{ChatSettings, ChatWire, RetryPolicy, Secret, connect_chat};
    use dreamkeeper_testkit::contract::chat::{request, schema};
    use dreamkeeper_testkit::{Answer, HttpRequest, HttpScript};
    use serde_json::{Value, json};

    const KEY: &str = "sk-very-secret-0123456789";
    const HEADER_KEY: &str = "gateway-secret-9876543210";
    const WIRES: [ChatWire; 2] = [ChatWire::OpenAi, ChatWire::Anthropic];

    /// Settings without real waits: three attempts a millisecond apart.
    fn settings(base_url: &str) -> ChatSettings {
        ChatSettings {
            key: Some(Secret::new(KEY)),
            headers: vec![("x-gateway".to_owned(), Secret::new(HEADER_KEY))],
            timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(5),
            retry: RetryPolicy {
                attempts_max: 3,
                wait_first: Duration::from_millis(1),
                wait_max: Duration::from_millis(100),
            },
            ..ChatSettings::new(base_url.parse().unwrap(), "tiny")
        }
    }

    /// A model before a server that gives these answers in order.
    async fn scripted(
        wire: ChatWire,
        answers: Vec<Answer>,
        change: impl FnOnce(&mut ChatSettings),
    ) -> (HttpScript, Arc<dyn ChatModel>) {
        let server = HttpScript::answering(answers).await;
        let mut settings = settings(&server.url("/v1"));
        change(&mut settings);
        let model = connect_chat(wire, settings).unwrap();
        (server, model)
    }

    /// One call with a schema; gives the outcome and the bodies that the server saw.
    async fn call(
        wire: ChatWire,
        answers: Vec<Answer>,
        change: impl FnOnce(&mut ChatSettings),
    ) -> (Result<ChatAnswer, PortError>, Vec<Value>) {
        let (server, model) = scripted(wire, answers, change).await;
        let outcome = model.complete(&request("well?", Some(schema()))).await;
        if let Err(error) = &outcome {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(KEY) && !shown.contains(HEADER_KEY), "a key leaks: {shown}");
            assert!(error.message.contains(&server.url("/v1")), "the address is told: {shown}");
        }
        (outcome, server.requests().iter().map(HttpRequest::json).collect())
    }

    /// A good answer of either wire.
    fn good(wire: ChatWire) -> Answer {
        Answer::json(&match wire {
            ChatWire::OpenAi => json!({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}),
            ChatWire::Anthropic => {
                json!({"content": [{"type": "tool_use", "input": {}}], "stop_reason": "tool_use"})
            }
        })
    }

    fn refusal(status: u16, message: &str, code: &str) -> Answer {
        Answer::status(status, json!({"error": {"message": message, "code": code}}).to_string())
    }
}
