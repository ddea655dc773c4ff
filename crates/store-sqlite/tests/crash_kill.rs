//! A process is killed while it writes, 300 times, at instants nobody chose.
//!
//! The child is this test binary, run again with the environment variable below. Four tasks of it write
//! without pause; as soon as a ChangeSet is answered the child says so through a pipe. Small bounds make it
//! copy its log into the file all the time, so that kills fall there too, and one kill in five falls while
//! the child opens the store. The parent then opens what is left and asks: is everything there that was
//! acknowledged, and nothing half there?
//!
//! A kill loses nothing that a system call has handed to the kernel, so this test shows that the order of
//! the writes and the recovery after them are right; what only a sync makes durable is the part of
//! power_cut.rs.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod scene;

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::SeededEntropy;
use scene::{Task, check_space, space_id};
use tempfile::TempDir;

const KILLS: u32 = 300;
/// Runs that share one file: each opens what the kill before it left.
const RUNS_PER_FILE: u32 = 20;
const TASKS: u32 = 4;
const CHILD: &str = "DREAMKEEPER_CRASH_CHILD";

#[test]
fn three_hundred_kills_lose_no_acknowledged_write() {
    if let Ok(told) = std::env::var(CHILD) {
        return child(&told);
    }
    let entropy = SeededEntropy::new(20_261_122);
    let mut directory = TempDir::new().unwrap();
    let mut acknowledged_in_all = 0;
    for run in 0..KILLS {
        if run % RUNS_PER_FILE == 0 {
            directory = TempDir::new().unwrap();
        }
        let acknowledged = kill_one(directory.path(), run, &entropy);
        acknowledged_in_all += acknowledged.iter().sum::<u32>();
        let whole = (run + 1) % RUNS_PER_FILE == 0;
        if let Err(wrong) = check(directory.path(), run, (&acknowledged, whole)) {
            let kept = directory.keep();
            panic!("after kill {run}: {wrong}; the files are in {}", kept.display());
        }
    }
    eprintln!("{KILLS} kills, {acknowledged_in_all} acknowledged ChangeSets before them, none lost");
    assert!(acknowledged_in_all > KILLS * 5, "the kills fall under load: {acknowledged_in_all}");
}

/// Starts a child, kills it, and tells how many ChangeSets of each task were acknowledged.
fn kill_one(directory: &Path, run: u32, entropy: &SeededEntropy) -> [u32; TASKS as usize] {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "three_hundred_kills_lose_no_acknowledged_write", "--nocapture"])
        .env(CHILD, format!("{run} {}", directory.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = [0; TASKS as usize];
    let note = |line: String, acknowledged: &mut [u32; TASKS as usize]| {
        let Some(task) = line.strip_prefix("acknowledged ") else { return false };
        acknowledged[task.parse::<usize>().unwrap()] += 1;
        true
    };
    let while_opening = entropy.below(5) == 0;
    let wait = if while_opening {
        Duration::from_micros(entropy.below(30_000) as u64)
    } else {
        while !note(lines.next().expect("a child that writes").unwrap(), &mut acknowledged) {}
        Duration::from_micros(entropy.below(120_000) as u64)
    };
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    // A line cut short by the kill was not told whole: nobody was promised anything by it.
    for line in lines.map_while(Result::ok) {
        note(line, &mut acknowledged);
    }
    acknowledged
}

fn check(directory: &Path, run: u32, (acknowledged, whole): (&[u32], bool)) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let data = DataDir::open(directory, Options::default()).map_err(|error| error.to_string())?;
        let space = data.store().space(space_id()).await.map_err(|error| error.to_string())?;
        for (number, acknowledged) in (0..).zip(acknowledged) {
            Task { run, number }.check(&*space, *acknowledged).await?;
        }
        if whole { check_space(&*space).await } else { Ok(()) }
    })
}

/// Writes until it is killed.
fn child(told: &str) {
    let (run, directory) = told.split_once(' ').unwrap();
    let run = run.parse().unwrap();
    let options = Options { idle: Duration::from_millis(3), log_bytes_max: 256 << 10, ..Options::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let data = DataDir::open(Path::new(directory), options).unwrap();
        let space = data.store().space(space_id()).await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..TASKS {
            let space = Arc::clone(&space);
            tasks.spawn(async move {
                for count in 0.. {
                    space.apply(Task { run, number }.change_set(count)).await.unwrap();
                    let line = format!("acknowledged {number}\n");
                    // One write of one short line: lines of two tasks never mix.
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
        tasks.join_next().await.unwrap().unwrap();
    });
}
