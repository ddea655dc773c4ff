//! What was changed in the space.

use axum::extract::State;
use dreamkeeper_api::audit::AuditEntry;
use dreamkeeper_api::page::List;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{AuditQuery, Query};
use crate::router::Surface;

/// Tells what was changed in the space, oldest first.
#[utoipa::path(
    get, path = "/dk/v1/audit", tag = "Maintenance", params(AuditQuery),
    responses((status = 200, description = "The entries", body = List<AuditEntry>)),
)]
pub(in crate::native) async fn audit(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<AuditQuery>,
) -> Answer<List<AuditEntry>> {
    json(List::of(surface.engine.audit(&principal, query.after, query.limit).await?))
}
