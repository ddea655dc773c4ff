//! Claude's data export: `conversations.json`, an array of conversations, each a list of messages.
//!
//! Anthropic publishes no schema; every field is optional here and unknown ones are passed over.

use std::io::{self, BufRead};

use dreamkeeper_api::message::Part;
use dreamkeeper_api::words::{Origin, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::blocks;
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
    uuid: String,
    #[serde(default)]
    chat_messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    uuid: String,
    sender: String,
    created_at: Option<Timestamp>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    content: Vec<Value>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    file_name: Option<String>,
    extracted_content: Option<String>,
}

impl Conversation {
    fn read(self) -> Vec<Found> {
        let session = format!("claude:{}", self.uuid);
        self.chat_messages.into_iter().flat_map(|message| message.read(&session)).collect()
    }
}

impl Message {
    fn read(self, session: &str) -> Vec<Found> {
        let role = match self.sender.as_str() {
            "human" | "user" => Role::User,
            "assistant" => Role::Assistant,
            other => return vec![Found::Bad(format!("a message has the unknown sender `{other}`"))],
        };
        let Some(at) = self.created_at else {
            return vec![Found::Bad(format!("message {} has no time", self.uuid))];
        };
        let turn = |suffix: &str, role: Role, origin: Option<Origin>, parts: Vec<Part>| {
            let labels = vec!["claude".to_owned()];
            let id = format!("{}{suffix}", self.uuid);
            Found::from(Exported { session: session.to_owned(), id, role, origin, parts, at, labels })
        };
        let mut found = Vec::new();
        // An attached document stands before the words about it, as a stranger's: anybody may have written it.
        for (place, attachment) in self.attachments.iter().enumerate() {
            let Some(text) = attachment.extracted_content.as_deref().filter(|text| !text.trim().is_empty())
            else {
                continue;
            };
            let name = attachment.file_name.as_deref().unwrap_or("attachment");
            let parts = vec![Part::Text { text: format!("{name}\n{text}") }];
            found.push(turn(&format!("/attachment-{place}"), role, Some(Origin::External), parts));
        }
        let blocks = blocks::read(&self.content);
        let mut said = blocks.said;
        if said.is_empty() && blocks.results.is_empty() && !self.text.trim().is_empty() {
            said.push(Part::Text { text: self.text.clone() });
        }
        if !said.is_empty() {
            found.push(turn("", role, None, said));
        }
        // The application runs tools inside the assistant's message; what they answer is a turn of the tool.
        for (place, result) in blocks.results.into_iter().enumerate() {
            let origin = blocks::is_web(&result.tool).then_some(Origin::External);
            found.push(turn(&format!("/result-{place}"), Role::Tool, origin, vec![result.part]));
        }
        if found.is_empty() {
            found.push(Found::Skipped("messages without text"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = r#"[{"uuid":"c1","name":"Soup","chat_messages":[
      {"uuid":"m1","sender":"human","created_at":"2025-06-01T10:00:00.123456Z","text":"Read this.",
       "content":[{"type":"text","text":"Read this."}],"attachments":[{"file_name":"soup.txt","extracted_content":"Leeks."}]},
      {"uuid":"m2","sender":"assistant","created_at":"2025-06-01T10:00:05Z","text":"",
       "content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","name":"web_search","input":{"q":"leeks"}},
                  {"type":"tool_result","name":"web_search","content":[{"type":"text","text":"Leeks are good."}]},
                  {"type":"text","text":"A leek soup."}]}]}]"#;

    #[test]
    fn messages_attachments_and_tool_results_are_turns_of_who_wrote_them() {
        let turns: Vec<(String, Role, Option<Origin>)> = read(EXPORT.as_bytes(), "f")
            .filter_map(|found| match found.unwrap().1 {
                Found::Turn(turn) => {
                    let message = turn.message;
                    Some((message.id.unwrap(), message.role, message.origin))
                }
                _ => None,
            })
            .collect();
        let expected = [
            ("m1/attachment-0".to_owned(), Role::User, Some(Origin::External)),
            ("m1".to_owned(), Role::User, None),
            ("m2".to_owned(), Role::Assistant, None),
            ("m2/result-0".to_owned(), Role::Tool, Some(Origin::External)),
        ];
        assert_eq!(turns, expected);
    }
}
