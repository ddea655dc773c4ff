//! Configuration: where values come from, and what is refused.

use crate::home::Home;

#[test]
fn file_environment_and_flags_win_in_that_order_and_say_so() {
    let home = Home::new();
    let file = home.file("config.toml", "[log]\nlevel = \"debug\"\n[server]\nlisten = \"127.0.0.1:1\"\n");
    let shown = |extra: &[&str]| home.json(&[&["config", "show", "--config", &file], extra].concat());
    let show = shown(&[]);
    assert_eq!(show["log.level"]["value"], "debug");
    assert_eq!(show["log.level"]["source"], file.as_str());
    assert_eq!(show["server.hosts"]["source"], "default");
    let show = shown(&["--set", "log.level=trace"]);
    assert_eq!(
        (&show["log.level"]["value"], &show["log.level"]["source"]),
        (&"trace".into(), &"--set".into())
    );
    let output = home
        .command(&["config", "show", "--json", "--config", &file])
        .env("DREAMKEEPER_SERVER_LISTEN", "127.0.0.1:2")
        .output()
        .unwrap();
    let show: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(show["server.listen"]["source"], "environment DREAMKEEPER_SERVER_LISTEN");
}

#[test]
fn unknown_keys_are_refused_with_what_was_meant() {
    let home = Home::new();
    let file = home.file("config.toml", "[server]\nlisen = \"127.0.0.1:1\"\n");
    home.refused(
        &["config", "check", "--config", &file],
        2,
        &["server.lisen", "did you mean `server.listen`?"],
    );
    home.refused(&["config", "check", "--set", "log.levle=info"], 2, &["did you mean `log.level`?"]);
    home.refused(&["config", "check", "--set", "log.level"], 2, &["has no `=`"]);
    home.refused(
        &["stats", "--set", "server.listen=nowhere"],
        2,
        &["server.listen", "--set", "127.0.0.1:7077"],
    );
    let broken = home.file("broken.toml", "[server\n");
    home.refused(&["config", "check", "--config", &broken], 2, &["is not TOML"]);
    home.refused(&["config", "check", "--config", "absent.toml"], 2, &["absent.toml cannot be read"]);
    home.refused(&["config", "check", "--set", "embedder.kind=openai"], 2, &["embedder.model"]);
}

#[test]
fn secrets_are_stars() {
    let home = Home::new();
    let secret = "sk-very-secret";
    for arguments in [&["config", "show"][..], &["config", "show", "--json"]] {
        let output = home.command(arguments).env("DREAMKEEPER_EMBEDDER_KEY", secret).output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("***") && !shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_first_file_is_written_once_and_is_valid() {
    let home = Home::new();
    home.ok(&["config", "init"]);
    let path = home.path(".config/dreamkeeper/config.toml");
    assert!(home.ok(&["config", "check"]).contains(path.to_str().unwrap()));
    home.refused(&["config", "init"], 1, &["is there already", "--force"]);
    home.ok(&["config", "init", "--force"]);
}

#[test]
fn a_mistyped_data_directory_is_told_and_not_made() {
    let home = Home::new();
    home.refused(&["search", "x", "--data", "nowhere"], 1, &["no data directory at nowhere", "--data"]);
    assert!(!home.path("nowhere").exists());
}
