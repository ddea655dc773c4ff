//! List: memories of somebody, page by page, newest change first.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::request::{List, named};
use dreamkeeper_api::mem0::{filter, memory};
use dreamkeeper_domain::limits::{self, MEM0_PAGE_MAX};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{ListMemories, Principal};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, json as answer};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::query::Query;
use crate::router::Surface;

/// Which page; other parameters of theirs say nothing here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageQuery {
    page: Option<usize>,
    page_size: Option<usize>,
}

/// Lists memories with their number.
pub(super) async fn list(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<PageQuery>,
    JsonBody(request): JsonBody<List>,
) -> Answer<Value> {
    let (page, size) = (query.page.unwrap_or(1), query.page_size.unwrap_or(limits::MEM0_PAGE_DEFAULT));
    if page == 0 {
        return Err(Problem::new("page", "0 is out of range: pages count from 1").into());
    }
    if !(1..=MEM0_PAGE_MAX).contains(&size) {
        return Err(Problem::new("page_size", format!("{size} is out of range: 1 to {MEM0_PAGE_MAX}")).into());
    }
    let asked = filter::read(&request.filters)?;
    let expired = request.show_expired == Some(true);
    let list = ListMemories { scope: asked.scope, filter: asked.filter, expired, ..ListMemories::default() };
    let all = every(&surface, &principal, list).await?;
    let start = (page - 1).saturating_mul(size);
    let results: Vec<Value> = all.iter().skip(start).take(size).map(memory::told).collect();
    let link = |page: usize| format!("/v3/memories/?page={page}&page_size={size}");
    answer(json!({
        "count": all.len(),
        "next": (start.saturating_add(size) < all.len()).then(|| link(page + 1)),
        "previous": (page > 1).then(|| link(page - 1)),
        "results": results,
    }))
}

/// Whose memories their own server lists, and how many at most.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WholeQuery {
    user_id: Option<String>,
    agent_id: Option<String>,
    run_id: Option<String>,
    top_k: Option<usize>,
    show_expired: bool,
}

/// Lists memories as their own server does: without pages.
pub(super) async fn list_whole(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<WholeQuery>,
) -> Answer<Value> {
    let scope = Scope { user: query.user_id, agent: query.agent_id, run: query.run_id, ..Scope::default() };
    let scope = named(scope, "query")?;
    let list = ListMemories { scope, expired: query.show_expired, ..ListMemories::default() };
    let all = every(&surface, &principal, list).await?;
    let results: Vec<Value> =
        all.iter().take(query.top_k.unwrap_or(limits::MEM0_PAGE_DEFAULT)).map(memory::told).collect();
    answer(json!({ "results": results }))
}

/// Every memory that a list finds: they number pages and tell how many there are, our lists go on from a place.
pub(super) async fn every(
    surface: &Surface,
    principal: &Principal,
    list: ListMemories,
) -> Result<Vec<Memory>, Failure> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = ListMemories { after, limit: Some(limits::PAGE_COUNT_MAX), ..list.clone() };
        let page = surface.engine.list_memories(principal, page).await?;
        all.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}
