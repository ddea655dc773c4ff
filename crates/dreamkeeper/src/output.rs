//! Output: what people and programs read on stdout, laid out for the terminal or as JSON.
//!
//! Nothing is printed anywhere else: a reader that goes away ends the command silently.

pub(crate) mod bar;
pub(crate) mod diff;
pub(crate) mod failure;
pub(crate) mod paint;
pub(crate) mod progress;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;

use self::diff::Run;
use self::paint::{ColorChoice, Ink, Paint};
use self::table::Table;

/// Lines are laid out for no fewer and no more cells than these, whatever the terminal says.
const WIDTH_MIN: usize = 60;
const WIDTH_MAX: usize = 100;

/// Where a command writes.
pub(crate) struct Out {
    writer: BufWriter<Stdout>,
    /// Colours, or none.
    pub(crate) paint: Paint,
    /// Cells of a line.
    pub(crate) width: usize,
    /// Whether programs read: one JSON document, nothing else.
    pub(crate) json: bool,
    /// Whether a person sits at both ends.
    pub(crate) interactive: bool,
    /// Writes nothing for a while: a story told as one JSON document has no lines.
    pub(crate) muted: bool,
}

impl Out {
    /// Stdout as it is.
    pub(crate) fn new(color: ColorChoice, json: bool) -> Self {
        let stdout = io::stdout();
        let paint = Paint::for_stream(color, &stdout);
        let interactive = stdout.is_terminal() && io::stdin().is_terminal() && !json;
        Self {
            writer: BufWriter::new(stdout),
            paint,
            width: terminal_width(),
            json,
            interactive,
            muted: false,
        }
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) -> io::Result<()> {
        if self.muted {
            return Ok(());
        }
        self.writer.write_all(line.as_ref().as_bytes())?;
        self.writer.write_all(b"\n")
    }

    /// Writes an empty line.
    pub(crate) fn gap(&mut self) -> io::Result<()> {
        self.line("")
    }

    /// Writes text that is no whole line, for a prompt.
    pub(crate) fn raw(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(text.as_bytes())
    }

    /// Writes text wrapped and indented, every line in one ink.
    pub(crate) fn block(&mut self, indent: usize, ink: Option<Ink>, text: &str) -> io::Result<()> {
        let margin = " ".repeat(indent);
        for line in text::wrap(&text::printable(text), self.width.saturating_sub(indent)) {
            let line = ink.map_or(line.clone(), |ink| self.paint.ink(ink, &line));
            self.line(format!("{margin}{line}"))?;
        }
        Ok(())
    }

    /// Writes facts about a record, ` · ` between them, over as many lines as they need; empty ones are
    /// left out.
    pub(crate) fn facts(&mut self, indent: usize, facts: impl IntoIterator<Item = String>) -> io::Result<()> {
        let margin = " ".repeat(indent);
        let room = self.width.saturating_sub(indent);
        let mut line = String::new();
        for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
            let joined = if line.is_empty() { fact.clone() } else { format!("{line} · {fact}") };
            if text::width_of(&joined) <= room {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                self.line(format!("{margin}{line}"))?;
            }
            let mut lines = text::wrap(&fact, room);
            line = lines.pop().unwrap_or_default();
            lines.iter().try_for_each(|line| self.line(format!("{margin}{line}")))?;
        }
        self.line(format!("{margin}{line}"))
    }

    /// Writes a table; nothing where it has no rows.
    pub(crate) fn table(&mut self, table: &Table) -> io::Result<()> {
        let (heading, rows) = table.lines(self.width.saturating_sub(2));
        if rows.is_empty() {
            return Ok(());
        }
        self.line(format!("  {}", self.paint.faint(heading)))?;
        rows.iter().try_for_each(|row| self.line(format!("  {row}")))
    }

    /// Writes what leads from one text to the next, as a line that is gone and a line that came.
    pub(crate) fn diff(&mut self, indent: usize, old: &str, new: &str) -> io::Result<()> {
        let runs = diff::diff(&text::printable(old), &text::printable(new));
        let paint = self.paint;
        let kept = |run: &Run, old_side: bool| match run {
            Run::Same(words) => Some((words.clone(), None)),
            Run::Removed(words) => old_side.then(|| (words.clone(), Some(Ink::Bad))),
            Run::Added(words) => (!old_side).then(|| (words.clone(), Some(Ink::Good))),
        };
        for (old_side, mark, ink) in [(true, "−", Ink::Bad), (false, "+", Ink::Good)] {
            let words: Vec<(String, Option<Ink>)> = runs
                .iter()
                .filter_map(|run| kept(run, old_side))
                .flat_map(|(words, ink)| {
                    words.split(' ').map(|word| (word.to_owned(), ink)).collect::<Vec<_>>()
                })
                .collect();
            let mut line = format!("{}{} ", " ".repeat(indent), paint.ink(ink, mark));
            for (word, ink) in words {
                if text::width_of(&line) + text::width_of(&word) > self.width {
                    self.line(line.trim_end())?;
                    line = " ".repeat(indent + 2);
                }
                line.push_str(&ink.map_or(word.clone(), |ink| paint.ink(ink, &word)));
                line.push(' ');
            }
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// Writes one JSON document.
    pub(crate) fn document(&mut self, document: &impl Serialize) -> anyhow::Result<()> {
        serde_json::to_writer_pretty(&mut self.writer, document).map_err(io::Error::from)?;
        self.gap()?;
        Ok(())
    }

    /// Hands everything written so far to the reader.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn terminal_width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    told.or(seen).unwrap_or(88).clamp(WIDTH_MIN, WIDTH_MAX)
}
