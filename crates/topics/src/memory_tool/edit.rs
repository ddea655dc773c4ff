//! Edits: each command as changes of topics.

use super::place::{Place, below, place};
use super::view::numbered;
use super::{Effect, Notes, ToolError, ToolOutcome};
use crate::path::TopicPath;

/// Lines that are shown to each side of a change.
const AROUND: usize = 2;

pub(super) fn create(notes: &dyn Notes, path: &str, text: &str) -> Result<ToolOutcome, ToolError> {
    let at = file_place(path)?;
    let taken = || ToolError(format!("Error: File {path} already exists"));
    if notes.content(at.as_str()).is_some() || !below(notes, at.as_str()).is_empty() {
        return Err(taken());
    }
    let effect = Effect::Create { path: at.to_string(), content: text.to_owned() };
    Ok(ToolOutcome { text: format!("File created successfully at: {path}"), effects: vec![effect] })
}

pub(super) fn str_replace(
    notes: &dyn Notes,
    path: &str,
    (old, new): (&str, &str),
) -> Result<ToolOutcome, ToolError> {
    let absent = || ToolError(format!("Error: The path {path} does not exist. Please provide a valid path."));
    let (at, content) = existing(notes, path).ok_or_else(absent)?;
    let found: Vec<usize> =
        if old.is_empty() { Vec::new() } else { content.match_indices(old).map(|(at, _)| at).collect() };
    let line_of = |at: usize| content[..at].matches('\n').count() + 1;
    match found[..] {
        [] => Err(ToolError(format!(
            "No replacement was performed, old_str `{old}` did not appear verbatim in {path}."
        ))),
        [at_byte] => {
            let edited = format!("{}{new}{}", &content[..at_byte], &content[at_byte + old.len()..]);
            let text = format!(
                "The memory file has been edited. Here is the snippet showing the change (with line numbers):\n{}",
                snippet(&edited, line_of(at_byte) - 1, new.matches('\n').count())
            );
            Ok(ToolOutcome { text, effects: vec![Effect::Write { path: at.to_string(), content: edited }] })
        }
        _ => {
            let lines: Vec<String> = found.iter().map(|at| line_of(*at).to_string()).collect();
            Err(ToolError(format!(
                "No replacement was performed. Multiple occurrences of old_str `{old}` in lines: {}. Please ensure it \
                 is unique",
                lines.join(", ")
            )))
        }
    }
}

fn snippet(content: &str, first: usize, more: usize) -> String {
    let lines: Vec<&str> = content.split('\n').collect();
    let from = first.saturating_sub(AROUND);
    let to = (first + more + AROUND + 1).min(lines.len());
    let shown: Vec<String> =
        lines[from..to].iter().enumerate().map(|(place, line)| numbered(from + place, line)).collect();
    shown.join("\n")
}

pub(super) fn insert(
    notes: &dyn Notes,
    path: &str,
    (line, text): (i64, &str),
) -> Result<ToolOutcome, ToolError> {
    let absent = || ToolError(format!("Error: The path {path} does not exist"));
    let (at, content) = existing(notes, path).ok_or_else(absent)?;
    let mut lines: Vec<&str> = content.split('\n').collect();
    // What ends with a line's end has no line behind it.
    let count = if content.ends_with('\n') || content.is_empty() { lines.len() - 1 } else { lines.len() };
    let valid = usize::try_from(line).ok().filter(|line| *line <= count).ok_or_else(|| {
        ToolError(format!(
            "Error: Invalid `insert_line` parameter: {line}. It should be within the range of lines of the file: \
             [0, {count}]"
        ))
    })?;
    lines.insert(valid, text.strip_suffix('\n').unwrap_or(text));
    let effect = Effect::Write { path: at.to_string(), content: lines.join("\n") };
    Ok(ToolOutcome { text: format!("The file {path} has been edited."), effects: vec![effect] })
}

pub(super) fn delete(notes: &dyn Notes, path: &str) -> Result<ToolOutcome, ToolError> {
    let at = match place(path)? {
        Place::Root => return Err(ToolError(format!("Cannot delete the {path} directory itself"))),
        Place::Path(at) => at,
    };
    let doomed = members(notes, &at);
    if doomed.is_empty() {
        return Err(ToolError(format!("Error: The path {path} does not exist")));
    }
    let effects = doomed.into_iter().map(|path| Effect::Remove { path }).collect();
    Ok(ToolOutcome { text: format!("Successfully deleted {path}"), effects })
}

pub(super) fn rename(notes: &dyn Notes, old: &str, new: &str) -> Result<ToolOutcome, ToolError> {
    let (Place::Path(from), Place::Path(to)) = (place(old)?, place(new)?) else {
        return Err(ToolError("Cannot rename the /memories directory itself".to_owned()));
    };
    let moving = members(notes, &from);
    if moving.is_empty() {
        return Err(ToolError(format!("Error: The path {old} does not exist")));
    }
    if !members(notes, &to).is_empty() {
        return Err(ToolError(format!("Error: The destination {new} already exists")));
    }
    if to.as_str().starts_with(&format!("{from}/")) {
        return Err(ToolError(format!("Error: The destination {new} is inside {old}")));
    }
    let mut effects = Vec::new();
    for path in moving {
        let moved = format!("{to}{}", &path[from.as_str().len()..]);
        moved.parse::<TopicPath>().map_err(|error| ToolError(format!("Error: {error}")))?;
        effects.push(Effect::Move { from: path, to: moved });
    }
    Ok(ToolOutcome { text: format!("Successfully renamed {old} to {new}"), effects })
}

/// The topic of a path, or the topics of a folder.
fn members(notes: &dyn Notes, at: &TopicPath) -> Vec<String> {
    let own = notes.content(at.as_str()).map(|_| at.to_string());
    own.into_iter().chain(below(notes, at.as_str())).collect()
}

fn existing(notes: &dyn Notes, path: &str) -> Option<(TopicPath, String)> {
    let at = file_place(path).ok()?;
    let content = notes.content(at.as_str())?;
    Some((at, content))
}

fn file_place(path: &str) -> Result<TopicPath, ToolError> {
    match place(path)? {
        Place::Root => Err(ToolError(format!("Error: {path} is a directory"))),
        Place::Path(at) => Ok(at),
    }
}
