//! The native API, `/dk/v1/`: one endpoint a file, the folders are the path.
//!
//! `by_id` and `by_key` stand for a path's parameter; a folder with several methods has a file for each.

mod audit;
mod candidates;
mod docs;
mod dreams;
mod erase;
mod events {
    pub(super) mod by_id {
        pub(in crate::native) mod get;
        pub(in crate::native) mod requeue;
    }
    pub(super) mod get;
    pub(super) mod stream;
}
mod keys {
    pub(super) mod by_id {
        pub(in crate::native) mod delete;
    }
    pub(super) mod get;
    pub(super) mod post;
}
mod maintenance {
    pub(super) mod backup;
    pub(super) mod doctor;
    pub(super) mod maintain;
    pub(super) mod reindex;
}
mod memories {
    pub(super) mod by_id {
        pub(in crate::native) mod feedback;
        pub(in crate::native) mod forget;
        pub(in crate::native) mod get;
        pub(in crate::native) mod history;
        pub(in crate::native) mod patch;
        pub(in crate::native) mod restore;
        pub(in crate::native) mod supersede;
    }
    pub(super) mod list;
    pub(super) mod post;
}
mod messages {
    pub(super) mod by_id;
    pub(super) mod post;
}
mod names;
mod openapi_json;
mod quarantine {
    pub(super) mod by_id {
        pub(in crate::native) mod get;
        pub(in crate::native) mod reject;
        pub(in crate::native) mod release;
    }
    pub(super) mod get;
}
mod queue;
mod recall;
mod receipts {
    pub(super) mod by_id;
}
mod records {
    pub(super) mod by_id;
}
mod relations;
mod sessions {
    pub(super) mod by_id {
        pub(in crate::native) mod get;
        pub(in crate::native) mod learn;
        pub(in crate::native) mod messages;
        pub(in crate::native) mod summary;
    }
    pub(super) mod get;
}
mod state {
    pub(super) mod by_key {
        pub(in crate::native) mod delete;
        pub(in crate::native) mod get;
        pub(in crate::native) mod history;
        pub(in crate::native) mod put;
    }
    pub(super) mod get;
}
mod stats;
mod topic_stores;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::router::Surface;

/// Routes that need a principal and answer in bounded time.
pub(crate) fn routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new()
        .routes(routes!(messages::post::append_messages))
        .routes(routes!(messages::by_id::get_message))
        .routes(routes!(sessions::get::list_sessions))
        .routes(routes!(sessions::by_id::get::get_session))
        .routes(routes!(sessions::by_id::messages::list_turns))
        .routes(routes!(sessions::by_id::summary::get_summary))
        .routes(routes!(memories::post::remember))
        .routes(routes!(memories::list::list_memories))
        .routes(routes!(memories::by_id::get::get_memory, memories::by_id::patch::update_memory))
        .routes(routes!(memories::by_id::supersede::supersede_memory))
        .routes(routes!(memories::by_id::forget::forget_memory))
        .routes(routes!(memories::by_id::restore::restore_memory))
        .routes(routes!(memories::by_id::history::memory_history))
        .routes(routes!(memories::by_id::feedback::give_feedback))
        .routes(routes!(recall::recall))
        .routes(routes!(receipts::by_id::why))
        .routes(routes!(records::by_id::get_record))
        .routes(routes!(state::get::list_state))
        .routes(routes!(
            state::by_key::get::get_state,
            state::by_key::put::set_state,
            state::by_key::delete::remove_state
        ))
        .routes(routes!(state::by_key::history::state_history))
        .routes(routes!(candidates::propose))
        .routes(routes!(events::get::list_events))
        .routes(routes!(events::by_id::get::get_event))
        .routes(routes!(events::by_id::requeue::requeue_event))
        .routes(routes!(queue::queue_stats))
        .routes(routes!(quarantine::get::list_held))
        .routes(routes!(quarantine::by_id::get::get_held))
        .routes(routes!(quarantine::by_id::release::release_held))
        .routes(routes!(quarantine::by_id::reject::reject_held))
        .routes(routes!(relations::list_relations))
        .routes(routes!(names::list_names))
        .merge(dreams::routes())
        .merge(topic_stores::routes())
        .routes(routes!(erase::erase))
        .routes(routes!(stats::stats))
        .routes(routes!(audit::audit))
        .routes(routes!(keys::get::list_keys, keys::post::create_key))
        .routes(routes!(keys::by_id::delete::revoke_key))
}

/// Routes that need a principal and take as long as the data is large, or as somebody listens.
pub(crate) fn long_routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new()
        .routes(routes!(dreams::post::run_dream))
        .routes(routes!(sessions::by_id::learn::learn_session))
        .routes(routes!(events::stream::stream_events))
        .routes(routes!(maintenance::reindex::reindex))
        .routes(routes!(maintenance::doctor::doctor))
        .routes(routes!(maintenance::maintain::maintain))
        .routes(routes!(maintenance::backup::backup))
}

/// The API's own description.
pub(crate) fn open_routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new().routes(routes!(openapi_json::openapi_json)).routes(routes!(docs::docs))
}
