//! Add: messages to learn from, or words to keep as they are.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::day;
use dreamkeeper_api::mem0::request::Add;
use dreamkeeper_domain::event::{EventState, LearnEvent, Verdict};
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{Append, Learn, NewMemory, NewMessage, Principal, SessionRef};
use serde_json::{Value, json};

use crate::answer::{Answer, json as answer};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::router::Surface;

/// Queues messages to be learned from, or keeps them at once with `infer: false`.
pub(super) async fn add(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<Add>,
) -> Answer<Value> {
    let scope = request.scope()?;
    if request.infer == Some(false) {
        let results = keep(&surface, &principal, &request, &scope).await?;
        return answer(json!({
            "message": "Kept as said", "status": "SUCCEEDED", "event_id": null, "results": results,
        }));
    }
    let appended = surface.engine.append(&principal, append(&request, scope, Learn::Later)?).await?;
    let event = appended.events.first();
    let (message, status) = match event {
        Some(_) => ("Queued to be learned from", "PENDING"),
        None => ("There is nothing to learn from", "SUCCEEDED"),
    };
    answer(json!({ "message": message, "status": status, "event_id": event }))
}

/// The same for clients of their own server, which wait for what was learned.
pub(super) async fn add_and_wait(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<Add>,
) -> Answer<Value> {
    let scope = request.scope()?;
    let results = if request.infer == Some(false) {
        let kept = keep(&surface, &principal, &request, &scope).await?;
        kept.into_iter()
            .map(|kept| json!({ "id": kept["id"], "memory": kept["data"]["memory"], "event": "ADD" }))
            .collect()
    } else {
        let appended = surface.engine.append(&principal, append(&request, scope, Learn::Now)?).await?;
        appended.learned.iter().flat_map(results).collect::<Vec<Value>>()
    };
    answer(json!({ "results": results }))
}

/// What came of a learning event, in their words: what was held or dropped is no result.
pub(super) fn results(event: &LearnEvent) -> Vec<Value> {
    let told = event.report.decisions.iter().filter_map(|decision| {
        let (id, word) = match decision.verdict {
            Verdict::Add { memory } => (memory, "ADD"),
            Verdict::Update { memory, .. } => (memory, "UPDATE"),
            Verdict::Delete { memory } => (memory, "DELETE"),
            Verdict::NoOp { .. } | Verdict::Quarantine { .. } | Verdict::Drop => return None,
        };
        Some(json!({ "id": id, "memory": decision.text, "event": word }))
    });
    told.collect()
}

/// Where an event stands, in their words.
pub(super) const fn status(state: EventState) -> &'static str {
    match state {
        EventState::Pending => "PENDING",
        EventState::Running => "RUNNING",
        EventState::Succeeded => "SUCCEEDED",
        EventState::Failed => "FAILED",
    }
}

fn append(request: &Add, scope: Scope, learn: Learn) -> Result<Append, Problem> {
    let at = request.timestamp.map(jiff::Timestamp::from_second).transpose();
    let at = at.map_err(|error| Problem::new("timestamp", error.to_string()))?;
    let messages = request.said()?.into_iter().enumerate().map(
        |(place, (word, words))| -> Result<NewMessage, Problem> {
            let mut message = NewMessage::text(role(&word, place)?, words);
            message.at = at;
            Ok(message)
        },
    );
    Ok(Append {
        session: SessionRef::Current,
        scope,
        messages: messages.collect::<Result<_, Problem>>()?,
        via: Via::Live,
        idempotency_key: None,
        learn,
        temporary: false,
    })
}

fn role(word: &str, place: usize) -> Result<Role, Problem> {
    match word {
        "system" => Ok(Role::System),
        "user" => Ok(Role::User),
        "assistant" => Ok(Role::Assistant),
        "tool" => Ok(Role::Tool),
        other => {
            let shown: String = other.chars().take(64).collect();
            let problem = format!("`{shown}` is no role: expected user, assistant, system or tool");
            Err(Problem::new(format!("messages[{place}].role"), problem))
        }
    }
}

/// Keeps each message that is no instruction as a memory of its words.
async fn keep(
    surface: &Surface,
    principal: &Principal,
    request: &Add,
    scope: &Scope,
) -> Result<Vec<Value>, Failure> {
    let expires_at = request.expiration_date.as_deref().map(day::end_of).transpose()?;
    // All are read before the first is written.
    let mut new = Vec::new();
    for (place, (word, words)) in request.said()?.into_iter().enumerate() {
        match role(&word, place)? {
            Role::System => {}
            role @ (Role::User | Role::Assistant | Role::Tool) => new.push(NewMemory {
                origin: Some(role.origin()),
                metadata: request.metadata.clone().unwrap_or_default(),
                expires_at,
                ..NewMemory::new(Kind::Fact, words, scope.clone())
            }),
        }
    }
    let mut results = Vec::with_capacity(new.len());
    for new in new {
        let memory = surface.engine.remember(principal, new).await?;
        results.push(json!({ "id": memory.id, "data": { "memory": memory.text }, "event": "ADD" }));
    }
    Ok(results)
}
