//! Bounds: nothing outside scope, floor, filter, owners, moment and counts is told.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{Nomination, NominationRequest, PassageIndex, SegmentSelection};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::version::Operation;
use jiff::SignedDuration;
use serde_json::json;

use super::comparing::{nominated_owners, told_owners};
use super::signals::tell_some_of_everything;
use super::world::World;
use crate::builders::{MemoryBuilder, a_memory, a_message, a_scope, a_session, changes, minute};

/// Ids and labels, each alone and together, in one segment and in all.
pub async fn nothing_outside_the_scope_is_told(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let some = |name: &str| Some(name.to_owned());
    let scopes = [
        Scope::default(),
        a_scope("ana", &[]),
        a_scope("ana", &["home"]),
        a_scope("ana", &["home", "work"]),
        Scope { agent: some("cook"), ..a_scope("ana", &[]) },
        Scope { agent: some("cook"), app: some("kitchen"), run: some("1"), ..a_scope("ana", &["home"]) },
        Scope { agent: some("cook"), app: some("kitchen"), run: some("2"), ..a_scope("ana", &[]) },
        Scope { agent: some("cook"), ..Scope::default() },
        a_scope("bo", &["home"]),
    ];
    let mut set = changes();
    let mut made = Vec::new();
    for scope in &scopes {
        let session = a_session(scope.clone());
        let said = a_message("a kayak").in_session(&session);
        let kept = a_memory("a kayak").scope(scope.clone());
        made.push((scope, Owner::Message(said.clone().build().id)));
        made.push((scope, Owner::Memory(kept.clone().build().id)));
        set = set.open(&session).write(said.write_embedded(&world.embedder));
        set = set.write(kept.write_embedded(&world.embedder));
    }
    world.write(set).await;
    let elsewhere = [Scope { run: some("3"), ..Scope::default() }, a_scope("ana", &["lost"])];
    let label = Scope { labels: ["home".to_owned()].into(), ..Scope::default() };
    for asked in scopes.iter().chain(&elsewhere).chain([&label]) {
        let request = NominationRequest { scope: asked.clone(), window: 2, ..world.about("kayak") };
        let found = world.ask_both(&request).await;
        let covered = made.iter().filter(|(scope, _)| asked.covers(scope)).map(|(_, owner)| *owner);
        assert_eq!(told_owners(&found), covered.collect(), "under {asked:?}");
        let one = NominationRequest { segments: SegmentSelection::One(asked.segment()), ..request };
        let found = world.ask_both(&one).await;
        let inside = |scope: &Scope| asked.covers(scope) && scope.segment() == asked.segment();
        let covered = made.iter().filter(|(scope, _)| inside(scope)).map(|(_, owner)| *owner);
        assert_eq!(told_owners(&found), covered.collect(), "under {asked:?}, in its own segment");
    }
}

/// Each floor lets itself and all above through.
pub async fn nothing_below_the_origin_floor_is_told(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let session = a_session(a_scope("ana", &[]));
    let mut set = changes().open(&session);
    for origin in Origin::ALL {
        set = set
            .write(a_message("a kayak").in_session(&session).origin(origin).write_embedded(&world.embedder));
        let kept = a_memory("a kayak").scope(session.scope.clone()).with(|memory| memory.origin = origin);
        set = set.write(kept.write_embedded(&world.embedder));
    }
    world.write(set).await;
    for (below, floor) in Origin::ALL.into_iter().enumerate() {
        let request = NominationRequest { min_origin: floor, window: 5, ..world.about("kayak") };
        let found = world.ask_both(&request).await;
        assert!(found.candidates.iter().all(|candidate| candidate.origin >= floor));
        assert_eq!(found.candidates.len(), 2 * (5 - below), "from {floor} on");
    }
}

/// Every property that an index holds.
pub async fn nothing_that_the_filter_refuses_is_told(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let all = world.ask_both(&world.about("kayak island")).await;
    let some = &all.candidates[0];
    let (id, session) = match (some.owner, some.turn) {
        (Owner::Message(id), Some(turn)) => (id.to_string(), turn.session.to_string()),
        found => panic!("the first place of the first segment is a message's: {found:?}"),
    };
    let texts = [
        (Field::Id, id.as_str()),
        (Field::Type, "memory"),
        (Field::User, "ana"),
        (Field::Session, session.as_str()),
        (Field::Role, "assistant"),
        (Field::Author, "Ana"),
        (Field::Origin, "tool"),
        (Field::Kind, "event"),
        (Field::Labels, "home"),
        (Field::Agent, "nobody"),
    ];
    let mut filters = Vec::new();
    for (field, word) in texts {
        for test in [Test::Eq(json!(word)), Test::Ne(json!(word)), Test::Contains(json!(word))] {
            filters.push(Filter::Where(field.clone(), test));
        }
    }
    for test in [Test::Gt, Test::Gte, Test::Lt, Test::Lte] {
        filters.push(Filter::Where(Field::At, test(json!(minute(3).to_string()))));
        filters.push(Filter::Where(Field::CreatedAt, test(json!(minute(9).to_string()))));
    }
    filters.extend([Filter::And(Vec::new()), Filter::Or(Vec::new())]);
    let negated: Vec<Filter> = filters.iter().map(|one| Filter::Not(Box::new(one.clone()))).collect();
    let both = filters.windows(2).map(|pair| Filter::And(pair.to_vec())).collect::<Vec<_>>();
    let mut selective_count = 0;
    for filter in filters.into_iter().chain(negated).chain(both) {
        let request = NominationRequest { filter: Some(filter), window: 2, ..world.about("kayak island") };
        let found = world.ask_both(&request).await;
        selective_count +=
            usize::from(!found.candidates.is_empty() && found.candidates.len() < all.candidates.len());
    }
    assert!(selective_count > 20, "the filters of this rule tell passages apart: {selective_count}");
}

/// A set of owners narrows like a filter, down to nothing.
pub async fn nothing_but_the_given_owners_is_told(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let all: Vec<Owner> = told_owners(&world.ask(&world.about("kayak island")).await).into_iter().collect();
    for owners in [&all[..0], &all[..1], &all[1..4], &all[4..], &all[..]] {
        let given: HashSet<Owner> = owners.iter().copied().collect();
        let request =
            NominationRequest { owners: Some(Arc::new(given)), window: 2, ..world.about("kayak island") };
        let found = world.ask_both(&request).await;
        assert_eq!(told_owners(&found), owners.iter().copied().collect::<BTreeSet<_>>());
    }
}

/// Recorded by then and not yet retired; now is what is current.
pub async fn as_of_tells_passages_as_they_stood(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let first = a_memory("a green kayak").scope(a_scope("ana", &[])).at(minute(10)).build();
    let second = MemoryBuilder::next(&first, minute(20)).text("a blue kayak").build();
    let third =
        MemoryBuilder::next(&second, minute(30)).status(dreamkeeper_domain::memory::Status::Forgotten);
    let session = a_session(a_scope("ana", &[]));
    let said = a_message("whose kayak?").in_session(&session).at(minute(25));
    world.write(changes().at(minute(10)).write(MemoryBuilder::from(first).write())).await;
    let update = MemoryBuilder::from(second).write_next(Operation::Update);
    world.write(changes().at(minute(20)).write(update)).await;
    world.write(changes().at(minute(25)).open(&session).write(said.write())).await;
    world.write(changes().at(minute(30)).write(third.write_next(Operation::Forget))).await;

    let at = async |as_of| {
        let request = NominationRequest { as_of, ..world.about("green blue kayak") };
        let found = world.ask_both(&request).await;
        found.candidates.iter().map(|candidate| candidate.term_bits).collect::<Vec<_>>()
    };
    let (green, blue, neither) = (0b101, 0b110, 0b100);
    let instant = SignedDuration::from_micros(1);
    assert_eq!(at(Some(minute(10) - instant)).await, [0; 0]);
    assert_eq!(at(Some(minute(10))).await, [green]);
    assert_eq!(at(Some(minute(20) - instant)).await, [green]);
    assert_eq!(at(Some(minute(20))).await, [blue]);
    assert_eq!(at(Some(minute(25))).await, [blue, neither]);
    assert_eq!(at(Some(minute(30) - instant)).await, [blue, neither]);
    assert_eq!(at(Some(minute(30))).await, [neither]);
    assert_eq!(at(None).await, [neither]);
}

/// Either, both or none.
pub async fn messages_and_memories_are_told_when_wanted(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    for (messages, memories) in [(true, true), (true, false), (false, true), (false, false)] {
        let request = NominationRequest { messages, memories, window: 2, ..world.about("kayak island") };
        let found = world.ask_both(&request).await;
        let is_message = |owner: &Owner| matches!(owner, Owner::Message(_));
        let owners = told_owners(&found);
        assert_eq!(owners.iter().any(is_message), messages);
        assert_eq!(owners.iter().any(|owner| !is_message(owner)), memories);
    }
}

/// The best by terms and the best by vector, of messages and of memories each.
pub async fn counts_bound_what_is_nominated(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let session = a_session(a_scope("ana", &[]));
    let mut set = changes().open(&session);
    for number in 1..=6 {
        // The more often the word stands there, the nearer the text is, by terms and by vector.
        let text = format!("{} tent{number} lamp{number} rope{number}", "kayak ".repeat(number));
        set = set.write(a_message(&text).in_session(&session).write_embedded(&world.embedder));
        set = set.write(a_memory(&text).scope(session.scope.clone()).write_embedded(&world.embedder));
    }
    world.write(set).await;
    let count = |found: &Nomination, messages| {
        let wanted = |owner: &&Owner| matches!(owner, Owner::Message(_)) == messages;
        nominated_owners(found).iter().filter(wanted).count()
    };
    for (lexical_count_max, vector_count_max) in
        [(0, 0), (0, 1), (1, 0), (2, 0), (0, 3), (2, 3), (6, 6), (9, 9)]
    {
        let request = NominationRequest { lexical_count_max, vector_count_max, ..world.about("kayak") };
        let found = world.ask_both(&request).await;
        for messages in [true, false] {
            let expected = lexical_count_max.max(vector_count_max).min(6);
            assert_eq!(count(&found, messages), expected, "at most {lexical_count_max}, {vector_count_max}");
        }
    }
}

/// So that an answer does not hang on the order of loading.
pub async fn of_equals_the_later_place_comes_first(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let session = a_session(a_scope("ana", &[]));
    let turn = || a_message("a kayak").in_session(&session).role(Role::User).write_embedded(&world.embedder);
    world.write(changes().open(&session).writes((0..7).map(|_| turn()))).await;
    let key = SegmentKey::User("ana".into());
    let places = world.store.passages(&key, None, 10).await.expect("the store answers");
    for (lexical_count_max, vector_count_max) in [(3, 0), (0, 3)] {
        let request = NominationRequest { lexical_count_max, vector_count_max, ..world.about("kayak") };
        let found = world.ask_both(&request).await;
        let told: Vec<_> = found.candidates.iter().map(|candidate| candidate.seq).collect();
        assert_eq!(told, places[4..].iter().map(|stored| stored.seq).collect::<Vec<_>>());
    }
}
