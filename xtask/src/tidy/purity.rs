//! Purity: what a crate of the lower layers may not touch. `domain` and `api` know no I/O, no clock and no
//! randomness; `engine` and `http` know none but through ports.

use super::File;

const FORBIDDEN_EVERYWHERE_BELOW: [&str; 5] =
    ["Timestamp::now", "SystemTime::now", "Zoned::now", "thread_rng", "getrandom"];
const FORBIDDEN_WITHOUT_IO: [&str; 6] =
    ["std::fs", "std::net", "std::process", "tokio::", "Instant::now", "std::env::var"];

pub(super) fn findings(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_source(&file.path)) {
        let mut words: Vec<&str> = Vec::new();
        let within =
            |crates: &[&str]| crates.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        if within(&["domain", "api", "engine", "http", "store-sqlite", "index-embedded", "models"]) {
            words.extend(FORBIDDEN_EVERYWHERE_BELOW);
        }
        if within(&["domain", "api"]) {
            words.extend(FORBIDDEN_WITHOUT_IO);
        }
        for word in words {
            if let Some(line) = code_line_with(&file.text, word) {
                findings.push(format!(
                    "{}:{line}: `{word}` may not be used here: take it as a parameter or through a port",
                    file.path
                ));
            }
        }
    }
    findings
}

fn is_source(path: &str) -> bool {
    path.ends_with(".rs") && !path.ends_with("/tests.rs")
}

/// The first line outside comments that has the word, counted from 1; tests at a file's end are free.
fn code_line_with(text: &str, word: &str) -> Option<usize> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let found = code.lines().position(|line| !line.trim_start().starts_with("//") && line.contains(word));
    found.map(|line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_domain_is_found_and_one_in_a_comment_is_not() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let clock = "fn at() {\n    Timestamp::now();\n}";
        assert_eq!(findings(&[file("crates/domain/src/x.rs", clock)]).len(), 1);
        assert_eq!(findings(&[file("crates/domain/src/x.rs", "// Timestamp::now")]).len(), 0);
        assert_eq!(findings(&[file("crates/dreamkeeper/src/x.rs", clock)]).len(), 0);
        assert_eq!(findings(&[file("crates/api/src/x.rs", "use std::fs;")]).len(), 1);
    }
}
