//! Failure: what goes wrong at the command line, told as `error: …` and `help: …`.

use std::fmt;

use super::paint::{Ink, Paint};

/// What a process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Done as asked: 0.
    Done,
    /// It failed, or a part of it did: 1.
    Failed,
    /// The command line or the configuration means nothing: 2.
    Misused,
}

impl From<Ending> for std::process::ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Failed => Self::from(1),
            Ending::Misused => Self::from(2),
        }
    }
}

/// A failure with what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What failed, with which value.
    pub(crate) what: String,
    /// What to do next.
    pub(crate) help: Option<String>,
    /// What the process ends with.
    pub(crate) ending: Ending,
}

impl Failure {
    /// Something failed.
    pub(crate) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), ending: Ending::Failed }
    }

    /// The command line or the configuration means nothing.
    pub(crate) fn misused(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), ending: Ending::Misused }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// Tells an error on stderr and answers what the process ends with. A reader that went away (`| head`) is
/// no error of ours.
pub(crate) fn report(error: &anyhow::Error, paint: Paint) -> Ending {
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return Ending::Done;
    }
    let mut what = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // A cause that the sentence above it quotes already is not said twice.
        if what.contains(&cause) {
            continue;
        }
        if !what.is_empty() {
            what.push_str(": ");
        }
        what.push_str(&cause);
    }
    // Not by the chain: anyhow hides what was given as context from it, and finds it by itself.
    let failure = error.downcast_ref::<Failure>();
    write_stderr(&format!("{} {what}", paint.ink(Ink::Bad, "error:")));
    if let Some(help) = failure.and_then(|failure| failure.help.as_ref()) {
        write_stderr(&format!(" {} {help}", paint.ink(Ink::Accent, "help:")));
    }
    failure.map_or(Ending::Failed, |failure| failure.ending)
}

/// A line on stderr; where even that is closed there is nobody left to tell.
pub(crate) fn write_stderr(line: &str) {
    use std::io::Write;
    let _closed = writeln!(std::io::stderr(), "{line}");
}
