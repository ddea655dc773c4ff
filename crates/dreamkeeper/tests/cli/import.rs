//! Import and export: read once, recognised afterwards, told with place and reason.

use serde_json::Value;

use crate::home::{Home, demo_transcript};

fn imported(report: &Value) -> (u64, u64, u64) {
    let count = |name: &str| report[name]["messages"].as_u64().unwrap();
    (count("imported"), count("already_there"), report["refused_count"].as_u64().unwrap())
}

#[test]
fn a_second_import_changes_nothing() {
    let home = Home::new();
    let transcript = demo_transcript();
    let dry = home.json(&["import", &transcript, "--dry-run"]);
    assert_eq!(imported(&dry), (700, 0, 0));
    assert!(!home.data().exists());
    let first = home.json(&["import", &transcript]);
    assert_eq!(imported(&first), (700, 0, 0));
    assert_eq!(first["session_count"], 51);
    let stats = home.json(&["stats"]);
    let second = home.json(&["import", &transcript]);
    assert_eq!(imported(&second), (0, 700, 0));
    assert_eq!(home.json(&["stats"])["store"]["message_count"], stats["store"]["message_count"]);
    assert_eq!(home.json(&["stats"])["store"]["passage_count"], stats["store"]["passage_count"]);
}

#[test]
fn a_bad_line_is_told_and_the_rest_goes_on() {
    let home = Home::new();
    let line = |id: &str, text: &str| {
        format!(
            "{{\"session\":\"s\",\"id\":\"{id}\",\"role\":\"user\",\"at\":\"2026-02-03T18:22:10Z\",\"text\":\"{text}\"}}"
        )
    };
    let lines =
        [line("1", "one"), "not json".to_owned(), line("1", "another one"), line("2", "two")].join("\n");
    let file = home.file("lines.jsonl", &lines);
    let ended = home.run(&["import", &file, "--json"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("line 2: ") && ended.stderr.contains("line 3: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("client id `1`"), "{}", ended.stderr);
    assert_eq!(imported(&serde_json::from_str(&ended.stdout).unwrap()), (2, 0, 2));
    let strict = Home::new();
    let ended = strict.run(&["import", &strict.file("lines.jsonl", &lines), "--strict", "--json"]);
    assert_eq!(ended.code, 1);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["read_count"], 2);
}

#[test]
fn what_is_exported_is_read_back() {
    let home = Home::new();
    home.ok(&["import", &demo_transcript()]);
    let old = home.json(&["add", "Odile is a vegetarian.", "--pin"])["id"].as_str().unwrap().to_owned();
    home.ok(&["supersede", &old, "Odile eats fish."]);
    let gone = home.json(&["add", "Iker hums."])["id"].as_str().unwrap().to_owned();
    home.ok(&["forget", &gone]);
    home.ok(&["state", "set", "rent", "1210"]);
    home.ok(&["add", "Said without a session.", "--role", "user"]);
    home.ok(&["export", "all.jsonl"]);
    let all = home.path("all.jsonl").to_str().unwrap().to_owned();

    // Here, everything is known.
    let again = home.json(&["import", &all]);
    assert_eq!(imported(&again), (0, 701, 0), "{again}");
    assert_eq!(again["already_there"]["memories"], 3);
    assert_eq!(again["already_there"]["state"], 1);

    // Elsewhere it is new once.
    let other = Home::new();
    let first = other.json(&["import", &all]);
    assert_eq!(imported(&first), (701, 0, 0));
    assert_eq!(first["imported"]["memories"], 3);
    let second = other.json(&["import", &all]);
    assert_eq!(
        (&second["imported"]["memories"], &second["already_there"]["memories"]),
        (&0.into(), &3.into())
    );
    for (status, count) in [("active", 1), ("superseded", 1), ("forgotten", 1)] {
        let listed = other.json(&["list", "--status", status]);
        assert_eq!(listed["items"].as_array().unwrap().len(), count, "{status}");
    }
    assert_eq!(other.ok(&["state", "get", "rent"]).trim(), "1210");
}

#[test]
fn exports_of_chatgpt_and_claude_are_read() {
    let home = Home::new();
    let chatgpt = home.file(
        "chatgpt.json",
        r#"[{"conversation_id":"c1","create_time":1750000000,"current_node":"b","mapping":{
            "a":{"message":{"id":"a","author":{"role":"user"},"create_time":1750000001,"content":{"content_type":"text","parts":["My bike is green."]}}},
            "b":{"message":{"id":"b","author":{"role":"assistant"},"create_time":1750000002,"content":{"content_type":"text","parts":["Noted."]}},"parent":"a"}}}]"#,
    );
    let claude = home.file(
        "claude.json",
        r#"[{"uuid":"c2","chat_messages":[{"uuid":"m1","sender":"human","created_at":"2025-06-01T10:00:00Z","text":"My boat is red."}]}]"#,
    );
    assert_eq!(imported(&home.json(&["import", "--from", "chatgpt", &chatgpt, "--user", "ana"])), (2, 0, 0));
    assert_eq!(imported(&home.json(&["import", "--from", "claude", &claude, "--user", "ana"])), (1, 0, 0));
    let recall = home.json(&["search", "Which colour is my boat?", "--user", "ana"]);
    assert_eq!(recall["conversation"][0]["client_id"], "m1", "{recall}");
    home.refused(&["import", "--from", "chatgpt", &home.file("e.zip", "PK\u{3}\u{4}")], 1, &["unzip -p"]);
}

#[test]
fn claude_code_is_found_by_itself() {
    let home = Home::new();
    let project = ".claude/projects/-home-ana-app";
    home.file(
        &format!("{project}/s1.jsonl"),
        r#"{"type":"user","uuid":"u1","sessionId":"s1","timestamp":"2026-01-02T03:04:05Z","cwd":"/nowhere","message":{"role":"user","content":"Use tabs in this repository."}}"#,
    );
    let memory = format!("{project}/memory/style.md");
    home.file(&memory, "---\nname: style\ntype: feedback\n---\nTabs, never spaces.\n");
    home.file(".claude/CLAUDE.md", "# Tests\nRun them before every commit.\n");
    let first = home.json(&["import", "--from", "claude-code", "--user", "ana"]);
    assert_eq!(imported(&first), (1, 0, 0), "{first}");
    assert_eq!(first["imported"]["memories"], 2, "{first}");
    let second = home.json(&["import", "--from", "claude-code", "--user", "ana"]);
    assert_eq!((imported(&second), &second["already_there"]["memories"]), ((0, 1, 0), &2.into()));
    // A file that changed is a new version of the same memory.
    home.file(&memory, "---\nname: style\ntype: feedback\n---\nTabs, always.\n");
    let third = home.json(&["import", "--from", "claude-code", "--user", "ana"]);
    assert_eq!(third["updated"]["memories"], 1, "{third}");
}

/// Everything that a report tells but whether it was a dry run, its refusals in order of place.
fn told(mut report: Value) -> Value {
    let fields = report.as_object_mut().unwrap();
    fields.remove("dry_run");
    let refused = fields["refused"].as_array_mut().unwrap();
    refused.sort_by_key(|refused| refused["place"].to_string());
    report
}

#[test]
fn a_dry_run_tells_what_the_real_run_then_does() {
    let home = Home::new();
    let message = |session: &str, id: &str, more: &str| {
        format!(
            "{{\"session\":\"{session}\",\"id\":\"{id}\",\"role\":\"user\",\"at\":\"2026-02-03T18:22:10Z\",{more}}}"
        )
    };
    let parts = vec![r#"{"type":"text","text":"a"}"#; 300].join(",");
    let words = |count: usize| format!("\"text\":\"{}\"", "word ".repeat(count));
    let lines = [
        message("s", "1", "\"text\":\"one\""),
        message("s", "1", "\"text\":\"another one\""),
        message("s", "2", &words(1_000)),
        message("long", "1", &words(300_000)),
        message("parts", "1", &format!("\"parts\":[{parts}]")),
        message("labels", "1", &format!("\"text\":\"x\",\"labels\":[\"{}\"]", "l".repeat(3_000))),
        message(&"k".repeat(3_000), "1", "\"text\":\"x\""),
        r#"{"memory":"m1","kind":"fact","text":"It rains."}"#.to_owned(),
        r#"{"memory":"m1","kind":"fact","text":"It rains."}"#.to_owned(),
        r#"{"memory":"m2","kind":"fact","text":""}"#.to_owned(),
        r#"{"memory":"m3","kind":"fact","text":"It snows.","supersedes":"m1"}"#.to_owned(),
        r#"{"state":"seats","value":5}"#.to_owned(),
        r#"{"state":"seats","value":6}"#.to_owned(),
        "not json".to_owned(),
    ];
    let file = home.file("lines.jsonl", &lines.join("\n"));
    let run = |arguments: &[&str]| -> Value {
        let ended = home.run(&[&["import", &file, "--json"], arguments].concat());
        assert_eq!(ended.code, 1, "{ended:?}");
        serde_json::from_str(&ended.stdout).unwrap()
    };
    let dry = run(&["--dry-run"]);
    assert_eq!(dry["dry_run"], true);
    assert!(!home.data().exists(), "a dry run makes no data directory");
    let real = run(&[]);
    assert_eq!(told(dry), told(real.clone()));
    // Sessions whose only message was refused got none.
    assert_eq!((imported(&real), &real["session_count"]), ((2, 0, 7), &1.into()), "{real}");
    let stats = home.json(&["stats"]);
    let server = home.serve(&[]);
    let dry = run(&["--dry-run"]);
    assert_eq!(server.stop().code, 0);
    assert_eq!(told(dry), told(run(&[])));
    assert_eq!(home.json(&["stats"])["store"]["message_count"], stats["store"]["message_count"]);
    assert_eq!(home.json(&["stats"])["store"]["version_count"], stats["store"]["version_count"]);
}

#[test]
fn the_same_path_is_another_file_for_another_project_and_another_person() {
    let home = Home::new();
    for project in ["one", "two"] {
        home.file(&format!("{project}/p/CLAUDE.md"), &format!("# Style\nThe style of {project}.\n"));
    }
    let import = |project: &str, user: &str| -> Value {
        let arguments = ["import", "--from", "claude-code", "p", "--user", user, "--json"];
        let output = home.command(&arguments).current_dir(home.path(project)).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    };
    for (project, user) in [("one", "ana"), ("two", "ana"), ("one", "ben")] {
        assert_eq!(import(project, user)["imported"]["memories"], 1, "{project} of {user}");
    }
    for (project, user) in [("one", "ana"), ("two", "ana"), ("one", "ben")] {
        assert_eq!(import(project, user)["already_there"]["memories"], 1, "{project} of {user}");
    }
}

/// What counts of the active memories, in order: with the words they rest on and who said them.
fn active_memories(home: &Home) -> Vec<Value> {
    let listed = home.json(&["list"])["items"].clone();
    let mut memories: Vec<Value> = listed.as_array().unwrap().clone();
    memories.sort_by_key(|memory| memory["text"].to_string());
    for memory in &mut memories {
        let fields = memory.as_object_mut().unwrap();
        for evidence in fields["evidence"].as_array_mut().unwrap() {
            let message = home.json(&["get", evidence["message"].as_str().unwrap()])["message"].clone();
            evidence["message"] = serde_json::json!([message["client_id"], message["parts"]]);
        }
        fields.retain(|name, _| {
            let kept = ["text", "kind", "scope", "origin", "evidence", "aliases", "categories", "validity"];
            kept.contains(&name.as_str()) || name == "pinned"
        });
    }
    memories
}

#[test]
fn memories_come_back_with_the_quotes_they_rest_on() {
    let home = Home::new();
    let server = home.serve(&[]);
    let post = |path: &str, body: &Value| -> Value {
        let (status, answer) = server.request("POST", path, &[], &body.to_string());
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    };
    // With and without a session's key and a message's id, one key for two people, one message erased later.
    let mut ids = Vec::new();
    for (user, session, id) in [
        ("ana", serde_json::json!({"key": "monday"}), Some("m1")),
        ("ben", serde_json::json!({"key": "monday"}), Some("m1")),
        ("ana", serde_json::json!("current"), None),
        ("cleo", serde_json::json!({"key": "monday"}), Some("m1")),
    ] {
        let mut message =
            serde_json::json!({"role": "user", "text": format!("I am {user}, I live in Porto.")});
        if let Some(id) = id {
            message["id"] = id.into();
        }
        let body = serde_json::json!({
            "session": session, "scope": {"user": user}, "messages": [message], "learn": "off"
        });
        let appended = post("/dk/v1/messages", &body);
        let message = appended["messages"][0]["id"].as_str().unwrap().to_owned();
        let memory = serde_json::json!({
            "text": format!("{user} lives in Porto ({}).", ids.len()), "scope": {"user": user},
            "aliases": ["home"], "categories": ["places"], "validity": {"from": "2025-05-01T00:00:00Z"},
            "evidence": [{"message": message, "quote": "I live in Porto"}]
        });
        let written = post("/dk/v1/memories", &memory);
        ids.push((message, written["id"].as_str().unwrap().to_owned()));
    }
    let moved = serde_json::json!({
        "text": "Ana moved to Lisbon.", "pinned": true,
        "evidence": [{"message": ids[0].0, "quote": "I am ana"}]
    });
    post(&format!("/dk/v1/memories/{}/supersede", ids[0].1), &moved);
    home.ok(&["erase", &ids[3].0, "--yes"]);
    home.ok(&["export", "all.jsonl"]);
    assert_eq!(server.stop().code, 0);
    let all = home.path("all.jsonl").to_str().unwrap().to_owned();
    let before = active_memories(&home);

    let other = Home::new();
    let dry = other.json(&["import", &all, "--dry-run"]);
    let report = other.json(&["import", &all]);
    assert_eq!(told(dry), told(report.clone()));
    assert_eq!(report["skipped"], serde_json::json!({}), "{report}");
    let after = active_memories(&other);
    let quotes = |memories: &[Value]| -> usize {
        memories.iter().map(|memory| memory["evidence"].as_array().unwrap().len()).sum()
    };
    assert!(quotes(&after) >= 3, "{after:?}");
    // The quote of the erased message is nowhere; everything else is as it was.
    for (before, after) in before.iter().zip(&after) {
        if !before["text"].as_str().unwrap().starts_with("cleo") {
            let id = |memory: &Value| memory["evidence"][0]["message"][0].clone();
            let mut expected = before.clone();
            if id(before).is_null() {
                // A message without an id of its own is known by the one it had there.
                expected["evidence"][0]["message"][0] = id(after);
            }
            assert_eq!(&expected, after);
        }
    }
    assert_eq!(before.len(), after.len());

    // Without its messages a memory comes alone, and that is told.
    let alone = Home::new();
    let lines = std::fs::read_to_string(&all).unwrap();
    let memories: Vec<&str> = lines.lines().filter(|line| line.starts_with("{\"memory\"")).collect();
    let file = alone.file("memories.jsonl", &memories.join("\n"));
    let report = alone.json(&["import", &file]);
    assert_eq!(report["imported"]["memories"], 5, "{report}");
    assert_eq!(report["skipped"]["quotes whose message did not come along"], 4, "{report}");
}
