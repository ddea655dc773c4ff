//! Dreams from the command line: proposed, reviewed change by change, adopted, taken back.

use std::io::Write as _;
use std::process::Stdio;

use crate::home::{Ended, Home, ended};

const LOG: &str =
    "# Log\n- The old pump is loud at night.\n- The old pump is loud at night.\n- The door is blue now.\n";
const TIDY: &str = "# Log\n- The old pump is loud at night.\n- The door is blue now.\n";

/// A home with one dream over one topic; the dream's id.
fn dreamt() -> (Home, String) {
    let home = Home::new();
    let store = home.json(&["topics", "store", "create", "notes"]);
    home.ok(&["topics", "write", "/log.md", LOG]);
    let run = home.json(&["dream", "run", "--store", store["id"].as_str().unwrap()]);
    assert_eq!(run["changes"].as_array().map(Vec::len), Some(1), "{run}");
    assert_eq!(run["changes"][0]["kind"], "merge");
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), LOG, "a dream writes only its proposal");
    let id = run["dream"]["id"].as_str().unwrap().to_owned();
    (home, id)
}

/// A command that is answered on stdin.
fn answered(home: &Home, arguments: &[&str], answers: &str) -> Ended {
    let mut command = home.command(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

#[test]
fn a_change_is_reviewed_adopted_and_taken_back() {
    let (home, id) = dreamt();
    let diff = home.ok(&["dream", "diff", &id]);
    assert!(diff.contains("-- The old pump is loud at night."), "{diff}");
    let review = answered(&home, &["review"], "?\nv\na\ny\n");
    assert_eq!(review.code, 0, "{review:?}");
    for words in ["Change 1 of 1", "a accept", "says the same as", "Adopted 1 change."] {
        assert!(review.stdout.contains(words), "{words}: {}", review.stdout);
    }
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), TIDY);
    assert!(home.ok(&["topics", "log", "/log.md"]).contains(&format!("adopted from dream {id}")));
    home.refused(&["dream", "reject", &id, "1"], 1, &["roll that back first"]);
    assert!(home.ok(&["dream", "rollback", &id]).contains("1 record as before"));
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), LOG, "byte for byte");
    home.ok(&["dream", "adopt", &id, "--all"]);
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), TIDY);
    let shown = home.ok(&["dream", "show", &id]);
    assert!(
        shown.contains("adoption 1") && shown.contains("rolled back") && shown.contains("adoption 2"),
        "{shown}"
    );
    assert!(home.ok(&["dream", "list"]).contains(&id));
}

#[test]
fn every_answer_is_a_flag_too() {
    let (home, id) = dreamt();
    assert!(home.ok(&["review", &id, "--evidence", "1"]).contains("proposed by rule `same_claim`"));
    let words = home.file("words.md", "# Log\n- The old pump is loud.\n- The door is blue now.\n");
    home.ok(&["review", &id, "--edit", "1", "--with", &words]);
    home.ok(&["review", &id, "--reject", "1", "--reason", "not yet"]);
    assert_eq!(home.json(&["dream", "show", &id])["changes"][0]["review"], "rejected");
    assert!(home.ok(&["review"]).contains("Nothing waits for review."));
    home.ok(&["review", &id, "--accept", "1", "--adopt"]);
    assert_eq!(
        home.ok(&["topics", "cat", "/log.md"]),
        "# Log\n- The old pump is loud.\n- The door is blue now.\n"
    );
}

#[test]
fn what_was_written_since_is_shown_and_kept() {
    let (home, id) = dreamt();
    home.ok(&["dream", "adopt", &id, "--all"]);
    home.ok(&["topics", "write", "/log.md", "- all other words\n"]);
    let back = home.run(&["dream", "rollback", &id]);
    assert_eq!(back.code, 1, "{back:?}");
    assert!(back.stdout.contains("/log.md was changed since:"), "{}", back.stdout);
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), "- all other words\n");
    home.ok(&["dream", "rollback", &id, "--on-collision", "restore_earlier"]);
    assert_eq!(home.ok(&["topics", "cat", "/log.md"]), LOG);
    home.refused(&["dream", "run"], 2, &["what is to be dreamt over?"]);
}
