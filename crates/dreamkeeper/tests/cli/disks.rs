//! Disks that cannot be written: what a server on one still does, and what it says.
//!
//! The disks are mounted in a namespace of the test's own, where root's rights do not help either.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Server};

/// Runs a test of this binary again where it may mount disks of its own; `false` in that second run, which
/// is to do the work. Where no such place can be made the test is passed over, and says so.
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
        eprintln!(
            "SKIPPED {test}: `unshare --map-root-user --mount` does not work here; install util-linux and \
             allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
        );
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

fn mount(arguments: &[&str], at: &Path) {
    let status = Command::new("mount").args(arguments).arg(at).status();
    assert!(status.unwrap().success(), "mount {arguments:?}");
}

fn code_of(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

fn recall(server: &Server) -> Value {
    let question = r#"{"query":"Where does the key hang?","scope":{"user":"ana"}}"#;
    let (status, body) = server.request("POST", "/dk/v1/recall", &[], question);
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[test]
fn a_read_only_directory_is_served_without_socket_writes_and_receipts() {
    if elsewhere("disks::a_read_only_directory_is_served_without_socket_writes_and_receipts") {
        return;
    }
    let home = Home::new();
    std::fs::create_dir(home.data()).unwrap();
    mount(&["-t", "tmpfs", "-o", "size=64m", "tmpfs"], &home.data());
    home.ok(&["add", "The key hangs by the door.", "--user", "ana"]);
    mount(&["-o", "remount,ro"], &home.data());

    let server = home.serve(&[]);
    assert_eq!(server.announced["read_only"], true);
    assert!(!home.data().join("dreamkeeper.sock").exists());
    assert_eq!(server.request("GET", "/readyz", &[], "").0, 200);
    let answer = recall(&server);
    assert_eq!(answer["memories"][0]["memory"]["text"], "The key hangs by the door.", "{answer}");
    assert!(answer["receipt"].is_null(), "{answer}");
    let (status, body) = server.request("POST", "/dk/v1/memories", &[], r#"{"text":"It rains."}"#);
    assert_eq!((status, code_of(&body).as_str()), (503, "storage_read_only"), "{body}");
    // Beside the server, a command reads the directory itself.
    let found = home.json(&["search", "Where does the key hang?", "--user", "ana"]);
    assert_eq!(found["memories"][0]["memory"]["text"], "The key hangs by the door.", "{found}");
    assert!(found["receipt"].is_null(), "{found}");
    home.refused(&["add", "It rains."], 1, &["read-only", "help: "]);
    let ended = server.stop();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("the data directory is read-only: writes will be refused"), "{ended:?}");
}

#[test]
fn a_full_disk_refuses_writes_and_takes_them_again_when_there_is_room() {
    if elsewhere("disks::a_full_disk_refuses_writes_and_takes_them_again_when_there_is_room") {
        return;
    }
    let home = Home::new();
    std::fs::create_dir(home.data()).unwrap();
    mount(&["-t", "tmpfs", "-o", "size=6m", "tmpfs"], &home.data());
    let ballast = home.data().join("ballast");
    std::fs::write(&ballast, vec![1; 2 << 20]).unwrap();
    home.ok(&["add", "The key hangs by the door.", "--user", "ana"]);

    let server = home.serve(&[]);
    let append = |number: usize| {
        let text = "Many words that fill a disk. ".repeat(2_000);
        let message = serde_json::json!({"id": number.to_string(), "role": "user", "text": text});
        let body = serde_json::json!({"session": {"key": "long"}, "messages": [message]});
        server.request("POST", "/dk/v1/messages", &[], &body.to_string())
    };
    let mut written = 0;
    let (status, body) = loop {
        match append(written) {
            (200, _) => written += 1,
            refused => break refused,
        }
        assert!(written < 1_000, "every disk is full some day");
    };
    assert!(written > 3, "{written} messages fitted");
    assert_eq!((status, code_of(&body).as_str()), (507, "storage_full"), "{body}");
    assert!(body.contains("free some disk space"), "{body}");
    // Reads go on: everything that was acknowledged is there, and questions are answered.
    let count = || {
        let (status, body) = server.request("GET", "/dk/v1/stats", &[], "");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<Value>(&body).unwrap()["store"]["message_count"].as_u64().unwrap() as usize
    };
    assert_eq!(count(), written);
    for _ in 0..3 {
        let answer = recall(&server);
        assert_eq!(answer["memories"][0]["memory"]["text"], "The key hangs by the door.", "{answer}");
    }
    std::fs::remove_file(&ballast).unwrap();
    let (status, body) = append(written);
    assert_eq!(status, 200, "{body}");
    assert_eq!(count(), written + 1);
    assert_eq!(server.stop().code, 0);
    assert!(home.ok(&["doctor"]).contains("sound"));
}
