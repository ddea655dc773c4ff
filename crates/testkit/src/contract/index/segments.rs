//! Segments and spaces: each is answered as if it were alone.

use dreamkeeper_domain::ports::{Nomination, NominationRequest, PassageIndex, SegmentSelection};
use dreamkeeper_domain::scope::{Scope, SegmentKey};

use super::comparing::{assert_agree, key_of, nominated_owners};
use super::signals::tell_some_of_everything;
use super::world::World;
use crate::builders::{a_memory, a_message, a_scope, a_session, changes};

fn anas_only(world: &World<'_>) -> NominationRequest {
    let segments = SegmentSelection::One(SegmentKey::User("ana".into()));
    NominationRequest { segments, window: 2, ..world.about("green kayak island") }
}

/// Another user's words change no rank: not one bit of one signal.
pub async fn another_segment_changes_no_byte_of_the_answer(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let request = anas_only(&world);
    let before = world.ask(&request).await;
    assert!(before.candidates.len() > 3);
    for number in 0..40 {
        let scope =
            [a_scope("cleo", &[]), Scope { agent: Some("ana".into()), ..Scope::default() }, Scope::default()]
                [number % 3]
                .clone();
        let session = a_session(scope.clone());
        let said = a_message("green kayak, green island").in_session(&session);
        let kept = a_memory(&format!("kayak number {number}")).scope(scope);
        let writes = [said.write_embedded(&world.embedder), kept.write_embedded(&world.embedder)];
        world.write(changes().open(&session).writes(writes)).await;
    }
    assert_eq!(world.ask(&request).await, before, "after the index was told");
    world.ask(&NominationRequest { segments: SegmentSelection::All, ..request.clone() }).await;
    assert_eq!(world.ask(&request).await, before, "after the other segments were loaded");
    world.index.discard(world.space).await.expect("the index discards");
    assert_agree(&world.ask(&request).await, &before);
}

/// The same users and words in another space are other users and words.
pub async fn another_space_changes_no_byte_of_the_answer(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let request = anas_only(&world);
    let before = world.ask(&request).await;
    let other = World::new(index).await;
    assert_eq!(other.ask_both(&request).await.candidates, [], "nothing of one space is told in the other");
    tell_some_of_everything(&other).await;
    let kept = a_memory("green kayak").scope(a_scope("ana", &[]));
    other.write(changes().write(kept.write_embedded(&other.embedder))).await;
    let theirs = other.ask_both(&request).await;
    assert!(nominated_owners(&theirs).is_disjoint(&nominated_owners(&before)));
    assert_eq!(world.ask(&request).await, before);
    other.index.discard(other.space).await.expect("the index discards");
    assert_eq!(world.ask(&request).await, before, "after the other space was discarded");
}

/// Asked alone or with all others, a segment answers the same.
pub async fn scores_of_one_segment_depend_on_no_other(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let all = NominationRequest { window: 1, ..world.about("green kayak island") };
    let together = world.ask_both(&all).await;
    assert_eq!(together.segments.len(), 3);
    for stats in &together.segments {
        let segments = SegmentSelection::One(stats.key.clone());
        let alone = world.ask_both(&NominationRequest { segments, ..all.clone() }).await;
        assert_eq!(alone.segments, std::slice::from_ref(stats));
        let inside =
            together.candidates.iter().filter(|candidate| *key_of(&together, candidate) == stats.key);
        let inside = inside.cloned().map(|mut candidate| {
            candidate.segment = 0;
            candidate
        });
        assert_eq!(alone.candidates, inside.collect::<Vec<_>>(), "in {}", stats.key);
    }
}

/// A space of many users does not give each of them the bound.
pub async fn counts_are_over_all_segments_together(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let mut set = changes();
    for user in 0..9_usize {
        let text = format!("{} tent{user} lamp{user} rope{user}", "kayak ".repeat(user + 1));
        let memory = a_memory(&text).scope(a_scope(&format!("user {user}"), &[]));
        set = set.write(memory.write_embedded(&world.embedder));
    }
    world.write(set).await;
    let by_vector = NominationRequest { lexical_count_max: 0, vector_count_max: 4, ..world.about("kayak") };
    let found: Nomination = world.ask_both(&by_vector).await;
    assert_eq!((found.candidates.len(), found.segments.len()), (4, 9));
    let by_terms = NominationRequest { lexical_count_max: 5, vector_count_max: 0, ..by_vector };
    assert_eq!(world.ask_both(&by_terms).await.candidates.len(), 5);
}
