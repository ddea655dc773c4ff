//! The stage: numbered steps with how long each took, on a terminal or as one JSON document.

use std::io;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{duration, width_of};

/// Where the demo plays.
pub(super) struct Stage<'a> {
    pub(super) out: &'a mut Out,
    step: usize,
    /// What is told as JSON.
    pub(super) steps: Vec<Value>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(out: &'a mut Out) -> Self {
        out.muted = out.json;
        Self { out, step: 0, steps: Vec::new() }
    }

    /// Opens a step: its number, its name, and how long its work took, at the right margin.
    pub(super) fn step(&mut self, name: &str, took: Option<Duration>) -> io::Result<()> {
        self.step += 1;
        let took_ms = took.map(|took| (took.as_secs_f64() * 1e6).round() / 1e3);
        self.steps.push(json!({"step": name, "ms": took_ms}));
        let paint = self.out.paint;
        let told = took.map(duration).unwrap_or_default();
        let lead = format!("{} {}", paint.ink(Ink::Accent, self.step.to_string()), paint.strong(name));
        let beside = if told.is_empty() { 1 } else { width_of(&told) + 2 };
        let rule = self.out.width.saturating_sub(width_of(&lead) + beside);
        let rule = paint.faint("─".repeat(rule));
        self.out.gap()?;
        self.out.line(format!("{lead} {rule} {}", paint.faint(told)).trim_end())?;
        self.out.gap()
    }

    /// A sentence about what is seen.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        self.out.block(2, None, text)
    }

    /// A sentence that may be overlooked.
    pub(super) fn whisper(&mut self, text: &str) -> io::Result<()> {
        self.out.block(2, Some(Ink::Faint), text)
    }

    /// A question as it is asked, with how long the answer took.
    pub(super) fn question(&mut self, question: &str, took: Duration) -> io::Result<()> {
        let told = duration(took);
        let paint = self.out.paint;
        let lead = format!("  {} {}", paint.ink(Ink::Accent, "?"), paint.strong(question));
        let gap = self.out.width.saturating_sub(width_of(&lead) + width_of(&told));
        self.out.line(format!("{lead}{}{}", " ".repeat(gap.max(1)), paint.faint(told)))?;
        self.out.flush()
    }
}

/// What a piece of work gives, with how long it took.
pub(super) async fn timed<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(T, Duration)> {
    let begun = Instant::now();
    let done = work.await?;
    Ok((done, begun.elapsed()))
}
