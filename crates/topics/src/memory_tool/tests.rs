//! The words of each command, and what it changes.

use std::collections::BTreeMap;

use super::*;

struct Held(BTreeMap<String, String>);

impl Notes for Held {
    fn sizes(&self) -> Vec<(String, u64)> {
        self.0.iter().map(|(path, content)| (path.clone(), content.len() as u64)).collect()
    }

    fn content(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

fn held(topics: &[(&str, &str)]) -> Held {
    Held(topics.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect())
}

fn house() -> Held {
    held(&[
        ("/tea.md", "one\ntwo\nthree\ntwo\n"),
        ("/deep/a/b.md", &"x".repeat(5_632)),
        ("/.hidden", "x"),
        ("/node_modules/x", "x"),
    ])
}

fn said(command: &Command) -> String {
    match run(command, &house()) {
        Ok(outcome) => outcome.text,
        Err(error) => error.0,
    }
}

fn view(path: &str, view_range: Option<[i64; 2]>) -> Command {
    Command::View { path: path.to_owned(), view_range }
}

#[test]
fn a_directory_is_shown_two_levels_deep() {
    let header = "Here're the files and directories up to 2 levels deep in /memories, excluding hidden items and \
                  node_modules:";
    let listing = "5.5K\t/memories\n5.5K\t/memories/deep/\n5.5K\t/memories/deep/a/\n18B\t/memories/tea.md";
    assert_eq!(said(&view("/memories", None)), format!("{header}\n{listing}"));
    assert_eq!(said(&view("/memories/", None)), format!("{header}\n{listing}"));
    let empty = run(&view("/memories", None), &held(&[])).unwrap().text;
    assert_eq!(empty, format!("{header}\n0B\t/memories"), "an empty root is no error");
}

#[test]
fn a_file_is_shown_with_numbered_lines() {
    let whole = "Here's the content of /memories/tea.md with line numbers:\n     1\tone\n     2\ttwo\n     3\tthree\n     4\ttwo\n     5\t";
    assert_eq!(said(&view("/memories/tea.md", None)), whole);
    let part = said(&view("/memories/tea.md", Some([2, 3])));
    assert!(part.ends_with("numbers:\n     2\ttwo\n     3\tthree"), "{part}");
    assert!(said(&view("/memories/tea.md", Some([4, -1]))).ends_with("     4\ttwo\n     5\t"));
    assert!(said(&view("/memories/tea.md", Some([0, 2]))).contains("Invalid `view_range`"));
    let absent = "The path /memories/no does not exist. Please provide a valid path.";
    assert_eq!(said(&view("/memories/no", None)), absent);
    let long = held(&[("/l", &"x\n".repeat(1_000_000))]);
    let error = run(&view("/memories/l", None), &long).unwrap_err().0;
    assert_eq!(error, "File /memories/l exceeds maximum line limit of 999,999 lines.");
    let wide = run(&view("/memories/w", None), &held(&[("/w", &"y".repeat(20_000))])).unwrap().text;
    assert!(wide.chars().count() < 16_100 && wide.contains("truncated"));
}

#[test]
fn a_file_is_created_once() {
    let create = |path: &str| Command::Create { path: path.to_owned(), file_text: "x".to_owned() };
    let outcome = run(&create("/memories/n.md"), &house()).unwrap();
    assert_eq!(outcome.text, "File created successfully at: /memories/n.md");
    assert_eq!(outcome.effects, [Effect::Create { path: "/n.md".into(), content: "x".into() }]);
    assert_eq!(said(&create("/memories/tea.md")), "Error: File /memories/tea.md already exists");
    assert_eq!(said(&create("/memories/deep")), "Error: File /memories/deep already exists");
}

#[test]
fn a_text_that_occurs_once_is_replaced() {
    let replace = |path: &str, old: &str, new: Option<&str>| Command::StrReplace {
        path: path.to_owned(),
        old_str: old.to_owned(),
        new_str: new.map(str::to_owned),
    };
    let outcome = run(&replace("/memories/tea.md", "three", Some("3\n3b")), &house()).unwrap();
    assert!(outcome.text.starts_with("The memory file has been edited."), "{}", outcome.text);
    assert!(
        outcome.text.ends_with("     1\tone\n     2\ttwo\n     3\t3\n     4\t3b\n     5\ttwo\n     6\t"),
        "{}",
        outcome.text
    );
    assert_eq!(
        outcome.effects,
        [Effect::Write { path: "/tea.md".into(), content: "one\ntwo\n3\n3b\ntwo\n".into() }]
    );
    let gone = run(&replace("/memories/tea.md", "one\n", None), &house()).unwrap();
    assert_eq!(gone.effects, [Effect::Write { path: "/tea.md".into(), content: "two\nthree\ntwo\n".into() }]);
    assert_eq!(
        said(&replace("/memories/tea.md", "two", None)),
        "No replacement was performed. Multiple occurrences of old_str `two` in lines: 2, 4. Please ensure it is unique"
    );
    assert_eq!(
        said(&replace("/memories/tea.md", "four", None)),
        "No replacement was performed, old_str `four` did not appear verbatim in /memories/tea.md."
    );
    for path in ["/memories/no.md", "/memories/deep", "/memories"] {
        let absent = format!("Error: The path {path} does not exist. Please provide a valid path.");
        assert_eq!(said(&replace(path, "x", None)), absent);
    }
}

#[test]
fn text_is_inserted_behind_a_line() {
    let insert = |path: &str, line: i64| Command::Insert {
        path: path.to_owned(),
        insert_line: line,
        insert_text: "new\n".to_owned(),
    };
    for (line, content) in [(0, "new\none\ntwo\nthree\ntwo\n"), (4, "one\ntwo\nthree\ntwo\nnew\n")] {
        let outcome = run(&insert("/memories/tea.md", line), &house()).unwrap();
        assert_eq!(outcome.text, "The file /memories/tea.md has been edited.");
        assert_eq!(outcome.effects, [Effect::Write { path: "/tea.md".into(), content: content.into() }]);
    }
    for line in [-1, 5] {
        assert_eq!(
            said(&insert("/memories/tea.md", line)),
            format!(
                "Error: Invalid `insert_line` parameter: {line}. It should be within the range of lines of the file: [0, 4]"
            )
        );
    }
    assert_eq!(said(&insert("/memories/no", 0)), "Error: The path /memories/no does not exist");
}

#[test]
fn files_and_directories_are_deleted_and_renamed() {
    let delete = |path: &str| Command::Delete { path: path.to_owned() };
    let outcome = run(&delete("/memories/deep"), &house()).unwrap();
    assert_eq!(outcome.text, "Successfully deleted /memories/deep");
    assert_eq!(outcome.effects, [Effect::Remove { path: "/deep/a/b.md".into() }]);
    assert_eq!(said(&delete("/memories/no")), "Error: The path /memories/no does not exist");
    assert!(run(&delete("/memories"), &house()).is_err(), "not the root");
    let rename =
        |from: &str, to: &str| Command::Rename { old_path: from.to_owned(), new_path: to.to_owned() };
    let outcome = run(&rename("/memories/deep", "/memories/d2"), &house()).unwrap();
    assert_eq!(outcome.text, "Successfully renamed /memories/deep to /memories/d2");
    assert_eq!(outcome.effects, [Effect::Move { from: "/deep/a/b.md".into(), to: "/d2/a/b.md".into() }]);
    assert_eq!(said(&rename("/memories/no", "/memories/x")), "Error: The path /memories/no does not exist");
    assert_eq!(
        said(&rename("/memories/deep", "/memories/tea.md")),
        "Error: The destination /memories/tea.md already exists"
    );
    assert!(run(&rename("/memories", "/memories/x"), &house()).is_err(), "not the root");
    assert!(run(&rename("/memories/deep", "/memories/deep/x"), &house()).is_err(), "not into itself");
}

#[test]
fn nothing_leads_out_of_the_directory() {
    for path in [
        "/etc/passwd",
        "memories/tea.md",
        "/memoriesx/tea.md",
        "/memories/../etc",
        "/memories/a/..",
        "/memories/..\\x",
        "/memories/%2e%2e%2fetc",
        "/memories/%2E%2E/x",
        "/memories//tea.md",
        "/memories/a\u{0}b",
        "",
    ] {
        assert!(run(&view(path, None), &house()).is_err(), "{path:?}");
        let create = Command::Create { path: path.to_owned(), file_text: String::new() };
        assert!(run(&create, &house()).is_err(), "{path:?}");
    }
}
