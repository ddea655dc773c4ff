//! Files: every module says what it is for, none grows past its bound, none has a name that says nothing.

use super::File;

/// Lines of a source file, tests at its end not counted (STYLE: ask at 400, split at 600).
const LINES_MAX: usize = 600;
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "manager", "common", "misc", "lib2"];

pub(super) fn findings(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if !first.starts_with("//!") && !first.starts_with("#![doc") {
            findings.push(format!("{}: begins without a module comment (`//! …`)", file.path));
        }
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        let in_tests = file.path.contains("/tests/") || stem == "tests";
        let lines = file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        if lines > LINES_MAX && !in_tests {
            findings.push(format!("{}: {lines} lines, at most {LINES_MAX}: split it", file.path));
        }
        if EMPTY_NAMES.contains(&stem) {
            findings.push(format!("{}: the name says nothing: name the one thing it holds", file.path));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_needs_a_comment_a_name_and_an_end() {
        let check = |path: &str, text: &str| findings(&[File { path: path.into(), text: text.into() }]).len();
        assert_eq!(check("a/src/span.rs", "//! Spans.\n"), 0);
        assert_eq!(check("a/src/span.rs", "fn span() {}\n"), 1);
        assert_eq!(check("a/src/util.rs", "//! Things.\n"), 1);
        assert_eq!(check("a/src/span.rs", &format!("//! Spans.\n{}", "\n".repeat(LINES_MAX))), 1);
    }
}
