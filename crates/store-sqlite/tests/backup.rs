//! A backup that is made while others write is one moment of the space, whole.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod scene;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dreamkeeper_domain::ports::{PortErrorKind, SpaceStore};
use dreamkeeper_store_sqlite::{DataDir, Options};
use scene::{Task, check_space, space_id};
use tempfile::TempDir;

const TASK: Task = Task { run: 0, number: 0 };

async fn restored(copy: &Path, directory: &Path) -> Arc<dyn SpaceStore> {
    std::fs::create_dir_all(directory.join("spaces")).unwrap();
    std::fs::copy(copy, directory.join(format!("spaces/{}.db", space_id()))).unwrap();
    DataDir::open(directory, Options::default()).unwrap().store().space(space_id()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_while_others_write_is_whole() {
    let directory = TempDir::new().unwrap();
    let data = DataDir::open(&directory.path().join("data"), Options::default()).unwrap();
    let space = data.store().space(space_id()).await.unwrap();
    for number in 0..40 {
        space.apply(TASK.change_set(number)).await.unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (space, stop) = (Arc::clone(&space), Arc::clone(&stop));
        async move {
            let mut number = 40;
            while !stop.load(Ordering::Relaxed) {
                space.apply(TASK.change_set(number)).await.unwrap();
                number += 1;
            }
            number
        }
    });
    for round in 0..5 {
        let before = TASK.count(&*space).await.unwrap();
        let copy = directory.path().join(format!("copy-{round}.db"));
        let told = AtomicU64::new(0);
        let note = |done: u64, all: u64| told.store(done * 1_000 / all, Ordering::Relaxed);
        space.backup(&copy, &note).await.unwrap();
        assert_eq!(told.load(Ordering::Relaxed), 1_000, "progress ends at the whole");
        let copied = restored(&copy, &directory.path().join(format!("restored-{round}"))).await;
        let there = TASK.count(&*copied).await.unwrap();
        assert!(there >= before, "the copy has what was acknowledged before it began");
        TASK.check(&*copied, there).await.unwrap();
        check_space(&*copied).await.unwrap();
        let again = space.backup(&copy, &|_, _| {}).await.unwrap_err();
        assert_eq!(again.kind, PortErrorKind::Refused, "{again}");
    }
    stop.store(true, Ordering::Relaxed);
    let written = writing.await.unwrap();
    TASK.check(&*space, written).await.unwrap();
}
