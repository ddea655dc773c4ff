//! Sessions under a scope.

use axum::extract::State;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::session::Session;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{Query, ScopePageQuery};
use crate::router::Surface;

/// Lists sessions under a scope, latest message first.
#[utoipa::path(
    get, path = "/dk/v1/sessions", tag = "Sessions", params(ScopePageQuery),
    responses((status = 200, description = "One page of sessions", body = Page<Session>)),
)]
pub(in crate::native) async fn list_sessions(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<ScopePageQuery>,
) -> Answer<Page<Session>> {
    let scope = query.scope();
    let page = surface.engine.list_sessions(&principal, scope, query.after, query.limit).await?;
    json((page.items, page.next))
}
