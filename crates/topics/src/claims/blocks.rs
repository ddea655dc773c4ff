//! Blocks: a Markdown text cut into lines that belong together. Cutting loses nothing.

use std::ops::Range;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Empty lines.
    Blank,
    /// What stands between `---` at the very beginning.
    FrontMatter,
    /// A heading.
    Heading {
        /// 1 to 6.
        level: usize,
    },
    /// A fenced block of code, with its fences.
    Code,
    /// An item of a list, with the lines that go on with it but without the items below it.
    Item {
        /// Columns that it is indented by.
        indent: usize,
    },
    /// A row of a table.
    Row,
    /// A line that only separates: under a table's head, or between parts.
    Rule,
    /// Lines of running text.
    Paragraph,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes, with the line's end.
    pub span: Range<usize>,
}

/// The blocks of a text, in order; their spans follow each other without a gap.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    let front = front_matter(text);
    if front > 0 {
        found.push(Block { kind: BlockKind::FrontMatter, span: 0..front });
        at = front;
    }
    for line in text[at..].split_inclusive('\n') {
        let span = at..at + line.len();
        at = span.end;
        let marker = fence_of(line);
        if let Some(open) = fence {
            extend(&mut found, BlockKind::Code, span);
            let closes = marker.is_some_and(|marker| marker.starts_with(open))
                && line.trim().trim_start_matches(['`', '~']).is_empty();
            fence = fence.filter(|_| !closes);
            continue;
        }
        if let Some(marker) = marker {
            fence = Some(marker);
            found.push(Block { kind: BlockKind::Code, span });
            continue;
        }
        let kind = kind_of(line);
        match kind {
            BlockKind::Paragraph if goes_on(found.last(), line) => join(&mut found, span),
            BlockKind::Blank => extend(&mut found, kind, span),
            _ => found.push(Block { kind, span }),
        }
    }
    found
}

/// Bytes of the front matter; 0 when there is none.
fn front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    if lines.next().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    let mut at = text.split_inclusive('\n').next().map_or(0, str::len);
    for line in lines {
        at += line.len();
        if line.trim_end() == "---" {
            return at;
        }
    }
    0
}

fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))
}

fn kind_of(line: &str) -> BlockKind {
    let bare = line.trim();
    if bare.is_empty() {
        return BlockKind::Blank;
    }
    let hashes = bare.len() - bare.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && bare[hashes..].chars().next().is_none_or(char::is_whitespace) {
        return BlockKind::Heading { level: hashes };
    }
    let only = |marks: &str| bare.chars().all(|mark| marks.contains(mark));
    if only("-*_ ") && bare.chars().filter(|mark| !mark.is_whitespace()).count() >= 3 {
        return BlockKind::Rule;
    }
    if bare.starts_with('|') {
        return if only("|-: ") { BlockKind::Rule } else { BlockKind::Row };
    }
    match marker(line) {
        Some(_) => BlockKind::Item { indent: indent(line) },
        None => BlockKind::Paragraph,
    }
}

/// Whether a line of text goes on with the block before: a paragraph's next line, or an item's, which need not be
/// indented (CommonMark: lazy continuation).
fn goes_on(before: Option<&Block>, _line: &str) -> bool {
    before.is_some_and(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. }))
}

fn extend(found: &mut Vec<Block>, kind: BlockKind, span: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.kind == kind => last.span.end = span.end,
        _ => found.push(Block { kind, span }),
    }
}

fn join(found: &mut [Block], span: Range<usize>) {
    if let Some(last) = found.last_mut() {
        last.span.end = span.end;
    }
}

fn indent(line: &str) -> usize {
    let mut columns = 0;
    for character in line.chars() {
        match character {
            ' ' => columns += 1,
            '\t' => columns += 4,
            _ => break,
        }
    }
    columns
}

/// Bytes of an item's marker with the white space around it; `None` for a line that begins no item.
fn marker(line: &str) -> Option<usize> {
    let bare = line.trim_start();
    let lead = line.len() - bare.len();
    let digits = bare.len() - bare.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let mark = match (digits, bare[digits..].chars().next()?) {
        (0, '-' | '*' | '+') => 1,
        (1..=9, '.' | ')') => digits + 1,
        _ => return None,
    };
    let rest = &bare[mark..];
    let text = rest.trim_start_matches([' ', '\t']);
    if rest.len() == text.len() && !text.trim().is_empty() {
        return None;
    }
    let mut end = mark + rest.len() - text.len();
    for task in ["[ ] ", "[x] ", "[X] "] {
        if text.starts_with(task) {
            end += task.len();
        }
    }
    Some(lead + end)
}

/// An item's words.
pub(super) fn without_marker(item: &str) -> &str {
    item[marker(item).unwrap_or(0)..].trim()
}
