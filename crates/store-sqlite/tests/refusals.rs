//! Files that cannot be used are refused and left as they are; what cannot be written is refused while
//! reading goes on; a directory has one owner.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{PortError, PortErrorKind, SpaceRecord, SpaceStore};
use dreamkeeper_domain::session::Session;
use dreamkeeper_store_sqlite::{DataDir, Options, OwnerLock};
use dreamkeeper_testkit::builders::{a_message, a_named_session, a_scope, a_space, changes, minute};
use rusqlite::Connection;
use tempfile::TempDir;

async fn space_of(directory: &Path, id: SpaceId) -> Result<Arc<dyn SpaceStore>, PortError> {
    DataDir::open(directory, Options::default())?.store().space(id).await
}

fn path_of(directory: &Path, id: SpaceId) -> PathBuf {
    directory.join(format!("spaces/{id}.db"))
}

fn session() -> Session {
    a_named_session(a_scope("ana", &[]), "chat")
}

/// A space with a hundred messages, closed again.
async fn a_filled_space(directory: &Path) -> (SpaceId, Session) {
    let (id, session) = (a_space(), session());
    let space = space_of(directory, id).await.unwrap();
    let messages =
        (0..100).map(|number| a_message(&format!("word {number}. ").repeat(50)).in_session(&session));
    let set = changes().open(&session).writes(messages.map(|message| message.write()));
    space.apply(set.build()).await.unwrap();
    (id, session)
}

/// Every file under a directory with its bytes; the lock file is not part of the data.
fn contents(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else if !path.ends_with("owner.lock") {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

/// Spoils a sound space file and expects the refusal, with every file as it was.
async fn check_refused(spoil: impl FnOnce(&Path), kind: PortErrorKind) {
    let directory = TempDir::new().unwrap();
    let (id, _) = a_filled_space(directory.path()).await;
    let path = path_of(directory.path(), id);
    spoil(&path);
    let before = contents(directory.path());
    let error = space_of(directory.path(), id).await.err().expect("the file is refused");
    assert_eq!(error.kind, kind, "{error}");
    assert!(!error.temporary);
    assert!(error.message.contains(path.to_str().unwrap()), "`{error}` names the file");
    assert!(contents(directory.path()) == before, "no file was touched");
}

#[tokio::test]
async fn a_corrupt_space_is_refused_and_left_as_it_is() {
    let write = |bytes: Vec<u8>| move |path: &Path| fs::write(path, bytes).unwrap();
    check_refused(write(Vec::new()), PortErrorKind::Corrupt).await;
    check_refused(write(b"SQLite format 3\0".to_vec()), PortErrorKind::Corrupt).await;
    check_refused(write(vec![0xA5; 20_000]), PortErrorKind::Corrupt).await;
    let halve = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 8_192 * 4_096]).unwrap();
    };
    check_refused(halve, PortErrorKind::Corrupt).await;
    let spoil_schema = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[100..4_096].fill(0xFF);
        fs::write(path, bytes).unwrap();
    };
    check_refused(spoil_schema, PortErrorKind::Corrupt).await;
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_as_it_is() {
    let other_program = |path: &Path| {
        fs::remove_file(path).unwrap();
        Connection::open(path).unwrap().execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
    };
    check_refused(other_program, PortErrorKind::Corrupt).await;
    let other_space = |path: &Path| {
        let conn = Connection::open(path).unwrap();
        conn.execute("UPDATE meta SET value = zeroblob(16) WHERE name = 'space'", []).unwrap();
    };
    check_refused(other_space, PortErrorKind::Corrupt).await;
}

#[tokio::test]
async fn a_newer_space_is_refused_and_left_as_it_is() {
    let newer = |path: &Path| {
        Connection::open(path).unwrap().pragma_update(None, "user_version", 4_711).unwrap();
    };
    check_refused(newer, PortErrorKind::Newer).await;
    let newer_only_in_the_log = |path: &Path| {
        let conn = Connection::open(path).unwrap();
        conn.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        conn.pragma_update(None, "user_version", 4_711).unwrap();
        // What a crash leaves: the log was not copied, and nobody will.
        let log = path.with_extension("db-wal");
        let kept = (fs::read(path).unwrap(), fs::read(&log).unwrap());
        drop(conn);
        fs::write(path, kept.0).unwrap();
        fs::write(log, kept.1).unwrap();
    };
    let directory = TempDir::new().unwrap();
    let (id, _) = a_filled_space(directory.path()).await;
    let path = path_of(directory.path(), id);
    newer_only_in_the_log(&path);
    let data = |all: BTreeMap<PathBuf, Vec<u8>>| {
        all.into_iter().filter(|(path, _)| !path.to_str().unwrap().ends_with("-shm")).collect::<Vec<_>>()
    };
    let before = data(contents(directory.path()));
    let error = space_of(directory.path(), id).await.err().expect("the file is refused");
    assert_eq!(error.kind, PortErrorKind::Newer, "{error}");
    assert!(data(contents(directory.path())) == before, "neither file nor log was touched");
}

#[tokio::test]
async fn a_corrupt_or_newer_control_file_is_refused_and_left_as_it_is() {
    let directory = TempDir::new().unwrap();
    drop(DataDir::open(directory.path(), Options::default()).unwrap());
    let path = directory.path().join("control.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 4_711).unwrap();
    let newer = contents(directory.path());
    let error = DataDir::open(directory.path(), Options::default()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Newer, "{error}");
    assert!(contents(directory.path()) == newer);
    fs::write(&path, "not a database at all, but long enough to be looked at as one".repeat(9)).unwrap();
    let error = DataDir::open(directory.path(), Options::default()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Corrupt, "{error}");
}

#[tokio::test]
async fn damage_inside_a_file_is_told_by_the_check() {
    let directory = TempDir::new().unwrap();
    let (id, _) = a_filled_space(directory.path()).await;
    let path = path_of(directory.path(), id);
    let mut bytes = fs::read(&path).unwrap();
    let last_page = bytes.len() - 4_096;
    bytes[last_page..].fill(0x5A);
    fs::write(&path, bytes).unwrap();
    let space = space_of(directory.path(), id).await.unwrap();
    let told = match space.check().await {
        Ok(sentences) => sentences,
        Err(error) => {
            assert_eq!(error.kind, PortErrorKind::Corrupt, "{error}");
            vec![error.message]
        }
    };
    assert!(!told.is_empty(), "damage is told");
}

#[tokio::test]
async fn a_second_owner_is_refused_with_the_pid_of_the_first() {
    let directory = TempDir::new().unwrap();
    let data = DataDir::open(directory.path(), Options::default()).unwrap();
    let pid = std::process::id();
    assert_eq!(OwnerLock::holder(directory.path()), Some(pid));
    let error = DataDir::open(directory.path(), Options::default()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Owned);
    assert!(error.message.contains(&format!("process {pid}")), "{error}");
    let space = data.store().space(a_space()).await.unwrap();
    drop(data);
    let error = DataDir::open(directory.path(), Options::default()).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Owned, "an open space keeps its directory owned");
    drop(space);
    assert_eq!(OwnerLock::holder(directory.path()), None);
    DataDir::open(directory.path(), Options::default()).unwrap();
}

#[tokio::test]
async fn a_full_queue_refuses_for_the_moment() {
    let directory = TempDir::new().unwrap();
    let options = Options { queue_count_max: 2, ..Options::default() };
    let data = DataDir::open(directory.path(), options).unwrap();
    let space = data.store().space(a_space()).await.unwrap();
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..200 {
        let space = Arc::clone(&space);
        let session = a_named_session(a_scope("ana", &[]), &number.to_string());
        asked.spawn(async move { space.apply(changes().open(&session).build()).await });
    }
    let mut refused = 0;
    while let Some(answer) = asked.join_next().await {
        if let Err(error) = answer.unwrap() {
            let ApplyError::Port(error) = error else { panic!("{error:?}") };
            assert!(error.temporary && error.kind == PortErrorKind::Overloaded, "{error}");
            refused += 1;
        }
    }
    assert!((1..200).contains(&refused), "{refused} of 200 were refused");
}

#[tokio::test]
async fn a_space_that_was_let_go_of_has_one_writer_still() {
    let directory = TempDir::new().unwrap();
    let options = Options { spaces_open_max: 1, ..Options::default() };
    let store = DataDir::open(directory.path(), options).unwrap().store();
    let (id, session) = (a_space(), session());
    let held = store.space(id).await.unwrap();
    held.apply(changes().open(&session).build()).await.unwrap();
    for _ in 0..3 {
        store.space(a_space()).await.unwrap();
    }
    let again = store.space(id).await.unwrap();
    for (number, space) in [&held, &again, &held, &again].into_iter().enumerate() {
        let message = a_message(&format!("number {number}")).in_session(&session);
        space.apply(changes().write(message.write()).build()).await.unwrap();
    }
    assert_eq!(again.turns(session.id, 0, 10).await.unwrap().len(), 4);
}

/// Runs a test of this binary again where it may mount disks of its own; `false` in that second run, which
/// is to do the work. Where no such place can be made the test is passed over.
fn elsewhere(test: &str) -> bool {
    const INSIDE: &str = "DREAMKEEPER_MAY_MOUNT";
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let own_mounts = || {
        let mut command = Command::new("unshare");
        command.arg("--map-root-user").arg("--mount");
        command
    };
    if !own_mounts().arg("true").status().is_ok_and(|status| status.success()) {
        eprintln!("passed over: `unshare --map-root-user --mount` does not work here");
        return true;
    }
    let status = own_mounts()
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .status();
    assert!(status.unwrap().success(), "{test} failed where it may mount");
    true
}

fn mount(options: &str, at: &Path) {
    let status = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).status();
    assert!(status.unwrap().success(), "mounting with {options}");
}

#[test]
fn on_a_full_disk_writes_are_refused_and_reads_go_on() {
    if elsewhere("on_a_full_disk_writes_are_refused_and_reads_go_on") {
        return;
    }
    let directory = TempDir::new().unwrap();
    mount("size=4m", directory.path());
    let ballast = directory.path().join("ballast");
    fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (id, session) = (a_space(), session());
        let space = space_of(directory.path(), id).await.unwrap();
        space.apply(changes().open(&session).build()).await.unwrap();
        let count = fill_up(&*space, &session, 0).await;
        assert!(count > 3, "{count} messages fitted");
        assert_eq!(space.turns(session.id, 0, 1_000).await.unwrap().len(), count as usize, "reads go on");
        // The same after closing and opening where everything is full.
        drop(space);
        let rest = directory.path().join("rest");
        let mut bytes = 1 << 20;
        while bytes > 0 {
            let written = fs::read(&rest).unwrap_or_default();
            if fs::write(&rest, vec![2; written.len() + bytes]).is_err() {
                fs::write(&rest, &written).unwrap();
                bytes /= 2;
            }
        }
        let space = space_of(directory.path(), id).await.unwrap();
        assert_eq!(space.turns(session.id, 0, 1_000).await.unwrap().len(), count as usize);
        let error = space.apply(large(&session, count)).await.unwrap_err();
        assert!(matches!(&error, ApplyError::Port(error) if error.kind == PortErrorKind::Full), "{error:?}");
        drop(space);
        fs::remove_file(&ballast).unwrap();
        let space = space_of(directory.path(), id).await.unwrap();
        space.apply(large(&session, count)).await.unwrap();
        assert_eq!(space.turns(session.id, 0, 1_000).await.unwrap().len(), count as usize + 1);
        assert_eq!(space.check().await.unwrap(), Vec::<String>::new());
    });
}

fn large(session: &Session, number: u32) -> dreamkeeper_domain::changeset::ChangeSet {
    let text = "Many words that fill a disk. ".repeat(2_000);
    let message = a_message(&text).in_session(session).client_id(&number.to_string());
    changes().write(message.write()).build()
}

/// Appends until there is no room; gives how many messages there are then.
async fn fill_up(space: &dyn SpaceStore, session: &Session, from: u32) -> u32 {
    for number in from.. {
        if let Err(error) = space.apply(large(session, number)).await {
            let ApplyError::Port(error) = error else { panic!("{error:?}") };
            assert_eq!(error.kind, PortErrorKind::Full, "{error}");
            assert!(error.message.contains("free some disk space"), "{error}");
            return number;
        }
    }
    unreachable!("every disk is full some day")
}

#[test]
fn on_a_read_only_disk_writes_are_refused_and_reads_go_on() {
    if elsewhere("on_a_read_only_disk_writes_are_refused_and_reads_go_on") {
        return;
    }
    let directory = TempDir::new().unwrap();
    mount("size=16m", directory.path());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (id, session) = a_filled_space(directory.path()).await;
        let crashed = directory.path().join("crashed");
        leave_as_after_a_crash(directory.path(), &crashed, (id, &session)).await;
        mount_again_read_only(directory.path());
        for (place, count) in [(directory.path(), 101), (&crashed, 101)] {
            let data = DataDir::open(place, Options::default()).unwrap();
            assert!(data.is_read_only());
            let space = data.store().space(id).await.unwrap();
            assert_eq!(space.turns(session.id, 0, 1_000).await.unwrap().len(), count, "reads go on");
            let error = space.apply(large(&session, 0)).await.unwrap_err();
            assert!(
                matches!(&error, ApplyError::Port(error) if error.kind == PortErrorKind::ReadOnly),
                "{error:?}"
            );
            let record = SpaceRecord { id: a_space(), name: "new".into(), created_at: minute(0) };
            assert_eq!(data.control().spaces().await.unwrap(), []);
            assert_eq!(data.control().create_space(record).await.unwrap_err().kind, PortErrorKind::ReadOnly);
            let error = data.store().space(a_space()).await.err().expect("no space can be made");
            assert_eq!(error.kind, PortErrorKind::ReadOnly, "{error}");
        }
    });
}

/// Copies the files of an open space, log and all, with a write in the log that the file does not have.
async fn leave_as_after_a_crash(from: &Path, to: &Path, (id, session): (SpaceId, &Session)) {
    let space = space_of(from, id).await.unwrap();
    space.apply(changes().write(a_message("the last").in_session(session).write()).build()).await.unwrap();
    fs::create_dir_all(to.join("spaces")).unwrap();
    fs::copy(from.join("control.db"), to.join("control.db")).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("spaces/{id}.db{suffix}");
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

fn mount_again_read_only(at: &Path) {
    let status = Command::new("mount").args(["-o", "remount,ro"]).arg(at).status();
    assert!(status.unwrap().success(), "mounting read-only");
}
