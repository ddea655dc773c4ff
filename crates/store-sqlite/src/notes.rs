//! Topic and dream records behind their ports; writing them is `apply`'s part.

use async_trait::async_trait;
use dreamkeeper_domain::dream::{Dream, DreamSchedule, ProposedChange};
use dreamkeeper_domain::id::{DreamId, SessionId, StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::ports::{
    DreamQuery, DreamRecords, Page, PortError, StoreQuery, TopicQuery, TopicRecords, TopicVersionQuery,
    WorkingFile,
};
use dreamkeeper_domain::topic::{NamedMoment, Topic, TopicHead, TopicVersion};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;

use crate::read::{dreams, topic_stores, topics};
use crate::space::Space;

#[async_trait]
impl TopicRecords for Space {
    async fn topic_store(&self, id: StoreId) -> Result<Option<TopicStore>, PortError> {
        self.readers.read("reading a store", move |conn| topic_stores::store(conn, id)).await
    }

    async fn topic_stores(&self, query: &StoreQuery) -> Result<Page<TopicStore>, PortError> {
        let query = query.clone();
        self.readers.read("listing stores", move |conn| topic_stores::stores(conn, &query)).await
    }

    async fn deleted_stores(&self, before: Timestamp) -> Result<Vec<StoreId>, PortError> {
        self.readers.read("listing stores", move |conn| topic_stores::deleted_stores(conn, before)).await
    }

    async fn topic_sums(&self, store: StoreId) -> Result<(u64, u64), PortError> {
        self.readers.read("counting topics", move |conn| topic_stores::sums(conn, store)).await
    }

    async fn topic_heads(&self, query: &TopicQuery) -> Result<Vec<TopicHead>, PortError> {
        let query = query.clone();
        self.readers.read("listing topics", move |conn| topics::heads(conn, &query)).await
    }

    async fn topics(&self, ids: &[TopicId], as_of: Option<Timestamp>) -> Result<Vec<Topic>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading topics", move |conn| topics::by_ids(conn, &ids, as_of)).await
    }

    async fn topic_at(&self, store: StoreId, path: &str) -> Result<Option<Topic>, PortError> {
        let path = path.to_owned();
        self.readers.read("reading a topic", move |conn| topics::at_path(conn, store, &path)).await
    }

    async fn topic_versions(&self, query: &TopicVersionQuery) -> Result<Page<TopicVersion>, PortError> {
        let query = query.clone();
        self.readers.read("listing versions", move |conn| topics::versions(conn, &query)).await
    }

    async fn topic_version(&self, id: TopicVersionId) -> Result<Option<TopicVersion>, PortError> {
        self.readers.read("reading a version", move |conn| topics::version_by_id(conn, id)).await
    }

    async fn working_files(&self, store: StoreId) -> Result<Vec<WorkingFile>, PortError> {
        self.readers.read("listing working files", move |conn| topic_stores::working_files(conn, store)).await
    }

    async fn named_moments(&self) -> Result<Vec<NamedMoment>, PortError> {
        self.readers.read("listing moments", topic_stores::named_moments).await
    }
}

#[async_trait]
impl DreamRecords for Space {
    async fn dream(&self, id: DreamId) -> Result<Option<Dream>, PortError> {
        self.readers.read("reading a dream", move |conn| dreams::by_id(conn, id)).await
    }

    async fn dreams(&self, query: &DreamQuery) -> Result<Page<Dream>, PortError> {
        let query = query.clone();
        self.readers.read("listing dreams", move |conn| dreams::list(conn, &query)).await
    }

    async fn due_dreams(&self, now: Timestamp) -> Result<Vec<Dream>, PortError> {
        self.readers.read("listing dreams", move |conn| dreams::due(conn, now)).await
    }

    async fn proposed_changes(&self, dream: DreamId) -> Result<Vec<ProposedChange>, PortError> {
        self.readers.read("reading a proposal", move |conn| dreams::changes(conn, dream)).await
    }

    async fn dreamt(&self, target: &str, sessions: &[SessionId]) -> Result<Vec<SessionId>, PortError> {
        let (target, sessions) = (target.to_owned(), sessions.to_vec());
        self.readers.read("reading dreams", move |conn| dreams::dreamt(conn, &target, &sessions)).await
    }

    async fn dream_schedules(&self) -> Result<Vec<DreamSchedule>, PortError> {
        self.readers.read("listing schedules", dreams::schedules).await
    }
}
