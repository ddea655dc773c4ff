//! `[data]`: where records are kept.

use std::path::PathBuf;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "data.dir",
        "\"\"",
        "The data directory. Empty: $DREAMKEEPER_DATA, else $XDG_DATA_HOME/dreamkeeper,\n\
         else ~/.local/share/dreamkeeper. Flag: --data.",
    ),
    Key::new(
        "data.space",
        "\"default\"",
        "The space that the command line and a server without keys work in. Flag: --space.",
    ),
    Key::new(
        "data.owner_wait_ms",
        "5000",
        "How long a command waits for another process that has the directory open and does not serve.",
    ),
];

/// Where records are kept.
pub(crate) struct Data {
    /// The data directory.
    pub(crate) dir: PathBuf,
    /// The space.
    pub(crate) space: String,
    /// How long a command waits for an owner that does not serve.
    pub(crate) owner_wait: std::time::Duration,
}

impl Data {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let written: String = values.get("data.dir")?;
        let dir = if written.is_empty() { default_dir() } else { Some(PathBuf::from(written)) };
        let dir =
            dir.ok_or_else(|| values.refuse("data.dir", "there is no home directory to fall back on"))?;
        let space: String = values.get("data.space")?;
        if space.trim().is_empty() {
            return Err(values.refuse("data.space", "a space has a name"));
        }
        let owner_wait = std::time::Duration::from_millis(values.get("data.owner_wait_ms")?);
        Ok(Self { dir, space, owner_wait })
    }
}

fn default_dir() -> Option<PathBuf> {
    let told = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    told("DREAMKEEPER_DATA")
        .or_else(|| told("XDG_DATA_HOME").filter(|dir| dir.is_absolute()).map(|dir| dir.join("dreamkeeper")))
        .or_else(|| Some(std::env::home_dir()?.join(".local/share/dreamkeeper")))
}
