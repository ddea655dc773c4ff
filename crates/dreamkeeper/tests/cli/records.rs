//! Memories, messages and state from the command line, and the shapes of `--json`.

use crate::home::Home;

fn id(value: &serde_json::Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_memory_lives_through_all_its_verbs() {
    let home = Home::new();
    let add =
        ["add", "Ana swims in the sea.", "--user", "ana", "--kind", "preference", "--alias", "Ana's sport"];
    let memory = id(&home.json(&add));
    let got = home.json(&["get", &memory]);
    assert_eq!(got["memory"]["aliases"][0], "Ana's sport");
    assert_eq!(got["memory"]["author"]["name"], "tester");

    let update =
        ["update", &memory, "Ana swims in the cold sea.", "--expect", "1", "--reason", "she said so"];
    assert_eq!(home.json(&update)["version"], 2);
    home.refused(&["update", &memory, "again", "--expect", "1"], 1, &["version 2", "help:"]);

    let important = home.json(&["update", &memory, "--importance", "0.75"]);
    assert_eq!(important["detail"]["importance"], 0.75);
    assert_eq!(home.json(&["get", &memory])["memory"]["importance"], 0.75);
    assert!(home.ok(&["get", &memory]).contains("importance   0.75"), "shown");
    home.refused(&["update", &memory, "--importance", "2"], 1, &["importance", "0 to 1"]);

    let newer = id(&home.json(&["supersede", &memory, "Ana swims in the pool."]));
    assert_eq!(home.json(&["get", &memory])["memory"]["status"], "superseded");
    assert_eq!(home.json(&["get", &newer])["memory"]["supersedes"], memory.as_str());

    assert_eq!(home.json(&["forget", &newer])["status"], "forgotten");
    assert_eq!(home.json(&["restore", &newer])["status"], "active");
    let history = home.ok(&["history", &newer]);
    for operation in ["create", "forget", "restore"] {
        assert!(history.contains(operation), "{history}");
    }
    home.refused(&["erase", &newer], 2, &["cannot be undone", "--yes"]);
    assert_eq!(home.json(&["erase", &newer, "--yes"])["memory_count"], 1);
    assert!(home.ok(&["get", &newer]).contains("gone for good"));
    assert_eq!(home.json(&["list", "--status", "superseded"])["items"].as_array().unwrap().len(), 1);
}

#[test]
fn what_was_said_is_found_explained_and_told_later() {
    let home = Home::new();
    for (author, text) in
        [("Ana", "The plumber is called Mr. Ferro."), ("Ben", "The roof leaks above the stairs.")]
    {
        home.ok(&["add", text, "--role", "user", "--author", author, "--user", "ana", "--session", "house"]);
    }
    let recall = home.json(&["search", "What is the plumber called?", "--user", "ana"]);
    assert_eq!(recall["conversation"][0]["author"], "Ana", "{recall}");
    assert!(recall["conversation"][0]["score"]["value"].is_number());
    let shown = home.ok(&["search", "What is the plumber called?", "--user", "ana", "--explain"]);
    assert!(
        shown.contains("“The plumber is called Mr. Ferro.”") && shown.contains("dreamkeeper why"),
        "{shown}"
    );
    let receipt = recall["receipt"].as_str().unwrap();
    let why = home.json(&["why", receipt]);
    assert_eq!(why["receipt"]["query"], "What is the plumber called?");
    assert_eq!(why["receipt"]["items"][0]["said_by"], "Ana");
    assert!(home.ok(&["why", receipt]).contains("Mr. Ferro"));
    // Another user's words are not there at all.
    let other = home.json(&["search", "What is the plumber called?", "--user", "bo"]);
    assert_eq!(other["conversation"].as_array().unwrap().len(), 0);
    assert!(home.ok(&["search", "plumber", "--user", "bo"]).contains("nothing is remembered here"));
}

#[test]
fn state_is_compared_and_set() {
    let home = Home::new();
    let scope = ["--user", "ana"];
    let run = |arguments: &[&str]| home.json(&[arguments, &scope].concat());
    assert_eq!(run(&["state", "set", "plan/next", "{\"seats\":5}", "--expect", "0"])["version"], 1);
    assert_eq!(run(&["state", "set", "plan/next", "{\"seats\":6}", "--expect", "1"])["version"], 2);
    home.refused(&["state", "set", "plan/next", "7", "--expect", "1", "--user", "ana"], 1, &["version 2"]);
    assert_eq!(run(&["state", "get", "plan/next"])["value"]["seats"], 6);
    assert_eq!(run(&["state", "history", "plan/next"])["items"].as_array().unwrap().len(), 2);
    assert_eq!(run(&["state", "remove", "plan/next"])["version"], 3);
    home.refused(&["state", "get", "plan/next", "--user", "ana"], 1, &["plan/next"]);
}

#[test]
fn spaces_do_not_meet() {
    let home = Home::new();
    home.ok(&["add", "The safe stands behind the clock.", "--space", "work"]);
    home.refused(&["list"], 1, &["no space `default`", "here are `work`"]);
    home.ok(&["state", "set", "plan", "1"]);
    assert_eq!(home.json(&["list"])["items"].as_array().unwrap().len(), 0);
    assert_eq!(home.json(&["list", "--space", "work"])["items"].as_array().unwrap().len(), 1);
}

#[test]
fn errors_say_what_failed_and_what_to_do() {
    let home = Home::new();
    home.ok(&["add", "One."]);
    home.refused(&["get", "not-an-id"], 1, &["error: ", "not-an-id", "help: "]);
    home.refused(&["add", "x", "--kind", "opinion"], 2, &["expected one of", "open_question"]);
    home.refused(&["search", "x", "--filter", "{\"knd\":\"fact\"}"], 2, &["`knd` is no key of a filter"]);
    home.refused(&["add", ""], 1, &["text", "help: "]);
}
