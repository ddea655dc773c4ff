//! Servers that refuse a field by its name are asked without it, and it is remembered.

use dreamkeeper_domain::ports::PortErrorKind;
use dreamkeeper_models::SchemaMode;

use super::*;

#[tokio::test]
async fn a_server_without_schemas_is_asked_for_an_object_and_then_in_words() {
    let answers = vec![
        refusal(400, "response_format.type: json_schema is not supported", ""),
        refusal(422, "'response_format.type' must be 'json_schema'", ""),
        good(ChatWire::OpenAi),
        good(ChatWire::OpenAi),
    ];
    let (server, model) = scripted(ChatWire::OpenAi, answers, |_| ()).await;
    for _ in 0..2 {
        model.complete(&request("well?", Some(schema()))).await.unwrap();
    }
    let bodies: Vec<Value> = server.requests().iter().map(HttpRequest::json).collect();
    let kinds: Vec<&Value> = bodies.iter().map(|body| &body["response_format"]["type"]).collect();
    assert_eq!(kinds, [&json!("json_schema"), &json!("json_object"), &Value::Null, &Value::Null]);
    let told = |body: &Value| body["messages"][0]["content"].as_str().unwrap().contains("JSON Schema:\n{");
    assert_eq!(bodies.iter().map(told).collect::<Vec<_>>(), [false, true, true, true]);
}

#[tokio::test]
async fn the_mode_that_is_set_is_where_it_begins() {
    for (mode, expected) in [(SchemaMode::JsonObject, json!("json_object")), (SchemaMode::None, Value::Null)]
    {
        let answers = vec![good(ChatWire::OpenAi)];
        let (outcome, bodies) = call(ChatWire::OpenAi, answers, |settings| settings.schema_mode = mode).await;
        outcome.unwrap();
        assert_eq!(bodies[0]["response_format"]["type"], expected);
    }
}

#[tokio::test]
async fn the_newer_name_of_the_bound_is_learned() {
    let newer = "Unsupported parameter: 'max_tokens' is not supported with this model. \
                 Use 'max_completion_tokens' instead.";
    let answers =
        vec![refusal(400, newer, "unsupported_parameter"), good(ChatWire::OpenAi), good(ChatWire::OpenAi)];
    let (server, model) = scripted(ChatWire::OpenAi, answers, |_| ()).await;
    for _ in 0..2 {
        model.complete(&request("well?", None)).await.unwrap();
    }
    let bodies: Vec<Value> = server.requests().iter().map(HttpRequest::json).collect();
    for (body, newer) in bodies.iter().zip([false, true, true]) {
        assert_eq!(body["max_tokens"] == 64, !newer, "{body}");
        assert_eq!(body["max_completion_tokens"] == 64, newer, "{body}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_count_streams_is_not_asked_to() {
    let answers =
        vec![refusal(400, "stream_options: extra fields not permitted", ""), good(ChatWire::OpenAi)];
    let (outcome, bodies) = call(ChatWire::OpenAi, answers, |settings| settings.stream = true).await;
    outcome.unwrap();
    let asked: Vec<bool> = bodies.iter().map(|body| body.get("stream_options").is_some()).collect();
    assert_eq!(asked, [true, false]);
}

#[tokio::test]
async fn a_model_that_cannot_be_made_to_call_a_tool_is_asked_to() {
    let refuses = "tool_choice forces tool use is not compatible with this model";
    let answers = vec![refusal(400, refuses, ""), good(ChatWire::Anthropic), good(ChatWire::Anthropic)];
    let (server, model) = scripted(ChatWire::Anthropic, answers, |_| ()).await;
    for _ in 0..2 {
        model.complete(&request("well?", Some(schema()))).await.unwrap();
    }
    let bodies: Vec<Value> = server.requests().iter().map(HttpRequest::json).collect();
    let kinds: Vec<&Value> = bodies.iter().map(|body| &body["tool_choice"]["type"]).collect();
    assert_eq!(kinds, ["tool", "auto", "auto"]);
    assert!(bodies[1]["system"].as_str().unwrap().ends_with("Answer by calling the tool `facts`."));
}

#[tokio::test]
async fn another_refusal_is_not_taken_for_a_dialect() {
    for wire in WIRES {
        let (outcome, bodies) = call(wire, vec![refusal(400, "the prompt is too long", "")], |_| ()).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind, bodies.len()), (PortErrorKind::Refused, 1), "{error}");
        assert!(error.message.contains("the prompt is too long"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_asked_a_bounded_number_of_times() {
    let everything = "response_format, max_completion_tokens and stream_options are not supported";
    let answers = (0..20).map(|_| refusal(400, everything, "")).collect();
    let (outcome, bodies) = call(ChatWire::OpenAi, answers, |settings| settings.stream = true).await;
    assert_eq!(outcome.unwrap_err().kind, PortErrorKind::Refused);
    assert_eq!(bodies.len(), 5);
}
