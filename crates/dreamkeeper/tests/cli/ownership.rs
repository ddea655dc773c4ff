//! One process owns a data directory; others become its clients or are told who it is.

use crate::home::{Home, demo_transcript};

#[test]
fn commands_become_clients_of_a_running_server() {
    let home = Home::new();
    let server = home.serve(&[]);
    let added = home.json(&["add", "The key hangs by the door.", "--user", "ana"]);
    // The server sees at once what the command wrote: there is one owner, not two.
    let id = added["id"].as_str().unwrap();
    let (status, body) = server.request("GET", &format!("/dk/v1/memories/{id}"), &[], "");
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("The key hangs by the door."));
    // What came through the operator's socket has the operator's authority, what came by TCP has not.
    assert_eq!(added["origin"], "operator");
    let new = r#"{"text":"Said over the network.","scope":{"user":"ana"}}"#;
    let (status, body) = server.request("POST", "/dk/v1/memories", &[], new);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"origin\":\"user\""), "{body}");
    assert_eq!(home.json(&["list", "--user", "ana"])["items"].as_array().unwrap().len(), 2);
    home.refused(&["list", "--space", "other"], 1, &["`other`", "here are `default`"]);
    let ended = server.stop();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!home.data().join("dreamkeeper.sock").exists());
    assert_eq!(home.json(&["list", "--user", "ana"])["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_second_owner_is_refused_with_the_pid_of_the_first() {
    let home = Home::new();
    let server = home.serve(&[]);
    let pid = server.pid().to_string();
    home.refused(&["serve", "--listen", "127.0.0.1:0"], 1, &[&pid, "owned by process", "help: "]);
}

#[test]
fn a_server_is_ready_and_shows_its_page() {
    let home = Home::new();
    let server = home.serve(&["--log-format", "json"]);
    for path in ["/healthz", "/readyz", "/dk/v1/docs", "/dk/v1/openapi.json"] {
        let (status, body) = server.request("GET", path, &[], "");
        assert_eq!(status, 200, "{path}: {body}");
    }
    let (status, _) = server.request("GET", "/dk/v1/stats", &["Host: evil.example"], "");
    assert_eq!(status, 403);
    let secret = "an unmistakable sentence";
    let recall = format!("{{\"query\":\"{secret}\"}}");
    let (status, body) = server.request("POST", "/dk/v1/recall", &[], &recall);
    assert_eq!(status, 200, "{body}");
    let ended = server.stop();
    assert_eq!(ended.code, 0);
    for line in ended.stderr.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(event["level"].is_string(), "{line}");
    }
    assert!(!ended.stderr.contains(secret), "{}", ended.stderr);
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let home = Home::new();
    let server = home.serve(&[]);
    let id = home.json(&["add", "Written before the lights went out."])["id"].as_str().unwrap().to_owned();
    home.ok(&["import", &demo_transcript()]);
    server.kill();
    // The dead owner's socket and lock file are still there, and in nobody's way.
    assert!(home.data().join("dreamkeeper.sock").exists());
    assert_eq!(home.json(&["get", &id])["memory"]["text"], "Written before the lights went out.");
    assert_eq!(home.json(&["stats"])["store"]["message_count"], 700);
    assert!(home.ok(&["doctor"]).contains("sound"));
    let server = home.serve(&[]);
    assert_eq!(server.request("GET", "/readyz", &[], "").0, 200);
}

#[test]
fn commands_at_the_same_time_wait_for_each_other() {
    let home = Home::new();
    home.ok(&["add", "The first."]);
    let children: Vec<_> = (0..4)
        .map(|number| {
            let text = format!("Number {number}.");
            home.command(&["add", &text]).stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(home.json(&["list"])["items"].as_array().unwrap().len(), 5);
}

#[test]
fn a_mistyped_space_is_told_and_not_made() {
    let home = Home::new();
    home.ok(&["add", "Ana swims."]);
    home.ok(&["--space", "work", "add", "Ana files reports."]);
    let reads: [&[&str]; 4] = [&["list"], &["search", "Ana"], &["stats"], &["doctor"]];
    let refuse_all = || {
        for read in reads {
            home.refused(&[&["--space", "wrok"], read].concat(), 1, &["`wrok`", "`default`", "`work`"]);
        }
    };
    refuse_all();
    let server = home.serve(&[]);
    refuse_all();
    home.ok(&["--space", "served", "state", "set", "plan", "1"]);
    assert_eq!(home.json(&["--space", "served", "state", "get", "plan"])["value"], 1);
    assert_eq!(server.stop().code, 0);
    refuse_all();
    assert_eq!(home.json(&["--space", "work", "list"])["items"].as_array().unwrap().len(), 1);
}
