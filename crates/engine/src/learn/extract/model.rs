//! Model: one call proposes drafts, what to do with them, and the session's summary.
//!
//! What the model says is text from outside: parsed into types here, checked by grounding, policy and deciding
//! afterwards. Turns and memories have short names in the prompt; an answer that names others names nothing.

mod answer;
pub(crate) mod prompt;

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{ChatModel, ChatRequest, ChatRole, ChatTurn, PortError};

use super::Extracted;
use crate::learn::ask::ask;
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
/// The port's; `BadAnswer` when the second answer cannot be used either.
pub(crate) async fn extract(
    model: &dyn ChatModel,
    context: &Context,
    known: &[Memory],
    settings: &LearnSettings,
) -> Result<Answered, PortError> {
    let names = prompt::Names::new(context, known);
    let request = ChatRequest {
        system: prompt::system(settings),
        turns: vec![ChatTurn { role: ChatRole::User, text: prompt::user(context, known, &names) }],
        schema: Some(answer::schema()),
        answer_tokens_max: ANSWER_TOKENS_MAX,
    };
    let proposer = Proposer::Model { model: model.identity().to_owned(), prompt: PROMPT.to_owned() };
    let asked = ask(model, request, |value| answer::read(value, &names, &proposer)).await?;
    let mut answered = asked.answer;
    answered.extracted.usage = asked.usage;
    answered.extracted.warnings.splice(0..0, asked.warnings);
    Ok(answered)
}
