//! Doctor: what is derived is made anew where it is lost or damaged; a sound space is only read.

use std::collections::BTreeMap;
use std::sync::Mutex;

use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq, Span, Vector};
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::text::TermHash;
use dreamkeeper_engine::recall::{Recall, RecallRequest};
use dreamkeeper_engine::{Fault, Health, MemoryPatch, NewMemory, NewMessage, Update};
use jiff::{SignedDuration, Timestamp};

use crate::house::{House, append, house};

/// Three turns, and a memory that was reworded; with the moment between its versions.
async fn lived_in() -> (House, Timestamp) {
    let house = house().await;
    let long = "Ana repaired the greenhouse door and oiled its hinges. ".repeat(40);
    let messages = ["We sailed to the lighthouse in May.", &long, "The kayak is blue."]
        .map(|text| NewMessage::text(Role::User, text));
    house.engine.append(&house.local, append("s", messages.into())).await.expect("appended");
    let tea = NewMemory { aliases: vec!["beverage".into()], ..new("Ana likes green tea") };
    let memory = house.engine.remember(&house.local, tea).await.expect("written");
    house.clock.advance(SignedDuration::from_hours(1));
    let between = house.engine.parts().clock.now();
    house.clock.advance(SignedDuration::from_hours(1));
    let patch = MemoryPatch { text: Some("Ana likes black coffee".into()), ..MemoryPatch::default() };
    let update = Update { patch, ..Update::default() };
    house.engine.update(&house.local, memory.id, update).await.expect("updated");
    (house, between)
}

fn new(text: &str) -> NewMemory {
    NewMemory::new(Kind::Preference, text, Scope::user("ana"))
}

/// What is recalled now, and as of the moment between.
async fn recalled(house: &House, between: Timestamp) -> Vec<Recall> {
    let mut all = Vec::new();
    for text in
        ["Where did we sail?", "greenhouse door", "blue kayak", "What does Ana like?", "coffee", "tea"]
    {
        for as_of in [None, Some(between)] {
            let request =
                RecallRequest { as_of, receipt: false, ..RecallRequest::new(text, Scope::user("ana")) };
            all.push(house.engine.recall(&house.local, request).await.expect("recalled"));
        }
    }
    all
}

async fn doctor(house: &House) -> Health {
    house.engine.doctor(&house.operator, &|_| ()).await.expect("checked")
}

async fn audit_count(house: &House) -> usize {
    let space = house.store.space_of(house.operator.space);
    dreamkeeper_domain::ports::SpaceStore::audit(&*space, 0, 1_000).await.expect("read").len()
}

#[tokio::test]
async fn a_sound_space_is_only_read() {
    let (house, _) = lived_in().await;
    let writes = audit_count(&house).await;
    let told = Mutex::new(Vec::new());
    let tell = |progress: dreamkeeper_engine::DoctorProgress| {
        told.lock().unwrap().push((progress.done, progress.total))
    };
    let health = house.engine.doctor(&house.operator, &tell).await.unwrap();
    assert_eq!(health, Health { checked_count: 4, ..Health::default() });
    assert_eq!(audit_count(&house).await, writes, "nothing was written");
    assert_eq!(*told.lock().unwrap(), [(4, 4)]);
    assert!(house.engine.doctor(&house.local, &|_| ()).await.is_err(), "needs the permission");
}

type Damage = fn(&mut BTreeMap<PassageSeq, Passage>);

/// Every sort of damage, done to all passages or to some; recall answers afterwards as it did before.
#[tokio::test]
async fn every_sort_of_damage_is_mended_and_told() {
    let cases: [(&str, Damage, &[Fault]); 9] = [
        ("lost", |there| there.clear(), &[Fault::Missing]),
        ("half lost", |there| there.retain(|seq, _| seq.0.is_multiple_of(2)), &[Fault::Missing]),
        (
            "moved",
            |there| there.values_mut().for_each(|one| one.span = Span { start: 1, end: 3 }),
            &[Fault::Span],
        ),
        (
            "garbled",
            |there| there.values_mut().for_each(|one| one.terms = [TermHash(1)].into()),
            &[Fault::Words],
        ),
        ("of another text", |there| there.values_mut().for_each(|one| one.source_hash = 1), &[Fault::Words]),
        (
            "raised",
            |there| there.values_mut().for_each(|one| one.origin = Origin::Operator),
            &[Fault::Standing],
        ),
        ("risen", |there| there.values_mut().for_each(|one| one.retired_at = None), &[Fault::Standing]),
        ("too short", |there| there.values_mut().for_each(shorten), &[Fault::Vector]),
        ("blank", |there| there.values_mut().for_each(blank), &[Fault::Vector]),
    ];
    for (name, damage, faults) in cases {
        let (house, between) = lived_in().await;
        let before = recalled(&house, between).await;
        let space = house.store.space_of(house.operator.space);
        space.damage_passages(damage);
        let health = doctor(&house).await;
        assert!(health.mended.keys().eq(faults), "{name}: {:?}", health.mended);
        assert_eq!((health.problems, health.stale_passage_count), (Vec::new(), 0), "{name}");
        assert_eq!(recalled(&house, between).await, before, "{name}");
        assert!(doctor(&house).await.mended.is_empty(), "{name}: a second one finds nothing");
    }
}

fn shorten(passage: &mut Passage) {
    if let Some((_, vector)) = &mut passage.vector {
        vector.rows = vector.rows[1..].into();
    }
}

fn blank(passage: &mut Passage) {
    if let Some((_, vector)) = &mut passage.vector {
        *vector = Vector { scale: 0.0, rows: vec![0; vector.rows.len()].into() };
    }
}

#[tokio::test]
async fn passages_that_nobody_brought_are_removed() {
    let (house, between) = lived_in().await;
    let before = recalled(&house, between).await;
    let space = house.store.space_of(house.operator.space);
    space.damage_passages(|there| {
        let copy = there.values().next().unwrap().clone();
        there.insert(PassageSeq(1_000), Passage { origin: Origin::Operator, ..copy });
    });
    assert_eq!(doctor(&house).await.mended, [(Fault::Extra, 1)].into());
    assert_eq!(recalled(&house, between).await, before);
}

#[tokio::test]
async fn of_a_memory_only_the_damaged_version_is_replaced() {
    let (house, _) = lived_in().await;
    let space = house.store.space_of(house.operator.space);
    let mut kept = Vec::new();
    space.damage_passages(|there| {
        there.retain(|_, passage| !matches!(passage.owner, Owner::Memory(_)) || passage.retired_at.is_none());
        kept = there.keys().copied().collect();
    });
    assert_eq!(doctor(&house).await.mended, [(Fault::Missing, 1)].into());
    space.damage_passages(|there| {
        assert!(kept.iter().all(|seq| there.contains_key(seq)), "what was sound stays where it was");
        assert!(there.values().last().unwrap().retired_at.is_some());
    });
}

#[tokio::test]
async fn without_an_embedder_words_are_mended_and_vectors_are_left_for_reindex() {
    let (house, _) = lived_in().await;
    let space = house.store.space_of(house.operator.space);
    space.damage_passages(BTreeMap::clear);
    house.embedder.fail_next(1, &PortError::temporary(PortErrorKind::Unavailable, "gone"));
    let health = doctor(&house).await;
    assert_eq!(health.mended.keys().collect::<Vec<_>>(), [&Fault::Missing]);
    assert!(health.stale_passage_count > 0);
    let report = house.engine.reindex(&house.operator, &|_| ()).await.unwrap();
    assert!(report.embedded_count > 0);
    assert_eq!(doctor(&house).await.stale_passage_count, 0);
}
