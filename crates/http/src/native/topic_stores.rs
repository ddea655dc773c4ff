//! Stores of topics and what is in them: `/dk/v1/topic-stores`.

mod get;
mod post;
mod by_id {
    pub(super) mod archive;
    pub(super) mod delete;
    pub(super) mod get;
    pub(super) mod index;
    pub(super) mod load;
    pub(super) mod patch;
    pub(super) mod tool;
    pub(super) mod topics {
        pub(in crate::native::topic_stores) mod by_topic {
            pub(in crate::native::topic_stores) mod blame;
            pub(in crate::native::topic_stores) mod delete;
            pub(in crate::native::topic_stores) mod diff;
            pub(in crate::native::topic_stores) mod edit;
            pub(in crate::native::topic_stores) mod get;
            pub(in crate::native::topic_stores) mod patch;
            pub(in crate::native::topic_stores) mod put;
            pub(in crate::native::topic_stores) mod restore;
            pub(in crate::native::topic_stores) mod versions;
        }
        pub(in crate::native::topic_stores) mod get;
        pub(in crate::native::topic_stores) mod post;
    }
    pub(super) mod undelete;
    pub(super) mod versions {
        pub(in crate::native::topic_stores) mod by_version {
            pub(in crate::native::topic_stores) mod get;
            pub(in crate::native::topic_stores) mod redact;
        }
        pub(in crate::native::topic_stores) mod get;
    }
}

use dreamkeeper_api::page::Page;
use dreamkeeper_api::topic::{TopicVersion, WrittenTopic};
use dreamkeeper_api::words::Origin;
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::{ports, topic};
use dreamkeeper_engine::topics::{self, TopicWriting};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::router::Surface;

/// The routes of stores, topics and versions.
pub(super) fn routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new()
        .routes(routes!(get::list_topic_stores, post::create_topic_store))
        .routes(routes!(
            by_id::get::get_topic_store,
            by_id::patch::update_topic_store,
            by_id::delete::delete_topic_store
        ))
        .routes(routes!(by_id::archive::archive_topic_store))
        .routes(routes!(by_id::undelete::undelete_topic_store))
        .routes(routes!(by_id::load::load_topics))
        .routes(routes!(by_id::tool::memory_tool))
        .routes(routes!(by_id::index::refresh_topic_index))
        .routes(routes!(by_id::topics::get::list_topics, by_id::topics::post::create_topic))
        .routes(routes!(
            by_id::topics::by_topic::get::get_topic,
            by_id::topics::by_topic::put::write_topic,
            by_id::topics::by_topic::patch::update_topic,
            by_id::topics::by_topic::delete::remove_topic
        ))
        .routes(routes!(by_id::topics::by_topic::edit::edit_topic))
        .routes(routes!(by_id::topics::by_topic::restore::restore_topic))
        .routes(routes!(by_id::topics::by_topic::versions::topic_log))
        .routes(routes!(by_id::topics::by_topic::diff::diff_topic))
        .routes(routes!(by_id::topics::by_topic::blame::blame_topic))
        .routes(routes!(by_id::versions::get::list_topic_versions))
        .routes(routes!(by_id::versions::by_version::get::get_topic_version))
        .routes(routes!(by_id::versions::by_version::redact::redact_topic_version))
}

/// By whom a topic is written, and why.
fn writing(
    origin: Option<Origin>,
    raise: bool,
    (reason, session): (Option<String>, Option<SessionId>),
) -> TopicWriting {
    let note = topic::TopicNote { reason, session, dream: None };
    TopicWriting { origin: origin.map(Into::into), raise, note }
}

fn told(written: topics::WrittenTopic) -> WrittenTopic {
    WrittenTopic { topic: written.topic.into(), changed: written.changed }
}

fn told_versions(page: ports::Page<topic::TopicVersion>, full: bool) -> Page<TopicVersion> {
    let told = |version| {
        let version = TopicVersion::from(version);
        if full { version } else { version.without_content() }
    };
    Page { items: page.items.into_iter().map(told).collect(), next: page.next }
}
