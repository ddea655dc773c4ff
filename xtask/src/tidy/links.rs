//! Links: a Markdown page may only point to a file that is there.

use std::collections::HashSet;

use super::File;

pub(super) fn findings(files: &[File]) -> Vec<String> {
    let known: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        for target in targets(&file.text) {
            let Some(path) = resolve(&file.path, target) else {
                findings.push(format!("{}: `{target}` leads out of the repository", file.path));
                continue;
            };
            let is_folder = known.iter().any(|known| known.starts_with(&format!("{path}/")));
            if !known.contains(path.as_str()) && !is_folder {
                findings.push(format!("{}: `{target}` is not there", file.path));
            }
        }
    }
    findings
}

/// The relative targets of a page's links, outside code fences.
fn targets(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    let links = prose.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split(')').next());
    let relative = links.filter(|target| !target.contains("://") && !target.starts_with(['#', 'm']));
    relative.filter_map(|target| target.split('#').next()).filter(|target| !target.is_empty()).collect()
}

fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let check = |text: &str| {
            let page = File { path: "docs/a.md".into(), text: text.into() };
            let other = File { path: "README.md".into(), text: String::new() };
            findings(&[page, other]).len()
        };
        assert_eq!(check("[x](../README.md#top) [y](https://example.org) [z](#here)"), 0);
        assert_eq!(check("[x](b.md)"), 1);
        assert_eq!(check("[x](../../b.md)"), 1);
        assert_eq!(check("```\n[x](b.md)\n```"), 0);
    }
}
