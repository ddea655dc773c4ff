//! Ask: one question to a model, and once more when its answer cannot be used.

use dreamkeeper_domain::ports::{
    ChatAnswer, ChatEnd, ChatModel, ChatRequest, ChatRole, ChatTurn, PortError, PortErrorKind,
};
use dreamkeeper_language::json_repair::{self, Repair};
use serde_json::Value;

use super::extract::Usage;

/// What a model said, read.
#[derive(Debug)]
pub(super) struct Asked<T> {
    pub(super) answer: T,
    pub(super) usage: Usage,
    /// What had to be mended, or was asked again.
    pub(super) warnings: Vec<String>,
}

/// Asks, reads, and asks again with what was wrong.
///
/// # Errors
/// The port's; `BadAnswer` when the second answer cannot be used either: nothing of it is lost silently, the
/// event tells and waits.
pub(super) async fn ask<T>(
    model: &dyn ChatModel,
    mut request: ChatRequest,
    read: impl Fn(Value) -> Result<T, String>,
) -> Result<Asked<T>, PortError> {
    let mut usage = Usage::default();
    let mut warnings = Vec::new();
    for attempt in 0..2 {
        let said = model.complete(&request).await?;
        usage.calls += 1;
        usage.prompt_tokens += said.usage.prompt_tokens;
        usage.answer_tokens += said.usage.answer_tokens;
        match whole(&said, attempt == 0).and_then(|(value, mended)| Ok((read(value)?, mended))) {
            Ok((answer, mended)) => {
                warnings.extend(mended);
                return Ok(Asked { answer, usage, warnings });
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

/// The JSON of an answer. One that was cut off is asked for once more; then what is whole of it counts.
fn whole(said: &ChatAnswer, must_be_whole: bool) -> Result<(Value, Vec<String>), String> {
    if said.end == ChatEnd::Refused {
        return Err(format!("the model refused: {}", excerpt(&said.text)));
    }
    let (value, repairs) = json_repair::repair(&said.text).map_err(|error| error.to_string())?;
    let is_cut = said.end == ChatEnd::Length || repairs.contains(&Repair::DroppedUnfinished);
    if is_cut && must_be_whole {
        return Err("it was cut off before its end: answer more briefly".to_owned());
    }
    let mut mended: Vec<String> =
        repairs.into_iter().map(|repair| format!("the model's JSON was repaired: {repair}")).collect();
    if is_cut {
        mended.push("the model's answer was cut off: later items are missing".to_owned());
    }
    Ok((value, mended))
}

fn excerpt(text: &str) -> String {
    text.chars().take(160).collect()
}
