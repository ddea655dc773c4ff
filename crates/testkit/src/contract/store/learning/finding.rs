//! Finding memories by what they say.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::detail::Detail;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;

use super::{StorePlace, apply, open, told};
use crate::builders::{MemoryBuilder, a_detail, a_memory, a_scope, changes, minute};

fn lives(place: &str, scope: &Scope, count: i64) -> MemoryBuilder {
    let detail = a_detail("user", "residence", place);
    let memory = a_memory(&format!("Lives in {place}")).scope(scope.clone()).at(minute(count));
    memory.with(|memory| memory.detail = detail)
}

async fn record(space: &dyn SpaceStore, memories: &[&Memory]) {
    let writes = memories.iter().map(|memory| MemoryBuilder::from((*memory).clone()).write());
    apply(space, changes().writes(writes)).await;
}

/// The new version stands, in the status it has.
async fn turn(space: &dyn SpaceStore, memory: &Memory, status: Status, operation: Operation) -> Memory {
    let next = MemoryBuilder::next(memory, minute(60)).status(status);
    apply(space, changes().write(next.clone().write_next(operation))).await;
    next.build()
}

/// Oldest change first; labels do not matter, other ids do.
pub async fn slots_find_active_and_superseded_memories_of_the_exact_scope(place: &dyn StorePlace) {
    let space = open(place).await;
    let ana = a_scope("ana", &[]);
    let kitchen = Scope { agent: Some("kitchen".into()), ..ana.clone() };
    let porto = lives("Porto", &ana, 2).build();
    let faro = lives("Faro", &a_scope("ana", &["home"]), 1).build();
    let (lagos, braga) = (lives("Lagos", &ana, 3).build(), lives("Braga", &kitchen, 0).build());
    let tea = lives("tea", &ana, 4).with(|memory| memory.detail = a_detail("user", "likes", "tea")).build();
    record(&*space, &[&porto, &faro, &lagos, &braga, &tea]).await;
    let key = |memory: &Memory| memory.detail.slot.as_ref().map(|slot| slot.key()).unwrap_or_default();
    let (residence, likes) = ([key(&porto)], [key(&porto), key(&tea)]);
    assert_eq!(
        told(space.memories_by_slot(&ana, &residence).await),
        [faro.clone(), porto.clone(), lagos.clone()]
    );
    let faro = turn(&*space, &faro, Status::Superseded, Operation::Supersede).await;
    let lagos = turn(&*space, &lagos, Status::Forgotten, Operation::Forget).await;
    assert_eq!(told(space.memories_by_slot(&ana, &likes).await), [porto.clone(), tea, faro.clone()]);
    let lagos = MemoryBuilder::next(&lagos, minute(70)).status(Status::Active);
    apply(&*space, changes().write(lagos.clone().write_next(Operation::Restore))).await;
    assert_eq!(told(space.memories_by_slot(&ana, &residence).await), [porto, faro, lagos.build()]);
    assert_eq!(told(space.memories_by_slot(&kitchen, &residence).await), [braga]);
    assert_eq!(told(space.memories_by_slot(&Scope::default(), &residence).await), []);
    assert_eq!(told(space.memories_by_slot(&ana, &[]).await), []);
}

/// Of the exact scope, as it is now.
pub async fn texts_find_active_memories_whatever_their_spelling(place: &dyn StorePlace) {
    let space = open(place).await;
    let ana = a_scope("ana", &[]);
    let tea = a_memory("Ana likes  TEA, very much.").scope(ana.clone()).build();
    let other = a_memory("Ana likes tea very much").scope(a_scope("bo", &[])).build();
    let plain = a_memory("Ana likes coffee").scope(ana.clone()).build();
    record(&*space, &[&tea, &other, &plain]).await;
    let texts = ["ana likes tea very much".to_owned(), "ana".to_owned()];
    assert_eq!(told(space.memories_by_text(&ana, &texts).await), std::slice::from_ref(&tea));
    let reworded = MemoryBuilder::next(&tea, minute(1)).text("Ana likes water");
    apply(&*space, changes().write(reworded.clone().write_next(Operation::Update))).await;
    assert_eq!(told(space.memories_by_text(&ana, &texts).await), []);
    let water = ["ana likes water".to_owned()];
    let reworded = reworded.build();
    assert_eq!(told(space.memories_by_text(&ana, &water).await), std::slice::from_ref(&reworded));
    turn(&*space, &reworded, Status::Superseded, Operation::Supersede).await;
    assert_eq!(told(space.memories_by_text(&ana, &water).await), []);
}

/// What it rests on now, not what an earlier version quoted; an erased one rests on nothing.
pub async fn quotes_find_the_memories_that_rest_on_them(place: &dyn StorePlace) {
    let space = open(place).await;
    let (_, messages) = super::talk(&*space, "ana", 2).await;
    let [one, other] =
        [0, 1].map(|place: usize| a_memory("from a turn").resting_on(&messages[place]).build());
    record(&*space, &[&one, &other]).await;
    let ids = [messages[0].id];
    assert_eq!(told(space.memories_by_evidence(&ids).await), std::slice::from_ref(&one));
    let reworded =
        MemoryBuilder::next(&one, minute(1)).text("in own words").with(|memory| memory.evidence.clear());
    apply(&*space, changes().write(reworded.write_next(Operation::Update))).await;
    assert_eq!(told(space.memories_by_evidence(&ids).await), []);
    let erase = Write::EraseMemory { id: other.id, reason: None };
    apply(&*space, changes().write(erase)).await;
    assert_eq!(told(space.memories_by_evidence(&[messages[1].id]).await), []);
}

fn naming(names: &[&str], scope: &Scope, count: i64) -> MemoryBuilder {
    let entities = names.iter().map(|name| (*name).to_owned()).collect();
    let detail = Detail { entities, ..Detail::default() };
    let memory = a_memory(&names.join(" and ")).scope(scope.clone()).at(minute(count));
    memory.with(|memory| memory.detail = detail)
}

/// Newest change first, each once.
pub async fn names_find_active_memories_under_a_scope(place: &dyn StorePlace) {
    let space = open(place).await;
    let home = a_scope("ana", &["home"]);
    let kitchen = Scope { agent: Some("kitchen".into()), ..Scope::user("ana") };
    let both = naming(&["Bo", "Porto"], &home, 1).build();
    let newer = naming(&["BO"], &kitchen, 3).build();
    let gone = naming(&["Bo"], &home, 4).build();
    let foreign = naming(&["Bo"], &Scope::user("cy"), 5).build();
    record(&*space, &[&both, &newer, &gone, &foreign]).await;
    turn(&*space, &gone, Status::Archived, Operation::Archive).await;
    let names = ["bo".to_owned(), "porto".to_owned()];
    let (space, names) = (&space, &names);
    let find = |scope: Scope, limit| async move { told(space.memories_by_name(&scope, names, limit).await) };
    let scope = Scope::user("ana");
    assert_eq!(find(scope.clone(), 9).await, [newer.clone(), both.clone()]);
    assert_eq!(find(scope.clone(), 1).await, [newer]);
    assert_eq!(find(home.clone(), 9).await, [both]);
    assert_eq!(find(Scope::default(), 1).await, [foreign]);
    assert_eq!(find(Scope::user("bo"), 9).await, []);
}

/// By name where they are named as often.
pub async fn names_are_counted_most_named_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, home) = (a_scope("ana", &[]), a_scope("ana", &["home"]));
    let memories = [
        naming(&["Porto", "Bo"], &ana, 1).build(),
        naming(&["porto", "Porto!"], &home, 2).build(),
        naming(&["Faro"], &ana, 3).build(),
        naming(&["Lagos"], &Scope::user("cy"), 3).build(),
    ];
    record(&*space, &memories.each_ref()).await;
    let told_names = |scope: Scope, limit| {
        let space = &space;
        async move { told(space.names(&scope, limit).await) }
    };
    let counts = |all: &[(&str, u64)]| -> Vec<(String, u64)> {
        all.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    };
    let ana = Scope::user("ana");
    assert_eq!(told_names(ana.clone(), 9).await, counts(&[("porto", 2), ("bo", 1), ("faro", 1)]));
    assert_eq!(told_names(ana.clone(), 2).await, counts(&[("porto", 2), ("bo", 1)]));
    assert_eq!(told_names(home, 9).await, counts(&[("porto", 1)]));
    turn(&*space, &memories[0], Status::Forgotten, Operation::Forget).await;
    assert_eq!(told_names(ana, 9).await, counts(&[("faro", 1), ("porto", 1)]));
}
