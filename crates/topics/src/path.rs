//! Paths: where a topic stands in its store, as the wire's rule allows.

use std::fmt;
use std::str::FromStr;

use unicode_categories::UnicodeCategories;
use unicode_normalization::is_nfc;

/// Bytes of a path.
const PATH_BYTES_MAX: usize = 1_024;

/// Where a topic stands: `/projects/kitchen.md`. Case counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicPath(String);

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// No slash at the beginning.
    #[error("path `{0}` does not begin with `/`: write `/notes/tea.md`")]
    NotAbsolute(String),
    /// Nothing behind the slash.
    #[error("path `/` names no topic: put a name behind the slash")]
    Root,
    /// Too many bytes.
    #[error("the path has {bytes} bytes, at most {PATH_BYTES_MAX} are allowed")]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// Two slashes together, or one at the end.
    #[error("path `{0}` has an empty segment: write single slashes and none at the end")]
    EmptySegment(String),
    /// `.` or `..`.
    #[error("path `{0}` has a segment `.` or `..`: write the whole path")]
    DotSegment(String),
    /// A character that cannot be seen.
    #[error("path `{0}` has a control or format character: remove it")]
    Unprintable(String),
    /// Not in Unicode's composed form.
    #[error("path `{0}` is not in the Unicode form NFC: compose its accents")]
    NotComposed(String),
    /// A prefix that does not end at a segment.
    #[error("prefix `{0}` does not end with `/`: a prefix names whole segments")]
    OpenPrefix(String),
}

impl TopicPath {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The path up to and with the last slash.
    pub fn folder(&self) -> &str {
        &self.0[..self.0.len() - self.name().len()]
    }
}

impl fmt::Display for TopicPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TopicPath {
    type Err = InvalidPath;

    fn from_str(text: &str) -> Result<Self, InvalidPath> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }
}

fn check(text: &str) -> Result<(), InvalidPath> {
    if text.len() > PATH_BYTES_MAX {
        return Err(InvalidPath::TooLong { bytes: text.len() });
    }
    let Some(rest) = text.strip_prefix('/') else { return Err(InvalidPath::NotAbsolute(shown(text))) };
    if rest.is_empty() {
        return Err(InvalidPath::Root);
    }
    for segment in rest.split('/') {
        match segment {
            "" => return Err(InvalidPath::EmptySegment(shown(text))),
            "." | ".." => return Err(InvalidPath::DotSegment(shown(text))),
            _ => {}
        }
    }
    if text.chars().any(is_unprintable) {
        return Err(InvalidPath::Unprintable(shown(text)));
    }
    if !is_nfc(text) {
        return Err(InvalidPath::NotComposed(shown(text)));
    }
    Ok(())
}

/// Control and format characters, and the two separators of lines and paragraphs.
fn is_unprintable(character: char) -> bool {
    character.is_control() || character.is_other_format() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// What of a text stands in an error: short, and visible.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    short.escape_debug().to_string()
}

/// Refuses a prefix that is not `/` or a path with a slash at its end.
///
/// # Errors
/// As for a path.
pub fn check_prefix(prefix: &str) -> Result<(), InvalidPath> {
    match prefix.strip_suffix('/') {
        None => Err(InvalidPath::OpenPrefix(shown(prefix))),
        Some("") => Ok(()),
        Some(path) => check(path),
    }
}

/// What a listing at depth 1 shows of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed<'path> {
    /// The topic itself.
    Topic,
    /// What it stands below, with a slash at its end.
    Prefix(&'path str),
}

/// What stands directly under a prefix of the path: the topic, or a further prefix.
pub fn listed_under<'path>(prefix: &str, path: &'path str) -> Listed<'path> {
    let from = prefix.len().min(path.len());
    match path[from..].find('/') {
        Some(slash) => Listed::Prefix(&path[..=from + slash]),
        None => Listed::Topic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, is_valid: bool) {
        assert_eq!(path.parse::<TopicPath>().is_ok(), is_valid, "{path:?}");
    }

    #[test]
    fn paths_follow_the_rule_in_bytes() {
        for path in ["/a", "/a/b", "/.hidden", "/A.md", "/a b/c~d", "/con", "/…", "/é"] {
            check(path, true);
        }
        check(&format!("/{}", "x".repeat(1_023)), true);
        check(&format!("/{}", "é".repeat(511)), true);
        check(&format!("/{}", "x".repeat(1_024)), false);
        check(&format!("/{}", "é".repeat(512)), false);
        let bad =
            ["", "a", "/", "//a", "/a/", "/a//b", "/./a", "/a/..", "/a\u{1}", "/a\u{200b}", "/a\u{2028}"];
        for path in bad.into_iter().chain(["/e\u{301}", "/a\u{7f}", "/\u{feff}a"]) {
            check(path, false);
        }
    }

    #[test]
    fn an_error_shows_what_cannot_be_seen() {
        let error = "/a\u{200b}b".parse::<TopicPath>().unwrap_err();
        assert!(error.to_string().contains("\\u{200b}"), "{error}");
    }

    #[test]
    fn prefixes_name_whole_segments() {
        assert!(check_prefix("/").is_ok() && check_prefix("/a/b/").is_ok());
        for prefix in ["", "/a", "a/", "//", "/a//", "/../"] {
            assert!(check_prefix(prefix).is_err(), "{prefix:?}");
        }
        assert_eq!(listed_under("/", "/a/b/c"), Listed::Prefix("/a/"));
        assert_eq!(listed_under("/a/", "/a/b/c"), Listed::Prefix("/a/b/"));
        assert_eq!(listed_under("/a/b/", "/a/b/c"), Listed::Topic);
    }

    #[test]
    fn a_path_knows_its_folder_and_name() {
        let path: TopicPath = "/a/b/c.md".parse().unwrap();
        assert_eq!((path.folder(), path.name()), ("/a/b/", "c.md"));
    }
}
