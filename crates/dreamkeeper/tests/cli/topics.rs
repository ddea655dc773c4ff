//! Topics from the command line: written, moved, followed through time, loaded, exported to git.

use std::process::Command;

use crate::home::{Home, ended};

#[test]
fn a_topic_lives_through_all_its_verbs() {
    let home = Home::new();
    assert!(home.ok(&["topics", "write", "/drinks/tea.md", "# Tea\ngreen\n"]).contains("version 1"));
    assert!(home.ok(&["topics", "write", "/drinks/tea.md", "# Tea\ngreen\n"]).contains("so already"));
    assert_eq!(home.ok(&["topics", "cat", "/drinks/tea.md"]), "# Tea\ngreen\n", "byte for byte");
    let edit = ["topics", "edit", "/drinks/tea.md", "green", "black", "--reason", "she changed her mind"];
    let edited = home.json(&edit);
    assert_eq!(edited["topic"]["number"], 2);
    home.refused(&["topics", "edit", "/drinks/tea.md", "white", "x"], 1, &["does not occur", "help:"]);
    let stale = ["topics", "write", "/drinks/tea.md", "x", "--expect", &"0".repeat(64)];
    home.refused(&stale, 1, &["the change expected", "help:"]);
    home.ok(&["topics", "mv", "/drinks/tea.md", "/tea.md"]);
    home.ok(&["topics", "write", "/drinks/coffee.md", "black\n"]);
    let listed = home.ok(&["topics", "ls"]);
    assert!(listed.contains("/drinks/\n") && listed.contains("/tea.md"), "{listed}");
    let all = home.json(&["topics", "ls", "-R"]);
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2), "{all}");
    home.ok(&["topics", "rm", "/tea.md"]);
    home.refused(&["topics", "cat", "/tea.md"], 1, &["no topic `/tea.md`"]);
    let log = home.ok(&["topics", "log", "/tea.md"]);
    for word in ["v4 deleted", "v2 modified", "v1 created", "she changed her mind", "tester"] {
        assert!(log.contains(word), "{word}: {log}");
    }
    assert_eq!(home.ok(&["topics", "cat", "/tea.md", "--version", "1"]), "# Tea\ngreen\n");
    home.ok(&["topics", "restore", "/tea.md"]);
    let diff = home.ok(&["topics", "diff", "/tea.md", "1", "2"]);
    assert!(diff.contains("-green\n+black\n"), "{diff}");
    let blame = home.ok(&["topics", "blame", "/tea.md"]);
    assert!(blame.contains("v1 tester") && blame.contains("# Tea") && blame.contains("v2 tester"), "{blame}");
}

#[test]
fn a_store_is_named_where_there_are_several() {
    let home = Home::new();
    home.ok(&["topics", "write", "/a.md", "one"]);
    let work = home.json(&["topics", "store", "create", "work", "--user", "ana"]);
    home.refused(&["topics", "ls"], 2, &["2 stores are here", "`work`", "`notes`"]);
    home.ok(&["topics", "write", "/b.md", "two", "--store", "work"]);
    assert!(home.ok(&["topics", "ls", "-s", "work"]).contains("/b.md"));
    home.refused(&["topics", "ls", "-s", "play"], 1, &["no store `play`"]);
    assert!(home.ok(&["topics", "store", "archive", "-s", "work"]).contains("archived"));
    home.refused(&["topics", "write", "/c.md", "x", "-s", "work"], 1, &["archived or deleted", "help:"]);
    assert!(home.ok(&["topics", "ls"]).contains("/a.md"), "an archived one is meant by its name only");
    home.ok(&["topics", "store", "delete", "-s", "work"]);
    home.refused(&["topics", "ls", "-s", "work"], 1, &["no store `work`"]);
    home.ok(&["topics", "store", "undelete", work["id"].as_str().unwrap()]);
    assert!(home.ok(&["topics", "cat", "/b.md", "-s", "work"]).contains("two"));
}

#[test]
fn agents_use_the_tool_and_load_what_fits() {
    let home = Home::new();
    let create = r##"{"command":"create","path":"/memories/oven.md","file_text":"# Oven\nPreheat for ten minutes.\n"}"##;
    assert!(home.ok(&["topics", "tool", create]).starts_with("File created successfully"));
    let again = home.run(&["topics", "tool", create]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stdout.contains("already exists"), "{again:?}");
    home.refused(&["topics", "tool", "{\"command\":\"sing\"}"], 2, &["unknown variant", "help:"]);
    let loaded = home.ok(&["topics", "load", "preheat the oven"]);
    assert!(loaded.contains("# /oven.md\n# Oven\nPreheat for ten minutes.\n"), "{loaded}");
    let index = home.json(&["topics", "index"]);
    assert_eq!(index["topic"]["content"], "- [Oven](/oven.md) — Preheat for ten minutes.\n");
    home.ok(&["topics", "write", "/oven.md", "cold"]);
    home.refused(&["topics", "redact", "/oven.md", "1"], 2, &["cannot be undone", "--yes"]);
    assert!(home.ok(&["topics", "redact", "/oven.md", "1", "--yes"]).contains("gone for good"));
    home.refused(&["topics", "redact", "/oven.md", "2", "--yes"], 1, &["current one"]);
    home.refused(&["topics", "cat", "/oven.md", "--version", "1"], 1, &["no content"]);
}

#[test]
fn git_tells_the_history_of_a_store() {
    let home = Home::new();
    for (path, content) in [
        ("/a \"b\".md", "one\n"),
        ("/a \"b\".md", "one\ntwo\n"),
        ("/.git/x", "not git's\n"),
        ("/gone.md", "x"),
    ] {
        home.ok(&["topics", "write", path, content, "--reason", "because"]);
    }
    home.ok(&["topics", "mv", "/a \"b\".md", "/é.md"]);
    home.ok(&["topics", "rm", "/gone.md"]);
    let export = |path: &str| {
        let mut command = home.command(&["topics", "export", "--git", "history"]);
        ended(command.env("PATH", path).output().unwrap())
    };
    let without = export("/nonexistent");
    assert!(without.code == 1 && without.stderr.contains("install git"), "{without:?}");
    let path = std::env::var("PATH").unwrap_or_default();
    let done = export(&path);
    assert!(done.code == 0 && done.stdout.contains("6 commits"), "{done:?}");
    let history = home.path("history");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        let command = command.arg("-C").arg(&history).args(["-c", "core.quotePath=false"]).args(arguments);
        ended(command.output().unwrap()).stdout
    };
    let log = git(&["log", "-p", "--format=%an %ae %s%n%b"]);
    for word in
        ["tester operator@dreamkeeper renamed /a \"b\".md to /é.md", "+two", "deleted /gone.md", "because"]
    {
        assert!(log.contains(word), "{word}: {log}");
    }
    assert_eq!(std::fs::read_to_string(history.join("é.md")).unwrap(), "one\ntwo\n");
    assert_eq!(std::fs::read_to_string(history.join("%2Egit/x")).unwrap(), "not git's\n");
    assert!(!history.join("gone.md").exists() && git(&["status", "--porcelain"]).is_empty());
    home.refused(&["topics", "export", "--git", "history"], 2, &["is not empty"]);
}

#[test]
fn topics_are_found_checked_and_erased() {
    let home = Home::new();
    let store = home.json(&["topics", "store", "create", "kitchen", "--user", "ana"]);
    home.ok(&["topics", "write", "/kitchen.md", "# Kitchen\n- the oven must preheat for ten minutes\n"]);
    let question = ["search", "How long must the oven preheat?", "--user", "ana"];
    let found = home.json(&question);
    assert_eq!(found["topics"][0]["topic"]["path"], "/kitchen.md", "{found}");
    let shown = home.ok(&question);
    assert!(shown.contains("the oven must preheat") && shown.contains("/kitchen.md"), "{shown}");
    let why = home.ok(&["why", found["receipt"].as_str().unwrap()]);
    assert!(why.contains("the oven must preheat"), "{why}");
    assert_eq!(home.json(&["doctor"])["mended"], serde_json::json!({}));
    assert_eq!(home.json(&["reindex"])["embedded_count"], 0);
    let id = store["id"].as_str().unwrap();
    home.refused(&["erase", id], 2, &["the store “kitchen”", "--yes"]);
    assert_eq!(home.json(&["erase", id, "--yes"])["store_count"], 1);
    assert!(home.json(&question)["topics"].as_array().unwrap().is_empty());
    assert!(!home.ok(&["why", found["receipt"].as_str().unwrap()]).contains("preheat for ten"));
}
