//! A model's server on loopback: real HTTP, both wires, whole answers and streams; what it says comes from a
//! behaviour. It refuses what the real servers refuse, so that a wrong request does not pass for a right one.

mod anthropic;
mod openai;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dreamkeeper_domain::ports::{ChatRole, ChatTurn};
use serde_json::{Value, json};

use crate::chat::{Behaviour, ModelCall, ModelReply};
use crate::http_script::{Answer, HttpRequest, HttpScript};

/// Bytes of a slow answer's chunks, and the pause after each.
const DRIP_BYTES: usize = 4;
const DRIP_PAUSE: Duration = Duration::from_millis(20);
/// Bytes of a stream's pieces: small enough to part words and characters.
const PIECE_CHARS: usize = 7;

/// A wire that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    /// `/v1/chat/completions`.
    OpenAi,
    /// `/v1/messages`.
    Anthropic,
}

/// The server; it stops when dropped.
#[derive(Debug)]
pub struct ModelServer {
    http: HttpScript,
}

impl ModelServer {
    /// A server whose model behaves so.
    pub async fn behaving(behaviour: Behaviour) -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let respond = move |request: &HttpRequest| {
            let Some(wire) = wire_of(request) else { return refuse(404, "no such path") };
            let read = match wire {
                Wire::OpenAi => openai::read(request),
                Wire::Anthropic => anthropic::read(request),
            };
            match read {
                Err(wrong) => refuse(400, &wrong),
                Ok(mut asked) => {
                    asked.call.number = count.fetch_add(1, Ordering::Relaxed);
                    answer(wire, &asked, behaviour(&asked.call))
                }
            }
        };
        Self { http: HttpScript::responding(respond).await }
    }

    /// A server whose model works each answer out from the call.
    pub async fn responding(respond: impl Fn(&ModelCall) -> ModelReply + Send + Sync + 'static) -> Self {
        Self::behaving(Arc::new(respond)).await
    }

    /// The address up to and with `/v1`.
    pub fn base_url(&self) -> String {
        self.http.url("/v1")
    }

    /// The requests as they came over the wire, refused ones included.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.http.requests()
    }
}

/// A call, and what the wire needs to answer it.
struct Asked {
    call: ModelCall,
    model: String,
    stream: bool,
    /// The tool that takes the answer, where there is one.
    tool: Option<String>,
    /// Whether a stream was asked to tell usage.
    stream_usage: bool,
}

fn wire_of(request: &HttpRequest) -> Option<Wire> {
    match (request.method.as_str(), request.target.as_str()) {
        ("POST", "/v1/chat/completions") => Some(Wire::OpenAi),
        ("POST", "/v1/messages") => Some(Wire::Anthropic),
        _ => None,
    }
}

fn refuse(status: u16, message: &str) -> Answer {
    Answer::status(status, json!({"type": "error", "error": {"message": message}}).to_string())
}

fn answer(wire: Wire, asked: &Asked, reply: ModelReply) -> Answer {
    let spoken = |text: &str, end| match wire {
        Wire::OpenAi => openai::spoken(asked, text, end),
        Wire::Anthropic => anthropic::spoken(asked, text, end),
    };
    let complete = dreamkeeper_domain::ports::ChatEnd::Complete;
    match reply {
        ModelReply::Says { text, end } => match spoken(&text, end) {
            Spoken::Whole(body) => Answer::json(&body),
            Spoken::Stream(events) => Answer::Stream(events),
        },
        ModelReply::Drips(text) => {
            let (kind, body) = match spoken(&text, complete) {
                Spoken::Whole(body) => ("application/json", body.to_string()),
                Spoken::Stream(events) => ("text/event-stream", events.concat()),
            };
            Answer::Drip { kind, chunks: pieces(&body, DRIP_BYTES), pause: DRIP_PAUSE }
        }
        ModelReply::BreaksOff(text) => match spoken(&text, complete) {
            Spoken::Whole(body) => {
                let mut bytes = body.to_string().into_bytes();
                bytes.truncate(bytes.len() / 2);
                Answer::Truncated(bytes)
            }
            // The stream ends as HTTP wants it, and yet without what the wire ends with.
            Spoken::Stream(mut events) => {
                events.truncate(events.len() / 2);
                Answer::Stream(events)
            }
        },
        ModelReply::Fails { status, retry_after, message } => {
            let refusal = refuse(status, &message);
            match retry_after {
                Some(seconds) => refusal.header("retry-after", &seconds.to_string()),
                None => refusal,
            }
        }
        ModelReply::Garbles(page) => Answer::status(200, page).header("content-type", "text/html"),
        ModelReply::HangsUp => Answer::HangUp,
        ModelReply::KeepsSilent => Answer::Silence,
    }
}

/// An answer in a wire's words.
enum Spoken {
    Whole(Value),
    Stream(Vec<String>),
}

fn pieces(text: &str, chars: usize) -> Vec<String> {
    let chars_of: Vec<char> = text.chars().collect();
    chars_of.chunks(chars).map(|piece| piece.iter().collect()).collect()
}

/// The turns of a prompt; an error where a role or a text is missing.
fn turns(messages: &[Value]) -> Result<Vec<ChatTurn>, String> {
    let turn = |message: &Value| {
        let role = match message["role"].as_str() {
            Some("user") => ChatRole::User,
            Some("assistant") => ChatRole::Assistant,
            other => return Err(format!("messages: role {other:?} is not known")),
        };
        let text = message["content"].as_str().ok_or("messages: content must be a string")?;
        Ok(ChatTurn { role, text: text.to_owned() })
    };
    let turns: Vec<ChatTurn> = messages.iter().map(turn).collect::<Result<_, String>>()?;
    if turns.last().is_none_or(|turn| turn.role != ChatRole::User) {
        return Err("messages: the last one must be the user's".to_owned());
    }
    Ok(turns)
}

/// Of whom both wires demand the same: a model's name and a bound.
fn model(body: &Value) -> Result<String, String> {
    body["model"].as_str().map(str::to_owned).ok_or_else(|| "model: field required".to_owned())
}

fn tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}

fn prompt_tokens(call: &ModelCall) -> u64 {
    tokens(&call.system) + call.turns.iter().map(|turn| tokens(&turn.text)).sum::<u64>()
}
