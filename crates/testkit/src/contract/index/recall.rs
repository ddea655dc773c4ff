//! Recall: of the exact best, at least 99 in 100 are nominated; and the same ones each time.

use std::collections::BTreeSet;

use dreamkeeper_domain::passage::PassageSeq;
use dreamkeeper_domain::ports::{Nomination, NominationRequest, PassageIndex, SegmentSelection};
use dreamkeeper_domain::scope::SegmentKey;

use super::signals::tell_some_of_everything;
use super::world::World;
use crate::SeededEntropy;
use crate::builders::{a_memory, a_message, a_scope, a_session, changes};
use crate::naive_index::{all_passages, nominate_among};

const PASSAGES: usize = 3_000;
const QUESTIONS: usize = 40;
const COUNT_MAX: usize = 25;
const RECALL_MIN: f64 = 0.99;

/// Asked twice, and of two indexes that loaded the same store.
pub async fn the_same_question_gets_the_same_answer(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    world.index.discard(world.space).await.expect("the index discards");
    for question in ["green kayak", "the island closes", "zeppelin"] {
        let request = NominationRequest { window: 2, ..world.about(question) };
        let first = world.ask(&request).await;
        assert_eq!(world.ask(&request).await, first);
        world.index.discard(world.space).await.expect("the index discards");
        assert_eq!(world.ask(&request).await, first, "loaded again");
    }
}

/// By terms and by vector, with and without a narrow label.
pub async fn nominated_recall_is_at_least_99_in_100(index: &dyn PassageIndex) {
    recall_holds_at(index, PASSAGES).await;
}

/// The rule at a size of the caller's choice: an index that changes its ways with size is asked on both
/// sides of the change.
pub async fn recall_holds_at(index: &dyn PassageIndex, passage_count: usize) {
    let world = World::new(index).await;
    let entropy = SeededEntropy::new(42);
    let session = a_session(a_scope("ana", &[]));
    let mut set = changes().open(&session);
    for number in 0..passage_count {
        let text = draw_text(&entropy);
        set = if number % 10 == 0 {
            let labels: &[&str] = if number % 100 == 0 { &["rare"] } else { &[] };
            set.write(a_memory(&text).scope(a_scope("ana", labels)).write_embedded(&world.embedder))
        } else {
            let message = a_message(&text).in_session(&session);
            let message = if number % 97 == 0 { message.label("rare") } else { message };
            set.write(message.write_embedded(&world.embedder))
        };
    }
    world.store.apply(set.build()).await.expect("a sound ChangeSet is applied");
    let key = SegmentKey::User("ana".into());
    let passages = all_passages(&*world.store, &key).await.expect("the store answers");
    let segments = [(key.clone(), passages)];
    let (mut found_count, mut wanted_count) = (0, 0);
    for number in 0..QUESTIONS {
        let about = world.about(&draw_text(&entropy));
        let labels: &[&str] = if number % 4 == 0 { &["rare"] } else { &[] };
        let scoped = NominationRequest {
            segments: SegmentSelection::One(key.clone()),
            scope: a_scope("ana", labels),
            ..about
        };
        for (lexical_count_max, vector_count_max) in [(COUNT_MAX, 0), (0, COUNT_MAX)] {
            let request = NominationRequest { lexical_count_max, vector_count_max, ..scoped.clone() };
            let exact = nominated(&nominate_among(&segments, &request));
            let found = nominated(&world.ask(&request).await);
            assert!(found.len() <= 2 * COUNT_MAX, "the counts bound what is nominated");
            wanted_count += exact.len();
            found_count += exact.intersection(&found).count();
        }
    }
    assert!(wanted_count > QUESTIONS * COUNT_MAX, "there was something to find: {wanted_count}");
    let recall = f64::from(found_count as u32) / f64::from(wanted_count as u32);
    assert!(recall >= RECALL_MIN, "{found_count} of {wanted_count} were nominated: {recall:.4}");
}

fn nominated(nomination: &Nomination) -> BTreeSet<PassageSeq> {
    let nominated = nomination.candidates.iter().filter(|candidate| candidate.nominated);
    nominated.map(|candidate| candidate.seq).collect()
}

/// Words of one of forty subjects among words of the whole language, the frequent ones more often: texts
/// that are near each other as those of people are.
fn draw_text(entropy: &SeededEntropy) -> String {
    let subject = entropy.below(40);
    let word = |_| {
        if entropy.below(2) == 0 {
            format!("subject{}", subject * 30 + entropy.below(30))
        } else {
            // The smaller of three draws falls off with rank, about as words do.
            let rank = (0..3).map(|_| entropy.below(3_000)).min().unwrap_or(0);
            format!("word{rank}")
        }
    };
    (0..6 + entropy.below(14)).map(word).collect::<Vec<_>>().join(" ")
}
