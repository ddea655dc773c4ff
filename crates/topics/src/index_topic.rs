//! The index topic: one line for each topic, so that an agent sees at a glance what there is. What a person wrote into
//! it stays.

use std::collections::BTreeSet;

use crate::claims::{BlockKind, blocks};
use crate::links::{links, resolve};

/// Where the index of a store stands.
pub const INDEX_PATH: &str = "/MEMORY.md";
/// Lines of the index that are read at the start of a session.
const LINES_MAX: usize = 200;
/// Bytes of the index that are read at the start of a session.
const BYTES_MAX: usize = 25 * 1_024;
/// Characters of what a line tells of its topic.
const TOLD_CHARS_MAX: usize = 100;
/// How the line begins that says what did not fit.
const MORE: &str = "- … and ";

/// What of an index is read at the start of a session: its first 200 lines or 25 KB, in whole lines.
pub fn index_head(index: &str) -> &str {
    let mut end = 0;
    for line in index.split_inclusive('\n').take(LINES_MAX) {
        if end + line.len() > BYTES_MAX {
            break;
        }
        end += line.len();
    }
    &index[..end]
}

/// The index with a line for every topic: lines that lead to none are dropped, topics without a line get one at the
/// end, in the order of their paths; everything else stays as it is. Refreshing twice changes nothing the second time.
pub fn refresh_index<'topic>(
    present: &str,
    topics: impl IntoIterator<Item = (&'topic str, &'topic str)>,
) -> String {
    let topics: Vec<(&str, &str)> = topics.into_iter().filter(|(path, _)| *path != INDEX_PATH).collect();
    let paths: BTreeSet<&str> = topics.iter().map(|(path, _)| *path).collect();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut index = String::with_capacity(present.len());
    for line in present.split_inclusive('\n') {
        let is_item = line.trim_start().starts_with(['-', '*']);
        let targets: Vec<Option<String>> =
            links(line).iter().map(|link| resolve(INDEX_PATH, link, paths.iter().copied())).collect();
        let alive = |target: &Option<String>| target.as_deref().is_some_and(|path| paths.contains(path));
        let is_dead = is_item && !targets.is_empty() && !targets.iter().any(alive);
        if is_dead || line.starts_with(MORE) {
            continue;
        }
        listed.extend(targets.into_iter().flatten());
        index.push_str(line);
    }
    let missing: Vec<_> = topics.iter().filter(|(path, _)| !listed.contains(*path)).collect();
    if !missing.is_empty() && !index.is_empty() && !index.ends_with('\n') {
        index.push('\n');
    }
    // One line is kept for what does not fit.
    let mut lines = index.lines().count() + 1;
    for (place, (path, content)) in missing.iter().enumerate() {
        let line = index_line(path, content);
        lines += 1;
        if lines > LINES_MAX || index.len() + line.len() + 80 > BYTES_MAX {
            let left = missing.len() - place;
            index.push_str(&format!("{MORE}{left} more: list the store to see them\n"));
            break;
        }
        index.push_str(&line);
    }
    index
}

/// The index without the lines that lead to this topic alone.
pub fn index_without(present: &str, topic: &str) -> String {
    let leads_there = |line: &&str| {
        let links = links(line);
        let to = |link| resolve(INDEX_PATH, link, std::iter::once(topic));
        line.trim_start().starts_with(['-', '*'])
            && !links.is_empty()
            && links.iter().all(|link| to(link).as_deref() == Some(topic))
    };
    present.split_inclusive('\n').filter(|line| !leads_there(line)).collect()
}

/// The index's line for a topic, with its end.
pub fn index_line(path: &str, content: &str) -> String {
    let (mut title, mut told) = (None, None);
    for block in blocks(content) {
        let text = content[block.span].trim();
        match block.kind {
            BlockKind::Heading { .. } if title.is_none() && told.is_none() => {
                title = Some(text.trim_matches('#').trim());
            }
            BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Row if told.is_none() => {
                told = Some(text)
            }
            _ => {}
        }
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let title = plain(title.filter(|title| !title.is_empty()).unwrap_or(name.trim_end_matches(".md")));
    match told.map(plain).filter(|told| !told.is_empty()) {
        Some(told) => format!("- [{title}]({path}) — {told}\n"),
        None => format!("- [{title}]({path})\n"),
    }
}

/// A short text without what would end a link or a line.
fn plain(text: &str) -> String {
    let words = text.trim_start_matches(['-', '*', '+', '|', ' ']).split_whitespace();
    let joined: String = words.collect::<Vec<_>>().join(" ").replace(['[', ']', '(', ')', '|'], "");
    let mut short: String = joined.chars().take(TOLD_CHARS_MAX).collect();
    if short.len() < joined.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_come_and_go_with_their_topics_and_words_of_people_stay() {
        let present = "# Notes\nRead this first.\n- [Old](/old.md) — gone\n- [Tea](/tea.md) — my own words\n- plain item";
        let topics =
            [("/MEMORY.md", "x"), ("/cat.md", "# Miso\nThe [cat] is grey.\n"), ("/tea.md", "# Tea\n")];
        let index = refresh_index(present, topics);
        assert_eq!(
            index,
            "# Notes\nRead this first.\n- [Tea](/tea.md) — my own words\n- plain item\n- [Miso](/cat.md) — The cat is grey.\n"
        );
        assert_eq!(refresh_index(&index, topics), index);
        let without = index_without(&index, "/cat.md");
        assert_eq!(format!("{without}{}", index_line("/cat.md", topics[1].1)), index);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let topics: Vec<(String, String)> =
            (0..300).map(|number| (format!("/{number:03}.md"), "x".repeat(90))).collect();
        let index = refresh_index("", topics.iter().map(|(path, content)| (path.as_str(), content.as_str())));
        assert_eq!(index_head(&index), index);
        assert!(index.lines().last().unwrap().starts_with(MORE), "{index}");
        let again =
            refresh_index(&index, topics.iter().map(|(path, content)| (path.as_str(), content.as_str())));
        assert_eq!(again, index);
    }

    proptest! {
        #[test]
        fn refreshing_twice_is_refreshing_once(
            present in "((- )?(\\[a\\]\\(/[ab].md\\))?[a-c ]{0,4}\n?){0,8}",
            topics in proptest::collection::btree_map("/[ab]\\.md", "(# [a-c]{1,3}\n)?[a-c\\[\\])(|\n]{0,8}", 0..3)
        ) {
            let topics = || topics.iter().map(|(path, content)| (path.as_str(), content.as_str()));
            let once = refresh_index(&present, topics());
            prop_assert_eq!(refresh_index(&once, topics()), once);
        }
    }
}
