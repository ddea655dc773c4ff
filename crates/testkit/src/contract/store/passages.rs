//! Passages: places, retirement, vectors and counts.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Expected, Outcome, Write};
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{
    EmbedderIdentity, Owner, Passage, PassageSeq, Span, StoredPassage, Turn, Vector,
};
use dreamkeeper_domain::ports::{Embedder, Holding, LooseEnds, SpaceStore};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::text::{Cues, TermHash};
use dreamkeeper_domain::version::Operation;
use serde_json::json;

use super::{StorePlace, apply, open, told};
use crate::ScriptedEmbedder;
use crate::builders::{MemoryBuilder, a_memory, a_message, a_receipt, a_scope, a_session, changes, minute};
use crate::naive_index::all_passages;

/// Every property, none of them at its default; the store sets the turn's ordinal and nothing else.
pub async fn every_property_of_a_passage_is_read_back(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let message = a_message("a text").in_session(&session).build();
    let memory = a_memory("a text").scope(session.scope.clone()).build();
    let rich = |owner, number: u32| Passage {
        owner,
        span: Span { start: number, end: u32::MAX },
        turn: None,
        kind: None,
        speaker: Some("Ana Ñandú".into()),
        origin: Origin::External,
        scope: Arc::new(Scope { app: Some("app".into()), ..a_scope("ana", &["home", "猫"]) }),
        at: minute(-500),
        recorded_at: minute(i64::from(number)),
        retired_at: None,
        terms: [TermHash(0), TermHash(u32::MAX), TermHash(7), TermHash(7)].into(),
        cues: Cues(0b1000_0001_0010_0001),
        source_hash: u64::MAX - u64::from(number),
        vector: Some((
            EmbedderIdentity("another/4".into()),
            Vector { scale: 0.007_812_345, rows: [-127, 0, 1, 127].into() },
        )),
    };
    let turn = Some(Turn { session: session.id, ordinal: 0, role: Role::Assistant });
    let of_message = |number| Passage { turn, ..rich(Owner::Message(message.id), number) };
    let said = vec![of_message(0), of_message(1), Passage { vector: None, ..of_message(2) }];
    let bare = Passage { speaker: None, terms: [].into(), ..rich(Owner::Memory(memory.id), 3) };
    let kept = vec![Passage { kind: Some(Kind::OpenQuestion), ..bare }];
    let earlier = a_message("the first turn").in_session(&session).write();
    let writes = [
        Write::AppendMessage { message, passages: said.clone() },
        Write::PutMemory {
            memory: Box::new(memory),
            expected: Expected::Absent,
            operation: Operation::Create,
            reason: None,
            passages: Some(kept.clone()),
        },
    ];
    let outcomes = apply(&*space, changes().open(&session).write(earlier).writes(writes)).await;
    let (Outcome::Appended { passages: first, .. }, Outcome::Memory { passages: second, .. }) =
        (&outcomes[2], &outcomes[3])
    else {
        panic!("{outcomes:?}");
    };
    let found = told(all_passages(&*space, &SegmentKey::User("ana".into())).await);
    let second_turn = Some(Turn { session: session.id, ordinal: 1, role: Role::Assistant });
    let placed = said.into_iter().map(|passage| Passage { turn: second_turn, ..passage });
    let expected = first.iter().chain(second).zip(placed.chain(kept));
    let expected: Vec<StoredPassage> =
        expected.map(|(seq, passage)| StoredPassage { seq: *seq, passage }).collect();
    assert_eq!(found[1..], expected, "with the places that were answered");
}

/// Growing with every commit; the places of erased passages are lost, also when the store is opened again.
pub async fn places_grow_and_are_never_used_twice(place: &dyn StorePlace) {
    let id = crate::builders::a_space();
    let mut last = PassageSeq(0);
    for _ in 0..3 {
        let space = told(place.open().await.space(id).await);
        let session = a_session(a_scope("ana", &[]));
        let long = "A sentence that is repeated until it fills some passages. ".repeat(60);
        let message = a_message(&long).in_session(&session);
        let memory = a_memory("short").scope(a_scope("bo", &[]));
        let writes = [message.clone().write(), memory.clone().write()];
        let outcomes = apply(&*space, changes().open(&session).writes(writes)).await;
        let places: Vec<PassageSeq> = outcomes.iter().flat_map(places_of).collect();
        assert!(places.len() > 3 && places[0] > last, "{places:?} come after {last:?}");
        assert!(places.is_sorted_by(|a, b| a < b), "{places:?} grow");
        last = places[places.len() - 1];
        let erasures = [
            Write::EraseMessage { id: message.build().id, reason: None },
            Write::EraseMemory { id: memory.build().id, reason: None },
        ];
        apply(&*space, changes().writes(erasures)).await;
    }
}

fn places_of(outcome: &Outcome) -> Vec<PassageSeq> {
    match outcome {
        Outcome::Appended { passages, .. }
        | Outcome::Memory { passages, .. }
        | Outcome::Topic { passages, .. } => passages.clone(),
        Outcome::Session { .. }
        | Outcome::Duplicate { .. }
        | Outcome::State { .. }
        | Outcome::Erased { .. }
        | Outcome::Enqueued { .. }
        | Outcome::Leased { .. }
        | Outcome::Pruned(_)
        | Outcome::Versioned { .. }
        | Outcome::Done => Vec::new(),
    }
}

/// At the ChangeSet's time, once; a change that keeps its passages retires none.
pub async fn a_new_version_retires_the_passages_before_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let pinned = MemoryBuilder::next(&first, minute(1)).pinned();
    let reworded = MemoryBuilder::next(&pinned.clone().build(), minute(2)).text("Ana likes coffee");
    let forgotten = MemoryBuilder::next(&reworded.clone().build(), minute(3))
        .status(dreamkeeper_domain::memory::Status::Forgotten);
    let bystander = a_memory("Ana sails").scope(a_scope("ana", &[]));
    let retired = async || -> Vec<Option<jiff::Timestamp>> {
        let mut found = told(all_passages(&*space, &SegmentKey::User("ana".into())).await);
        found.retain(|stored| stored.passage.owner == Owner::Memory(first.id));
        found.into_iter().map(|stored| stored.passage.retired_at).collect()
    };
    let writes = [MemoryBuilder::from(first.clone()).write(), bystander.clone().write()];
    apply(&*space, changes().writes(writes)).await;
    let keeping = pinned.clone().write_next_keeping_passages(Operation::Update);
    let outcomes = apply(&*space, changes().at(minute(1)).write(keeping)).await;
    assert_eq!(outcomes, [Outcome::Memory { id: first.id, version: 2, passages: Vec::new() }]);
    assert_eq!(retired().await, [None]);
    // Recorded later than the passages' own time: the ChangeSet's time counts.
    apply(&*space, changes().at(minute(7)).write(reworded.write_next(Operation::Update))).await;
    assert_eq!(retired().await, [Some(minute(7)), None]);
    apply(&*space, changes().at(minute(9)).write(forgotten.write_next(Operation::Forget))).await;
    assert_eq!(retired().await, [Some(minute(7)), Some(minute(9))], "the first retirement stays");
    let all = told(all_passages(&*space, &SegmentKey::User("ana".into())).await);
    let kept = all.iter().filter(|stored| stored.passage.retired_at.is_none());
    assert!(kept.map(|stored| stored.passage.owner).eq([Owner::Memory(bystander.build().id)]));
}

/// In order of place, after a place, of one segment only.
pub async fn passages_are_paged_by_segment(place: &dyn StorePlace) {
    let space = open(place).await;
    assert_eq!(told(space.segments().await), []);
    let agent = Scope { agent: Some("ana".into()), ..Scope::default() };
    let scopes = [a_scope("ana", &[]), agent, Scope::default()];
    for number in 0..30 {
        let memory = a_memory(&format!("number {number}")).scope(scopes[number % 3].clone());
        apply(&*space, changes().write(memory.write())).await;
    }
    let keys: Vec<SegmentKey> = scopes.iter().map(Scope::segment).collect();
    let mut told_of = told(space.segments().await);
    told_of.sort_by(|a, b| a.key.cmp(&b.key));
    let counts: Vec<(SegmentKey, u64)> =
        told_of.into_iter().map(|segment| (segment.key, segment.passage_count)).collect();
    assert_eq!(counts, keys.iter().map(|key| (key.clone(), 10)).collect::<Vec<_>>());
    for key in &keys {
        let whole = told(space.passages(key, None, 100).await);
        assert_eq!(whole.len(), 10);
        assert!(whole.iter().all(|stored| stored.passage.scope.segment() == *key));
        let mut paged: Vec<StoredPassage> = Vec::new();
        while paged.len() < 10 {
            let after = paged.last().map(|stored| stored.seq);
            let page = told(space.passages(key, after, 3).await);
            assert_eq!(page.len(), 3.min(10 - paged.len()));
            paged.extend(page);
        }
        assert_eq!(paged, whole);
        assert_eq!(told(space.passages(key, paged.last().map(|stored| stored.seq), 3).await), []);
    }
    assert_eq!(told(space.passages(&SegmentKey::User("bo".into()), None, 3).await), []);
}

/// Missing, or of another embedder; over the whole space, in order of place.
pub async fn passages_are_stale_until_they_have_a_vector_of_the_embedder(place: &dyn StorePlace) {
    let space = open(place).await;
    let (old, new) = (ScriptedEmbedder::new("old", 8), ScriptedEmbedder::new("new", 8));
    for number in 0..9 {
        let memory = a_memory(&format!("number {number}")).scope(a_scope(["ana", "bo"][number % 2], &[]));
        let write = if number < 5 { memory.write_embedded(&old) } else { memory.write() };
        apply(&*space, changes().write(write)).await;
    }
    let stale =
        async |embedder: &ScriptedEmbedder| told(space.stale_passages(embedder.identity(), None, 100).await);
    let all = stale(&new).await;
    assert_eq!(all.len(), 9);
    assert!(all.is_sorted_by(|a, b| a.seq < b.seq), "in order of place");
    assert_eq!(stale(&old).await, all[5..]);
    let page = told(space.stale_passages(new.identity(), Some(all[1].seq), 3).await);
    assert_eq!(page, all[2..5], "after a place, up to a limit");

    let vectors = all[..6].iter().map(|stored| (stored.seq, Vector::quantise(&new.vector("x"))));
    let write = Write::PutVectors { embedder: new.identity().clone(), vectors: vectors.collect() };
    assert_eq!(apply(&*space, changes().write(write.clone())).await, [Outcome::Done]);
    assert_eq!(stale(&new).await, all[6..]);
    let places = |stored: &[StoredPassage]| stored.iter().map(|stored| stored.seq).collect::<Vec<_>>();
    let old_ones = stale(&old).await;
    assert_eq!(places(&old_ones), places(&all), "a passage has one vector, the last one given");
    apply(&*space, changes().write(write)).await;
    assert_eq!(stale(&new).await, all[6..], "told twice, it changes nothing");
    let anas = told(all_passages(&*space, &SegmentKey::User("ana".into())).await);
    let before = &all[0];
    let vector = Some((new.identity().clone(), Vector::quantise(&new.vector("x"))));
    let passage = Passage { vector, ..before.passage.clone() };
    assert_eq!(anas[0], StoredPassage { seq: before.seq, passage }, "nothing but the vector has changed");
}

/// A reindex runs while records are erased.
pub async fn vectors_for_passages_that_are_gone_are_passed_over(place: &dyn StorePlace) {
    let space = open(place).await;
    let embedder = ScriptedEmbedder::default();
    let (gone, here) = (a_memory("to be erased"), a_memory("to be kept"));
    apply(&*space, changes().writes([gone.clone().write(), here.write()])).await;
    let stale = told(space.stale_passages(embedder.identity(), None, 10).await);
    apply(&*space, changes().write(Write::EraseMemory { id: gone.build().id, reason: None })).await;
    let vectors = stale.iter().map(|stored| (stored.seq, Vector::quantise(&embedder.vector("x"))));
    let write = Write::PutVectors { embedder: embedder.identity().clone(), vectors: vectors.collect() };
    assert_eq!(apply(&*space, changes().write(write)).await, [Outcome::Done]);
    let left = told(all_passages(&*space, &SegmentKey::Shared).await);
    assert_eq!(left.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [stale[1].seq]);
    assert_eq!(told(space.stale_passages(embedder.identity(), None, 10).await), []);
}

/// A page of holdings at a time, all of them.
async fn all_holdings(space: &dyn SpaceStore) -> Vec<Holding> {
    let mut all: Vec<Holding> = Vec::new();
    loop {
        let page = told(space.holdings(all.last().map(|holding| holding.owner), 2).await);
        let owners: BTreeSet<Owner> = page.iter().map(|holding| holding.owner).collect();
        assert!(owners.len() <= 2, "at most as many owners as asked for");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Messages first, then every version of every memory, each with what it brought.
pub async fn holdings_tell_which_text_brought_which_passages(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let (said, gone) = (a_message("a turn").in_session(&session), a_message("gone").in_session(&session));
    let memory = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let pinned = MemoryBuilder::next(&memory, minute(1)).pinned();
    let reworded = MemoryBuilder::next(&pinned.clone().build(), minute(2)).text("Ana likes coffee");
    let writes = [said.clone().write(), gone.clone().write(), MemoryBuilder::from(memory.clone()).write()];
    apply(&*space, changes().open(&session).writes(writes)).await;
    let keeping = pinned.write_next_keeping_passages(Operation::Update);
    apply(&*space, changes().at(minute(1)).write(keeping)).await;
    apply(&*space, changes().at(minute(2)).write(reworded.write_next(Operation::Update))).await;
    apply(&*space, changes().write(Write::EraseMessage { id: gone.build().id, reason: None })).await;
    let found = all_holdings(&*space).await;
    let id = Owner::Memory(memory.id);
    let owners: Vec<(Owner, u32, usize)> =
        found.iter().map(|held| (held.owner, held.version, held.passages.len())).collect();
    let messages = found.iter().filter(|held| matches!(held.owner, Owner::Message(_)));
    assert_eq!(messages.map(|held| held.passages.len()).sum::<usize>(), 1, "{owners:?}");
    assert_eq!(owners[2..], [(id, 1, 1), (id, 2, 0), (id, 3, 1)]);
    let mut all = told(all_passages(&*space, &SegmentKey::User("ana".into())).await);
    let mut held: Vec<StoredPassage> = found
        .into_iter()
        .flat_map(|held| held.passages)
        .map(|(seq, passage)| StoredPassage { seq, passage: passage.expect("a sound passage is read") })
        .collect();
    held.sort_by_key(|stored| stored.seq);
    all.sort_by_key(|stored| stored.seq);
    assert_eq!(held, all);
    assert_eq!(told(space.loose_ends().await), LooseEnds::default());
}

/// All passages of one text, and of no other; at new places, counted rightly.
pub async fn mended_passages_stand_in_the_place_of_the_old(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let (said, other) = (a_message("a turn").in_session(&session), a_message("another").in_session(&session));
    let memory = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let reworded = MemoryBuilder::next(&memory, minute(2)).text("Ana likes coffee");
    let writes = [said.clone().write(), other.write(), MemoryBuilder::from(memory.clone()).write()];
    apply(&*space, changes().open(&session).writes(writes)).await;
    apply(&*space, changes().at(minute(2)).write(reworded.write_next(Operation::Update))).await;
    let key = SegmentKey::User("ana".into());
    let before = told(all_passages(&*space, &key).await);
    let mend = |owner: Owner, version: u32, seen: u32| {
        let of_owner = before.iter().filter(|stored| stored.passage.owner == owner);
        let of_version = of_owner.skip(version.saturating_sub(1) as usize).take(1);
        let cut = of_version.flat_map(|stored| {
            let half = Passage { source_hash: 7, ..stored.passage.clone() };
            [half.clone(), half]
        });
        Write::MendPassages { owner, version, seen, passages: cut.collect() }
    };
    let (message, memory) = (Owner::Message(said.build().id), Owner::Memory(memory.id));
    let outcomes = apply(&*space, changes().writes([mend(message, 0, 0), mend(memory, 1, 2)])).await;
    assert_eq!(outcomes, [Outcome::Done, Outcome::Done]);
    let after = told(all_passages(&*space, &key).await);
    let kept: Vec<&StoredPassage> = after.iter().filter(|stored| stored.passage.source_hash != 7).collect();
    assert_eq!(kept, [&before[1], &before[3]], "the other message's and the newer version's");
    let last = before[before.len() - 1].seq;
    let new: Vec<&StoredPassage> = after.iter().filter(|stored| stored.passage.source_hash == 7).collect();
    assert_eq!(new.len(), 4);
    assert!(new.iter().all(|stored| stored.seq > last), "at new places");
    let turns = new.iter().filter_map(|stored| stored.passage.turn);
    assert!(turns.eq(before.iter().take(1).chain(&before[..1]).filter_map(|stored| stored.passage.turn)));
    assert_eq!(new[2].passage.retired_at, Some(minute(2)), "a retired one stays retired");
    let holdings = all_holdings(&*space).await;
    let counts: Vec<usize> = holdings.iter().map(|held| held.passages.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 6);
    let sizes: Vec<u64> =
        told(space.segments().await).into_iter().map(|segment| segment.passage_count).collect();
    assert_eq!(sizes, [6]);
    assert_eq!(told(space.loose_ends().await), LooseEnds::default());
    assert_eq!(told(SpaceStore::check(&*space).await), Vec::<String>::new());
    // What is erased later goes with the mended passages too.
    let Owner::Memory(id) = memory else { panic!("a memory") };
    let erased = apply(&*space, changes().write(Write::EraseMemory { id, reason: None })).await;
    assert_eq!(erased, [Outcome::Erased { passage_count: 3 }]);
}

/// A doctor runs while records are changed and erased.
pub async fn a_mending_of_what_has_changed_since_is_passed_over(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let message = a_message("a turn").in_session(&session);
    let memory = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let writes = [message.clone().write(), MemoryBuilder::from(memory.clone()).write()];
    apply(&*space, changes().open(&session).writes(writes)).await;
    let key = SegmentKey::User("ana".into());
    let before = told(all_passages(&*space, &key).await);
    let mend = |place: usize, seen: u32| Write::MendPassages {
        owner: before[place].passage.owner,
        version: seen,
        seen,
        passages: vec![before[place].passage.clone()],
    };
    let reworded = MemoryBuilder::next(&memory, minute(2)).text("Ana likes coffee");
    let set = changes().at(minute(2)).write(reworded.write_next(Operation::Update));
    apply(&*space, set.write(Write::EraseMessage { id: message.build().id, reason: None })).await;
    let changed = told(all_passages(&*space, &key).await);
    let unknown = Write::MendPassages {
        owner: Owner::Memory(a_memory("unknown").build().id),
        version: 1,
        seen: 1,
        passages: vec![before[1].passage.clone()],
    };
    let writes = [mend(0, 0), mend(1, 1), unknown, Write::SweepPassages];
    assert_eq!(apply(&*space, changes().writes(writes)).await, [const { Outcome::Done }; 4]);
    assert_eq!(told(all_passages(&*space, &key).await), changed);
}

/// Every count, after some of everything.
pub async fn stats_count_what_is_there(place: &dyn StorePlace) {
    let space = open(place).await;
    let embedder = ScriptedEmbedder::default();
    let session = a_session(a_scope("ana", &[]));
    let memory = a_memory("Ana likes tea").build();
    let reworded = MemoryBuilder::next(&memory, minute(1)).text("Ana likes coffee");
    let archived = a_memory("long ago").status(dreamkeeper_domain::memory::Status::Archived);
    let set = changes()
        .open(&session)
        .open(&a_session(a_scope("bo", &[])))
        .writes([
            a_message("one").in_session(&session).write(),
            a_message("two").in_session(&session).write_embedded(&embedder),
            MemoryBuilder::from(memory).write(),
            reworded.write_next(Operation::Update),
            archived.write(),
            a_memory("another").write_embedded(&embedder),
            Write::PutReceipt(Box::new(a_receipt(Scope::default(), Vec::new()))),
        ])
        .state(&Scope::default(), "kept", Some(json!(1)), Expected::Absent)
        .state(&Scope::default(), "removed", Some(json!(1)), Expected::Absent)
        .state(&Scope::default(), "removed", None, Expected::Version(1));
    apply(&*space, set).await;
    let stats = told(space.stats(embedder.identity()).await);
    let count = |word: &str| {
        stats.memory_counts.iter().filter(|(status, _)| status == word).map(|(_, count)| count).sum::<u64>()
    };
    assert_eq!((stats.session_count, stats.message_count), (2, 2));
    assert_eq!((count("active"), count("archived"), count("forgotten")), (2, 1, 0));
    assert_eq!((stats.version_count, stats.state_count, stats.receipt_count), (4 + 3, 1, 1));
    assert_eq!((stats.passage_count, stats.stale_passage_count), (5, 3), "the retired one is counted");
    let none_made = EmbedderIdentity("unheard of".into());
    assert_eq!(told(space.stats(&none_made).await).stale_passage_count, 5);
    assert!(told(SpaceStore::check(&*space).await).is_empty(), "nothing is wrong");
}
