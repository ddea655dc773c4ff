//! Places: the tool's paths as those of topics.

use super::{Notes, ToolError};
use crate::path::TopicPath;

/// Where the tool's files are.
const ROOT: &str = "/memories";

/// What a path of the tool leads to.
pub(super) enum Place {
    /// The directory of all.
    Root,
    /// A path that a topic, or a folder of topics, may have.
    Path(TopicPath),
}

/// Reads a path of the tool. Nothing leads out of its directory.
pub(super) fn place(path: &str) -> Result<Place, ToolError> {
    let outside =
        || ToolError(format!("Path must start with {ROOT}, got: {path}. Please provide a valid path."));
    let lower = path.to_ascii_lowercase();
    if ["../", "..\\", "%2e%2e"].iter().any(|climb| lower.contains(climb)) || lower.ends_with("/..") {
        return Err(ToolError(format!("Path {path} would escape {ROOT} directory")));
    }
    let rest = path.strip_prefix(ROOT).ok_or_else(outside)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.is_empty() {
        return Ok(Place::Root);
    }
    if !rest.starts_with('/') {
        return Err(outside());
    }
    rest.parse().map(Place::Path).map_err(|error| ToolError(format!("Error: {error}")))
}

/// The topics below a folder, by path.
pub(super) fn below(notes: &dyn Notes, folder: &str) -> Vec<String> {
    let prefix = format!("{folder}/");
    let mut found: Vec<String> =
        notes.sizes().into_iter().map(|(path, _)| path).filter(|path| path.starts_with(&prefix)).collect();
    found.sort();
    found
}
