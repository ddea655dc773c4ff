//! Whole processes are killed with the queue in their hands, as by a power cut: what they were learning is learned
//! by the next one, once.
//!
//! This test starts its own executable again for each life; the moment of death is drawn over the time that an
//! undisturbed life takes here.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::limits;
use dreamkeeper_engine::learn::Learn;
use dreamkeeper_store_sqlite::OwnerLock;
use dreamkeeper_testkit::SeededEntropy;

use crate::expected;
use crate::house::{House, house_in, new_directory};

/// Processes that die, in all, and in one directory.
const DEATHS: usize = 300;
const DEATHS_OF_ONE: usize = limits::EVENT_ATTEMPTS_MAX as usize + 2;
/// How the life of a process is told where it works, and from which seed it draws.
const DIRECTORY: &str = "DREAMKEEPER_TEST_LIFE_DIRECTORY";
const SEED: &str = "DREAMKEEPER_TEST_LIFE_SEED";
/// What it says when it begins to work, and when nothing is left.
const WORKING: &str = "life: working";
const DONE: &str = "life: done";

#[tokio::test]
async fn processes_may_be_killed_anywhere() {
    let expected = expected().await;
    let chance = SeededEntropy::new(6);
    let mut seed = 100;
    let whole_life = whole_life(&mut seed).await;
    let (mut deaths, mut houses, mut holding) = (0, 0, 0);
    while deaths < DEATHS {
        let directory = new_directory();
        fill(directory.path()).await;
        let mut died = 0;
        while died < DEATHS_OF_ONE {
            seed += 1;
            let life = whole_life.mul_f64(chance.below(1_000) as f64 / 1_000.0);
            if !dies(directory.path(), seed, life) {
                break;
            }
            died += 1;
            let left = open(directory.path(), &mut seed).await;
            holding += usize::from(left.running().await > 0);
            close(left, directory.path()).await;
        }
        let survivor = open(directory.path(), &mut seed).await;
        survivor.finish().await;
        assert_eq!(survivor.essence().await, expected, "house {houses}, {died} deaths");
        let events = survivor.events().await;
        assert!(events.iter().all(|event| event.state == EventState::Succeeded), "{events:#?}");
        assert_eq!(survivor.settled_count().await, events.len(), "every event is settled once");
        close(survivor, directory.path()).await;
        (deaths, houses) = (deaths + died, houses + 1);
    }
    println!("{deaths} processes were killed in {houses} directories, {holding} of them holding a lease");
    assert!(
        holding >= DEATHS / 5,
        "{holding} of {deaths}: most died before they had begun, or when all was done"
    );
}

/// What a process does that may be killed: opens the directory and learns until nothing waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a life that the test above begins and ends"]
async fn life() {
    let (Some(directory), Ok(seed)) = (std::env::var_os(DIRECTORY), std::env::var(SEED)) else { return };
    let seed = seed.parse().expect("a seed");
    let house = house_in(Path::new(&directory), seed).await;
    println!("{WORKING}");
    while house.waiting().await > 0 {
        house.engine.learn_round(house.operator.space, "process").await.expect("a round over a sound store");
    }
    println!("{DONE}");
    house.close().await;
}

/// Appends everything and leaves it waiting.
async fn fill(directory: &Path) {
    let house = house_in(directory, 7).await;
    house.append_all(Learn::Later).await;
    close(house, directory).await;
}

async fn open(directory: &Path, seed: &mut u64) -> House {
    *seed += 1;
    house_in(directory, *seed).await
}

/// Lets go of a directory, for another process to open.
async fn close(house: House, directory: &Path) {
    house.close().await;
    // Tasks of the engine may hold the store for a moment longer.
    while OwnerLock::holder(directory).is_some() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// How long an undisturbed life works.
async fn whole_life(seed: &mut u64) -> Duration {
    let directory = new_directory();
    fill(directory.path()).await;
    *seed += 1;
    let (mut child, mut told) = begin(directory.path(), *seed);
    let began = Instant::now();
    assert!(says(&mut told, DONE), "a life that nobody ends comes to its end");
    let took = began.elapsed();
    child.wait().expect("it ends by itself");
    took
}

/// Begins a life and ends it after that time; whether it had not come to its end before.
fn dies(directory: &Path, seed: u64, after: Duration) -> bool {
    let (mut child, mut told) = begin(directory, seed);
    std::thread::sleep(after);
    child.kill().expect("killed");
    child.wait().expect("waited for");
    !says(&mut told, DONE)
}

/// A process that has begun to work.
fn begin(directory: &Path, seed: u64) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().expect("this executable"))
        .args(["--exact", "processes::life", "--ignored", "--nocapture"])
        .env(DIRECTORY, directory)
        .env(SEED, seed.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut told = BufReader::new(child.stdout.take().expect("its words"));
    assert!(says(&mut told, WORKING), "the process ended before it could work in {}", directory.display());
    (child, told)
}

/// Reads until that is said, or nothing more comes.
fn says(told: &mut impl BufRead, words: &str) -> bool {
    told.lines().map_while(Result::ok).any(|line| line.contains(words))
}
