//! Search: memories that fit a question.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::request::Search;
use dreamkeeper_api::mem0::{filter, memory};
use dreamkeeper_domain::limits::{self, MEM0_TOP_K_MAX};
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_engine::Principal;
use dreamkeeper_engine::recall::RecallRequest;
use serde_json::{Value, json};

use crate::answer::{Answer, json as answer};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::router::Surface;

/// Finds memories.
pub(super) async fn search(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<Search>,
) -> Answer<Value> {
    let results = found(&surface, &principal, request).await?;
    answer(json!({ "results": results }))
}

/// The same as their second version answers: a bare list.
pub(super) async fn search_bare(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<Search>,
) -> Answer<Value> {
    answer(Value::Array(found(&surface, &principal, request).await?))
}

async fn found(surface: &Surface, principal: &Principal, request: Search) -> Result<Vec<Value>, Failure> {
    let top_k = request.top_k.or(request.limit).unwrap_or(limits::RECALL_LIMIT_DEFAULT);
    if !(1..=MEM0_TOP_K_MAX).contains(&top_k) {
        let problem = format!("{top_k} is out of range: 1 to {MEM0_TOP_K_MAX}");
        return Err(Problem::new("top_k", problem).into());
    }
    let threshold = request.threshold.unwrap_or_default();
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Problem::new("threshold", format!("{threshold} is out of range: 0 to 1")).into());
    }
    let asked = filter::read(&request.filters)?;
    let mut recall = RecallRequest::new(request.query, asked.scope);
    recall.filter = asked.filter;
    recall.sections = [Section::Memories, Section::OpenQuestions].into();
    recall.limit = top_k.min(limits::RECALL_LIMIT_MAX);
    recall.token_budget = limits::RECALL_TOKENS_MAX;
    // Who asks for a threshold of nothing wants the nearest, however far they are.
    recall.all = request.threshold == Some(0.0);
    recall.include.expired = request.show_expired == Some(true);
    let recalled = surface.engine.recall(principal, recall).await?;
    let mut results: Vec<(f32, Value)> = Vec::new();
    for item in recalled.memories.into_iter().chain(recalled.open_questions) {
        let score = item.score.map_or(1.0, |score| score.value);
        if score >= threshold {
            results.push((score, memory::found(&item.memory, score)));
        }
    }
    results.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    Ok(results.into_iter().map(|(_, told)| told).collect())
}
