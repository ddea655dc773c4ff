//! What the program says about itself.

use crate::home::Home;

/// Every command; each has its help in the snapshot, so that a change of the command line is seen.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["demo"],
    &["serve"],
    &["key"],
    &["key", "create"],
    &["add"],
    &["search"],
    &["list"],
    &["get"],
    &["history"],
    &["update"],
    &["supersede"],
    &["forget"],
    &["restore"],
    &["erase"],
    &["state"],
    &["state", "set"],
    &["topics"],
    &["topics", "ls"],
    &["topics", "cat"],
    &["topics", "write"],
    &["topics", "edit"],
    &["topics", "mv"],
    &["topics", "rm"],
    &["topics", "log"],
    &["topics", "diff"],
    &["topics", "blame"],
    &["topics", "restore"],
    &["topics", "redact"],
    &["topics", "load"],
    &["topics", "tool"],
    &["topics", "index"],
    &["topics", "export"],
    &["topics", "store"],
    &["topics", "store", "create"],
    &["learn"],
    &["propose"],
    &["events"],
    &["events", "list"],
    &["quarantine"],
    &["quarantine", "list"],
    &["quarantine", "release"],
    &["feedback"],
    &["graph"],
    &["watch"],
    &["import"],
    &["export"],
    &["stats"],
    &["why"],
    &["doctor"],
    &["backup"],
    &["reindex"],
    &["completions"],
    &["config"],
    &["config", "show"],
];

#[test]
fn the_whole_help_is_one_page() {
    let home = Home::new();
    let mut page = String::new();
    for command in COMMANDS {
        page.push_str(&format!("$ dreamkeeper {} -h\n\n", command.join(" ")));
        page.push_str(&home.ok(&[*command, &["-h"][..]].concat()));
        page.push('\n');
    }
    insta::assert_snapshot!(page);
}

#[test]
fn the_default_configuration_is_one_page() {
    insta::assert_snapshot!(Home::new().ok(&["config", "show", "--default"]));
}

#[test]
fn every_shell_gets_completions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = home.ok(&["completions", shell]);
        assert!(script.contains("supersede"), "{shell}");
    }
}

#[test]
fn a_mistyped_command_is_told_what_was_meant() {
    Home::new().refused(&["serach", "x"], 2, &["serach", "search"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::Stdio;
    let home = Home::new();
    let mut child =
        home.command(&["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = crate::home::ended(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
}
