//! ChatGPT's data export: `conversations.json`, an array of conversations, each a tree of messages.
//!
//! OpenAI publishes no schema; every field is optional here and unknown ones are passed over. Only the
//! branch that the person saw last is read: regenerated and edited turns beside it are counted and left.

use std::collections::HashMap;
use std::io::{self, BufRead};

use dreamkeeper_api::message::Part;
use dreamkeeper_api::words::{Origin, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::elements::Elements;
use super::found::{Exported, Found, Located};
use super::transcript::without_position;

/// Everything in an export.
pub(crate) fn read<R: BufRead>(reader: R, file: &str) -> impl Iterator<Item = io::Result<Located>> + use<R> {
    Elements::new(reader, file, "conversation").flat_map(|element| match element {
        Err(error) => vec![Err(error)],
        Ok((place, bytes)) => match serde_json::from_slice::<Conversation>(&bytes) {
            Ok(conversation) => {
                conversation.read().into_iter().map(|found| Ok((place.clone(), found))).collect()
            }
            Err(error) => vec![Ok((place, Found::Bad(without_position(&error))))],
        },
    })
}

#[derive(Deserialize)]
struct Conversation {
    #[serde(alias = "id")]
    conversation_id: Option<String>,
    create_time: Option<f64>,
    current_node: Option<String>,
    mapping: HashMap<String, Node>,
}

#[derive(Deserialize)]
struct Node {
    message: Option<Message>,
    parent: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    id: Option<String>,
    author: Author,
    create_time: Option<f64>,
    #[serde(default)]
    content: Value,
    recipient: Option<String>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Author {
    role: String,
    name: Option<String>,
}

impl Conversation {
    fn read(self) -> Vec<Found> {
        let Some(id) = self.conversation_id.clone() else {
            return vec![Found::Bad("the conversation has no id".to_owned())];
        };
        let branch = self.branch();
        let beside = self.mapping.values().filter(|node| node.message.is_some()).count() - branch.len();
        let mut found: Vec<Found> = Vec::with_capacity(branch.len() + beside);
        let mut latest = self.create_time.and_then(moment);
        for message in branch {
            let at = message.create_time.and_then(moment).or(latest);
            latest = at.or(latest);
            found.push(message.read(&format!("chatgpt:{id}"), at));
        }
        found.extend(std::iter::repeat_n(
            Found::Skipped("turns of another branch (regenerated or edited)"),
            beside,
        ));
        found
    }

    /// The messages from the root to the turn that was seen last.
    fn branch(&self) -> Vec<&Message> {
        let mut branch = Vec::new();
        let mut next = self.current_node.clone().or_else(|| self.last_leaf());
        // A broken file may hold a circle: no branch is longer than the tree.
        for _ in 0..=self.mapping.len() {
            let Some(node) = next.take().and_then(|id| self.mapping.get(&id)) else { break };
            branch.extend(&node.message);
            next = node.parent.clone();
        }
        branch.truncate(self.mapping.len());
        branch.reverse();
        branch
    }

    fn last_leaf(&self) -> Option<String> {
        let time = |node: &Node| node.message.as_ref().and_then(|message| message.create_time).unwrap_or(0.0);
        self.mapping.iter().max_by(|(_, a), (_, b)| time(a).total_cmp(&time(b))).map(|(id, _)| id.clone())
    }
}

impl Message {
    fn read(&self, session: &str, at: Option<Timestamp>) -> Found {
        if self.metadata["is_visually_hidden_from_conversation"] == true {
            return Found::Skipped("hidden turns of the application");
        }
        let (Some(client_id), Some(at)) = (self.id.clone(), at) else {
            return Found::Bad("a message has no id or no time".to_owned());
        };
        let kind = self.content["content_type"].as_str().unwrap_or("text");
        let (role, origin) = match self.author.role.as_str() {
            "user" => (Role::User, None),
            "assistant" => (Role::Assistant, None),
            // What a browsing tool shows was written by anybody.
            "tool" if kind.starts_with("tether") || self.is_browser() => (Role::Tool, Some(Origin::External)),
            "tool" => (Role::Tool, None),
            "system" => return Found::Skipped("system prompts of the application"),
            other => return Found::Bad(format!("a message has the unknown role `{other}`")),
        };
        let parts = match kind {
            "thoughts" | "reasoning_recap" => return Found::Skipped("the model's own reasoning"),
            "user_editable_context" | "model_editable_context" => {
                return Found::Skipped("profile texts that the application repeats");
            }
            _ => self.parts(role, kind),
        };
        if parts.is_empty() {
            return Found::Skipped("messages without text");
        }
        let labels = vec!["chatgpt".to_owned()];
        Exported { session: session.to_owned(), id: client_id, role, origin, parts, at, labels }.into()
    }

    fn is_browser(&self) -> bool {
        let name = self.author.name.as_deref().unwrap_or_default();
        name.starts_with("browser") || name.starts_with("web") || name == "myfiles_browser"
    }

    fn parts(&self, role: Role, kind: &str) -> Vec<Part> {
        let content = &self.content;
        let text =
            |key: &str| content[key].as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
        if role == Role::Tool {
            let shown = text("text").or_else(|| text("result")).into_iter();
            let listed = content["parts"].as_array().into_iter().flatten().filter_map(words);
            let answer = shown.chain(listed).collect::<Vec<_>>().join("\n");
            let call = self.author.name.clone().unwrap_or_else(|| "tool".to_owned());
            let result = Part::ToolResult { call, content: answer.clone() };
            return if answer.is_empty() { Vec::new() } else { vec![result] };
        }
        let recipient = self.recipient.as_deref().unwrap_or("all");
        if role == Role::Assistant && recipient != "all" {
            let said = text("text").or_else(|| content["parts"].as_array()?.first().and_then(words));
            let arguments = said.map(|said| serde_json::from_str(&said).unwrap_or(Value::String(said)));
            let id = self.id.clone().unwrap_or_default();
            return arguments
                .map(|arguments| Part::ToolCall { id, name: recipient.to_owned(), arguments })
                .into_iter()
                .collect();
        }
        if kind == "code" {
            return text("text").map(|text| Part::Text { text }).into_iter().collect();
        }
        content["parts"].as_array().into_iter().flatten().filter_map(part).collect()
    }
}

fn part(value: &Value) -> Option<Part> {
    if let Some(prompt) = value["metadata"]["dalle"]["prompt"].as_str().filter(|prompt| !prompt.is_empty()) {
        return Some(Part::Image { caption: prompt.to_owned() });
    }
    words(value).map(|text| Part::Text { text })
}

/// The words of a content part: itself, or what a voice message was heard as.
fn words(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value["text"].as_str())?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn moment(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_microsecond((seconds * 1e6) as i64).ok().filter(|_| seconds.is_finite() && seconds > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"[{
      "conversation_id": "c1", "title": "Trip", "create_time": 1750000000.5, "current_node": "n5",
      "mapping": {
        "root": {"id": "root", "message": null, "parent": null, "children": ["n1"]},
        "n1": {"message": {"id": "n1", "author": {"role": "system"}, "content": {"content_type": "text", "parts": [""]}}, "parent": "root"},
        "n2": {"message": {"id": "n2", "author": {"role": "user"}, "create_time": 1750000001.0, "content": {"content_type": "multimodal_text", "parts": ["Where?", {"content_type": "image_asset_pointer"}]}}, "parent": "n1"},
        "n3": {"message": {"id": "n3", "author": {"role": "assistant"}, "recipient": "web.search", "content": {"content_type": "code", "text": "{\"q\":\"Faro\"}"}}, "parent": "n2"},
        "n4": {"message": {"id": "n4", "author": {"role": "tool", "name": "web.search"}, "content": {"content_type": "tether_quote", "text": "Faro is in Portugal."}}, "parent": "n3"},
        "n5": {"message": {"id": "n5", "author": {"role": "assistant"}, "recipient": "all", "create_time": 1750000009.0, "content": {"content_type": "text", "parts": ["Faro."]}}, "parent": "n4"},
        "n9": {"message": {"id": "n9", "author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Lagos."]}}, "parent": "n4"}
      }}, {"broken": true}, 7]"#;

    #[test]
    fn the_branch_that_was_seen_last_is_read_in_order() {
        let found: Vec<Found> = read(EXPORT.as_bytes(), "f").map(|found| found.unwrap().1).collect();
        let turns: Vec<(&str, Role, Option<Origin>, String)> = found
            .iter()
            .filter_map(|found| match found {
                Found::Turn(turn) => {
                    let message = &turn.message;
                    let words = dreamkeeper_domain::message::render(&message.content().unwrap());
                    Some((message.id.as_deref().unwrap(), message.role, message.origin, words))
                }
                _ => None,
            })
            .collect();
        let expected = [
            ("n2", Role::User, None, "Where?".to_owned()),
            ("n3", Role::Assistant, None, "web.search({\"q\":\"Faro\"})".to_owned()),
            ("n4", Role::Tool, Some(Origin::External), "Faro is in Portugal.".to_owned()),
            ("n5", Role::Assistant, None, "Faro.".to_owned()),
        ];
        assert_eq!(turns, expected);
        assert_eq!(found.iter().filter(|found| matches!(found, Found::Bad(_))).count(), 2);
        assert_eq!(found.iter().filter(|found| matches!(found, Found::Skipped(_))).count(), 2);
    }
}
