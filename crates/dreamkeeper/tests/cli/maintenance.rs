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
    // Put in the place of the space's file, it is the space as it was.
    home.ok(&["add", "Written after the backup."]);
    let spaces = std::fs::read_dir(home.data().join("spaces")).unwrap();
    let file = spaces
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "db"))
        .unwrap();
    for suffix in ["-wal", "-shm"] {
        let _absent = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    std::fs::copy(copy, &file).unwrap();
    let stats = home.json(&["stats"]);
    assert_eq!(stats["store"]["message_count"], 700);
    assert!(home.json(&["list"])["items"].as_array().unwrap().is_empty());
    assert_eq!(home.json(&["doctor"])["problems"].as_array().unwrap().len(), 0);
}

#[test]
fn doctor_tells_a_broken_file_and_leaves_it() {
    let home = Home::new();
    home.ok(&["add", "Sound."]);
    assert!(home.ok(&["doctor"]).contains("sound"));
    std::fs::write(home.data().join("control.db"), "this was a database").unwrap();
    home.refused(&["doctor"], 1, &["control.db", "help: "]);
    assert_eq!(std::fs::read_to_string(home.data().join("control.db")).unwrap(), "this was a database");
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
