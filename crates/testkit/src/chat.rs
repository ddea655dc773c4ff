//! Chat models without a model: a behaviour answers, in memory here or behind a real wire in `model_server`.

mod fault;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use dreamkeeper_domain::ports::{
    ChatAnswer, ChatEnd, ChatModel, ChatRequest, ChatTurn, PortError, PortErrorKind, TokenUsage,
};
use serde_json::Value;

pub use fault::Fault;

/// What a model was asked, the same over every wire.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCall {
    /// Standing instructions.
    pub system: String,
    /// The turns.
    pub turns: Vec<ChatTurn>,
    /// The schema that the answer is held to, or told of in words.
    pub schema: Option<Value>,
    /// Tokens of the answer at most.
    pub answer_tokens_max: u64,
    /// How many calls came before this one.
    pub number: usize,
}

impl ModelCall {
    /// The last turn's words.
    pub fn prompt(&self) -> &str {
        self.turns.last().map_or("", |turn| &turn.text)
    }
}

/// What a model does with a call.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelReply {
    /// Says this; the wire tells why it ended.
    Says {
        /// The words; JSON where a schema was given and the model keeps to it.
        text: String,
        /// Why it ended.
        end: ChatEnd,
    },
    /// Says this so slowly that nobody waits for it.
    Drips(String),
    /// Is refused by its server.
    Fails {
        /// The status.
        status: u16,
        /// What `Retry-After` says, in seconds.
        retry_after: Option<u32>,
        /// What the body says.
        message: String,
    },
    /// Sends a body that is none of the wire's.
    Garbles(String),
    /// Breaks off in the middle of the answer.
    BreaksOff(String),
    /// Hangs up without a word.
    HangsUp,
    /// Never answers.
    KeepsSilent,
}

impl ModelReply {
    /// A whole answer in words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Says { text: text.into(), end: ChatEnd::Complete }
    }

    /// A whole answer in JSON.
    pub fn json(answer: &Value) -> Self {
        Self::text(answer.to_string())
    }

    /// The same answer with its JSON changed, for a model that answers in shape and says what is not so. What
    /// is no JSON stays as it is.
    #[must_use]
    pub fn rewrite(self, change: impl FnOnce(&mut Value)) -> Self {
        let Self::Says { text, end } = self else { return self };
        match serde_json::from_str(&text) {
            Ok(mut answer) => {
                change(&mut answer);
                Self::Says { text: answer.to_string(), end }
            }
            Err(_) => Self::Says { text, end },
        }
    }
}

/// How a model behaves. Shared, so that one behaviour can stand behind the fake and behind each wire.
pub type Behaviour = Arc<dyn Fn(&ModelCall) -> ModelReply + Send + Sync>;

/// A chat model in memory. It records what it was asked.
pub struct ScriptedChat {
    identity: String,
    behaviour: Behaviour,
    calls: Mutex<Vec<ChatRequest>>,
}

impl ScriptedChat {
    /// A model that behaves so.
    pub fn behaving(behaviour: Behaviour) -> Self {
        Self { identity: "scripted/chat".to_owned(), behaviour, calls: Mutex::default() }
    }

    /// A model that works each answer out from the call.
    pub fn responding(respond: impl Fn(&ModelCall) -> ModelReply + Send + Sync + 'static) -> Self {
        Self::behaving(Arc::new(respond))
    }

    /// A model that gives these answers in order, and fails for good once they are used up.
    pub fn answering(replies: impl IntoIterator<Item = ModelReply>) -> Self {
        let replies: Mutex<VecDeque<ModelReply>> = Mutex::new(replies.into_iter().collect());
        Self::responding(move |_| {
            let next = replies.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let message = "the script has no further answer".to_owned();
            next.unwrap_or(ModelReply::Fails { status: 400, retry_after: None, message })
        })
    }

    /// The requests so far, failed ones included.
    pub fn requests(&self) -> Vec<ChatRequest> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl ChatModel for ScriptedChat {
    fn identity(&self) -> &str {
        &self.identity
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let number = {
            let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            calls.push(request.clone());
            calls.len() - 1
        };
        let call = ModelCall {
            system: request.system.clone(),
            turns: request.turns.clone(),
            schema: request.schema.as_ref().map(|schema| schema.schema.clone()),
            answer_tokens_max: request.answer_tokens_max.into(),
            number,
        };
        outcome(request, (self.behaviour)(&call))
    }
}

/// What an adapter makes of a reply, without a wire between.
fn outcome(request: &ChatRequest, reply: ModelReply) -> Result<ChatAnswer, PortError> {
    let gone = |what: &str| PortError::temporary(PortErrorKind::Unavailable, format!("the model {what}"));
    match reply {
        ModelReply::Says { text, end: ChatEnd::Complete } if text.trim().is_empty() => {
            Err(PortError::new(PortErrorKind::BadAnswer, "the model gave a whole answer without a word"))
        }
        ModelReply::Says { text, end } => {
            let prompt =
                request.system.len() + request.turns.iter().map(|turn| turn.text.len()).sum::<usize>();
            let tokens = |bytes: usize| (bytes as u64).div_ceil(4);
            let usage = TokenUsage { prompt_tokens: tokens(prompt), answer_tokens: tokens(text.len()) };
            Ok(ChatAnswer { text, end, usage })
        }
        ModelReply::Fails { status, retry_after, message } => {
            let message = format!("the model answered {status} ({message:?})");
            let wait = Duration::from_secs(retry_after.unwrap_or(0).into());
            Err(match status {
                429 => PortError::temporary(PortErrorKind::Overloaded, message).retry_after(wait),
                500..=599 => PortError::temporary(PortErrorKind::Unavailable, message).retry_after(wait),
                _ => PortError::new(PortErrorKind::Refused, message),
            })
        }
        ModelReply::Garbles(_) => Err(PortError::new(PortErrorKind::BadAnswer, "the model gave no JSON")),
        ModelReply::Drips(_) => Err(gone("did not answer in time")),
        ModelReply::BreaksOff(_) => Err(gone("broke off its answer")),
        ModelReply::HangsUp => Err(gone("hung up")),
        ModelReply::KeepsSilent => Err(gone("did not answer in time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::chat::{ChatUnderTest, request, run_all};

    #[tokio::test]
    async fn the_fake_keeps_the_contract() {
        run_all(async |behaviour| ChatUnderTest {
            model: Arc::new(ScriptedChat::behaving(behaviour)),
            keep: Box::new(()),
        })
        .await;
    }

    #[tokio::test]
    async fn answers_come_in_order_and_requests_are_kept() {
        let model = ScriptedChat::answering([ModelReply::text("one"), ModelReply::HangsUp]);
        let asked = request("well?", None);
        assert_eq!(model.complete(&asked).await.map(|answer| answer.text), Ok("one".to_owned()));
        assert!(model.complete(&asked).await.is_err_and(|error| error.temporary));
        let error = model.complete(&asked).await.expect_err("the script is used up");
        assert!(!error.temporary && error.message.contains("no further answer"), "{error}");
        assert_eq!(model.requests(), vec![asked; 3]);
    }

    #[tokio::test]
    async fn a_fault_may_pass_and_an_answer_may_be_rewritten() {
        let honest: Behaviour = Arc::new(|_| {
            ModelReply::json(&serde_json::json!({"facts": ["a"]})).rewrite(|answer| {
                answer["facts"] = serde_json::json!(["b"]);
            })
        });
        let model = ScriptedChat::behaving(Fault::HangUp.over_first(1, honest));
        let asked = request("well?", None);
        assert!(model.complete(&asked).await.is_err());
        let second = model.complete(&asked).await.expect("the fault passed");
        assert_eq!(second.text, r#"{"facts":["b"]}"#);
    }
}
