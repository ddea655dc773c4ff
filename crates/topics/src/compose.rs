//! Compose: several changes of one text made into one, where no two of them touch the same bytes. Unlike a three-way
//! merge it lets changes stand side by side, because each of them is looked at and accepted by itself.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::diff::lines;

/// A line is still the same line where one of so many parts of its bytes stays.
const KEPT_PARTS: usize = 4;

/// Bytes of the base and what stands in their place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Replacement {
    start: usize,
    end: usize,
    text: String,
}

/// The text with all the changes, given as what each alone makes of `base`; `None` where two of them touch the same
/// bytes in different ways. What two of them insert between the same lines stands in the order of the changes.
pub fn compose(base: &str, changed: &[&str]) -> Option<String> {
    let mut all: Vec<Replacement> = Vec::new();
    for new in changed {
        for replacement in replacements(base, new) {
            if !all.contains(&replacement) {
                all.push(replacement);
            }
        }
    }
    // Stable, so that insertions at one place keep the order of the changes; before what begins there.
    all.sort_by_key(|replacement| (replacement.start, replacement.end));
    let mut text = String::with_capacity(base.len());
    let mut at = 0;
    let mut inserted: Option<(usize, bool)> = None;
    for replacement in all {
        if replacement.start < at {
            return None;
        }
        if replacement.start == replacement.end {
            // Within a line, nobody knows which of two insertions comes first.
            let is_line = replacement.start == 0
                || base[..replacement.start].ends_with('\n')
                || replacement.text.starts_with('\n');
            let clashes = inserted
                .is_some_and(|(place, was_line)| place == replacement.start && !(was_line && is_line));
            if clashes {
                return None;
            }
            inserted = Some((replacement.start, is_line));
        }
        text.push_str(&base[at..replacement.start]);
        text.push_str(&replacement.text);
        at = replacement.end;
    }
    text.push_str(&base[at..]);
    Some(text)
}

/// How a text becomes another: in lines, and in words where lines changed.
fn replacements(old: &str, new: &str) -> Vec<Replacement> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let mut found = Vec::new();
    for (span, text) in changes(&old_lines, &new_lines) {
        match refined(&old[span.clone()], &text) {
            Some(words) => found.extend(words.into_iter().map(|(inner, text)| Replacement {
                start: span.start + inner.start,
                end: span.start + inner.end,
                text,
            })),
            None => found.push(Replacement { start: span.start, end: span.end, text }),
        }
    }
    found
}

/// Where words differ within lines that changed: at the end only, or in lines that are still the same lines. `None` where
/// other lines stand in their place: words that both happen to have would let two changes run into each other.
fn refined(old: &str, new: &str) -> Option<Vec<(Range<usize>, String)>> {
    if old.is_empty() {
        return None;
    }
    if let Some(rest) = new.strip_prefix(old) {
        return Some(vec![(old.len()..old.len(), rest.to_owned())]);
    }
    if lines(old).len() != lines(new).len() {
        return None;
    }
    let words = changes(&tokens(old), &tokens(new));
    let gone: usize = words.iter().map(|(span, _)| span.len()).sum();
    (KEPT_PARTS * (old.len() - gone) >= old.len()).then_some(words)
}

/// Where two lists of pieces differ: bytes of the old one, and what is there instead.
fn changes(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, String)> {
    let mut starts = vec![0];
    for piece in old {
        starts.push(starts[starts.len() - 1] + piece.len());
    }
    let mut found = Vec::new();
    let mut at = 0;
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        // An insertion's own place in the old list may be stale: `similar` 2.7 moves steps past each other and leaves it.
        let before = at..at + op.old_range().len();
        at = before.end;
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                found.push((starts[before.start]..starts[before.end], new[op.new_range()].concat()));
            }
        }
    }
    found
}

/// Words and what stands between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut was_space = None;
    for (at, character) in text.char_indices() {
        let is_space = character.is_whitespace();
        if was_space.is_some_and(|was| was != is_space) {
            found.push(&text[from..at]);
            from = at;
        }
        was_space = Some(is_space);
    }
    if from < text.len() {
        found.push(&text[from..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(base: &str, changed: &[&str], expected: Option<&str>) {
        assert_eq!(compose(base, changed).as_deref(), expected, "{base:?} {changed:?}");
    }

    #[test]
    fn changes_side_by_side_stand_together() {
        check("a\nb\nc\n", &["b\nc\n", "a\nc\n"], Some("c\n"));
        check("a b c\n", &["A b c\n", "a b C\n"], Some("A b C\n"));
        check("a\n", &["a\nx\n", "a\ny\n"], Some("a\nx\ny\n"));
        check("a\nb\n", &["b\n", "a\nb\nx\n"], Some("b\nx\n"));
        check("a", &["a\n- x\n", "a (b)"], None);
    }

    #[test]
    fn a_change_does_not_clash_with_itself() {
        check("a\na\n a\n \n", &[" \n\n\n \n"], Some(" \n\n\n \n"));
        check("a\naa\na", &["aa aa aa\n"], Some("aa aa aa\n"));
    }

    #[test]
    fn one_place_is_changed_in_one_way() {
        check("a\nb\n", &["x\nb\n", "y\nb\n"], None);
        check("a\nb\n", &["x\nb\n", "b\n"], None);
        check("a\nb\n", &["b\n", "b\n"], Some("b\n"));
        check("one two three four\nb\n", &["un deux trois quatre\nb\n", "one two three five\nb\n"], None);
        check("a\nb\nc\n", &["other\n", "a\nb\nx\nc\n"], None);
    }

    proptest! {
        #[test]
        fn one_change_alone_is_taken(base in "([ab]{0,2} ?\n?){0,10}", new in "([ab]{0,2} ?\n?){0,10}") {
            prop_assert_eq!(compose(&base, &[&new]), Some(new.clone()));
            prop_assert_eq!(compose(&base, &[&base, &new, &base]), Some(new));
        }

        #[test]
        fn lines_apart_are_all_taken(count in 1usize..8, picks in proptest::collection::btree_map(0usize..8, 0u8..3, 0..8)) {
            let base: Vec<String> = (0..count).map(|line| format!("line {line}\n")).collect();
            let of = |picked: &[(usize, u8)]| -> String {
                base.iter().enumerate().map(|(at, line)| match picked.iter().find(|(pick, _)| *pick == at) {
                    Some((_, 0)) => String::new(),
                    Some((_, 1)) => format!("other {at}\n"),
                    Some(_) => format!("{line}more {at}\n"),
                    None => line.clone(),
                }).collect()
            };
            let picks: Vec<(usize, u8)> = picks.into_iter().filter(|(at, _)| *at < count).collect();
            let alone: Vec<String> = picks.iter().map(|pick| of(&[*pick])).collect();
            let alone: Vec<&str> = alone.iter().map(String::as_str).collect();
            prop_assert_eq!(compose(&base.concat(), &alone), Some(of(&picks)));
        }
    }
}
