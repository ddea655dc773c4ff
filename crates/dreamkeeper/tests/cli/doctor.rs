//! Doctor, on a file that something else has written into: what it mends, and that recall is as before.

use std::path::PathBuf;

use serde_json::Value;

use crate::home::{Home, demo_transcript};

const QUESTIONS: [&str; 4] =
    ["What does Maya's daughter play?", "tea or coffee", "the trip to the sea", "Who repairs bicycles?"];

fn space_file(home: &Home) -> PathBuf {
    let spaces = std::fs::read_dir(home.data().join("spaces")).unwrap();
    let mut files = spaces.map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|extension| extension == "db")).unwrap()
}

/// Writes into the file behind the program's back.
fn garble(home: &Home, sql: &str) {
    let conn = rusqlite::Connection::open(space_file(home)).unwrap();
    conn.execute_batch(sql).unwrap();
}

/// What is recalled, now and as of a moment before the memory was reworded.
fn recalled(home: &Home, moment: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for question in QUESTIONS {
        for arguments in [
            vec!["search", question, "--no-receipt"],
            vec!["search", question, "--no-receipt", "--as-of", moment],
        ] {
            let mut answer = home.json(&arguments);
            answer["at"].take();
            all.push(answer);
        }
    }
    all
}

#[test]
fn passages_garbled_on_disk_are_mended_and_recall_is_as_before() {
    let home = Home::new();
    home.ok(&["import", &demo_transcript()]);
    let added = home.json(&["add", "Maya drinks tea after dinner."]);
    let id = added["id"].as_str().unwrap().to_owned();
    let moment = added["updated_at"].as_str().unwrap().to_owned();
    home.ok(&["update", &id, "Maya drinks coffee after dinner."]);
    let before = recalled(&home, &moment);
    assert!(before.iter().any(|answer| answer["conversation"].as_array().is_some_and(|all| !all.is_empty())));
    let sound = home.json(&["doctor"]);
    assert_eq!((&sound["mended"], &sound["problems"]), (&serde_json::json!({}), &serde_json::json!([])));
    let damage = [
        ("DELETE FROM passage WHERE seq % 3 = 0", "missing"),
        ("UPDATE passage SET terms = x'00000000' WHERE seq % 5 = 0", "words"),
        ("UPDATE passage SET source_hash = 1 WHERE seq % 5 = 0", "words"),
        ("UPDATE passage SET span_end = span_end - 1 WHERE seq % 7 = 0", "span"),
        ("UPDATE passage SET vector = substr(vector, 1, 3) WHERE seq % 2 = 0", "unreadable"),
        ("UPDATE passage SET vector = substr(vector, 1, 40) WHERE seq % 2 = 0", "vector"),
        ("UPDATE passage SET vector = NULL, embedder = 0 WHERE seq % 4 = 0", "vector"),
        ("UPDATE passage SET origin = 77 WHERE seq % 4 = 1", "unreadable"),
        ("UPDATE passage SET retired_at = 5, scope = 1 WHERE seq % 4 = 1", "standing"),
        ("UPDATE passage SET owner = zeroblob(16) WHERE seq % 9 = 0", "extra"),
        ("UPDATE segment SET passage_count = 3", "miscounted"),
        ("UPDATE message SET passage_to = passage_from WHERE row % 10 = 0", "extra"),
    ];
    for (sql, fault) in damage {
        garble(&home, sql);
        let mended = home.json(&["doctor"]);
        assert!(mended["mended"][fault].as_u64().is_some_and(|count| count > 0), "{sql}: {mended}");
        assert_eq!(mended["problems"], serde_json::json!([]), "{sql}");
        assert_eq!(recalled(&home, &moment), before, "{sql}");
        assert_eq!(home.json(&["doctor"])["mended"], serde_json::json!({}), "{sql}: twice");
    }
    assert!(home.ok(&["doctor"]).contains("sound"));
}

#[test]
fn a_message_that_cannot_be_read_is_told_and_left() {
    let home = Home::new();
    home.ok(&["import", &demo_transcript()]);
    garble(&home, "UPDATE message SET parts = 'lost' WHERE row = 5; DELETE FROM passage WHERE seq < 20");
    let ended = home.run(&["doctor", "--json"]);
    let told: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(ended.code, 1, "{told}");
    assert!(told["mended"]["missing"].as_u64().is_some_and(|count| count >= 18), "{told}");
    let problems = told["problems"].as_array().unwrap();
    assert!(
        problems.iter().any(|problem| problem.as_str().unwrap().contains("cannot be made anew")),
        "{told}"
    );
}
