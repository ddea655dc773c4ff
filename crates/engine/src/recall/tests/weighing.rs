//! Of what belongs, what is trusted, matters, was of use and is new comes first.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::usefulness::Feedback;
use jiff::SignedDuration;

use super::*;

const QUESTION: &str = "Where does the copper kettle stand?";
const TEXT: &str = "The copper kettle stands in the pantry.";

/// A house with two memories that fit alike; of equals the first comes first, by its id.
async fn two(first: impl FnOnce(&mut NewMemory)) -> (House, Memory, Memory) {
    let house = house().await;
    let first = house.remember(TEXT, first).await;
    let second = house.remember(TEXT, |_| {}).await;
    (house, first, second)
}

/// The parts of a score, by signal.
type Told = BTreeMap<String, f32>;

impl House {
    async fn told(&self, memory: &Memory, feedback: Feedback) {
        self.engine.feedback(&self.operator, memory.id, feedback).await.unwrap();
    }

    /// Which of the two come, best first, each with the parts of its score.
    async fn order(&self, change: impl FnOnce(&mut RecallRequest)) -> Vec<(MemoryId, Told)> {
        let recall = self.ask(QUESTION, change).await;
        let told = recall.memories.into_iter().map(|found| {
            let parts = found.score.unwrap().parts.into_iter();
            (found.memory.id, parts.map(|part| (part.signal, part.value)).collect())
        });
        told.collect()
    }

    async fn first(&self, change: impl FnOnce(&mut RecallRequest)) -> MemoryId {
        let order = self.order(change).await;
        assert_eq!(order.len(), 2, "{order:?}");
        order[0].0
    }
}

/// Without a signal.
fn without(name: &'static str) -> impl FnOnce(&mut RecallRequest) {
    move |request| request.without = [name.to_owned()].into()
}

#[tokio::test]
async fn a_persons_word_comes_before_an_outsiders() {
    let (house, first, second) = two(|new| new.origin = Some(Origin::External)).await;
    assert_eq!(house.order(|_| {}).await.len(), 1, "the floor is another matter");
    let low = |request: &mut RecallRequest| request.min_origin = Origin::External;
    let order = house.order(low).await;
    assert_eq!(order.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [second.id, first.id]);
    assert!(order[1].1["trust"] < 0.0 && !order[0].1.contains_key("trust"), "{order:?}");
    let untrusting = |request: &mut RecallRequest| {
        low(request);
        without("trust")(request);
    };
    assert_eq!(house.first(untrusting).await, first.id);
}

#[tokio::test]
async fn feedback_and_use_move_a_memory_and_can_be_taken_away() {
    let (house, first, second) = two(|_| {}).await;
    assert_eq!(house.first(|_| {}).await, first.id);
    house.told(&second, Feedback::Used).await;
    assert_eq!(house.first(|_| {}).await, second.id);
    assert_eq!(house.first(without("use")).await, first.id);
    house.told(&first, Feedback::Helpful).await;
    assert_eq!(house.first(|_| {}).await, first.id);
    house.told(&first, Feedback::Wrong).await;
    assert_eq!(house.first(|_| {}).await, second.id, "blame hides nothing");
    let now = house.engine.now();
    let then = house.order(|request| request.as_of = Some(now)).await;
    let counted = |told: &Told| told.contains_key("feedback") || told.contains_key("use");
    assert!(then.iter().all(|(_, told)| !counted(told)), "{then:?}");
}

#[tokio::test]
async fn what_is_called_by_name_stays_above_what_is_not() {
    let (house, called, second) = two(|new| new.aliases = vec!["copper kettle".into()]).await;
    for _ in 0..9 {
        house.told(&called, Feedback::Wrong).await;
        house.told(&second, Feedback::Helpful).await;
    }
    let recall = house.ask("the copper kettle of the pantry", |_| {}).await;
    let score = |found: &RecalledMemory| found.score.as_ref().unwrap().value;
    assert_eq!(recall.memories[0].memory.id, called.id);
    for found in &recall.memories {
        assert_eq!(score(found) >= 0.5, found.memory.id == called.id, "{found:?}");
    }
}

#[tokio::test]
async fn of_two_that_fit_alike_the_newer_comes_first_unless_the_question_leans_early() {
    let house = house().await;
    let old = house.remember(TEXT, |_| {}).await;
    house.clock.advance(SignedDuration::from_hours(24 * 200));
    let new = house.remember(TEXT, |_| {}).await;
    assert_eq!(house.first(|_| {}).await, new.id);
    assert_eq!(house.first(without("age")).await, old.id);
    let recall = house.ask("Where did the copper kettle stand originally?", |_| {}).await;
    let parts = |found: &RecalledMemory| found.score.as_ref().unwrap().parts.clone();
    assert!(recall.memories.iter().flat_map(parts).all(|part| part.signal != "age"));
}

#[tokio::test]
async fn importance_is_set_by_hand_within_its_bounds() {
    let (house, first, second) = two(|_| {}).await;
    let set = async |importance: f32| {
        let patch = MemoryPatch { importance: Some(importance), ..MemoryPatch::default() };
        house.engine.update(&house.operator, first.id, Update { patch, ..Update::default() }).await
    };
    set(0.1).await.unwrap();
    assert_eq!(house.first(|_| {}).await, second.id);
    let memory = set(0.9).await.unwrap();
    assert_eq!((memory.detail.importance, memory.origin), (Some(0.9), first.origin));
    assert_eq!(house.first(|_| {}).await, first.id);
    house.told(&memory, Feedback::Helpful).await;
    assert_eq!(house.engine.importance(&house.operator, &memory).await.unwrap(), 1.0);
    for wrong in [-0.1, 1.1, f32::NAN] {
        let error = set(wrong).await.unwrap_err();
        assert!(matches!(&error, VerbError::Invalid { field, .. } if field == "importance"), "{error}");
    }
}
