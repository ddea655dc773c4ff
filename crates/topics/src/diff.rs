//! Differences: of lines, for machines and for people, and of words within changed lines.

use similar::{ChangeTag, DiffOp, TextDiff};

/// One step from an old text to a new one, in whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// So many lines stay.
    Keep(usize),
    /// So many lines go.
    Remove(usize),
    /// These come.
    Insert(String),
}

/// How an old text becomes a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineDiff {
    /// The steps, in order.
    pub edits: Vec<Edit>,
    /// Lines that come.
    pub inserted_count: usize,
    /// Lines that go.
    pub removed_count: usize,
}

impl LineDiff {
    /// The new text; `None` when the old one has other lines than the steps expect.
    pub fn apply(&self, old: &str) -> Option<String> {
        let mut lines = old.split_inclusive('\n');
        let mut new = String::with_capacity(old.len());
        for edit in &self.edits {
            match edit {
                Edit::Keep(count) => {
                    for _ in 0..*count {
                        new.push_str(lines.next()?);
                    }
                }
                Edit::Remove(count) => {
                    for _ in 0..*count {
                        lines.next()?;
                    }
                }
                Edit::Insert(text) => new.push_str(text),
            }
        }
        if lines.next().is_some() { None } else { Some(new) }
    }
}

/// How one text becomes another.
pub fn diff(old: &str, new: &str) -> LineDiff {
    let (old, new) = (lines(old), lines(new));
    let mut diff = LineDiff::default();
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new) {
        let removed = op.old_range().len();
        let inserted: String = new[op.new_range()].concat();
        match op {
            DiffOp::Equal { len, .. } => diff.edits.push(Edit::Keep(len)),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                if removed > 0 {
                    diff.edits.push(Edit::Remove(removed));
                }
                diff.inserted_count += op.new_range().len();
                diff.removed_count += removed;
                if !inserted.is_empty() {
                    diff.edits.push(Edit::Insert(inserted));
                }
            }
        }
    }
    diff
}

/// Which lines of one text stand in another: places of both, in order.
pub fn kept_lines(old: &str, new: &str) -> Vec<(usize, usize)> {
    let (old, new) = (lines(old), lines(new));
    let mut kept = Vec::new();
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            kept.extend((0..len).map(|step| (old_index + step, new_index + step)));
        }
    }
    kept
}

/// The difference in the unified form, with three lines around each change; empty when there is none.
pub fn unified(old: &str, new: &str, (old_name, new_name): (&str, &str)) -> String {
    if old == new {
        return String::new();
    }
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).header(old_name, new_name).to_string()
}

/// A piece of a line before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordPart {
    /// In both.
    Same(String),
    /// Only in the old one.
    Removed(String),
    /// Only in the new one.
    Inserted(String),
}

/// The difference of two short texts word by word.
pub fn word_diff(old: &str, new: &str) -> Vec<WordPart> {
    let diff = TextDiff::from_words(old, new);
    let mut parts: Vec<WordPart> = Vec::new();
    for change in diff.iter_all_changes() {
        let text = change.value();
        match (change.tag(), parts.last_mut()) {
            (ChangeTag::Equal, Some(WordPart::Same(last)))
            | (ChangeTag::Delete, Some(WordPart::Removed(last)))
            | (ChangeTag::Insert, Some(WordPart::Inserted(last))) => last.push_str(text),
            (ChangeTag::Equal, _) => parts.push(WordPart::Same(text.to_owned())),
            (ChangeTag::Delete, _) => parts.push(WordPart::Removed(text.to_owned())),
            (ChangeTag::Insert, _) => parts.push(WordPart::Inserted(text.to_owned())),
        }
    }
    parts
}

pub(crate) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_diff_counts_lines_and_reads_like_one() {
        let found = diff("a\nb\nc\n", "a\nx\ny\nc\n");
        assert_eq!((found.inserted_count, found.removed_count), (2, 1));
        let told = unified("a\nb\n", "a\nc\n", ("old", "new"));
        assert!(told.starts_with("--- old\n+++ new\n") && told.contains("-b\n+c\n"), "{told}");
        assert_eq!(unified("a", "a", ("old", "new")), "");
        assert_eq!(kept_lines("a\nb\nc\n", "x\nb\nc\n"), [(1, 1), (2, 2)]);
    }

    #[test]
    fn words_that_changed_are_told() {
        use WordPart::{Inserted, Removed, Same};
        let parts = word_diff("Ana drinks tea", "Ana drinks coffee");
        assert_eq!(parts, [Same("Ana drinks ".into()), Removed("tea".into()), Inserted("coffee".into())]);
    }

    proptest! {
        #[test]
        fn applying_a_diff_gives_the_new_text(old in "([ab]{0,2}\r?\n?){0,12}", new in "([ab]{0,2}\r?\n?){0,12}") {
            prop_assert_eq!(diff(&old, &new).apply(&old), Some(new.clone()));
            let told: String = word_diff(&old, &new).iter().map(|part| match part {
                WordPart::Same(text) | WordPart::Inserted(text) => text.as_str(),
                WordPart::Removed(_) => "",
            }).collect();
            prop_assert_eq!(told, new);
        }
    }
}
