//! Paint: colours for people at a terminal, nothing for everybody else.

use std::io::IsTerminal;

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a piece of text is, not which colour it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Headings and names.
    Strong,
    /// What may be overlooked.
    Faint,
    /// What leads the eye: the part of a bar that is full, a prompt.
    Accent,
    /// Words that someone really said.
    Quote,
    /// Added, sound, done.
    Good,
    /// To be noticed.
    Warn,
    /// Removed, broken, refused.
    Bad,
}

/// Colours a text, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint {
    enabled: bool,
}

impl Paint {
    /// Decides for one stream. `NO_COLOR` (https://no-color.org) counts when it is set and not empty.
    pub(crate) fn for_stream(choice: ColorChoice, stream: &impl IsTerminal) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let enabled = match choice {
            ColorChoice::Auto => stream.is_terminal() && !refused,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        Self { enabled }
    }

    /// The text in its colour.
    pub(crate) fn ink(self, ink: Ink, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        if !self.enabled || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Strong => "1",
            Ink::Faint => "2",
            Ink::Accent => "36",
            Ink::Quote => "3",
            Ink::Good => "32",
            Ink::Warn => "33",
            Ink::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    pub(crate) fn strong(self, text: impl AsRef<str>) -> String {
        self.ink(Ink::Strong, text)
    }

    pub(crate) fn faint(self, text: impl AsRef<str>) -> String {
        self.ink(Ink::Faint, text)
    }
}
