//! The contract of `TopicRecords` and of the writes that feed it.

pub mod destroying;
pub mod passages;
pub mod places;
pub mod stores;
pub mod versions;
pub mod working;
pub mod writing;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::Dream;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::ports::{SpaceStore, TopicQuery};
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_domain::topic_store::TopicStore;

use super::{StorePlace, apply, open, refuse, run_rules, told};
use crate::builders::{a_topic_store, changes, put_store, put_topic};

/// Runs every rule, each on a place that the factory makes anew.
pub async fn run_all<P: StorePlace>(fresh: impl Fn() -> P) {
    run_rules!(fresh();
        stores::stores_are_read_back_and_listed_newest_first,
        stores::a_closed_store_refuses_writes,
        working::working_files_are_noted,
        working::moments_have_one_name_each,
        writing::a_topic_is_read_back_by_id_and_by_path,
        writing::a_removed_topic_is_gone_and_comes_back_under_its_id,
        writing::expected_versions_are_held_to,
        places::two_topics_never_share_a_path_but_may_change_places,
        places::a_full_store_takes_edits_and_no_new_topics,
        places::topics_are_listed_by_path_under_a_prefix,
        versions::every_change_is_a_version_newest_first,
        versions::versions_are_found_by_every_test_and_paged,
        versions::as_of_sees_the_topics_of_then,
        destroying::redaction_takes_everything_but_the_fact,
        destroying::the_last_version_of_a_removed_topic_can_be_redacted,
        destroying::a_purged_store_leaves_nothing,
        destroying::what_tells_a_destroyed_version_is_emptied,
        destroying::receipts_quote_nothing_that_was_destroyed,
        passages::passages_follow_the_versions,
        passages::mended_passages_of_a_topic_stand_in_the_place_of_the_old,
    );
}

async fn a_store(space: &dyn SpaceStore, name: &str) -> TopicStore {
    let store = a_topic_store(name);
    apply(space, changes().write(put_store(&store))).await;
    store
}

async fn write(space: &dyn SpaceStore, topic: &Topic) {
    apply(space, changes().at(topic.head.updated_at).write(put_topic(topic))).await;
}

fn put_dream(dream: &Dream) -> Write {
    Write::PutDream { dream: Box::new(dream.clone()), expected: Expected::Absent }
}

fn listing(store: StoreId) -> TopicQuery {
    TopicQuery { store, prefix: None, after_path: None, as_of: None, limit: 100 }
}

async fn paths(space: &dyn SpaceStore, query: &TopicQuery) -> Vec<String> {
    told(space.topic_heads(query).await).into_iter().map(|head| head.path).collect()
}
