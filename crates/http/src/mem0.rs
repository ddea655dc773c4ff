//! mem0's wire, of its Platform and of its own server: what its clients call, by what is done.
//!
//! Their documents are its document; ours tells our own routes only. What is not kept here answers 501 in their
//! shape, so that a client's program can tell "not here" from "not there".

mod absent;
mod add;
mod by_id;
mod entities;
mod events;
mod list;
mod ping;
mod search;
mod several;
mod wire;

use axum::Router;
use axum::routing::{any, delete, get, post};

use crate::router::Surface;
pub(crate) use wire::wire;

/// Routes that need a principal and answer in bounded time. Each path ends in a slash, as their clients send it.
pub(crate) fn routes() -> Router<Surface> {
    let absent = [
        "/v1/exports/",
        "/v1/exports/get/",
        "/v1/summary/",
        "/v2/profiles/{*rest}",
        "/v2/entities/{type}/{name}/profile/",
        "/api/v1/orgs/{*rest}",
        "/api/v1/webhooks/{*rest}",
    ];
    let known = Router::new()
        .route("/v1/ping/", get(ping::ping))
        .route("/v3/memories/add/", post(add::add))
        .route("/v3/memories/search/", post(search::search))
        .route("/v2/memories/search/", post(search::search_bare))
        .route("/v3/memories/", post(list::list))
        .route("/v2/memories/", post(list::list))
        .route("/v1/memories/", post(add::add).delete(several::delete_all))
        .route(
            "/v1/memories/{id}/",
            get(by_id::get_memory).put(by_id::update_memory).delete(by_id::delete_memory),
        )
        .route("/v1/memories/{id}/history/", get(by_id::history))
        .route("/v1/batch/", axum::routing::put(several::update_each).delete(several::delete_each))
        .route("/v1/feedback/", post(by_id::feedback))
        .route("/v1/events/", get(events::list_events))
        .route("/v1/event/{id}/", get(events::get_event))
        .route("/v1/entities/", get(entities::list_entities))
        .route("/v2/entities/{type}/{name}/", delete(entities::delete_entity));
    let own_server = Router::new()
        .route("/search", post(search::search))
        .route("/memories", get(list::list_whole).post(add::add_and_wait).delete(several::delete_all))
        .route(
            "/memories/{id}",
            get(by_id::get_memory).put(by_id::update_memory).delete(by_id::delete_memory),
        )
        .route("/memories/{id}/history", get(by_id::history));
    absent.iter().fold(known.merge(own_server), |routes, path| routes.route(path, any(absent::absent)))
}
