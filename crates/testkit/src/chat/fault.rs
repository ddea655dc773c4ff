//! What goes wrong with models, ready-made. A fault changes what a model that behaves would have replied.

use std::sync::Arc;

use dreamkeeper_domain::ports::ChatEnd;

use super::{Behaviour, ModelCall, ModelReply};

/// One way in which an answer goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The answer stops in the middle, at its bound of tokens.
    TruncatedJson,
    /// The JSON stands in a Markdown fence.
    FencedJson,
    /// Prose follows the JSON.
    TrailingProse,
    /// JSON of another shape than asked for.
    WrongSchema,
    /// Prose instead of JSON.
    NotJson,
    /// A whole answer without a word.
    EmptyAnswer,
    /// The model will not answer.
    Refusal,
    /// Too fast: come back in a second.
    Status429,
    /// The server is broken.
    Status500,
    /// The server is overloaded, as Anthropic says it.
    Status529,
    /// The key is wrong.
    Status401,
    /// A page instead of the wire, as a proxy gives it.
    HtmlPage,
    /// The answer comes, but slower than anyone waits for.
    SlowDrip,
    /// The connection breaks in the middle of the answer.
    BreakOff,
    /// The server hangs up at once.
    HangUp,
    /// The server never answers.
    Silence,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 16] = [
        Self::TruncatedJson,
        Self::FencedJson,
        Self::TrailingProse,
        Self::WrongSchema,
        Self::NotJson,
        Self::EmptyAnswer,
        Self::Refusal,
        Self::Status429,
        Self::Status500,
        Self::Status529,
        Self::Status401,
        Self::HtmlPage,
        Self::SlowDrip,
        Self::BreakOff,
        Self::HangUp,
        Self::Silence,
    ];

    /// What comes of a reply that was right. A reply without words becomes the fault around an empty object.
    #[must_use]
    pub fn spoil(self, reply: ModelReply) -> ModelReply {
        let text = match reply {
            ModelReply::Says { text, .. } | ModelReply::Drips(text) => text,
            _ => "{}".to_owned(),
        };
        let says = |text: String, end| ModelReply::Says { text, end };
        let fails = |status, retry_after, message: &str| ModelReply::Fails {
            status,
            retry_after,
            message: message.to_owned(),
        };
        match self {
            Self::TruncatedJson => says(first_half(&text).to_owned(), ChatEnd::Length),
            Self::FencedJson => says(format!("```json\n{text}\n```"), ChatEnd::Complete),
            Self::TrailingProse => {
                says(format!("{text}\n\nI hope this helps! Let me know."), ChatEnd::Complete)
            }
            Self::WrongSchema => says(r#"{"unexpected":[1,2,3]}"#.to_owned(), ChatEnd::Complete),
            Self::NotJson => says("Sure, here is what I think about it.".to_owned(), ChatEnd::Complete),
            Self::EmptyAnswer => says(String::new(), ChatEnd::Complete),
            Self::Refusal => says("I can't help with that.".to_owned(), ChatEnd::Refused),
            Self::Status429 => fails(429, Some(1), "slow down"),
            Self::Status500 => fails(500, None, "the server had an error"),
            Self::Status529 => fails(529, None, "overloaded"),
            Self::Status401 => fails(401, None, "the key is not known"),
            Self::HtmlPage => ModelReply::Garbles("<html>Welcome to the proxy</html>".to_owned()),
            Self::SlowDrip => ModelReply::Drips(text),
            Self::BreakOff => ModelReply::BreaksOff(text),
            Self::HangUp => ModelReply::HangsUp,
            Self::Silence => ModelReply::KeepsSilent,
        }
    }

    /// A model that behaves so, but for this fault in every reply.
    pub fn over(self, behaviour: Behaviour) -> Behaviour {
        Arc::new(move |call: &ModelCall| self.spoil(behaviour(call)))
    }

    /// The same, in the first `count` calls only.
    pub fn over_first(self, count: usize, behaviour: Behaviour) -> Behaviour {
        Arc::new(move |call: &ModelCall| {
            let reply = behaviour(call);
            if call.number < count { self.spoil(reply) } else { reply }
        })
    }
}

fn first_half(text: &str) -> &str {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..middle]
}
