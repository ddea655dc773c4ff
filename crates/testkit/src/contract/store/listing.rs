//! Lists of memories: order, pages, statuses and scopes.

use std::collections::BTreeSet;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{MemoryQuery, SpaceStore};
use dreamkeeper_domain::scope::Scope;

use super::{StorePlace, apply, open, told};
use crate::builders::{MemoryBuilder, a_memory, a_scope, changes, minute};
use dreamkeeper_domain::version::Operation;

/// A change brings a memory to the top.
pub async fn memories_are_listed_newest_change_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let made = [4, 1, 3, 2].map(|when| a_memory("a memory").at(minute(when)).build());
    for memory in &made {
        write(&*space, memory).await;
    }
    let ids = |order: [usize; 4]| order.map(|place| made[place].id);
    assert_eq!(list(&*space, all()).await, ids([0, 2, 3, 1]));
    let changed = MemoryBuilder::next(&made[1], minute(9)).text("changed");
    apply(&*space, changes().at(minute(9)).write(changed.write_next(Operation::Update))).await;
    assert_eq!(list(&*space, all()).await, ids([1, 0, 2, 3]));
}

/// Whatever the page's size, also where many records were changed at one moment.
pub async fn pages_hold_every_record_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut expected = BTreeSet::new();
    for number in 0..23 {
        let memory = a_memory("a memory").at(minute(number / 5)).build();
        write(&*space, &memory).await;
        expected.insert(memory.id);
    }
    for limit in [1, 4, 5, 22, 23, 24, 1_000] {
        let mut found: Vec<Memory> = Vec::new();
        let mut query = MemoryQuery { limit, ..all() };
        loop {
            let page = told(space.list_memories(&query).await);
            assert!(page.items.len() <= limit, "a page holds at most {limit}");
            found.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
            assert!(found.len() <= 23, "pages come to an end");
        }
        assert!(found.is_sorted_by(|a, b| a.updated_at >= b.updated_at), "in pages of {limit}");
        assert_eq!(found.len(), 23, "each once, in pages of {limit}");
        assert_eq!(found.iter().map(|memory| memory.id).collect::<BTreeSet<_>>(), expected);
    }
    // A cursor comes from outside: one that was never given must not be taken for the beginning.
    let odd = MemoryQuery { after: Some("never given".into()), ..all() };
    assert!(space.list_memories(&odd).await.is_err(), "a cursor that was never given is refused");
}

/// Active ones unless told, pinned ones when asked, expired ones left out when a moment is given.
pub async fn status_pin_and_expiry_narrow_a_list(place: &dyn StorePlace) {
    let space = open(place).await;
    let kept = Status::ALL.into_iter().filter(|status| *status != Status::Erased);
    let made: Vec<Memory> = kept.map(|status| a_memory("a memory").status(status).build()).collect();
    let pinned = a_memory("pinned").pinned().build();
    let archived_pin = a_memory("pinned once").pinned().status(Status::Archived).build();
    let expiring = a_memory("expiring").with(|memory| memory.expires_at = Some(minute(5))).build();
    for memory in made.iter().chain([&pinned, &archived_pin, &expiring]) {
        write(&*space, memory).await;
    }
    let check = async |query: MemoryQuery, expected: &[&Memory]| {
        let found: BTreeSet<MemoryId> = list(&*space, query.clone()).await.into_iter().collect();
        assert_eq!(found, expected.iter().map(|memory| memory.id).collect(), "{query:?}");
    };
    let [active, superseded, archived, forgotten] = &made[..] else { panic!("four statuses") };
    check(all(), &[active, &pinned, &expiring]).await;
    let with = |statuses: &[Status]| MemoryQuery { statuses: statuses.to_vec(), ..all() };
    check(with(&[Status::Superseded]), &[superseded]).await;
    check(with(&[Status::Archived, Status::Forgotten]), &[archived, forgotten, &archived_pin]).await;
    check(with(&[Status::Erased]), &[]).await;
    check(MemoryQuery { pinned_only: true, ..all() }, &[&pinned]).await;
    check(MemoryQuery { pinned_only: true, ..with(&[Status::Archived]) }, &[&archived_pin]).await;
    let unexpired = |when| MemoryQuery { unexpired_at: Some(minute(when)), ..all() };
    check(unexpired(4), &[active, &pinned, &expiring]).await;
    check(unexpired(5), &[active, &pinned]).await;
}

/// Labels narrow: every given one must be on the record.
pub async fn a_given_scope_id_must_match_and_an_absent_one_does_not_restrict(place: &dyn StorePlace) {
    let space = open(place).await;
    let some = |name: &str| Some(name.to_owned());
    let scopes = [
        Scope::default(),
        a_scope("ana", &[]),
        a_scope("ana", &["home"]),
        a_scope("ana", &["home", "work"]),
        a_scope("Ana", &[]),
        a_scope("bo", &["home"]),
        Scope { agent: some("ana"), ..Scope::default() },
        Scope { agent: some("cook"), app: some("kitchen"), run: some("1"), ..a_scope("ana", &[]) },
        Scope { agent: some("cook"), app: some("kitchen"), run: some("2"), ..a_scope("bo", &[]) },
        // Wildcards and quotes of query languages are letters like any other.
        a_scope("an%", &["ho_e"]),
        a_scope("a'--", &["\"home\""]),
    ];
    let mut made = Vec::new();
    for scope in &scopes {
        let memory = a_memory("a memory").scope(scope.clone()).build();
        write(&*space, &memory).await;
        made.push(memory);
    }
    let further = [a_scope("nobody", &[]), Scope { app: some("kitchen"), ..Scope::default() }];
    let labels = Scope { labels: ["home".to_owned()].into(), ..Scope::default() };
    for asked in scopes.iter().chain(&further).chain([&labels]) {
        let found: BTreeSet<MemoryId> =
            list(&*space, MemoryQuery { scope: asked.clone(), ..all() }).await.into_iter().collect();
        let covered = made.iter().filter(|memory| asked.covers(&memory.scope));
        assert_eq!(found, covered.map(|memory| memory.id).collect(), "under {asked:?}");
    }
}

fn all() -> MemoryQuery {
    MemoryQuery { limit: 1_000, ..MemoryQuery::default() }
}

async fn list(space: &dyn SpaceStore, query: MemoryQuery) -> Vec<MemoryId> {
    let page = told(space.list_memories(&query).await);
    assert_eq!(page.next, None, "one page holds them all");
    page.items.into_iter().map(|memory| memory.id).collect()
}

async fn write(space: &dyn SpaceStore, memory: &Memory) {
    let write = MemoryBuilder::from(memory.clone()).write();
    apply(space, changes().at(memory.updated_at).write(write)).await;
}
