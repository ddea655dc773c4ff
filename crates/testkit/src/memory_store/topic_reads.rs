//! The port behind which topic records are read.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::ports::{
    Page, PortError, StoreQuery, TopicQuery, TopicRecords, TopicVersionQuery, WorkingFile,
};
use dreamkeeper_domain::topic::{NamedMoment, Topic, TopicHead, TopicVersion};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;

use super::listing::page;
use super::space::MemorySpace;

#[async_trait]
impl TopicRecords for MemorySpace {
    async fn topic_store(&self, id: StoreId) -> Result<Option<TopicStore>, PortError> {
        Ok(self.read(|model| model.topics.stores.get(&id).cloned()))
    }

    async fn topic_stores(&self, query: &StoreQuery) -> Result<Page<TopicStore>, PortError> {
        let wanted = |store: &&TopicStore| {
            query.scope.covers(&store.scope)
                && store.deleted_at.is_none()
                && (query.archived || store.archived_at.is_none())
                && query.created_from.is_none_or(|from| store.created_at >= from)
                && query.created_to.is_none_or(|to| store.created_at <= to)
        };
        let found = self.read(|model| model.topics.stores.values().filter(wanted).cloned().collect());
        page(found, |store| (store.created_at, store.id), query.after.as_deref(), query.limit)
    }

    async fn deleted_stores(&self, before: Timestamp) -> Result<Vec<StoreId>, PortError> {
        let gone = |store: &&TopicStore| store.deleted_at.is_some_and(|at| at < before);
        Ok(self.read(|model| model.topics.stores.values().filter(gone).map(|store| store.id).collect()))
    }

    async fn topic_sums(&self, store: StoreId) -> Result<(u64, u64), PortError> {
        Ok(self.read(|model| {
            let sizes = || model.topics.live(store).map(|topic| u64::from(topic.head.size));
            (sizes().count() as u64, sizes().sum())
        }))
    }

    async fn topic_heads(&self, query: &TopicQuery) -> Result<Vec<TopicHead>, PortError> {
        let found = self.read(|model| {
            let of_store =
                model.topics.topics.values().filter(|record| record.current.head.store == query.store);
            let heads = of_store.filter_map(|record| record.at(query.as_of)).map(|topic| topic.head);
            let wanted = heads.filter(|head| {
                query.prefix.as_ref().is_none_or(|prefix| head.path.starts_with(prefix.as_str()))
                    && query.after_path.as_ref().is_none_or(|after| head.path > *after)
            });
            wanted.map(|head| ((head.path.clone(), head.id), head)).collect::<BTreeMap<_, _>>()
        });
        Ok(found.into_values().take(query.limit).collect())
    }

    async fn topics(&self, ids: &[TopicId], as_of: Option<Timestamp>) -> Result<Vec<Topic>, PortError> {
        Ok(self.read(|model| ids.iter().filter_map(|id| model.topics.topics.get(id)?.at(as_of)).collect()))
    }

    async fn topic_at(&self, store: StoreId, path: &str) -> Result<Option<Topic>, PortError> {
        Ok(self.read(|model| model.topics.live(store).find(|topic| topic.head.path == path).cloned()))
    }

    async fn topic_versions(&self, query: &TopicVersionQuery) -> Result<Page<TopicVersion>, PortError> {
        let wanted = |version: &&TopicVersion| {
            query.store.is_none_or(|store| version.store == store)
                && query.topic.is_none_or(|topic| version.topic == topic)
                && query.operation.is_none_or(|operation| version.operation == operation)
                && query.session.is_none_or(|session| version.note.session == Some(session))
                && query.actor.as_ref().is_none_or(|actor| version.actor.to_string() == *actor)
                && query.from.is_none_or(|from| version.at >= from)
                && query.to.is_none_or(|to| version.at <= to)
        };
        let found = self.read(|model| {
            let versions = model.topics.topics.values().flat_map(|record| &record.versions);
            versions.filter(wanted).cloned().collect()
        });
        page(found, |version| (version.at, version.id), query.after.as_deref(), query.limit)
    }

    async fn topic_version(&self, id: TopicVersionId) -> Result<Option<TopicVersion>, PortError> {
        Ok(self.read(|model| model.topics.version(id).cloned()))
    }

    async fn working_files(&self, store: StoreId) -> Result<Vec<WorkingFile>, PortError> {
        Ok(self.read(|model| {
            let of_store = model.topics.working.iter().filter(|((of, _), _)| *of == store);
            of_store.map(|((_, path), base)| WorkingFile { path: path.clone(), base: *base }).collect()
        }))
    }

    async fn named_moments(&self) -> Result<Vec<NamedMoment>, PortError> {
        let mut found: Vec<NamedMoment> = self.read(|model| model.topics.moments.values().cloned().collect());
        found.sort_by(|one, other| (other.made_at, &other.name).cmp(&(one.made_at, &one.name)));
        found.truncate(PAGE_COUNT_MAX);
        Ok(found)
    }
}
