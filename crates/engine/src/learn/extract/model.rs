//! Model: one call proposes drafts, what to do with them, and the session's summary.
//!
//! What the model says is text from outside: parsed into types here, checked by grounding, policy and deciding
//! afterwards. Turns and memories have short names in the prompt; an answer that names others names nothing.

mod answer;
mod prompt;

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{
    ChatAnswer, ChatEnd, ChatModel, ChatRequest, ChatRole, ChatTurn, PortError, PortErrorKind,
};
use dreamkeeper_language::json_repair::{self, Repair};

use super::{Extracted, Usage};
use crate::learn::context::Context;
use crate::learn::settings::LearnSettings;

/// The prompt file's name and version, kept with every candidate.
pub(crate) const PROMPT: &str = "learn-1";
const ANSWER_TOKENS_MAX: u32 = 4_096;

/// What a model made of a context.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Answered {
    pub(crate) extracted: Extracted,
    pub(crate) summary: Option<String>,
}

/// Asks the model, and once more when its answer cannot be used.
///
/// # Errors
/// The port's; `BadAnswer` when the second answer cannot be used either: nothing of it is lost silently, the
/// event tells and waits.
pub(crate) async fn extract(
    model: &dyn ChatModel,
    context: &Context,
    known: &[Memory],
    settings: &LearnSettings,
) -> Result<Answered, PortError> {
    let names = prompt::Names::new(context, known);
    let mut request = ChatRequest {
        system: prompt::system(settings),
        turns: vec![ChatTurn { role: ChatRole::User, text: prompt::user(context, known, &names) }],
        schema: Some(answer::schema()),
        answer_tokens_max: ANSWER_TOKENS_MAX,
    };
    let mut usage = Usage::default();
    let mut warnings = Vec::new();
    let proposer = Proposer::Model { model: model.identity().to_owned(), prompt: PROMPT.to_owned() };
    for attempt in 0..2 {
        let said = model.complete(&request).await?;
        usage.calls += 1;
        usage.prompt_tokens += said.usage.prompt_tokens;
        usage.answer_tokens += said.usage.answer_tokens;
        match read(&said, &names, &proposer, attempt == 0) {
            Ok(mut answered) => {
                answered.extracted.usage = usage;
                answered.extracted.warnings.splice(0..0, warnings);
                return Ok(answered);
            }
            Err(problem) if attempt == 0 => {
                warnings.push(format!("the model's first answer could not be used: {problem}"));
                request.turns.push(ChatTurn { role: ChatRole::Assistant, text: said.text });
                let again =
                    format!("That cannot be used: {problem}. Answer again with the JSON object alone.");
                request.turns.push(ChatTurn { role: ChatRole::User, text: again });
            }
            Err(problem) => {
                let model = model.identity();
                let message = format!("{model} gave no usable answer in two tries: {problem}");
                return Err(PortError::new(PortErrorKind::BadAnswer, message));
            }
        }
    }
    Err(PortError::new(PortErrorKind::Internal, "the model was not asked"))
}

/// Reads an answer. One that was cut off is asked for once more; then what is whole of it counts.
fn read(
    said: &ChatAnswer,
    names: &prompt::Names,
    proposer: &Proposer,
    must_be_whole: bool,
) -> Result<Answered, String> {
    if said.end == ChatEnd::Refused {
        return Err(format!("the model refused: {}", excerpt(&said.text)));
    }
    let (value, repairs) = json_repair::repair(&said.text).map_err(|error| error.to_string())?;
    let is_cut = said.end == ChatEnd::Length || repairs.contains(&Repair::DroppedUnfinished);
    if is_cut && must_be_whole {
        return Err("it was cut off before its end: answer more briefly".to_owned());
    }
    let mut answered = answer::read(value, names, proposer)?;
    for repair in repairs {
        answered.extracted.warnings.push(format!("the model's JSON was repaired: {repair}"));
    }
    if is_cut {
        answered
            .extracted
            .warnings
            .push("the model's answer was cut off: later items are missing".to_owned());
    }
    Ok(answered)
}

fn excerpt(text: &str) -> String {
    text.chars().take(160).collect()
}
