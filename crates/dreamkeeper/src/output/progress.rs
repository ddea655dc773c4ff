//! Progress of long work, on stderr and only where someone can see it.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar with a known end, counted in `unit`s.
pub(crate) fn bar(total: u64, unit: &str, quiet: bool) -> ProgressBar {
    let template =
        format!("  {{msg:12}} {{wide_bar:.cyan/dim}} {{human_pos}}/{{human_len}} {unit} · {{per_sec}}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    start(
        ProgressBar::with_draw_target(Some(total), target(quiet))
            .with_style(style.progress_chars("█▉▊▋▌▍▎▏·")),
    )
}

/// A bar over the bytes of a file that is read.
pub(crate) fn bytes(total: u64, quiet: bool) -> ProgressBar {
    let template = "  {msg:12} {wide_bar:.cyan/dim} {bytes}/{total_bytes} · {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    start(
        ProgressBar::with_draw_target(Some(total), target(quiet))
            .with_style(style.progress_chars("█▉▊▋▌▍▎▏·")),
    )
}

/// A sign of life where the end is not known.
pub(crate) fn spinner(quiet: bool) -> ProgressBar {
    let style = ProgressStyle::with_template("  {spinner:.cyan} {msg} {human_pos} · {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    start(ProgressBar::with_draw_target(None, target(quiet)).with_style(style))
}

fn start(bar: ProgressBar) -> ProgressBar {
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn target(quiet: bool) -> ProgressDrawTarget {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressDrawTarget::hidden();
    }
    ProgressDrawTarget::stderr_with_hz(8)
}
