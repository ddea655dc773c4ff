//! The power fails while the store writes, 200 times, and the disk keeps only what it was made to keep.
//!
//! SQLite writes through a VFS of this test (power_cut/disk.rs). Beside every file it keeps what the file
//! would hold after a power cut: what was synced last, and the writes since, which a disk may have kept,
//! dropped, reordered or torn between sectors. At a step that the seed chooses the power fails: every later
//! call fails, and a new directory gets the synced bytes plus a random choice of the rest. The store opened
//! there must hold every ChangeSet that was acknowledged, whole, and no half of another.
//!
//! A test that cannot fail shows nothing: with `synchronous=OFF` the same harness must find losses.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod power_cut {
    pub(crate) mod disk;
}
mod scene;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::SeededEntropy;
use power_cut::disk;
use scene::{Task, check_space, space_id};
use tempfile::TempDir;

const SEEDS: u64 = 200;
const SEEDS_WITHOUT_SYNC: u64 = 40;
const TASKS: u32 = 3;
const CHANGE_SETS: u32 = 8;

/// There is one simulated disk in the process.
static DISK_IN_USE: Mutex<()> = Mutex::new(());

#[test]
fn two_hundred_power_cuts_lose_no_acknowledged_write() {
    let failed = failures(SEEDS, false);
    assert!(failed.is_empty(), "{} of {SEEDS} seeds failed: {}", failed.len(), failed.join("\n"));
}

#[test]
fn without_syncs_the_same_cuts_lose_acknowledged_writes() {
    let failed = failures(SEEDS_WITHOUT_SYNC, true);
    assert!(!failed.is_empty(), "the harness finds no loss where there must be some");
}

#[test]
fn changes_that_wait_together_share_a_sync_and_a_lone_one_has_its_own() {
    let _guard = DISK_IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    disk::register();
    let directory = TempDir::new().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let options = Options {
            idle: Duration::from_secs(60),
            test_vfs: Some(disk::NAME.to_owned()),
            ..Options::default()
        };
        let data = DataDir::open(directory.path(), options).unwrap();
        disk::power_on(None);
        let space = data.store().space(space_id()).await.unwrap();
        space.apply(Task { run: 0, number: 0 }.change_set(0)).await.unwrap();
        disk::power_on(None);
        space.apply(Task { run: 0, number: 0 }.change_set(1)).await.unwrap();
        assert_eq!(disk::sync_count(), 1, "one commit, one sync");
        disk::power_on(None);
        let mut asked = tokio::task::JoinSet::new();
        for number in 1..=64 {
            let space = Arc::clone(&space);
            asked.spawn(async move { space.apply(Task { run: 0, number }.change_set(0)).await });
        }
        while let Some(answer) = asked.join_next().await {
            answer.unwrap().unwrap();
        }
        assert!(disk::sync_count() < 32, "64 changes took {} syncs", disk::sync_count());
    });
}

fn failures(seeds: u64, synchronous_off: bool) -> Vec<String> {
    let _guard = DISK_IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    disk::register();
    let steps = one_cut(0, (None, synchronous_off)).steps;
    let mut failed = Vec::new();
    let mut acknowledged = 0;
    for seed in 1..=seeds {
        let cut_at = SeededEntropy::new(seed).draw() % steps;
        let cut = one_cut(seed, (Some(cut_at), synchronous_off));
        acknowledged += u64::from(cut.acknowledged);
        if let Err(wrong) = cut.left {
            failed.push(format!("seed {seed}, step {cut_at} of {steps}: {wrong}"));
        }
    }
    eprintln!("{seeds} cuts, {acknowledged} acknowledged ChangeSets before them, {} failed", failed.len());
    assert!(
        acknowledged > seeds * 4,
        "the power fails under load: {acknowledged} ChangeSets were acknowledged"
    );
    failed
}

/// What came of one cut.
struct Cut {
    /// Steps taken before it.
    steps: u64,
    /// ChangeSets acknowledged before it.
    acknowledged: u32,
    /// What is wrong with what it left.
    left: Result<(), String>,
}

/// Writes until the power fails at a step, or the work is done.
fn one_cut(seed: u64, (cut_at, synchronous_off): (Option<u64>, bool)) -> Cut {
    let place = || if Path::new("/dev/shm").is_dir() { TempDir::new_in("/dev/shm") } else { TempDir::new() };
    let (before, after) = (place().unwrap(), place().unwrap());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let acknowledged = runtime.block_on(write(before.path(), (cut_at, synchronous_off)));
    let steps = disk::cut();
    disk::leave_behind(
        &before.path().join("spaces"),
        &after.path().join("spaces"),
        &SeededEntropy::new(seed),
    );
    let left = runtime.block_on(check(after.path(), &acknowledged));
    Cut { steps, acknowledged: acknowledged.iter().sum(), left }
}

async fn write(directory: &Path, (cut_at, synchronous_off): (Option<u64>, bool)) -> Vec<u32> {
    let options = Options {
        idle: Duration::from_millis(2),
        log_bytes_max: 128 << 10,
        test_vfs: Some(disk::NAME.to_owned()),
        test_synchronous_off: synchronous_off,
        ..Options::default()
    };
    let data = DataDir::open(directory, options).unwrap();
    disk::power_on(None);
    let space = data.store().space(space_id()).await.unwrap();
    disk::power_on(cut_at);
    let mut tasks = Vec::new();
    for number in 0..TASKS {
        let space = Arc::clone(&space);
        tasks.push(tokio::spawn(async move {
            for count in 0..CHANGE_SETS {
                if space.apply(Task { run: 0, number }.change_set(count)).await.is_err() {
                    return count;
                }
                if count % 3 == number {
                    // Long enough for the writer to be idle and copy its log.
                    tokio::time::sleep(Duration::from_millis(4)).await;
                }
            }
            CHANGE_SETS
        }));
    }
    let mut acknowledged = Vec::new();
    for task in tasks {
        acknowledged.push(task.await.unwrap());
    }
    // What closing does belongs to no acknowledged write: the power fails before it at the latest.
    disk::cut();
    acknowledged
}

async fn check(directory: &Path, acknowledged: &[u32]) -> Result<(), String> {
    let data = DataDir::open(directory, Options::default()).map_err(|error| error.to_string())?;
    let space = data.store().space(space_id()).await.map_err(|error| error.to_string())?;
    for (number, acknowledged) in (0..).zip(acknowledged) {
        Task { run: 0, number }.check(&*space, *acknowledged).await?;
    }
    check_space(&*space).await
}
