//! Anthropic's wire of memory stores, `/v1/memory_stores`: one endpoint a file, the folders are the path.
//!
//! Their SDKs are its document; ours tells our own routes only. `by_…` stands for a path's parameter.

mod memory_stores {
    pub(super) mod by_store {
        pub(in crate::anthropic) mod archive;
        pub(in crate::anthropic) mod delete;
        pub(in crate::anthropic) mod get;
        pub(in crate::anthropic) mod memories {
            pub(in crate::anthropic) mod by_memory {
                pub(in crate::anthropic) mod delete;
                pub(in crate::anthropic) mod get;
                pub(in crate::anthropic) mod post;
            }
            pub(in crate::anthropic) mod get;
            pub(in crate::anthropic) mod post;
        }
        pub(in crate::anthropic) mod memory_versions {
            pub(in crate::anthropic) mod by_version {
                pub(in crate::anthropic) mod get;
                pub(in crate::anthropic) mod redact;
            }
            pub(in crate::anthropic) mod get;
        }
        pub(in crate::anthropic) mod post;
    }
    pub(super) mod get;
    pub(super) mod post;
}
mod parameters;
mod wire;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use crate::router::Surface;
pub(crate) use wire::wire;

/// Routes that need a principal and answer in bounded time.
pub(crate) fn routes() -> Router<Surface> {
    use memories::by_memory;
    use memory_stores::by_store::{self, memories, memory_versions};
    use memory_versions::by_version;

    const STORE: &str = "/v1/memory_stores/{store}";
    let change = by_memory::post::update_memory;
    let memory = get(by_memory::get::get_memory).post(change).patch(change);
    Router::new()
        .route(
            "/v1/memory_stores",
            get(memory_stores::get::list_stores).post(memory_stores::post::create_store),
        )
        .route(
            STORE,
            get(by_store::get::get_store)
                .post(by_store::post::update_store)
                .delete(by_store::delete::delete_store),
        )
        .route(&format!("{STORE}/archive"), post(by_store::archive::archive_store))
        .route(
            &format!("{STORE}/memories"),
            get(memories::get::list_memories).post(memories::post::create_memory),
        )
        .route(&format!("{STORE}/memories/{{memory}}"), memory.delete(by_memory::delete::delete_memory))
        .route(&format!("{STORE}/memory_versions"), get(memory_versions::get::list_versions))
        .route(&format!("{STORE}/memory_versions/{{version}}"), get(by_version::get::get_version))
        .route(
            &format!("{STORE}/memory_versions/{{version}}/redact"),
            post(by_version::redact::redact_version),
        )
        .route_layer(from_fn(wire::one_beta))
}
