//! Anthropic's messages, from the server's side.

use dreamkeeper_domain::ports::ChatEnd;
use serde_json::{Value, json};

use super::{Asked, PIECE_CHARS, Spoken, model, pieces, prompt_tokens, tokens, turns};
use crate::chat::ModelCall;
use crate::http_script::HttpRequest;

pub(super) fn read(request: &HttpRequest) -> Result<Asked, String> {
    if request.header("anthropic-version").is_none() {
        return Err("anthropic-version: header is required".to_owned());
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
    let messages = body["messages"].as_array().ok_or("messages: field required")?;
    let tool = body["tools"].get(0);
    if let Some(tool) = tool {
        let offered = tool["input_schema"]["type"] == "object";
        let chosen = body["tool_choice"]["type"] != "tool" || body["tool_choice"]["name"] == tool["name"];
        if !offered || !chosen {
            return Err("tools: input_schema must be an object's, tool_choice must name a tool".to_owned());
        }
    }
    Ok(Asked {
        model: model(&body)?,
        stream: body["stream"] == true,
        tool: tool.and_then(|tool| tool["name"].as_str()).map(str::to_owned),
        stream_usage: true,
        call: ModelCall {
            system: body["system"].as_str().unwrap_or_default().to_owned(),
            turns: turns(messages)?,
            schema: tool.map(|tool| tool["input_schema"].clone()),
            answer_tokens_max: body["max_tokens"].as_u64().ok_or("max_tokens: field required")?,
            number: 0,
        },
    })
}

pub(super) fn spoken(asked: &Asked, text: &str, end: ChatEnd) -> Spoken {
    // What is no JSON object cannot be a tool's input in a whole answer: the model talks instead.
    let input = serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
    let tool = asked.tool.as_ref().filter(|_| end == ChatEnd::Complete && input.is_some());
    let reason = match end {
        ChatEnd::Complete if tool.is_some() => "tool_use",
        ChatEnd::Complete => "end_turn",
        ChatEnd::Length => "max_tokens",
        ChatEnd::Refused => "refusal",
    };
    let prompt = prompt_tokens(&asked.call);
    if !asked.stream {
        let block = match (tool, input) {
            (Some(name), Some(input)) => {
                json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": input})
            }
            _ => json!({"type": "text", "text": text}),
        };
        return Spoken::Whole(json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": asked.model, "content": [block],
            "stop_reason": reason, "stop_sequence": null,
            "usage": {"input_tokens": prompt, "output_tokens": tokens(text)},
        }));
    }
    let event =
        |data: Value| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default());
    let (block, kind, field) = match tool {
        Some(name) => {
            let block = json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {}});
            (block, "input_json_delta", "partial_json")
        }
        None => (json!({"type": "text", "text": ""}), "text_delta", "text"),
    };
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": asked.model, "content": [],
        "usage": {"input_tokens": prompt, "output_tokens": 1},
    });
    let mut events = vec![
        event(json!({"type": "message_start", "message": message})),
        event(json!({"type": "content_block_start", "index": 0, "content_block": block})),
        event(json!({"type": "ping"})),
    ];
    events.extend(pieces(text, PIECE_CHARS).into_iter().map(|piece| {
        let delta = json!({"type": kind, field: piece});
        event(json!({"type": "content_block_delta", "index": 0, "delta": delta}))
    }));
    events.push(event(json!({"type": "content_block_stop", "index": 0})));
    events.push(event(json!({
        "type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": tokens(text)},
    })));
    events.push(event(json!({"type": "message_stop"})));
    Spoken::Stream(events)
}
