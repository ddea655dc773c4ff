//! Reindex: finishes what an embedder left open, tells how far it is, can be repeated.

use std::sync::Mutex;

use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use dreamkeeper_engine::{NewMessage, ReindexProgress};

use crate::house::{append, house};

#[tokio::test]
async fn passages_without_vectors_get_them_and_a_second_run_finds_nothing_to_do() {
    let house = house().await;
    house.embedder.fail_next(1, &PortError::temporary(PortErrorKind::Unavailable, "gone"));
    let messages = (0..600).map(|n| NewMessage::text(Role::User, format!("Line {n}."))).collect();
    house.engine.append(&house.local, append("s", messages)).await.unwrap();

    let told = Mutex::new(Vec::new());
    let tell = |progress: ReindexProgress| told.lock().unwrap().push((progress.done, progress.total));
    let report = house.engine.reindex(&house.operator, &tell).await.unwrap();
    assert_eq!((report.embedded_count, report.orphan_count), (600, 0));
    assert_eq!(*told.lock().unwrap(), [(512, 600), (600, 600)]);
    let again = house.engine.reindex(&house.operator, &|_| ()).await.unwrap();
    assert_eq!(again.embedded_count, 0);
    assert!(house.engine.reindex(&house.local, &|_| ()).await.is_err(), "needs the permission");
}

#[tokio::test]
async fn a_retired_passage_never_gets_the_vector_of_newer_words() {
    use dreamkeeper_domain::memory::Kind;
    use dreamkeeper_domain::scope::Scope;
    use dreamkeeper_engine::{MemoryPatch, NewMemory, Update};
    let house = house().await;
    let gone = PortError::temporary(PortErrorKind::Unavailable, "gone");
    house.embedder.fail_next(2, &gone);
    let tea = NewMemory::new(Kind::Preference, "Likes tea very much", Scope::user("ana"));
    let memory = house.engine.remember(&house.local, tea).await.unwrap();
    let patch = MemoryPatch { text: Some("Likes coffee".into()), ..MemoryPatch::default() };
    let update = Update { patch, ..Update::default() };
    house.engine.update(&house.local, memory.id, update).await.unwrap();
    let report = house.engine.reindex(&house.operator, &|_| ()).await.unwrap();
    assert_eq!((report.embedded_count, report.orphan_count), (1, 1));
}
