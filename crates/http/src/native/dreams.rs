//! Dreams: what is proposed, reviewed, adopted and taken back.

mod by_id {
    pub(super) mod accept;
    pub(super) mod adopt;
    pub(super) mod archive;
    pub(super) mod cancel;
    pub(super) mod changes {
        pub(in crate::native) mod by_number {
            pub(in crate::native) mod edit;
            pub(in crate::native) mod get;
        }
        pub(in crate::native) mod get;
    }
    pub(super) mod get;
    pub(super) mod reject;
    pub(super) mod rollback;
}
mod get;
pub(super) mod post;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::router::Surface;

/// The routes that answer in bounded time.
pub(super) fn routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new()
        .routes(routes!(get::list_dreams))
        .routes(routes!(by_id::get::get_dream))
        .routes(routes!(by_id::changes::get::list_changes))
        .routes(routes!(by_id::changes::by_number::get::get_change))
        .routes(routes!(by_id::changes::by_number::edit::edit_change))
        .routes(routes!(by_id::accept::accept_changes))
        .routes(routes!(by_id::reject::reject_changes))
        .routes(routes!(by_id::adopt::adopt_dream))
        .routes(routes!(by_id::rollback::roll_back_dream))
        .routes(routes!(by_id::cancel::cancel_dream))
        .routes(routes!(by_id::archive::archive_dream))
}
