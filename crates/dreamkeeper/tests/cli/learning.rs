//! Learning from the command line: what is proposed, held, let through and watched.

use crate::home::Home;

const MOVED: [&str; 8] =
    ["add", "I moved to Porto.", "--role", "user", "--user", "ana", "--session", "house"];

#[test]
fn a_proposal_without_a_quote_waits_for_a_person() {
    let home = Home::new();
    let proposed = home.json(&["propose", "Ana lives in Porto.", "--user", "ana"]);
    let event = home.json(&["events", "show", proposed["events"][0].as_str().unwrap()]);
    assert_eq!(event["report"]["decisions"][0]["causes"][0], "proposed", "{event}");
    let held = home.json(&["quarantine", "list"])["items"][0]["candidate"]["id"].as_str().unwrap().to_owned();
    assert!(home.ok(&["quarantine", "show", &held]).contains("Ana lives in Porto."));
    let memory = home.json(&["quarantine", "release", &held, "--raise", "--reason", "asked her"]);
    assert_eq!((&memory["text"], &memory["origin"]), (&"Ana lives in Porto.".into(), &"operator".into()));
    home.refused(&["quarantine", "reject", &held], 1, &["help:"]);
    assert!(home.ok(&["quarantine", "list"]).contains("Nothing is held."));
    let noted = home.json(&["feedback", memory["id"].as_str().unwrap(), "helpful"]);
    assert_eq!(noted["helpful_count"], 1);
    home.ok(&["graph", "Porto", "--user", "ana"]);
    home.ok(&["graph", "--names", "--user", "ana"]);
}

#[test]
fn a_session_is_learned_from_by_its_key() {
    let home = Home::new();
    home.ok(&[&MOVED[..], &["--learn", "off"]].concat());
    let learned = home.json(&["learn", "--session", "house", "--user", "ana", "--wait"]);
    assert_eq!(learned["account"]["turns_read"], 1, "{learned}");
    let account = home.json(&["learn", "--all", "--user", "ana"]);
    assert_eq!(account["failed_count"], 0, "{account}");
    home.refused(&["learn", "--session", "barn"], 1, &["no session `barn`", "list sessions"]);
    let now = home.json(&[&MOVED[..], &["--learn", "now"]].concat());
    assert_eq!(now["learned"][0]["state"], "succeeded", "{now}");
}

#[test]
fn what_a_server_learns_is_watched() {
    let home = Home::new();
    home.ok(&["add", "A first memory."]);
    home.refused(&["watch"], 1, &["no server", "dreamkeeper serve"]);
    let server = home.serve(&[]);
    let watching = home
        .command(&["watch", "--count", "1", "--json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Until it listens, nothing that is proposed is heard by it.
    for _ in 0..20 {
        std::thread::sleep(std::time::Duration::from_millis(100));
        home.json(&["propose", "Ana lives in Porto.", "--user", "ana"]);
    }
    let watched = crate::home::ended(watching.wait_with_output().unwrap());
    assert_eq!(watched.code, 0, "{watched:?}");
    assert!(
        watched.stdout.contains("{\"decision\":") && watched.stdout.contains("{\"event\":"),
        "{watched:?}"
    );
    let (status, metrics) = server.request("GET", "/metrics", &[], "");
    assert_eq!(status, 200, "{metrics}");
    assert!(metrics.contains("dreamkeeper_learning_decisions_total"), "{metrics}");
    assert_eq!(server.stop().code, 0);
}
