//! Memory kept in Markdown files: each section is a memory, found again by its file and heading.

use std::path::Path;

use dreamkeeper_api::memory::NewMemory;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::{Kind, Origin, Status, Via};
use dreamkeeper_domain::limits;

use super::found::{Found, ImportedMemory};

/// The memories of one file, in order. Its whole path is a part of each memory's id.
pub(crate) fn read(path: &Path, text: &str, origin: Origin) -> Vec<Found> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("memory");
    let (header, body) = front_matter(text);
    let kind = kind_of(header, origin);
    let mut found = Vec::new();
    for (place, section) in sections(body).into_iter().enumerate() {
        if section.body.lines().all(|line| is_pointer(line) || line.trim().is_empty()) {
            found.push(Found::Skipped("sections without words of their own (headings, lists of links)"));
            continue;
        }
        for (part, words) in bounded(&section.text()).into_iter().enumerate() {
            let memory = NewMemory {
                origin: Some(origin),
                via: Via::Import,
                reason: Some(format!("imported from {name}")),
                ..NewMemory::new(
                    kind,
                    words,
                    Scope { labels: ["claude-code".to_owned()].into(), ..Scope::default() },
                )
            };
            let source_id = format!("{}#{place}.{part}", path.display());
            found.push(Found::Memory(Box::new(ImportedMemory {
                source_id,
                memory,
                status: Status::Active,
                supersedes: None,
                evidence: Vec::new(),
            })));
        }
    }
    found
}

struct Section<'a> {
    heading: Option<&'a str>,
    body: &'a str,
}

impl Section<'_> {
    fn text(&self) -> String {
        let heading = self.heading.map(|heading| heading.trim_start_matches('#').trim());
        match heading {
            Some(heading) if !heading.is_empty() => format!("{heading}\n{}", self.body.trim()),
            Some(_) | None => self.body.trim().to_owned(),
        }
    }
}

/// The text between one heading and the next; a `#` inside a code fence is no heading.
fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let (mut heading, mut start, mut fenced, mut at) = (None, 0, false, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let is_heading = !fenced && line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        if is_heading {
            sections.push(Section { heading, body: &text[start..at] });
            (heading, start) = (Some(line.trim_end()), at + line.len());
        }
        at += line.len();
    }
    sections.push(Section { heading, body: &text[start..] });
    sections.retain(|section| section.heading.is_some() || !section.body.trim().is_empty());
    sections
}

/// A list item that only points at another file: `- [Title](file.md) — why`.
fn is_pointer(line: &str) -> bool {
    let item = line.trim().trim_start_matches(['-', '*']).trim_start();
    item.starts_with('[') && item.contains(".md)")
}

/// The lines between `---` at the top, and what follows.
fn front_matter(text: &str) -> (&str, &str) {
    let Some(rest) = text.strip_prefix("---\n") else { return ("", text) };
    rest.split_once("\n---\n").unwrap_or(("", text))
}

/// Claude Code's memory types as kinds; a person's own file holds instructions.
fn kind_of(header: &str, origin: Origin) -> Kind {
    let told = header.lines().find_map(|line| line.trim().strip_prefix("type:")).map(str::trim);
    match told {
        Some("feedback") => Kind::Instruction,
        Some("user") => Kind::Preference,
        Some("project") => Kind::Goal,
        Some(_) => Kind::Fact,
        None if origin == Origin::User => Kind::Instruction,
        None => Kind::Fact,
    }
}

/// The text in parts that a memory can hold, broken at empty lines, else at lines, else anywhere.
fn bounded(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > limits::MEMORY_BYTES_MAX {
        let fits = (0..=limits::MEMORY_BYTES_MAX).rev().find(|end| rest.is_char_boundary(*end));
        let window = &rest[..fits.unwrap_or_default()];
        let end = window.rfind("\n\n").or_else(|| window.rfind('\n')).filter(|end| *end > 0);
        let (part, after) = rest.split_at(end.unwrap_or(window.len()));
        parts.push(part.trim().to_owned());
        rest = after.trim_start();
    }
    parts.push(rest.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_with_words_is_a_memory() {
        let text = "---\nname: x\ntype: feedback\n---\nNo mocks.\n\n## Why\nThey lied.\n```\n# not a heading\n```\n# Index\n- [A](a.md) — a\n";
        let found = read(Path::new("/m/notes.md"), text, Origin::Assistant);
        let memories: Vec<(&str, Kind)> = found
            .iter()
            .filter_map(|found| match found {
                Found::Memory(memory) => Some((memory.memory.text.as_str(), memory.memory.kind)),
                _ => None,
            })
            .collect();
        let why = "Why\nThey lied.\n```\n# not a heading\n```";
        assert_eq!(memories, [("No mocks.", Kind::Instruction), (why, Kind::Instruction)]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_long_section_is_broken_into_memories() {
        let text = "word ".repeat(8_000);
        let found = read(Path::new("CLAUDE.md"), &text, Origin::User);
        assert_eq!(found.len(), 3);
    }
}
