//! Held candidates under a scope.

use axum::extract::State;
use dreamkeeper_api::candidate::Held;
use dreamkeeper_api::page::Page;
use dreamkeeper_domain::ports::HeldQuery;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{QuarantineQuery, Query, page_count};
use crate::router::Surface;

/// Lists what is held in quarantine under a scope, newest first.
#[utoipa::path(
    get, path = "/dk/v1/quarantine", tag = "Quarantine", params(QuarantineQuery),
    responses((status = 200, description = "One page of held candidates", body = Page<Held>)),
)]
pub(in crate::native) async fn list_held(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<QuarantineQuery>,
) -> Answer<Page<Held>> {
    let query = HeldQuery {
        scope: query.scope(),
        status: query.status.map(Into::into),
        after: query.after,
        limit: page_count(query.limit)?,
    };
    let page = surface.engine.list_held(&principal, query).await?;
    json((page.items, page.next))
}
