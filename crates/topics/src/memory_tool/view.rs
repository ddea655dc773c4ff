//! View: a directory two levels deep, or a file with its lines numbered.

use std::collections::BTreeMap;

use super::place::{Place, place};
use super::{Notes, ToolError, ToolOutcome};

/// Lines of a file that is shown.
const LINES_MAX: usize = 999_999;
/// Characters of a file that are shown at once.
const CHARS_MAX: usize = 16_000;

pub(super) fn view(notes: &dyn Notes, path: &str, range: Option<[i64; 2]>) -> Result<ToolOutcome, ToolError> {
    let absent = || ToolError(format!("The path {path} does not exist. Please provide a valid path."));
    let text = match place(path)? {
        Place::Root => directory(notes, path, ""),
        Place::Path(at) => match notes.content(at.as_str()) {
            Some(content) => file(path, &content, range)?,
            None if super::place::below(notes, at.as_str()).is_empty() => return Err(absent()),
            None => directory(notes, path, at.as_str()),
        },
    };
    Ok(ToolOutcome { text, effects: Vec::new() })
}

fn directory(notes: &dyn Notes, shown: &str, folder: &str) -> String {
    let shown = shown.trim_end_matches('/');
    let prefix = format!("{folder}/");
    let mut total = 0;
    let mut entries: BTreeMap<String, u64> = BTreeMap::new();
    for (path, size) in notes.sizes() {
        let Some(rest) = path.strip_prefix(&prefix) else { continue };
        total += size;
        let segments: Vec<&str> = rest.split('/').collect();
        for depth in 1..=segments.len().min(2) {
            if segments[..depth].iter().any(|name| name.starts_with('.') || *name == "node_modules") {
                break;
            }
            let is_folder = depth < segments.len();
            let entry = format!("{}{}", segments[..depth].join("/"), if is_folder { "/" } else { "" });
            *entries.entry(entry).or_default() += size;
        }
    }
    let mut text = format!(
        "Here're the files and directories up to 2 levels deep in {shown}, excluding hidden items and node_modules:\n\
         {}\t{shown}",
        size_of(total)
    );
    for (entry, size) in entries {
        text.push_str(&format!("\n{}\t{shown}/{entry}", size_of(size)));
    }
    text
}

fn file(shown: &str, content: &str, range: Option<[i64; 2]>) -> Result<String, ToolError> {
    let lines: Vec<&str> = content.split('\n').collect();
    if lines.len() > LINES_MAX {
        return Err(ToolError(format!("File {shown} exceeds maximum line limit of 999,999 lines.")));
    }
    let (from, to) = bounds(range, lines.len())?;
    let mut text = format!("Here's the content of {shown} with line numbers:");
    for (place, line) in lines[from..to].iter().enumerate() {
        text.push_str(&format!("\n{}", numbered(from + place, line)));
    }
    if text.chars().count() > CHARS_MAX {
        let cut = text.char_indices().nth(CHARS_MAX).map_or(text.len(), |(at, _)| at);
        text.truncate(cut);
        text.push_str("\n… (truncated: give view_range to see the rest)");
    }
    Ok(text)
}

fn bounds(range: Option<[i64; 2]>, count: usize) -> Result<(usize, usize), ToolError> {
    let Some([from, to]) = range else { return Ok((0, count)) };
    let last = if to == -1 { count as i64 } else { to };
    if from < 1 || from > count as i64 || last < from || last > count as i64 {
        return Err(ToolError(format!(
            "Error: Invalid `view_range` parameter: [{from}, {to}]. It should be within the range of lines of the file: \
             [1, {count}]"
        )));
    }
    Ok((from as usize - 1, last as usize))
}

/// A line with its number, from 1, in six columns.
pub(super) fn numbered(place: usize, line: &str) -> String {
    format!("{:6}\t{line}", place + 1)
}

/// Bytes for people: `512B`, `5.5K`.
fn size_of(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "K", "M", "G"];
    let mut unit = 0;
    let mut size = bytes as f64;
    while size >= 1_024.0 && unit + 1 < UNITS.len() {
        size /= 1_024.0;
        unit += 1;
    }
    if size.fract() == 0.0 {
        format!("{size:.0}{}", UNITS[unit])
    } else {
        format!("{size:.1}{}", UNITS[unit])
    }
}
