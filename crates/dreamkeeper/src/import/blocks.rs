//! Content blocks as Anthropic's formats write them: text, tool use, tool result, thinking, image.

use dreamkeeper_api::message::Part;
use serde_json::Value;

/// What a tool answered.
pub(crate) struct ToolAnswer {
    /// The tool's name, where the block tells it.
    pub(crate) tool: String,
    /// The answer.
    pub(crate) part: Part,
}

/// The blocks of one message, told apart by who authored them.
#[derive(Default)]
pub(crate) struct Blocks {
    /// Words and tool calls, in order.
    pub(crate) said: Vec<Part>,
    /// Answers of tools, in order.
    pub(crate) results: Vec<ToolAnswer>,
}

/// Tells blocks apart; thinking, images and unknown kinds are passed over.
pub(crate) fn read(blocks: &[Value]) -> Blocks {
    let mut read = Blocks::default();
    for block in blocks {
        let text = |key: &str| block[key].as_str().map(str::to_owned);
        match block["type"].as_str() {
            Some("text") => {
                read.said.extend(
                    text("text").filter(|text| !text.trim().is_empty()).map(|text| Part::Text { text }),
                );
            }
            Some("tool_use") => read.said.push(Part::ToolCall {
                id: text("id").unwrap_or_default(),
                name: text("name").unwrap_or_else(|| "tool".to_owned()),
                arguments: block["input"].clone(),
            }),
            Some("tool_result") => {
                let content = result_text(&block["content"]);
                if !content.trim().is_empty() {
                    let call = text("tool_use_id").or_else(|| text("name")).unwrap_or_default();
                    let tool = text("name").unwrap_or_default();
                    read.results.push(ToolAnswer { tool, part: Part::ToolResult { call, content } });
                }
            }
            Some(_) | None => {}
        }
    }
    read
}

/// Whether a tool shows what strangers wrote.
pub(crate) fn is_web(tool: &str) -> bool {
    let tool = tool.to_lowercase();
    ["web", "fetch", "browser", "search_web"].iter().any(|name| tool.contains(name))
}

fn result_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            items.iter().filter_map(|item| item["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
