//! A model that a command scripts: it reads the prompt of learning as a real one would and proposes what the
//! command says. No wire stands between; the fault modes of wires have their own tests.

use async_trait::async_trait;
use dreamkeeper_domain::ports::{ChatAnswer, ChatEnd, ChatModel, ChatRequest, PortError, TokenUsage};
use serde_json::{Value, json};

/// A turn as a prompt shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShownTurn {
    /// Its short name.
    pub(crate) name: String,
    /// When it was said, to the minute.
    pub(crate) at: String,
    /// Who said it; `-` without a name.
    pub(crate) author: String,
    /// Its role.
    pub(crate) role: String,
    /// Its words.
    pub(crate) text: String,
    /// Whether it is new: others are there for understanding only.
    pub(crate) is_new: bool,
}

/// What a script proposes: the items and the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proposed {
    /// As the schema of learning has them.
    pub(crate) items: Vec<Value>,
    /// The session so far.
    pub(crate) summary: String,
}

type Script = Box<dyn Fn(&[ShownTurn]) -> Proposed + Send + Sync>;

/// The model.
pub(crate) struct ScriptedModel(Script);

impl ScriptedModel {
    /// A model that proposes so.
    pub(crate) fn new(script: impl Fn(&[ShownTurn]) -> Proposed + Send + Sync + 'static) -> Self {
        Self(Box::new(script))
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn identity(&self) -> &str {
        "bench/scripted"
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let prompt = request.turns.first().map_or("", |turn| turn.text.as_str());
        let asks_for_verdicts = request.schema.as_ref().is_some_and(|schema| schema.name == "verdicts");
        let answer = if asks_for_verdicts {
            // Not sure of any pair: what code decides alone is measured.
            json!({"pairs": []}).to_string()
        } else {
            let proposed = (self.0)(&shown(prompt));
            json!({"items": proposed.items, "forget": [], "summary": proposed.summary}).to_string()
        };
        // Four bytes a token, as the adapters count where a server does not tell.
        let tokens = |bytes: usize| (bytes as u64).div_ceil(4);
        let asked = request.system.len() + request.turns.iter().map(|turn| turn.text.len()).sum::<usize>();
        let usage = TokenUsage { prompt_tokens: tokens(asked), answer_tokens: tokens(answer.len()) };
        Ok(ChatAnswer { text: answer, end: ChatEnd::Complete, usage })
    }
}

/// An item with every field that the schema asks for.
pub(crate) fn item(text: &str, kind: &str, quotes: &[(&str, &str)]) -> Value {
    let quotes: Vec<Value> =
        quotes.iter().map(|(turn, quote)| json!({"turn": turn, "quote": quote})).collect();
    json!({
        "text": text, "kind": kind, "subject": "", "attribute": "", "value": "", "one_valued": false,
        "quotes": quotes, "time": null, "entities": [], "relations": [], "categories": [], "importance": 0.5,
        "decision": {"action": "add", "memory": null},
    })
}

/// The turns of a prompt, earlier ones first.
fn shown(prompt: &str) -> Vec<ShownTurn> {
    let after = |text: &'_ str, mark: &str| text.split_once(mark).map(|(_, rest)| rest.to_owned());
    let Some(data) = after(prompt, "## Earlier turns, for understanding only\n") else { return Vec::new() };
    let data = data.rsplit_once("\n\ndata ").map_or(data.as_str(), |(data, _)| data);
    let mut turns: Vec<ShownTurn> = Vec::new();
    let mut is_new = false;
    for line in data.split('\n') {
        if line == "## New turns" {
            is_new = true;
        } else if let Some(turn) = headed(line, turns.len() + 1, is_new) {
            turns.push(turn);
        } else if let Some(last) = turns.last_mut() {
            last.text.push('\n');
            last.text.push_str(line);
        }
    }
    for turn in &mut turns {
        turn.text.truncate(turn.text.trim_end().len());
    }
    turns
}

/// `t3 [Mon 2026-01-05 10:00 | Ana | user | origin user]: words`.
fn headed(line: &str, number: usize, is_new: bool) -> Option<ShownTurn> {
    let name = format!("t{number}");
    let rest = line.strip_prefix(&name)?.strip_prefix(" [")?;
    let (head, text) = rest.split_once("]: ").or_else(|| Some((rest.strip_suffix("]:")?, "")))?;
    let mut parts = head.split(" | ");
    let mut part = || parts.next().map(str::to_owned);
    let (at, author, role) = (part()?, part()?, part()?);
    Some(ShownTurn { name, at, author, role, text: text.to_owned(), is_new })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_read_from_a_prompt() {
        let prompt = "<<<data 0\n## Known memories\n\n## Earlier turns, for understanding only\n\
            t1 [Mon 2026-01-05 10:00 | Ana | user | origin user]: one\n\n## New turns\n\
            t2 [Mon 2026-01-05 10:01 | - | tool | origin tool]: two\nt9 [x]: still two\n\ndata 0>>>\n\nPropose.";
        let turns = shown(prompt);
        let told: Vec<_> = turns.iter().map(|turn| (&*turn.author, &*turn.text, turn.is_new)).collect();
        assert_eq!(told, [("Ana", "one", false), ("-", "two\nt9 [x]: still two", true)]);
    }
}
