//! Text: marks that may not be left, bounds that must be documented.

use super::File;

pub(super) fn findings(files: &[File]) -> Vec<String> {
    let mut findings = left_open(files);
    findings.extend(undocumented_limits(files));
    findings
}

fn left_open(files: &[File]) -> Vec<String> {
    // Written in two halves, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("dbg", "!(")];
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs") || file.path.ends_with(".py")) {
        for (number, line) in file.text.lines().enumerate() {
            let marked = marks.iter().any(|mark| line.contains(mark));
            if marked && !line.contains('#') {
                findings.push(format!("{}:{}: `{}`", file.path, number + 1, line.trim()));
            }
            if line.ends_with([' ', '\t']) {
                findings.push(format!("{}:{}: white space at the end of the line", file.path, number + 1));
            }
        }
    }
    findings
}

fn undocumented_limits(files: &[File]) -> Vec<String> {
    let text_of = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let limits = text_of("crates/domain/src/limits.rs").unwrap_or_default();
    let page = text_of("docs/limits.md").unwrap_or_default();
    let names = limits.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    let missing = names.filter(|name| !page.contains(&format!("`{name}`")));
    missing.map(|name| format!("docs/limits.md does not tell of `{name}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_no_user_can_read_of_is_found() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let limits = file("crates/domain/src/limits.rs", "pub const A_MAX: usize = 1;\n");
        assert_eq!(findings(&[limits, file("docs/limits.md", "`B_MAX`")]).len(), 1);
    }
}
