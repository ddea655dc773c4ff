//! The log: events on stderr. Content, questions and secrets are in none of them.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat, Source};

/// Who talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Talk {
    /// A server: as its configuration says.
    Server,
    /// A command: only what goes wrong, unless somebody asked for more.
    Command,
}

/// Starts the log; a second start changes nothing.
pub(crate) fn start(config: &Config, talk: Talk) {
    let asked =
        config.values.entries().any(|(key, _, source)| key.name == "log.level" && *source != Source::Default);
    let level = if talk == Talk::Command && !asked { "warn" } else { &config.log.level };
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let started = match config.log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_ansi(false).try_init(),
    };
    // Whoever started it first keeps it: the demo starts several clients.
    drop(started);
}
