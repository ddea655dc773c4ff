//! `[log]`: what a server tells about itself on stderr. It never tells content, questions or keys.

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "log.level",
        "\"info\"",
        "error, warn, info, debug or trace; also by module: \"info,dreamkeeper_engine=debug\".\n\
         Commands other than serve tell warnings and errors only, unless this is set. Flag: --log-level.",
    ),
    Key::new(
        "log.format",
        "\"text\"",
        "\"text\" for people, \"json\" for programs, one event a line. Flag: --log-format.",
    ),
];

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What is logged.
pub(crate) struct Log {
    /// The filter as written.
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

impl Log {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let level: String = values.get("log.level")?;
        let known = ["error", "warn", "info", "debug", "trace", "off"];
        // A bare word that is no level would be read as the name of a module that logs everything.
        let bare = !level.contains(['=', ',']);
        if (bare && !known.contains(&level.as_str())) || EnvFilter::try_new(&level).is_err() {
            return Err(values.refuse("log.level", "expected error, warn, info, debug or trace"));
        }
        Ok(Self { level, format: values.get("log.format")? })
    }
}
