//! Following: an index that is told of changes answers as one that loads the store anew.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{Owner, Vector};
use dreamkeeper_domain::ports::{Embedder, IndexChange, Nomination, NominationRequest, PassageIndex};
use dreamkeeper_domain::version::Operation;

use super::comparing::{assert_agree, told_owners};
use super::signals::tell_some_of_everything;
use super::world::World;
use crate::ScriptedEmbedder;
use crate::builders::{
    ChangeSetBuilder, MemoryBuilder, a_memory, a_message, a_scope, a_session_at, changes, memory_passages,
    minute,
};

const QUESTION: &str = "green blue kayak island lantern";

/// What a story's steps work on.
struct Cast {
    memory: Memory,
    doomed: Memory,
    message: Message,
    steps: Vec<ChangeSetBuilder>,
}

/// ChangeSets of every sort that moves passages: appended, created, reworded, forgotten, brought back,
/// erased.
fn story(world: &World<'_>) -> Cast {
    let session = a_session_at(a_scope("ana", &["home"]), minute(60));
    let message = a_message("a lantern on the island").in_session(&session).at(minute(1));
    let memory = a_memory("a green kayak").scope(a_scope("ana", &[])).at(minute(1)).build();
    let doomed = a_memory("a blue lantern").scope(a_scope("bo", &[])).at(minute(1)).build();
    let blue = MemoryBuilder::next(&memory, minute(2)).text("a blue kayak and a lantern").build();
    let forgotten = MemoryBuilder::next(&blue, minute(3)).status(Status::Forgotten).build();
    let back = MemoryBuilder::next(&forgotten, minute(4)).status(Status::Active).build();
    let next = |memory: &Memory, operation| Write::PutMemory {
        memory: Box::new(memory.clone()),
        expected: dreamkeeper_domain::changeset::Expected::Any,
        operation,
        reason: None,
        passages: Some(memory_passages(memory, Some(&world.embedder))),
    };
    let replies = ["which lantern?", "the green one", "oh"];
    let replies = replies.map(|text| a_message(text).in_session(&session).at(minute(2)));
    let created =
        [&memory, &doomed].map(|new| MemoryBuilder::from(new.clone()).write_embedded(&world.embedder));
    let steps = vec![
        changes().at(minute(1)).open(&session).write(message.clone().write_embedded(&world.embedder)),
        changes().at(minute(1)).writes(created),
        changes().at(minute(2)).writes(replies.map(|reply| reply.write_embedded(&world.embedder))),
        changes().at(minute(2)).write(next(&blue, Operation::Update)),
        changes().at(minute(3)).write(next(&forgotten, Operation::Forget)),
        changes().at(minute(4)).write(next(&back, Operation::Restore)),
        changes().at(minute(5)).write(Write::EraseMemory { id: doomed.id, reason: None }),
        changes().at(minute(6)).write(Write::EraseMessage { id: message.clone().build().id, reason: None }),
    ];
    Cast { memory, doomed, message: message.build(), steps }
}

/// The questions that are asked after each step.
fn questions(world: &World<'_>) -> Vec<NominationRequest> {
    let about = world.about(QUESTION);
    let mut questions =
        vec![about.clone(), NominationRequest { window: 1, vector_count_max: 2, ..about.clone() }];
    let past = (0..6).map(|when| NominationRequest { as_of: Some(minute(when)), ..about.clone() });
    questions.extend(past);
    questions
}

async fn answers(world: &World<'_>) -> Vec<Nomination> {
    let mut answers = Vec::new();
    for question in questions(world) {
        answers.push(world.ask_both(&question).await);
    }
    answers
}

/// After each step, whether the segment was loaded before or not; new vectors too.
pub async fn what_is_committed_and_told_is_found(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    for step in story(&world).steps {
        world.write(step).await;
        answers(&world).await;
    }
    // Passages get their vectors later, and then those of another model.
    let late = ["a late green kayak", "a late lantern"].map(|text| a_memory(text).write());
    world.write(changes().writes(late)).await;
    answers(&world).await;
    let other = ScriptedEmbedder::new("other", 32);
    for embedder in [&world.embedder, &other] {
        let stale = world.store.stale_passages(embedder.identity(), None, 100).await.expect("it answers");
        let vector = Vector::quantise(&embedder.vector("green kayak"));
        let vectors = stale.into_iter().map(|stored| (stored.seq, vector.clone())).collect::<Vec<_>>();
        assert!(!vectors.is_empty());
        let identity = embedder.identity().clone();
        world.write(changes().write(Write::PutVectors { embedder: identity.clone(), vectors })).await;
        answers(&world).await;
        let vector = Some((identity, embedder.vector(QUESTION)));
        let found = world.ask_both(&NominationRequest { vector, ..world.about(QUESTION) }).await;
        assert!(found.candidates.iter().all(|candidate| candidate.cosine.is_some()), "{found:?}");
    }
}

/// Not one bit, however often it is told, and also when it was loaded with the segment.
pub async fn a_change_that_is_told_twice_changes_nothing(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let mut told_so_far: Vec<IndexChange> = Vec::new();
    for step in story(&world).steps {
        let (_, told) = world.write_untold(step).await;
        world.tell(told.clone()).await;
        let before = answers(&world).await;
        world.tell(told.clone()).await;
        world.tell([told.clone(), told.clone()].concat()).await;
        assert_eq!(answers(&world).await, before);
        told_so_far.extend(told);
        world.tell(told_so_far.clone()).await;
        assert_eq!(answers(&world).await, before, "nor when the whole story is told again");
    }
    world.index.discard(world.space).await.expect("the index discards");
    let loaded = answers(&world).await;
    world.tell(told_so_far).await;
    assert_eq!(answers(&world).await, loaded, "a segment that was loaded later knows it all");
}

/// Two writers tell of what they committed when they get to it.
pub async fn changes_told_in_another_order_end_the_same(index: &dyn PassageIndex) {
    for turn in 0..4 {
        let world = World::new(index).await;
        tell_some_of_everything(&world).await;
        // Loaded, so that the index cannot read the store instead of following.
        answers(&world).await;
        let mut told = Vec::new();
        for step in story(&world).steps {
            told.push(world.write_untold(step).await.1);
        }
        match turn {
            0 => told.reverse(),
            1 => told.rotate_left(3),
            2 => told.swap(1, 3),
            _ => told = vec![told.into_iter().rev().flatten().collect()],
        }
        for changes in told {
            world.tell(changes).await;
        }
        answers(&world).await;
    }
}

/// From hits, neighbours and every past moment, also when the erasure is told again or first.
pub async fn erased_passages_are_gone(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let Cast { memory, doomed, message, steps } = story(&world);
    let erased = [Owner::Memory(doomed.id), Owner::Message(message.id)];
    for (number, step) in steps.into_iter().enumerate() {
        world.write(step).await;
        let told: Vec<_> = answers(&world).await.iter().flat_map(told_owners).collect();
        assert_eq!(told.contains(&erased[0]), (1..6).contains(&number), "after step {number}");
        assert_eq!(told.contains(&erased[1]), number < 7, "after step {number}");
        assert_eq!(told.contains(&Owner::Memory(memory.id)), number >= 1, "after step {number}");
    }
    world.index.discard(world.space).await.expect("the index discards");
    let told: Vec<_> = answers(&world).await.iter().flat_map(told_owners).collect();
    assert!(erased.iter().all(|owner| !told.contains(owner)));
}

/// The next question reads the store.
pub async fn what_was_discarded_is_loaded_anew(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    answers(&world).await;
    for step in story(&world).steps {
        world.write_untold(step).await;
        world.index.discard(world.space).await.expect("the index discards");
        answers(&world).await;
    }
    world.index.discard(world.space).await.expect("discarding what is not held is no error");
    world.index.discard(crate::builders::a_space()).await.expect("nor is a space never heard of");
}

/// Questions are answered while changes come in, and the end is the same.
pub async fn questions_and_changes_may_meet(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let request = world.about(QUESTION);
    let telling = async {
        for step in story(&world).steps {
            world.write(step).await;
            tokio::task::yield_now().await;
        }
    };
    let asking = async {
        for _ in 0..40 {
            let found = world.ask(&request).await;
            assert!(found.candidates.iter().all(|candidate| candidate.segment < found.segments.len()));
            tokio::task::yield_now().await;
        }
    };
    let discarding = async {
        for _ in 0..5 {
            world.index.discard(world.space).await.expect("the index discards");
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(telling, asking, discarding);
    for question in questions(&world) {
        assert_agree(&world.ask(&question).await, &world.exact(&question).await);
    }
}
