//! `[data]`: where records are kept.

use std::path::PathBuf;

use super::key::Key;
use super::values::{Source, Values};
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "data.dir",
        "\"\"",
        "The data directory. Empty: $XDG_DATA_HOME/dreamkeeper, else ~/.local/share/dreamkeeper.\n\
         DREAMKEEPER_DATA is the short name of its environment variable. Flag: --data.",
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
        let dir: PathBuf = values.get("data.dir")?;
        if dir.as_os_str().is_empty() {
            let problem = "there is no home directory to fall back on: name one with --data";
            return Err(values.refuse("data.dir", problem));
        }
        let space: String = values.get("data.space")?;
        if space.trim().is_empty() {
            return Err(values.refuse("data.space", "a space has a name"));
        }
        let owner_wait = std::time::Duration::from_millis(values.get("data.owner_wait_ms")?);
        Ok(Self { dir, space, owner_wait })
    }
}

/// Says where records are kept when nobody said it, so that `config show` tells it too.
pub(super) fn fill_in_directory(values: &mut Values) {
    if !values.get::<String>("data.dir").is_ok_and(|dir| dir.is_empty()) {
        return;
    }
    let told = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let (base, source) = match (told, std::env::home_dir()) {
        (Some(dir), _) => (dir, Source::Environment("XDG_DATA_HOME".to_owned())),
        (None, Some(home)) => (home.join(".local/share"), Source::Default),
        (None, None) => return,
    };
    // A path that is not UTF-8 cannot be a value; it is refused as if there were none.
    if let Some(dir) = base.join("dreamkeeper").to_str() {
        values.put("data.dir", dir.to_owned().into(), source);
    }
}
