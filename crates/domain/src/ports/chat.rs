//! Chat model: answers a prompt; proposes, never decides.

use async_trait::async_trait;
use serde_json::Value;

use super::PortError;

/// Who speaks in a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChatRole {
    /// What is asked of the model.
    User,
    /// An earlier answer of the model.
    Assistant,
}

/// One turn of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatTurn {
    /// Who speaks.
    pub role: ChatRole,
    /// The words.
    pub text: String,
}

/// The shape that an answer must have.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerSchema {
    /// A name of letters, digits and `_`.
    pub name: &'static str,
    /// JSON Schema: an object, every property required, none besides (the strict subset that OpenAI,
    /// llama.cpp and Anthropic's tools understand alike).
    pub schema: Value,
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    /// Standing instructions.
    pub system: String,
    /// The turns, the last one the user's.
    pub turns: Vec<ChatTurn>,
    /// The shape of the answer; free text without.
    pub schema: Option<AnswerSchema>,
    /// Tokens of the answer at most.
    pub answer_tokens_max: u32,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChatEnd {
    /// It is whole.
    Complete,
    /// It met `answer_tokens_max`: the rest is missing.
    Length,
    /// The model, or a filter before it, would not answer.
    Refused,
}

/// Tokens that a call took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Of the prompt.
    pub prompt_tokens: u64,
    /// Of the answer.
    pub answer_tokens: u64,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatAnswer {
    /// The words; with a schema, meant to be JSON, which the caller parses and checks.
    pub text: String,
    /// Why it ended.
    pub end: ChatEnd,
    /// What it took, as the model tells; estimated at four bytes a token where it does not.
    pub usage: TokenUsage,
}

/// Answers prompts.
///
/// Obligations: an answer is text from outside, so nothing in it is acted on here; a call ends within the
/// adapter's own time limit; no call is repeated inside but where the other side answered that it should be
/// asked again (later, or without a field that it does not know). A call that was cut off is not: it may
/// have been paid for.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// What answers, for records: `provider/model`.
    fn identity(&self) -> &str;

    /// One call.
    ///
    /// # Errors
    /// `Unavailable` and `Overloaded` are temporary; `Refused` (a wrong key, an unknown model) and
    /// `BadAnswer` (no answer of this wire, or a whole one without a word) are not. That the model itself
    /// would not answer is no error but an answer that ended as [`ChatEnd::Refused`].
    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError>;
}
