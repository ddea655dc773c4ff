//! Dreams over the memories of a scope.

use dreamkeeper_domain::dream::{ChangeKind, DreamTarget};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::NewMemory;
use dreamkeeper_engine::dream::{NewDream, OnCollision, WhichChanges};

use super::shelf::Shelf;

async fn remember(shelf: &Shelf, text: &str, user: &str) -> Memory {
    shelf.house.clock.advance(jiff::SignedDuration::from_hours(1));
    let new = NewMemory::new(Kind::Fact, text, Scope::user(user));
    shelf.house.engine.remember(&shelf.house.operator, new).await.expect("remembered")
}

async fn now(shelf: &Shelf, id: MemoryId) -> Memory {
    shelf.space.memories(&[id], None).await.expect("a read").remove(0)
}

fn bare(memory: &Memory) -> Memory {
    Memory { version: 0, updated_at: memory.created_at, ..memory.clone() }
}

#[tokio::test]
async fn memories_are_tidied_and_come_back_as_they_were() {
    let shelf = Shelf::new().await;
    let first = remember(&shelf, "Ana likes green tea", "ana").await;
    let again = remember(&shelf, "Ana really likes green tea.", "ana").await;
    let others = remember(&shelf, "Ana likes green tea", "bo").await;
    let dated = remember(&shelf, "The pump was mended last month", "ana").await;
    let new = NewMemory {
        expires_at: Some("2026-03-04T00:00:00Z".parse().unwrap()),
        ..NewMemory::new(Kind::Fact, "The gate is open", Scope::user("ana"))
    };
    let expired = shelf.house.engine.remember(&shelf.house.operator, new).await.unwrap();
    shelf.house.clock.advance(jiff::SignedDuration::from_hours(24 * 40));
    let target = DreamTarget { store: None, scope: Some(Scope::user("ana")) };
    let dreamt = shelf.dream_over(NewDream::over(target)).await;
    let kinds: Vec<ChangeKind> = dreamt.told().iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [ChangeKind::Merge, ChangeKind::Archive, ChangeKind::Redate], "{:?}", dreamt.told());
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    let merged = now(&shelf, again.id).await;
    assert_eq!((merged.status, merged.superseded_by), (Status::Superseded, Some(first.id)));
    assert_eq!(now(&shelf, expired.id).await.status, Status::Archived);
    assert_eq!(now(&shelf, dated.id).await.text, "The pump was mended last month (2026-02)");
    assert_eq!(now(&shelf, others.id).await, others, "nothing outside the target is touched");
    assert_eq!(now(&shelf, first.id).await, first, "what stays is not written anew");
    let back = shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
    assert!(back.done && back.restored_count == 3, "{back:?}");
    for memory in [&first, &again, &dated, &expired] {
        assert_eq!(bare(&now(&shelf, memory.id).await), bare(memory));
    }
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!(now(&shelf, again.id).await.status, Status::Superseded);
}

#[tokio::test]
async fn a_memory_that_changed_since_is_left() {
    let shelf = Shelf::new().await;
    remember(&shelf, "Ana likes green tea", "ana").await;
    let again = remember(&shelf, "Ana likes green tea.", "ana").await;
    let target = DreamTarget { store: None, scope: Some(Scope::user("ana")) };
    let dreamt = shelf.dream_over(NewDream::over(target)).await;
    shelf.house.engine.forget(&shelf.house.operator, again.id, None).await.unwrap();
    let house = &shelf.house;
    let refused = house.engine.adopt_dream(&house.operator, dreamt.dream.id, WhichChanges::Remaining).await;
    assert!(refused.is_err(), "{refused:?}");
}
