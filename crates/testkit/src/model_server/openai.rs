//! OpenAI's chat completions, from the server's side.

use dreamkeeper_domain::ports::ChatEnd;
use serde_json::{Value, json};

use super::{Asked, PIECE_CHARS, Spoken, model, pieces, prompt_tokens, tokens, turns};
use crate::chat::ModelCall;
use crate::http_script::HttpRequest;

pub(super) fn read(request: &HttpRequest) -> Result<Asked, String> {
    let body: Value = serde_json::from_slice(&request.body).map_err(|error| error.to_string())?;
    let mut messages = body["messages"].as_array().ok_or("messages: field required")?.clone();
    let system = match messages.first() {
        Some(first) if first["role"] == "system" => messages.remove(0)["content"].clone(),
        _ => Value::Null,
    };
    let schema = match body["response_format"]["type"].as_str() {
        None => None,
        Some("json_schema") => {
            let told = &body["response_format"]["json_schema"];
            check_strict(&told["schema"])?;
            told["name"].as_str().ok_or("response_format.json_schema.name: field required")?;
            Some(told["schema"].clone())
        }
        Some("json_object") => {
            let told = system.as_str().is_some_and(|system| system.contains("JSON"));
            if !told {
                return Err("'messages' must contain the word 'json' to use 'response_format'".to_owned());
            }
            Some(json!({"type": "object"}))
        }
        Some(other) => return Err(format!("response_format.type: {other} is not supported")),
    };
    let limit = body.get("max_tokens").or(body.get("max_completion_tokens"));
    Ok(Asked {
        model: model(&body)?,
        stream: body["stream"] == true,
        tool: None,
        stream_usage: body["stream_options"]["include_usage"] == true,
        call: ModelCall {
            system: system.as_str().unwrap_or_default().to_owned(),
            turns: turns(&messages)?,
            schema,
            answer_tokens_max: limit.and_then(Value::as_u64).ok_or("max_tokens: field required")?,
            number: 0,
        },
    })
}

/// What OpenAI wants of a strict schema: every property required, and none besides.
fn check_strict(schema: &Value) -> Result<(), String> {
    if let Some(properties) = schema["properties"].as_object() {
        let required = schema["required"].as_array().map_or(0, Vec::len);
        if schema["additionalProperties"] != false || required != properties.len() {
            return Err("response_format: invalid schema: every property must be required and \
                        additionalProperties false"
                .to_owned());
        }
        properties.values().try_for_each(check_strict)?;
    }
    match schema.get("items") {
        Some(items) => check_strict(items),
        None => Ok(()),
    }
}

pub(super) fn spoken(asked: &Asked, text: &str, end: ChatEnd) -> Spoken {
    let reason = match end {
        ChatEnd::Complete | ChatEnd::Refused => "stop",
        ChatEnd::Length => "length",
    };
    let field = if end == ChatEnd::Refused { "refusal" } else { "content" };
    let prompt = prompt_tokens(&asked.call);
    let usage = json!({
        "prompt_tokens": prompt, "completion_tokens": tokens(text), "total_tokens": prompt + tokens(text),
    });
    if !asked.stream {
        let mut message = json!({"role": "assistant", "content": null, "refusal": null});
        message[field] = text.into();
        return Spoken::Whole(json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": asked.model,
            "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": reason}],
            "usage": usage,
        }));
    }
    let chunk = |delta: Value, reason: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": reason});
        let chunk = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]});
        format!("data: {chunk}\n\n")
    };
    let mut events =
        vec![": ping\n\n".to_owned(), chunk(json!({"role": "assistant", "content": ""}), Value::Null)];
    events
        .extend(pieces(text, PIECE_CHARS).into_iter().map(|piece| chunk(json!({field: piece}), Value::Null)));
    events.push(chunk(json!({}), reason.into()));
    if asked.stream_usage {
        events.push(format!("data: {}\n\n", json!({"choices": [], "usage": usage})));
    }
    events.push("data: [DONE]\n\n".to_owned());
    Spoken::Stream(events)
}
