//! One line of a recording, and the digest that finds it.

use std::time::Duration;

use dreamkeeper_domain::ports::{
    ChatAnswer, ChatEnd, ChatRequest, ChatRole, PortError, PortErrorKind, TokenUsage,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) digest: String,
    pub(super) model: String,
    /// For people; the digest finds the line.
    request: Value,
    #[serde(flatten)]
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Answer { text: String, end: End, prompt_tokens: u64, answer_tokens: u64 },
    Error { kind: Kind, temporary: bool, retry_after_ms: Option<u64>, message: String },
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    Complete,
    Length,
    Refused,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Unavailable,
    Refused,
    BadAnswer,
    Overloaded,
    Other,
}

impl Line {
    pub(super) fn new(model: &str, request: &ChatRequest, outcome: &Result<ChatAnswer, PortError>) -> Self {
        let outcome = match outcome {
            Ok(answer) => Outcome::Answer {
                text: answer.text.clone(),
                end: match answer.end {
                    ChatEnd::Complete => End::Complete,
                    ChatEnd::Length => End::Length,
                    ChatEnd::Refused => End::Refused,
                },
                prompt_tokens: answer.usage.prompt_tokens,
                answer_tokens: answer.usage.answer_tokens,
            },
            Err(error) => Outcome::Error {
                kind: match error.kind {
                    PortErrorKind::Unavailable => Kind::Unavailable,
                    PortErrorKind::Refused => Kind::Refused,
                    PortErrorKind::BadAnswer => Kind::BadAnswer,
                    PortErrorKind::Overloaded => Kind::Overloaded,
                    PortErrorKind::Full
                    | PortErrorKind::ReadOnly
                    | PortErrorKind::Corrupt
                    | PortErrorKind::Newer
                    | PortErrorKind::Owned
                    | PortErrorKind::Internal => Kind::Other,
                },
                temporary: error.temporary,
                retry_after_ms: error.retry_after.map(|wait| wait.as_millis() as u64),
                message: error.message.clone(),
            },
        };
        Self { digest: digest(request), model: model.to_owned(), request: plain(request), outcome }
    }

    pub(super) fn render(&self) -> String {
        let line = serde_json::to_string(self).expect("strings and numbers are always JSON");
        line + "\n"
    }

    pub(super) fn parse(line: &str) -> Result<Self, String> {
        serde_json::from_str(line).map_err(|error| error.to_string())
    }
}

impl Outcome {
    pub(super) fn into_result(self) -> Result<ChatAnswer, PortError> {
        match self {
            Self::Answer { text, end, prompt_tokens, answer_tokens } => {
                let end = match end {
                    End::Complete => ChatEnd::Complete,
                    End::Length => ChatEnd::Length,
                    End::Refused => ChatEnd::Refused,
                };
                Ok(ChatAnswer { text, end, usage: TokenUsage { prompt_tokens, answer_tokens } })
            }
            Self::Error { kind, temporary, retry_after_ms, message } => {
                let kind = match kind {
                    Kind::Unavailable => PortErrorKind::Unavailable,
                    Kind::Refused => PortErrorKind::Refused,
                    Kind::BadAnswer => PortErrorKind::BadAnswer,
                    Kind::Overloaded => PortErrorKind::Overloaded,
                    Kind::Other => PortErrorKind::Internal,
                };
                let retry_after = retry_after_ms.map(Duration::from_millis);
                Err(PortError { temporary, retry_after, ..PortError::new(kind, message) })
            }
        }
    }
}

/// SHA-256 of the request in one fixed writing.
pub(super) fn digest(request: &ChatRequest) -> String {
    let written = sorted(&plain(request)).to_string();
    Sha256::digest(written.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn plain(request: &ChatRequest) -> Value {
    let turns = request.turns.iter().map(|turn| {
        let role = match turn.role {
            ChatRole::User => "user",
            ChatRole::Assistant => "assistant",
        };
        json!({"role": role, "text": turn.text})
    });
    let turns: Vec<Value> = turns.collect();
    let schema = request.schema.as_ref().map(|schema| json!({"name": schema.name, "schema": schema.schema}));
    json!({
        "system": request.system, "turns": turns, "schema": schema,
        "answer_tokens_max": request.answer_tokens_max,
    })
}

/// The same value with the fields of every object in the order of their names, however the build keeps them.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            Value::Object(
                names.into_iter().map(|name| (name.clone(), sorted(&fields[name]))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_testkit::contract::chat::{request, schema};

    use super::*;

    #[test]
    fn whatever_differs_in_a_request_changes_its_digest() {
        let base = request("well?", Some(schema()));
        let mut others = vec![request("well", Some(schema())), request("well?", None)];
        others.push(ChatRequest { system: String::new(), ..base.clone() });
        others.push(ChatRequest { answer_tokens_max: 65, ..base.clone() });
        let mut turned = base.clone();
        turned.turns[0].role = ChatRole::Assistant;
        others.push(turned);
        assert_eq!(digest(&base), digest(&base.clone()));
        for other in others {
            assert_ne!(digest(&base), digest(&other), "{other:?}");
        }
    }

    #[test]
    fn the_order_of_a_schemas_fields_makes_no_difference() {
        let one: Value = serde_json::from_str(r#"{"a":{"c":1,"d":[{"x":1,"y":2}]},"b":2}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"b":2,"a":{"d":[{"y":2,"x":1}],"c":1}}"#).unwrap();
        assert_eq!(sorted(&one).to_string(), sorted(&other).to_string());
    }
}
