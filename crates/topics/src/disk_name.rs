//! Disk names: each path as a relative file name that any file system can hold, and back.
//!
//! Ordinary names stay as they are. What a file system might refuse is written as `%` and two hexadecimal digits; a
//! segment that is too long goes on in a folder of its own (`%-` at its end); and of names that would meet in one
//! folder, because they differ by case alone or one is a file and one a folder, all but the first end in `%_`, as
//! often as it takes. Reading back needs none of the other names.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::path::TopicPath;

/// Bytes of one part of a name; file systems allow 255.
const PART_BYTES_MAX: usize = 200;
/// What a part ends with that goes on in the next.
const GOES_ON: &str = "%-";
/// What a part ends with that would meet another; it stands for nothing.
const APART: &str = "%_";
/// Names that some systems keep for devices, whatever stands behind a dot.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The file name of each path, parts joined by `/`. No two names are the same, also where case does not count.
pub fn disk_names<'path>(
    paths: impl IntoIterator<Item = &'path TopicPath>,
) -> BTreeMap<&'path TopicPath, String> {
    let paths: BTreeSet<&TopicPath> = paths.into_iter().collect();
    let mut root = Folder::default();
    paths.into_iter().map(|path| (path, root.name(&parts_of(path)))).collect()
}

/// The path of a file name; `None` when it is no topic's.
pub fn decode(name: &str) -> Option<TopicPath> {
    let name: String = name.nfc().collect();
    let mut path = String::new();
    let mut goes_on = false;
    for part in name.split('/') {
        if !goes_on {
            path.push('/');
        }
        goes_on = part.ends_with(GOES_ON);
        let mut part = part.strip_suffix(GOES_ON).unwrap_or(part);
        while let Some(shorter) = part.strip_suffix(APART) {
            part = shorter;
        }
        path.push_str(&unescape(part)?);
    }
    if goes_on { None } else { path.parse().ok() }
}

/// One part of a name before it is known what it meets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    text: String,
    goes_on: bool,
    is_folder: bool,
}

/// What a folder holds so far.
#[derive(Default)]
struct Folder {
    /// Names as a file system sees them that does not tell cases apart.
    taken: BTreeSet<String>,
    parts: BTreeMap<Part, (String, Self)>,
}

impl Folder {
    fn name(&mut self, parts: &[Part]) -> String {
        let Some((first, rest)) = parts.split_first() else { return String::new() };
        let taken = &mut self.taken;
        let (name, below) = self.parts.entry(first.clone()).or_insert_with(|| {
            let tail = if first.goes_on { GOES_ON } else { "" };
            let mut name = format!("{}{tail}", first.text);
            let mut apart = String::new();
            while !taken.insert(fold(&name)) {
                apart.push_str(APART);
                name = format!("{}{apart}{tail}", first.text);
            }
            (name, Self::default())
        });
        if rest.is_empty() { name.clone() } else { format!("{name}/{}", below.name(rest)) }
    }
}

/// A name as the most forgetful file system sees it.
fn fold(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

fn parts_of(path: &TopicPath) -> Vec<Part> {
    let mut parts: Vec<Part> = path.as_str()[1..].split('/').flat_map(parts_of_segment).collect();
    if let Some(last) = parts.last_mut() {
        last.is_folder = false;
    }
    parts
}

/// One segment, in as many parts as it needs.
fn parts_of_segment(segment: &str) -> Vec<Part> {
    let last = segment.chars().count() - 1;
    let stem = segment.split('.').next().unwrap_or_default();
    let is_reserved = RESERVED.contains(&stem.to_lowercase().as_str());
    let (mut parts, mut text) = (Vec::new(), String::new());
    for (place, character) in segment.chars().enumerate() {
        if text.len() > PART_BYTES_MAX {
            parts.push(Part { text: std::mem::take(&mut text), goes_on: true, is_folder: true });
        }
        let must = match character {
            '%' | '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*' => true,
            '.' => text.is_empty() || place == last,
            ' ' => place == last,
            _ => place == 0 && is_reserved,
        };
        if must {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            bytes.for_each(|byte| text.push_str(&format!("%{byte:02X}")));
        } else {
            text.push(character);
        }
    }
    parts.push(Part { text, goes_on: false, is_folder: true });
    parts
}

fn unescape(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        // `u8::from_str_radix` takes a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        let paths: Vec<TopicPath> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let names = disk_names(&paths);
        for (path, name) in &names {
            assert_eq!(decode(name).as_ref(), Some(*path), "{name}");
        }
        names.into_values().collect()
    }

    #[test]
    fn ordinary_names_stay() {
        assert_eq!(
            names(&["/MEMORY.md", "/projects/kitchen plan.md"]),
            ["MEMORY.md", "projects/kitchen plan.md"]
        );
        assert_eq!(names(&["/Ünder/日本.md"]), ["Ünder/日本.md"]);
    }

    #[test]
    fn what_a_file_system_refuses_is_escaped() {
        assert_eq!(names(&["/.git/a"]), ["%2Egit/a"]);
        assert_eq!(names(&["/con.txt", "/end.", "/q?", "/100%"]), ["100%25", "%63on.txt", "end%2E", "q%3F"]);
    }

    #[test]
    fn names_that_would_meet_are_kept_apart() {
        assert_eq!(names(&["/a", "/a/b"]), ["a", "a%_/b"]);
        assert_eq!(names(&["/README.md", "/readme.md"]), ["README.md", "readme.md%_"]);
    }

    proptest! {
        #[test]
        fn every_set_of_paths_gets_names_that_differ_and_read_back(
            paths in proptest::collection::btree_set("(/[aAbB.%_é\u{130}ſK :~-]{1,4}){1,3}", 1..12)
        ) {
            let paths: Vec<TopicPath> = paths.iter().filter_map(|path| path.parse().ok()).collect();
            let names = disk_names(&paths);
            let folded: BTreeSet<String> = names.values().map(|name| fold(name)).collect();
            prop_assert_eq!(folded.len(), paths.len(), "{:?}", names);
            for (path, name) in &names {
                prop_assert_eq!(decode(name), Some((*path).clone()), "{}", name);
                for part in name.split('/') {
                    prop_assert!(part.len() <= 255 && !part.starts_with('.') && !part.ends_with(['.', ' ']));
                }
                // No file is a folder of another.
                for other in names.values() {
                    let below = format!("{}/", fold(name));
                    prop_assert!(!fold(other).starts_with(&below), "{} and {}", name, other);
                }
            }
        }

        #[test]
        fn long_segments_are_cut_and_read_back(segment in "[a.é ]{300,500}") {
            let Ok(path) = format!("/x/{segment}").parse::<TopicPath>() else { return Ok(()) };
            let names = disk_names([&path]);
            let name = &names[&path];
            prop_assert!(name.split('/').all(|part| part.len() <= 255), "{}", name);
            prop_assert_eq!(decode(name), Some(path.clone()));
        }
    }
}
