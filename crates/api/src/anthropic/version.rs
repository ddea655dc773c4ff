//! Memory versions.

use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::topic::{ContentHash, TopicVersion};
use serde::Serialize;

use super::actor::WireActor;
use super::id::WireId;
use super::view::View;
use crate::moment::Moment;

/// One state of a memory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemoryVersion {
    id: WireId<TopicVersionId>,
    r#type: &'static str,
    memory_id: WireId<TopicId>,
    memory_store_id: WireId<StoreId>,
    operation: &'static str,
    path: Option<String>,
    content: Option<String>,
    content_sha256: Option<ContentHash>,
    content_size_bytes: Option<u32>,
    created_at: Moment,
    created_by: WireActor,
    redacted_at: Option<Moment>,
    redacted_by: Option<WireActor>,
}

impl MemoryVersion {
    /// A version in a view.
    pub fn seen(version: TopicVersion, view: View) -> Self {
        let redacted = version.redacted.as_ref();
        Self {
            id: WireId(version.id),
            r#type: "memory_version",
            memory_id: WireId(version.topic),
            memory_store_id: WireId(version.store),
            operation: version.operation.as_str(),
            path: version.path,
            content: version.content.filter(|_| view.is_full()),
            content_sha256: version.hash,
            content_size_bytes: version.size,
            created_at: Moment(version.at),
            created_by: WireActor::of(&version.actor, version.note.session),
            redacted_at: redacted.map(|redaction| Moment(redaction.at)),
            redacted_by: redacted.map(|redaction| WireActor::of(&redaction.actor, None)),
        }
    }
}
