//! Everything that can be read of topics and dreams.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::dream::{Dream, DreamSchedule, ProposedChange};
use dreamkeeper_domain::id::{DreamId, SessionId, StoreId, TopicId};
use dreamkeeper_domain::ports::{
    DreamQuery, SpaceStore, StoreQuery, TopicQuery, TopicVersionQuery, WorkingFile,
};
use dreamkeeper_domain::topic::{NamedMoment, Topic, TopicHead, TopicVersion};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;

use super::super::told;

/// So few that there is always a next page.
const PAGE: usize = 7;

/// Of many moments the latest tell enough.
const MOMENTS: usize = 8;

/// The answers of every read of topics and dreams.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Noted {
    stores: Vec<TopicStore>,
    deleted: Vec<StoreId>,
    sums: Vec<(u64, u64)>,
    heads: Vec<(Option<Timestamp>, Vec<TopicHead>)>,
    topics: BTreeMap<(Option<Timestamp>, TopicId), Topic>,
    by_path: Vec<Option<Topic>>,
    versions: Vec<TopicVersion>,
    working: Vec<Vec<WorkingFile>>,
    moments: Vec<NamedMoment>,
    dreams: Vec<Dream>,
    due: Vec<DreamId>,
    proposed: Vec<Vec<ProposedChange>>,
    dreamt: Vec<Vec<SessionId>>,
    schedules: Vec<DreamSchedule>,
}

/// Reads everything that the space lists of them, now and at the latest of these moments.
pub(super) async fn noted(space: &dyn SpaceStore, moments: &[Timestamp]) -> Noted {
    let moments = &moments[moments.len().saturating_sub(MOMENTS)..];
    let mut all = Noted::default();
    read_stores(space, moments, &mut all).await;
    read_topics(space, moments, &mut all).await;
    read_dreams(space, &mut all).await;
    all.moments = told(space.named_moments().await);
    all
}

async fn read_stores(space: &dyn SpaceStore, moments: &[Timestamp], all: &mut Noted) {
    let mut query = StoreQuery { archived: true, limit: PAGE, ..StoreQuery::default() };
    loop {
        let page = told(space.topic_stores(&query).await);
        all.stores.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    all.deleted = told(space.deleted_stores(Timestamp::MAX).await);
    for store in all.stores.iter().map(|store| store.id).chain(all.deleted.clone()) {
        all.sums.push(told(space.topic_sums(store).await));
        all.working.push(told(space.working_files(store).await));
        for as_of in moments.iter().copied().map(Some).chain([None]) {
            let query = TopicQuery { store, prefix: None, after_path: None, as_of, limit: 1_000 };
            let heads = told(space.topic_heads(&query).await);
            assert!(heads.is_sorted_by(|a, b| a.path <= b.path), "topics come by path");
            for head in heads.iter().filter(|_| as_of.is_none()) {
                let topic = told(space.topic_at(store, &head.path).await);
                assert_eq!(topic.as_ref().map(|topic| &topic.head), Some(head), "a listed path is there");
                all.by_path.push(topic);
            }
            all.heads.push((as_of, heads));
        }
    }
}

async fn read_topics(space: &dyn SpaceStore, moments: &[Timestamp], all: &mut Noted) {
    let mut query = TopicVersionQuery { limit: PAGE, ..TopicVersionQuery::default() };
    loop {
        let page = told(space.topic_versions(&query).await);
        all.versions.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    for version in all.versions.iter().step_by(PAGE) {
        assert_eq!(told(space.topic_version(version.id).await).as_ref(), Some(version), "listed as it is");
    }
    let topics: BTreeSet<TopicId> = all.versions.iter().map(|version| version.topic).collect();
    let topics: Vec<TopicId> = topics.into_iter().collect();
    for as_of in moments.iter().copied().map(Some).chain([None]) {
        for topic in told(space.topics(&topics, as_of).await) {
            all.topics.insert((as_of, topic.head.id), topic);
        }
    }
}

async fn read_dreams(space: &dyn SpaceStore, all: &mut Noted) {
    let mut query = DreamQuery { archived: true, limit: PAGE, ..DreamQuery::default() };
    loop {
        let page = told(space.dreams(&query).await);
        all.dreams.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    all.due = told(space.due_dreams(Timestamp::MAX).await).into_iter().map(|dream| dream.id).collect();
    for dream in &all.dreams {
        assert_eq!(told(space.dream(dream.id).await).as_ref(), Some(dream), "listed as it is");
        all.proposed.push(told(space.proposed_changes(dream.id).await));
        all.dreamt.push(told(space.dreamt(&dream.target.key(), &dream.sessions).await));
    }
    all.schedules = told(space.dream_schedules().await);
}
