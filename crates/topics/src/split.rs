//! Split: an oversized topic becomes several, one for each of its parts under a heading.

use crate::claims::{BlockKind, blocks};

/// A topic that a split makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its path.
    pub path: String,
    /// Its content.
    pub content: String,
}

/// Splits a topic by the outermost headings of which there are several: the topic keeps what stands before them, and a
/// list of links; each part gets a path below its own. `None` when there is nothing to split by.
///
/// The contents together hold every line of the text once, and the links.
pub fn split(path: &str, text: &str) -> Option<Vec<Part>> {
    let headings: Vec<(usize, usize)> = blocks(text)
        .into_iter()
        .filter_map(|block| match block.kind {
            BlockKind::Heading { level } => Some((level, block.span.start)),
            _ => None,
        })
        .collect();
    let level = (1..=6).find(|level| headings.iter().filter(|(found, _)| found == level).count() > 1)?;
    let starts: Vec<usize> =
        headings.iter().filter(|(found, _)| *found == level).map(|(_, at)| *at).collect();
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let mut stub = text[..starts[0]].to_owned();
    if !stub.is_empty() && !stub.ends_with('\n') {
        stub.push('\n');
    }
    let mut parts: Vec<Part> = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(text.len());
        let content = &text[*start..end];
        let title = content.lines().next().unwrap_or_default().trim().trim_matches('#').trim();
        let base = slug(title);
        let mut part_path = format!("{stem}/{base}.md");
        let mut count = 2;
        while parts.iter().any(|part| part.path == part_path) {
            part_path = format!("{stem}/{base}-{count}.md");
            count += 1;
        }
        stub.push_str(&format!("- [{}]({part_path})\n", title.replace(['[', ']'], "")));
        parts.push(Part { path: part_path, content: content.to_owned() });
    }
    parts.insert(0, Part { path: path.to_owned(), content: stub });
    Some(parts)
}

/// A title as a file's name.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for character in title.chars().take(60) {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "part".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::claims;

    #[test]
    fn every_claim_is_kept_once() {
        let text = "# House\nThe house has a garden.\n## Kitchen\n- tiles\n### Oven\nIt is new.\n## Kitchen\n- more\n## Été [1]\nx\n";
        let parts = split("/house.md", text).unwrap();
        let paths: Vec<&str> = parts.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(paths, ["/house.md", "/house/kitchen.md", "/house/kitchen-2.md", "/house/été-1.md"]);
        let mut kept: Vec<_> =
            parts.iter().flat_map(|part| claims(&part.content)).map(|claim| claim.hash).collect();
        let links = claims("- Kitchen /house/kitchen.md\n").len();
        assert_eq!(links, 1);
        for claim in claims(text) {
            let place = kept.iter().position(|hash| *hash == claim.hash);
            kept.remove(place.unwrap_or_else(|| panic!("{claim:?} is lost")));
        }
        assert_eq!(kept.len(), 3, "only the links are new");
    }

    #[test]
    fn what_has_one_heading_stays_whole() {
        assert_eq!(split("/a.md", "# One\ntext\n"), None);
        assert_eq!(split("/a.md", "text"), None);
    }
}
