//! Backup, doctor, reindex, stats.

use crate::home::{Home, demo_transcript};

#[test]
fn a_backup_made_while_serving_is_a_whole_space() {
    let home = Home::new();
    home.ok(&["import", &demo_transcript()]);
    let server = home.serve(&[]);
    let copy = home.path("copy.db");
    let copy = copy.to_str().unwrap();
    let done = home.json(&["backup", copy]);
    assert_eq!(done["path"], copy);
    home.refused(&["backup", copy], 1, &["copy.db"]);
    assert_eq!(server.stop().code, 0);
    // Restored, it is the space as it was.
    home.ok(&["add", "Written after the backup."]);
    let before = home.json(&["restore-backup", copy, "--replace"]);
    assert_eq!(before["spaces"], serde_json::json!(["default"]));
    let stats = home.json(&["stats"]);
    assert_eq!(stats["store"]["message_count"], 700);
    assert!(home.json(&["list"])["items"].as_array().unwrap().is_empty());
    assert_eq!(home.json(&["doctor"])["problems"].as_array().unwrap().len(), 0);
    // What was there before is whole, under the name that was told.
    let aside = before["replaced"].as_str().unwrap();
    let listed = home.json(&["list", "--data", aside]);
    assert_eq!(listed["items"][0]["text"], "Written after the backup.");
}

#[test]
fn a_backup_is_restored_only_where_nothing_is_in_the_way_and_only_when_sound() {
    let home = Home::new();
    home.ok(&["add", "Sound."]);
    home.ok(&["backup", "copy.db"]);
    let before = std::fs::read(home.data().join("control.db")).unwrap();
    home.refused(&["restore-backup", "copy.db"], 1, &["holds something already", "--replace", "--data"]);
    home.refused(&["restore-backup", "absent.db", "--replace"], 1, &["absent.db is no file", "help: "]);
    let sound = std::fs::read(home.path("copy.db")).unwrap();
    for (name, bytes) in [
        ("words", b"this was a database".to_vec()),
        ("cut", sound[..sound.len() / 2].to_vec()),
        ("holes", sound.iter().enumerate().map(|(at, byte)| if at > 8_192 { 0xff } else { *byte }).collect()),
    ] {
        std::fs::write(home.path("broken.db"), &bytes).unwrap();
        let ended = home.run(&["restore-backup", "broken.db", "--replace"]);
        assert_eq!(ended.code, 1, "{name}: {ended:?}");
        assert!(ended.stderr.contains("nothing was touched"), "{name}: {}", ended.stderr);
        assert_eq!(std::fs::read(home.path("broken.db")).unwrap(), bytes, "{name}");
    }
    assert_eq!(std::fs::read(home.data().join("control.db")).unwrap(), before);
    let server = home.serve(&[]);
    let pid = server.pid().to_string();
    home.refused(&["restore-backup", "copy.db", "--replace"], 1, &[&pid, "stop"]);
    assert_eq!(server.stop().code, 0);
    // No draft is left behind.
    let left = std::fs::read_dir(home.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.filter(|name| name.to_string_lossy().contains("restore")).count(), 0);

    // Into a new place, under a name of its own; told what to do next.
    let told = home.ok(&["restore-backup", "copy.db", "--data", "a/new/place", "--space", "house"]);
    assert!(told.contains("Next: ") && told.contains("key create"), "{told}");
    let listed = home.json(&["list", "--data", "a/new/place", "--space", "house"]);
    assert_eq!(listed["items"][0]["text"], "Sound.");
    // A copied directory comes with everything.
    home.ok(&["key", "create", "laptop"]);
    let copied = home.path("copied");
    assert!(
        std::process::Command::new("cp").arg("-r").arg(home.data()).arg(&copied).status().unwrap().success()
    );
    home.ok(&["restore-backup", "copied", "--data", "again"]);
    assert_eq!(home.json(&["list", "--data", "again"])["items"][0]["text"], "Sound.");
    assert_eq!(home.json(&["key", "list", "--data", "again"])["items"][0]["name"], "laptop");
}

#[test]
fn doctor_tells_a_broken_file_and_leaves_it() {
    let home = Home::new();
    home.ok(&["add", "Sound."]);
    assert!(home.ok(&["doctor"]).contains("sound"));
    let control = home.data().join("control.db");
    let whole = std::fs::read(&control).unwrap();
    std::fs::write(&control, "this was a database").unwrap();
    home.refused(&["doctor"], 1, &["control.db", "help: "]);
    assert_eq!(std::fs::read_to_string(&control).unwrap(), "this was a database");
    std::fs::write(&control, whole).unwrap();
    assert!(home.ok(&["doctor"]).contains("sound"));
}

/// The file of the only space.
fn space_file(home: &Home) -> std::path::PathBuf {
    let spaces = std::fs::read_dir(home.data().join("spaces")).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = spaces.filter(|path| path.extension().is_some_and(|kind| kind == "db")).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn a_space_that_cannot_be_read_is_told_by_its_code_and_not_touched() {
    let home = Home::new();
    let added = home.json(&["add", "Sound."])["id"].as_str().unwrap().to_owned();
    let file = space_file(&home);
    for suffix in ["-wal", "-shm"] {
        let _absent = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let whole = std::fs::read(&file).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = whole.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    // SQLite's header: the schema's version stands at byte 60, the application's mark at 68.
    let cases = [
        ("no database", b"this was a database".to_vec(), "storage_corrupt"),
        ("cut in its header", whole[..60].to_vec(), "storage_corrupt"),
        ("of another program", with(68, &[1, 2, 3, 4]), "storage_corrupt"),
        ("of a newer version", with(60, &[0, 0, 0xff, 0xff]), "storage_newer"),
    ];
    for (name, bytes, code) in cases {
        std::fs::write(&file, &bytes).unwrap();
        let server = home.serve(&[]);
        for (method, path, body) in [
            ("GET", format!("/dk/v1/memories/{added}"), ""),
            ("GET", "/dk/v1/stats".to_owned(), ""),
            ("POST", "/dk/v1/memories".to_owned(), r#"{"text":"It rains."}"#),
            ("POST", "/dk/v1/recall".to_owned(), r#"{"query":"What is sound?"}"#),
        ] {
            let (status, answer) = server.request(method, &path, &[], body);
            assert_eq!(status, 500, "{name}: {path}: {answer}");
            assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{name}: {path}: {answer}");
        }
        assert_eq!(server.stop().code, 0);
        home.refused(&["list"], 1, &["not touched", "help: "]);
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{name}: byte by byte as it was");
        assert!(!std::path::Path::new(&format!("{}-wal", file.display())).exists(), "{name}");
    }
    std::fs::write(&file, whole).unwrap();
    assert!(home.ok(&["doctor"]).contains("sound"));
}

#[test]
fn reindex_finds_nothing_to_do_and_stats_tell_what_is_there() {
    let home = Home::new();
    home.ok(&["import", &demo_transcript()]);
    assert_eq!(home.json(&["reindex"])["embedded_count"], 0);
    let stats = home.ok(&["stats"]);
    for word in ["sessions", "51", "700", "potion-base-8m"] {
        assert!(stats.contains(word), "{word}: {stats}");
    }
}

#[test]
fn maintenance_archives_what_expired_and_tells_it_first() {
    let home = Home::new();
    home.ok(&["add", "The ferry is late today.", "--expires", "2020-01-01T00:00:00Z"]);
    home.ok(&["add", "Ana plays the cello."]);
    let told = home.json(&["maintain", "--dry-run"]);
    assert_eq!((told["archived_count"].as_u64(), told["memory_count"].as_u64()), (Some(1), Some(2)));
    assert_eq!(home.json(&["list"])["items"].as_array().unwrap().len(), 1, "an expired one is not listed");
    let told = home.ok(&["maintain"]);
    assert!(told.contains("it expired on 2020-01-01") && told.contains("Archived 1 memory of 2"), "{told}");
    let again = home.ok(&["maintain"]);
    assert!(again.contains("Archived 0 memories of 1"), "{again}");
    home.refused(&["maintain", "--set", "maintain.unused_importance=2"], 2, &["0 to 1"]);
}

#[test]
fn a_temporary_session_is_found_nowhere() {
    let home = Home::new();
    let say = ["add", "I am allergic to walnuts.", "--user", "ana", "--role", "user", "--session", "psst"];
    home.ok(&[&say[..], &["--temporary", "--learn", "now"]].concat());
    let found = home.json(&["search", "What is Ana allergic to?", "--user", "ana", "--all"]);
    assert!(found["conversation"].as_array().unwrap().is_empty(), "{found}");
    let exported = home.ok(&["export", "-"]);
    assert!(!exported.contains("walnuts"), "{exported}");
}
