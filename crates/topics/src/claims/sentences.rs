//! Sentences of a paragraph.

use std::ops::Range;

/// Words after which a dot ends nothing.
const SHORT: [&str; 18] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "no", "approx", "e.g", "i.e", "etc", "cf", "inc", "ltd",
    "jr", "sr", "fig",
];

/// Where the sentences of a text stand, without the white space around them.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, mark) in text.char_indices() {
        if ends(text, at, mark) {
            push(text, from..at + mark.len_utf8(), &mut found);
            from = at + mark.len_utf8();
        }
    }
    push(text, from..text.len(), &mut found);
    found
}

fn push(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let raw = &text[span.clone()];
    let (start, end) = (raw.len() - raw.trim_start().len(), raw.trim_end().len());
    if start < end {
        found.push(span.start + start..span.start + end);
    }
}

fn ends(text: &str, at: usize, mark: char) -> bool {
    match mark {
        '。' | '！' | '？' => return true,
        '.' | '!' | '?' => {}
        _ => return false,
    }
    let after = &text[at + 1..];
    let next = after.chars().next();
    if next.is_some_and(|next| !next.is_whitespace()) {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let word = text[..at].rsplit(|gap: char| gap.is_whitespace() || gap == '(').next().unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    !is_initial && !SHORT.contains(&word.to_lowercase().as_str())
}
