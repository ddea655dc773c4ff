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
fn what_means_nothing_is_refused_with_key_source_and_advice() {
    let home = Home::new();
    let check = |assignments: &[&str], words: &[&str]| {
        let flags: Vec<&str> = assignments.iter().flat_map(|assignment| ["--set", assignment]).collect();
        home.refused(&[&["config", "check"], &flags[..]].concat(), 2, words);
    };
    check(&["embedder.url=localhost:11434"], &["embedder.url", "(--set)", "http://localhost:11434/v1"]);
    check(&["embedder.url=http://ana:pass@host/v1"], &["embedder.url", "***@host", "set the key instead"]);
    check(&["embedder.url=http://host/v1?k=v"], &["embedder.url", "host/v1?***", "a query or a fragment"]);
    for key in ["server.request_timeout_ms", "server.shutdown_timeout_ms", "embedder.timeout_ms"] {
        check(&[&format!("{key}=0")], &[key, "(--set)", "at least 1"]);
    }
    check(&["server.listen=7077"], &["server.listen", "(--set)", "127.0.0.1:7077"]);
    check(&["server.hosts=http://memory.lan"], &["server.hosts", "(--set)", "without http:// and port"]);
    check(&["server.hosts=memory.lan:80"], &["server.hosts", "without http:// and port"]);
    check(&["server.origins=app.example.org"], &["server.origins", "https://app.example.org"]);
    check(&["server.origins=https://app.example.org/x"], &["server.origins", "without a path"]);
    for host in ["memory.lan", "10.0.0.1", "[::1]"] {
        home.ok(&["config", "check", "--set", &format!("server.hosts={host}")]);
    }
    for origin in ["https://app.example.org", "http://localhost:3000", "http://[::1]:80"] {
        home.ok(&["config", "check", "--set", &format!("server.origins={origin}")]);
    }
    // A key is missed where an endpoint is on another machine; only `check` minds.
    let remote = ["--set", "embedder.kind=openai", "--set", "embedder.model=m"];
    let there = [&remote[..], &["--set", "embedder.url=https://api.example.org/v1"]].concat();
    let words = ["embedder.key", "(default)", "DREAMKEEPER_EMBEDDER_KEY"];
    home.refused(&[&["config", "check"], &there[..]].concat(), 1, &words);
    home.ok(&[&["config", "show"], &there[..]].concat());
    home.ok(&[&["config", "check"], &remote[..]].concat());
    home.ok(&[&["config", "check"], &there[..], &["--set", "embedder.key=sk"]].concat());
}

#[test]
fn no_error_shows_a_secret() {
    let home = Home::new();
    let secret = "sk-very-secret";
    let broken = home.file("broken.toml", &format!("[embedder]\nkey = \"{secret}\n"));
    let number = home.file("number.toml", "[embedder]\nkey = 8123456789\n");
    let line = home.file("line.toml", &format!("[embedder]\nkey = \"{secret}\\n\"\n"));
    let assignments = [
        format!("embedder.url=https://ana:{secret}@host/v1"),
        format!("embedder.url=ana:{secret}@host/v1"),
        format!("embedder.url=https://host/v1?key={secret}"),
        format!("embedder.key={secret} "),
        format!("embedder.key={secret}é"),
        format!("embedder.key:{secret}"),
        format!("server.origins=https://ana:{secret}@host"),
        format!("server.hosts=ana:{secret}@host"),
    ];
    let mut runs: Vec<Vec<&str>> =
        assignments.iter().map(|assignment| vec!["config", "show", "--set", assignment]).collect();
    runs.extend([&broken, &number, &line].map(|file| vec!["config", "show", "--config", file]));
    for arguments in runs {
        let ended = home.run(&arguments);
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!told.contains(secret) && !told.contains("8123456789"), "{arguments:?}: {told}");
    }
}

#[test]
fn the_data_directory_says_where_it_comes_from() {
    let home = Home::new();
    let file = home.file("config.toml", "[data]\ndir = \"/from/file\"\n");
    let shown = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = home.command(&[&["config", "show", "--json"], arguments].concat());
        command.env_remove("DREAMKEEPER_DATA").envs(variables.iter().copied());
        let output = command.output().unwrap();
        let show: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let word = |name: &str| show["data.dir"][name].as_str().unwrap().to_owned();
        (word("value"), word("source"))
    };
    let pair = |value: &str, source: &str| (value.to_owned(), source.to_owned());
    let default = home.path(".local/share/dreamkeeper");
    let xdg = ("XDG_DATA_HOME", "/xdg");
    let short = ("DREAMKEEPER_DATA", "/short");
    let long = ("DREAMKEEPER_DATA_DIR", "/long");
    assert_eq!(shown(&[], &[]), pair(default.to_str().unwrap(), "default"));
    assert_eq!(shown(&[xdg], &[]), pair("/xdg/dreamkeeper", "environment XDG_DATA_HOME"));
    let from_file = ["--config", &file];
    assert_eq!(shown(&[xdg], &from_file), pair("/from/file", &file));
    assert_eq!(shown(&[xdg, short], &from_file), pair("/short", "environment DREAMKEEPER_DATA"));
    assert_eq!(shown(&[short, long], &from_file), pair("/long", "environment DREAMKEEPER_DATA_DIR"));
    let flag = [&from_file[..], &["--data", "/flag"]].concat();
    assert_eq!(shown(&[short, long], &flag), pair("/flag", "--data"));
}

#[test]
fn what_is_not_utf8_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let home = Home::new();
    let run = |name: &[u8]| {
        let mut command = home.command(&["config", "show"]);
        let output = command.env(OsStr::from_bytes(name), OsStr::from_bytes(b"sk-\xff")).output().unwrap();
        crate::home::ended(output)
    };
    for name in ["DREAMKEEPER_EMBEDDER_KEY", "DREAMKEEPER_DATA"] {
        let ended = run(name.as_bytes());
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains(&format!("{name} is not UTF-8")), "{}", ended.stderr);
        assert!(!ended.stderr.contains("sk-"), "{}", ended.stderr);
    }
    assert_eq!(run(b"DREAMKEEPER_\xff").code, 2);
    assert_eq!(run(b"ELSEWHERE").code, 0);
    let mut command = home.command(&["stats"]);
    let ended = crate::home::ended(command.arg("--data").arg(OsStr::from_bytes(b"d\xff")).output().unwrap());
    assert!(ended.code == 2 && ended.stderr.contains("is not UTF-8"), "{ended:?}");
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
