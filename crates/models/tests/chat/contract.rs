//! The port's contract over both wires, whole and streamed.

use dreamkeeper_models::RetryPolicy;
use dreamkeeper_testkit::contract::chat::{CALL_TIMEOUT, ChatUnderTest, IDLE_TIMEOUT, run_all};
use dreamkeeper_testkit::{Behaviour, ModelServer};

use super::*;

async fn check(wire: ChatWire, stream: bool) {
    let fresh = async |behaviour: Behaviour| {
        let server = ModelServer::behaving(behaviour).await;
        let settings = ChatSettings {
            stream,
            timeout: CALL_TIMEOUT,
            idle_timeout: IDLE_TIMEOUT,
            retry: RetryPolicy { attempts_max: 1, ..RetryPolicy::default() },
            ..settings(&server.base_url())
        };
        ChatUnderTest { model: connect_chat(wire, settings).unwrap(), keep: Box::new(server) }
    };
    run_all(fresh).await;
}

#[tokio::test]
async fn openai_keeps_the_contract() {
    check(ChatWire::OpenAi, false).await;
}

#[tokio::test]
async fn openai_keeps_the_contract_when_it_streams() {
    check(ChatWire::OpenAi, true).await;
}

#[tokio::test]
async fn anthropic_keeps_the_contract() {
    check(ChatWire::Anthropic, false).await;
}

#[tokio::test]
async fn anthropic_keeps_the_contract_when_it_streams() {
    check(ChatWire::Anthropic, true).await;
}
