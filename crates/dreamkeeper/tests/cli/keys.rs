//! Keys: who may call a server from elsewhere.

use crate::home::Home;

#[test]
fn an_address_beyond_loopback_needs_a_key_first() {
    let home = Home::new();
    home.refused(&["serve", "--listen", "0.0.0.0:0"], 2, &["0.0.0.0:0", "there is no key", "key create"]);
}

#[test]
fn a_key_opens_what_it_says_until_it_is_revoked() {
    let home = Home::new();
    let made = home.json(&["key", "create", "reader", "--scopes", "read"]);
    let secret = made["secret"].as_str().unwrap().to_owned();
    let id = made["key"]["id"].as_str().unwrap().to_owned();
    let shown = home.ok(&["key", "list"]);
    assert!(shown.contains("reader") && shown.contains("live") && !shown.contains(&secret), "{shown}");

    let server = home.serve(&[]);
    let bearer = format!("Authorization: Bearer {secret}");
    assert_eq!(server.request("GET", "/dk/v1/stats", &[], "").0, 401);
    assert_eq!(server.request("GET", "/dk/v1/stats", &["Authorization: Bearer dk_0"], "").0, 401);
    assert_eq!(server.request("GET", "/dk/v1/stats", &[&bearer], "").0, 200);
    let (status, body) = server.request("POST", "/dk/v1/memories", &[&bearer], r#"{"text":"x"}"#);
    assert_eq!(status, 403, "{body}");
    home.ok(&["key", "revoke", &id]);
    assert_eq!(server.request("GET", "/dk/v1/stats", &[&bearer], "").0, 401);
    assert!(home.ok(&["key", "list"]).contains("revoked"));
    let ended = server.stop();
    assert!(!ended.stderr.contains(&secret), "{}", ended.stderr);
}
