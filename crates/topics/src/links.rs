//! Links: from one topic to another, as Markdown or as `[[name]]`.

use std::ops::Range;

/// A link to another topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where its target stands in the text, in bytes.
    pub span: Range<usize>,
    /// The target as it is written, without a fragment.
    pub target: String,
    /// Whether it is written as `[[name]]`.
    pub is_wiki: bool,
}

/// The links of a text to other topics: to an absolute path, to a relative one that ends in `.md`, or `[[name]]`.
/// Addresses with a scheme and anchors within the text are none.
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find('[') {
        let open = at + step;
        at = open + 1;
        if let Some(inner) = text[open..].strip_prefix("[[")
            && let Some(end) = inner.find("]]")
            && !inner[..end].contains(['\n', '['])
        {
            push(text, open + 2..open + 2 + end, true, &mut found);
            at = open + 2 + end;
            continue;
        }
        let Some(close) = text[open..].find("](").map(|step| open + step) else { continue };
        if text[open..close].contains('\n') {
            continue;
        }
        let Some(end) = text[close + 2..].find([')', '\n']).map(|step| close + 2 + step) else { continue };
        if text[end..].starts_with(')') {
            push(text, close + 2..end, false, &mut found);
            at = end;
        }
    }
    found
}

fn push(text: &str, span: Range<usize>, is_wiki: bool, found: &mut Vec<Link>) {
    let raw = &text[span.clone()];
    let bare = raw.split(['#', '|', ' ']).next().unwrap_or_default();
    let bare = if is_wiki { raw.split(['#', '|']).next().unwrap_or_default().trim_end() } else { bare };
    let is_internal = is_wiki || bare.starts_with('/') || (bare.ends_with(".md") && !bare.contains(':'));
    if !bare.is_empty() && is_internal {
        found.push(Link { span: span.start..span.start + bare.len(), target: bare.to_owned(), is_wiki });
    }
}

/// The path that a link of the topic `from` leads to; `None` where it leads out of the store. For `[[name]]` it is the
/// path that has the name as its last segment, with or without `.md`, when `paths` holds just one.
pub fn resolve<'path>(
    from: &str,
    link: &Link,
    mut paths: impl Iterator<Item = &'path str>,
) -> Option<String> {
    if link.is_wiki {
        let with_ending = format!("{}.md", link.target);
        let is_named = |path: &&str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            name == link.target || name == with_ending || *path == link.target
        };
        let found = paths.by_ref().find(is_named)?;
        return if paths.any(|path| is_named(&path)) { None } else { Some(found.to_owned()) };
    }
    let start = if link.target.starts_with('/') {
        ""
    } else {
        from.rsplit_once('/').map_or("", |(folder, _)| folder)
    };
    let mut segments: Vec<&str> = Vec::new();
    for segment in start.split('/').chain(link.target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(format!("/{}", segments.join("/")))
}

/// The text with every link to a topic that moved leading to its new place. `moved` gives the new path of an old one.
pub fn relink(from: &str, text: &str, moved: impl Fn(&str) -> Option<String>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for link in links(text).into_iter().filter(|link| !link.is_wiki) {
        let Some(target) = resolve(from, &link, std::iter::empty()).and_then(|path| moved(&path)) else {
            continue;
        };
        new.push_str(&text[at..link.span.start]);
        new.push_str(&target);
        at = link.span.end;
    }
    new.push_str(&text[at..]);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, text: &str, expected: Option<&str>) {
        let paths = ["/a/tea.md", "/b/cat.md", "/b/tea2.md"];
        let found = links(text);
        let led = found.first().and_then(|link| resolve(from, link, paths.into_iter()));
        assert_eq!(led.as_deref(), expected, "{text}");
    }

    #[test]
    fn links_lead_to_paths() {
        check("/x/y.md", "see [tea](/a/tea.md#hot)", Some("/a/tea.md"));
        check("/x/y.md", "see [tea](../a/tea.md \"title\")", Some("/a/tea.md"));
        check("/x/y.md", "see [[cat]]", Some("/b/cat.md"));
        check("/x/y.md", "see [[cat|Miso]]", Some("/b/cat.md"));
        check("/x/y.md", "see [[dog]]", None);
        check("/x.md", "out [of](../../here.md)", None);
        for text in
            ["[a](https://example.org/x.md)", "[a](#here)", "[a] (b.md)", "[[a\nb]]", "plain", "[a](b.png)"]
        {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn what_moved_is_linked_anew_and_the_rest_stays() {
        let moved = |path: &str| (path == "/a/tea.md").then(|| "/drinks/tea.md".to_owned());
        let text = "[t](/a/tea.md#hot) and [c](/b/cat.md) and [t](../a/tea.md)";
        let new = relink("/x/y.md", text, moved);
        assert_eq!(new, "[t](/drinks/tea.md#hot) and [c](/b/cat.md) and [t](/drinks/tea.md)");
    }
}
