//! Filters: a store selects exactly what [`Filter::admits`] says.

use std::collections::BTreeSet;

use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::message::{Message, Role};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{MemoryQuery, SpaceStore};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;
use serde_json::{Value, json};

use super::{StorePlace, apply, open, told};
use crate::builders::{MemoryBuilder, a_memory, a_message, a_scope, a_session, changes, minute};

/// Every field with every test that has a meaning there, and combinations.
pub async fn filters_select_what_they_admit(place: &dyn StorePlace) {
    let space = open(place).await;
    let memories = record_memories(&*space).await;
    let mut selective_count = 0;
    for filter in filters(&memories, &[]) {
        let query = MemoryQuery {
            filter: Some(filter.clone()),
            statuses: Status::ALL.to_vec(),
            limit: 1_000,
            ..MemoryQuery::default()
        };
        let page = told(space.list_memories(&query).await);
        let found: BTreeSet<MemoryId> = page.items.iter().map(|memory| memory.id).collect();
        let admitted: BTreeSet<MemoryId> =
            memories.iter().filter(|memory| filter.admits(*memory)).map(|memory| memory.id).collect();
        assert_eq!(found, admitted, "{filter:?}");
        selective_count += usize::from(!admitted.is_empty() && admitted.len() < memories.len());
    }
    assert!(selective_count > 30, "the filters of this rule tell records apart: {selective_count}");
    pages_of_a_filter_hold_every_record_once(&*space, &memories).await;
}

/// A filter may leave out most of what a page would hold: pages stay full or are the last.
async fn pages_of_a_filter_hold_every_record_once(space: &dyn SpaceStore, memories: &[Memory]) {
    let filter = Filter::Where(Field::Kind, Test::Eq(json!("preference")));
    let expected: BTreeSet<MemoryId> =
        memories.iter().filter(|memory| filter.admits(*memory)).map(|memory| memory.id).collect();
    let statuses = Status::ALL.to_vec();
    let mut query = MemoryQuery { filter: Some(filter), statuses, limit: 1, ..MemoryQuery::default() };
    let mut found = Vec::new();
    loop {
        let page = told(space.list_memories(&query).await);
        assert!(page.items.len() <= 1);
        found.extend(page.items.iter().map(|memory| memory.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
        assert!(found.len() <= memories.len(), "pages come to an end");
    }
    assert_eq!(found.len(), expected.len(), "each once");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Messages and memories of any status, under the scope.
pub async fn owners_are_those_that_the_filter_admits(place: &dyn StorePlace) {
    let space = open(place).await;
    let memories = record_memories(&*space).await;
    let messages = record_messages(&*space).await;
    let scopes = [Scope::default(), a_scope("ana", &[]), a_scope("ana", &["home"]), a_scope("nobody", &[])];
    for scope in &scopes {
        for filter in filters(&memories, &messages) {
            let found: BTreeSet<Owner> = told(space.owners(scope, &filter, None).await).into_iter().collect();
            let said = messages
                .iter()
                .filter(|message| scope.covers(&message.scope) && filter.admits(*message))
                .map(|message| Owner::Message(message.id));
            let kept = memories
                .iter()
                .filter(|memory| scope.covers(&memory.scope) && filter.admits(*memory))
                .map(|memory| Owner::Memory(memory.id));
            assert_eq!(found, said.chain(kept).collect(), "{filter:?} under {scope:?}");
        }
    }
}

/// Of every moment: scope, pin, status, categories, metadata and times as they were recorded then.
pub async fn owners_as_of_a_moment_are_those_that_the_filter_admitted_then(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").scope(a_scope("ana", &[])).pinned().with(|memory| {
        memory.categories = ["drinks".to_owned()].into();
        memory.metadata.insert("stars".to_owned(), json!(5));
        memory.expires_at = Some(minute(500));
    });
    let first = first.build();
    let second = MemoryBuilder::next(&first, minute(20)).scope(a_scope("bo", &[])).with(|memory| {
        memory.pinned = false;
        memory.categories.clear();
        memory.metadata.insert("stars".to_owned(), json!(1));
        memory.expires_at = None;
    });
    let second = second.build();
    let third = MemoryBuilder::next(&second, minute(40)).status(Status::Forgotten).build();
    apply(&*space, changes().write(MemoryBuilder::from(first.clone()).write())).await;
    for (memory, operation) in [(&second, Operation::Update), (&third, Operation::Forget)] {
        let write = MemoryBuilder::from(memory.clone()).write_next(operation);
        apply(&*space, changes().at(memory.updated_at).write(write)).await;
    }
    let session = a_session(a_scope("ana", &[]));
    let message = a_message("a late turn").in_session(&session).at(minute(30));
    apply(&*space, changes().at(minute(30)).open(&session).write(message.clone().write())).await;
    let message = message.build();
    let filters = filters(&[first.clone(), second.clone(), third.clone()], std::slice::from_ref(&message));
    let moments = [(-1, None), (10, Some(&first)), (30, Some(&second)), (99, Some(&third))];
    for (when, then) in moments {
        for scope in [Scope::default(), a_scope("ana", &[]), a_scope("bo", &[])] {
            for filter in &filters {
                let found: BTreeSet<Owner> =
                    told(space.owners(&scope, filter, Some(minute(when))).await).into_iter().collect();
                let kept = then.filter(|memory| scope.covers(&memory.scope) && filter.admits(*memory));
                let said = Some(&message)
                    .filter(|message| when >= 30 && scope.covers(&message.scope) && filter.admits(*message));
                let kept = kept.map(|memory| Owner::Memory(memory.id));
                let expected = kept.into_iter().chain(said.map(|message| Owner::Message(message.id)));
                assert_eq!(found, expected.collect(), "{filter:?} under {scope:?} at {when}");
            }
        }
    }
}

async fn record_memories(space: &dyn SpaceStore) -> Vec<Memory> {
    let metadata = |value: Value| match value {
        Value::Object(map) => map,
        _ => panic!("metadata is an object"),
    };
    let memories = [
        a_memory("Ana likes tea").scope(a_scope("ana", &["home"])).kind(Kind::Preference).with(|memory| {
            memory.categories = ["drinks".to_owned(), "daily".to_owned()].into();
            memory.metadata = metadata(json!({"stars": 5, "cup": {"size": "small"}, "tags": ["hot", 1]}));
        }),
        a_memory("Ana likes coffee").scope(a_scope("ana", &["work"])).kind(Kind::Preference).pinned().with(
            |memory| {
                memory.metadata = metadata(json!({"stars": 4.5, "cup": {"size": "large"}, "done": true}));
                memory.expires_at = Some(minute(30));
            },
        ),
        a_memory("Bo sails").scope(a_scope("bo", &["home", "work"])).at(minute(5)).with(|memory| {
            memory.metadata = metadata(json!({"stars": "5", "cup": null}));
            memory.validity.from = Some(minute(-500));
            memory.origin = Origin::Tool;
        }),
        a_memory("").status(Status::Archived).at(minute(9)).kind(Kind::OpenQuestion),
        a_memory("Nobody's").scope(Scope { agent: Some("cook".into()), ..Scope::default() }).at(minute(7)),
    ];
    let mut recorded = Vec::new();
    for memory in memories {
        recorded.push(memory.clone().build());
        apply(space, changes().at(recorded[recorded.len() - 1].updated_at).write(memory.write())).await;
    }
    // Changed later than recorded, so that the two times are told apart.
    let changed = MemoryBuilder::next(&recorded[0], minute(20)).build();
    let write = MemoryBuilder::from(changed.clone()).write_next_keeping_passages(Operation::Update);
    apply(space, changes().at(minute(20)).write(write)).await;
    recorded[0] = changed;
    recorded
}

async fn record_messages(space: &dyn SpaceStore) -> Vec<Message> {
    let session = a_session(a_scope("ana", &["home"]));
    let (other, nobody) = (a_session(a_scope("bo", &[])), a_session(Scope::default()));
    let messages = [
        a_message("one").in_session(&session).by("Ana").at(minute(1)),
        a_message("two").in_session(&session).by("Cook").role(Role::Assistant).at(minute(2)).label("draft"),
        a_message("three").in_session(&other).by("Anatol").role(Role::Tool).at(minute(-500)),
        a_message("four").in_session(&nobody).role(Role::System).origin(Origin::User),
    ];
    let opened = changes().open(&session).open(&other).open(&nobody);
    apply(space, opened.writes(messages.iter().cloned().map(|message| message.write()))).await;
    messages.into_iter().map(|message| message.build()).collect()
}

/// Leaves over every field, then combinations of them.
fn filters(memories: &[Memory], messages: &[Message]) -> Vec<Filter> {
    let some_id = memories[0].id.to_string();
    let session = messages.first().map_or("none".to_owned(), |message| message.session.to_string());
    let mut leaves = Vec::new();
    let texts = [
        (Field::Id, some_id.as_str()),
        (Field::Type, "memory"),
        (Field::User, "ana"),
        (Field::Agent, "cook"),
        (Field::App, "none"),
        (Field::Run, "none"),
        (Field::Session, session.as_str()),
        (Field::Role, "assistant"),
        (Field::Author, "Ana"),
        (Field::Origin, "tool"),
        (Field::Kind, "preference"),
        (Field::Status, "archived"),
    ];
    for (field, word) in texts {
        leaves.extend(ordered(&field, &json!(word)));
        leaves.push(Filter::Where(field.clone(), Test::In(vec![json!(word), json!("fact"), json!(1)])));
        leaves.push(Filter::Where(field.clone(), Test::Contains(json!(&word[..word.len().min(2)]))));
        leaves.push(Filter::Where(field, Test::Eq(json!(null))));
    }
    for (field, word) in [(Field::Labels, "home"), (Field::Categories, "drinks")] {
        for test in [Test::Contains(json!(word)), Test::Eq(json!(word)), Test::Ne(json!(word))] {
            leaves.push(Filter::Where(field.clone(), test));
        }
        leaves.push(Filter::Where(field.clone(), Test::Contains(json!(&word[..2]))));
        leaves.push(Filter::Where(field, Test::In(vec![json!("work"), json!("daily")])));
    }
    for field in [Field::At, Field::CreatedAt, Field::UpdatedAt, Field::ExpiresAt] {
        for when in [-500, 0, 5, 20, 30] {
            leaves.extend(ordered(&field, &json!(minute(when).to_string())));
        }
        leaves.extend(ordered(&field, &json!("2026-01-05T10:05:00+01:00")));
    }
    leaves.extend(ordered(&Field::Pinned, &json!(true)));
    leaves.extend(metadata_leaves());
    combined(leaves)
}

fn metadata_leaves() -> Vec<Filter> {
    let path = |steps: &[&str]| Field::Metadata(steps.iter().map(|step| (*step).to_owned()).collect());
    let mut leaves = Vec::new();
    for value in [json!(5), json!(5.0), json!(4.5), json!("5"), json!(null), json!(true)] {
        leaves.extend(ordered(&path(&["stars"]), &value));
    }
    for value in [json!("small"), json!("sm"), json!(null)] {
        leaves.extend(ordered(&path(&["cup", "size"]), &value));
        leaves.push(Filter::Where(path(&["cup", "size"]), Test::Contains(value)));
    }
    for value in [json!("hot"), json!(1), json!("h")] {
        leaves.push(Filter::Where(path(&["tags"]), Test::Contains(value)));
    }
    leaves.push(Filter::Where(path(&["cup"]), Test::Eq(json!({"size": "small"}))));
    leaves.push(Filter::Where(path(&["cup"]), Test::Eq(json!(null))));
    leaves.push(Filter::Where(path(&["cup.size"]), Test::Eq(json!("small"))));
    leaves.push(Filter::Where(path(&["stars", "deeper"]), Test::Eq(json!(5))));
    leaves.push(Filter::Where(path(&["done"]), Test::In(vec![json!(true), json!(1)])));
    leaves
}

fn ordered(field: &Field, value: &Value) -> Vec<Filter> {
    [Test::Eq, Test::Ne, Test::Gt, Test::Gte, Test::Lt, Test::Lte]
        .map(|test| Filter::Where(field.clone(), test(value.clone())))
        .to_vec()
}

fn combined(leaves: Vec<Filter>) -> Vec<Filter> {
    let mut all = vec![Filter::And(Vec::new()), Filter::Or(Vec::new())];
    for pair in leaves.windows(2) {
        let (one, other) = (pair[0].clone(), pair[1].clone());
        let negated = Filter::Not(Box::new(one.clone()));
        all.push(Filter::And(vec![negated.clone(), other.clone()]));
        all.push(Filter::Or(vec![Filter::And(vec![one, other.clone()]), Filter::Not(Box::new(other))]));
        all.push(negated);
    }
    all.extend(leaves);
    all
}
