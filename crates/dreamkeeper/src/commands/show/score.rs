//! A score as a bar, and its parts as bars beneath.

use std::io;

use dreamkeeper_api::recall::{Score, ScorePart};

use crate::output::Out;
use crate::output::bar::bar;
use crate::output::paint::Ink;
use crate::output::text::{pad, width_of};

/// Cells of a score's bar, and of a part's.
const SCORE_CELLS: usize = 24;
const PART_CELLS: usize = 12;
/// Cells of a signal's name at least, so that the bars of one answer stand under each other.
const NAME_CELLS_MIN: usize = 16;
/// Parts that are shown by themselves; the rest as one sum.
const PARTS_MAX: usize = 6;

/// `0.83 ████████████████████····`.
pub(crate) fn line(out: &Out, value: f32) -> String {
    let (full, rest) = bar(value, SCORE_CELLS);
    let paint = out.paint;
    format!("{} {}{}", paint.strong(format!("{value:.2}")), paint.ink(Ink::Accent, full), paint.faint(rest))
}

/// The parts of a score, largest first, each with its own bar; what takes away stands in red.
pub(crate) fn parts(out: &mut Out, indent: usize, score: &Score) -> io::Result<()> {
    let mut parts: Vec<&ScorePart> = score.parts.iter().filter(|part| part.value.abs() >= 0.005).collect();
    parts.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let largest = parts.first().map_or(1.0, |part| part.value.abs());
    let widest = parts.iter().take(PARTS_MAX).map(|part| width_of(&part.signal)).max().unwrap_or(0);
    let name_cells = widest.max(NAME_CELLS_MIN);
    let paint = out.paint;
    for part in parts.iter().take(PARTS_MAX) {
        let (full, _) = bar(part.value.abs() / largest, PART_CELLS);
        let ink = if part.value < 0.0 { Ink::Bad } else { Ink::Good };
        let name = paint.faint(pad(&part.signal.replace('_', " "), name_cells));
        let value = format!("{:>+6.2}", part.value);
        out.line(format!("{}{name} {value} {}", " ".repeat(indent), paint.ink(ink, full)))?;
    }
    let rest: f32 = parts.iter().skip(PARTS_MAX).map(|part| part.value).sum();
    if parts.len() > PARTS_MAX {
        let count = parts.len() - PARTS_MAX;
        let name = pad(&format!("{count} more"), name_cells);
        out.line(format!("{}{}", " ".repeat(indent), paint.faint(format!("{name} {rest:>+6.2}"))))?;
    }
    Ok(())
}
