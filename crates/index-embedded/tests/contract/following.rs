//! Loading, following, and leaving memory.

use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, Vector};
use dreamkeeper_domain::ports::{IndexChange, PassageIndex};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_index_embedded::IndexOptions;

use super::world::World;

const LITTLE: IndexOptions = IndexOptions { resident_bytes_max: 12_000 };

async fn a_message_for(world: &mut World, user: &str, text: &str) -> Vec<IndexChange> {
    let session = world.open_session(Scope::user(user)).await;
    world.append(&session, text, Origin::User).await
}

#[tokio::test]
async fn what_is_committed_while_a_segment_is_not_loaded_is_read_from_the_store() {
    let mut world = World::new(IndexOptions::default()).await;
    let changes = a_message_for(&mut world, "ana", "a kettle").await;
    world.tell(changes).await;
    assert_eq!(world.index.stats().segment_count, 0, "nobody has asked for it");
    let request = world.request(Scope::user("ana"), "kettle");
    assert_eq!(world.nominate(&request).await.candidates.len(), 1);
    assert_eq!(world.index.stats().segment_count, 1);
    assert_eq!(world.index.stats().passage_count, 1);
}

#[tokio::test]
async fn a_query_of_all_segments_sees_one_that_was_told_after_the_first_such_query() {
    let mut world = World::new(IndexOptions::default()).await;
    let request = world.request(Scope::default(), "kettle");
    assert!(world.nominate(&request).await.candidates.is_empty());
    for user in ["ana", "bo"] {
        let changes = a_message_for(&mut world, user, "a kettle").await;
        world.tell(changes).await;
    }
    assert_eq!(world.nominate(&request).await.candidates.len(), 2);
}

#[tokio::test]
async fn segments_used_least_lately_leave_memory_and_come_back() {
    let mut world = World::new(LITTLE).await;
    for user in 0..20 {
        let changes = a_message_for(&mut world, &format!("user-{user}"), "a kettle").await;
        world.tell(changes).await;
    }
    for round in 0..2 {
        for user in 0..20 {
            let request = world.request(Scope::user(format!("user-{user}")), "kettle");
            assert_eq!(world.nominate(&request).await.candidates.len(), 1, "round {round}");
            let stats = world.index.stats();
            assert!(stats.resident_bytes <= LITTLE.resident_bytes_max, "{stats:?}");
        }
    }
    assert!(world.index.stats().evicted_count > 20);
    let request = world.request(Scope::default(), "kettle");
    assert_eq!(world.nominate(&request).await.candidates.len(), 20, "all at once, one after another");
}

#[tokio::test]
async fn many_erasures_close_the_gaps_and_keep_the_rest() {
    let mut world = World::new(IndexOptions::default()).await;
    let session = world.open_session(Scope::user("ana")).await;
    let request = world.request(Scope::user("ana"), "kettle rain");
    world.nominate(&request).await;
    for number in 0..150 {
        let text = format!("kettle number{number} in the rain");
        let changes = world.append(&session, &text, Origin::User).await;
        world.tell(changes).await;
    }
    let full = world.index.stats();
    let mut changes = Vec::new();
    for place in (0..150).filter(|place| place % 3 > 0) {
        changes.extend(world.erase(place).await);
    }
    world.tell(changes).await;
    let left = world.index.stats();
    assert_eq!((full.passage_count, left.passage_count), (150, 50));
    assert!(left.resident_bytes < full.resident_bytes);
    let followed = world.nominate(&request).await;
    world.index.discard(world.space).await.unwrap();
    assert_eq!(followed, world.nominate(&request).await, "as if it were loaded anew");
}

#[tokio::test]
async fn an_erased_passage_that_is_told_late_stays_away() {
    let mut world = World::new(IndexOptions::default()).await;
    let request = world.request(Scope::user("ana"), "kettle");
    let first = a_message_for(&mut world, "ana", "a kettle").await;
    world.nominate(&request).await;
    let session = world.sessions[0].clone();
    let late = world.append(&session, "a kettle sings", Origin::User).await;
    let erased = world.erase(1).await;
    world.tell(erased).await;
    world.tell(late).await;
    world.tell(first).await;
    let owners: Vec<Owner> =
        world.nominate(&request).await.candidates.iter().map(|candidate| candidate.owner).collect();
    assert_eq!(owners, [Owner::Message(world.messages[0].id)]);
}

#[tokio::test]
async fn new_vectors_replace_old_ones_and_count_for_their_embedder_only() {
    let mut world = World::new(IndexOptions::default()).await;
    let changes = a_message_for(&mut world, "ana", "a kettle").await;
    let IndexChange::Added(passages) = &changes[0] else { panic!("passages were added") };
    let seq = passages[0].seq;
    let old = world.request(Scope::user("ana"), "kettle");
    assert!(world.nominate(&old).await.candidates[0].cosine.is_some());
    let embedder = EmbedderIdentity("another".into());
    let vectors = vec![(seq, Vector::quantise(&[0.6, 0.8]))];
    world.tell(vec![IndexChange::Vectors { embedder: embedder.clone(), vectors }]).await;
    assert_eq!(world.nominate(&old).await.candidates[0].cosine, None);
    let mut new = old.clone();
    new.vector = Some((embedder, vec![0.6, 0.8]));
    let cosine = world.nominate(&new).await.candidates[0].cosine.unwrap();
    assert!((cosine - 1.0).abs() < 1e-3, "{cosine}");
    assert!(world.nominate(&new).await.segments[0].cosine_mean > 0.99);
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_meet_while_a_segment_is_loaded_all_get_the_answer() {
    let mut world = World::new(IndexOptions::default()).await;
    a_message_for(&mut world, "ana", "a kettle").await;
    let world = std::sync::Arc::new(world);
    let asking = (0..16).map(|_| {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move {
            let request = world.request(Scope::user("ana"), "kettle");
            world.nominate(&request).await.candidates.len()
        })
    });
    for asked in asking.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap(), 1);
    }
    assert_eq!(world.index.stats().segment_count, 1);
}
