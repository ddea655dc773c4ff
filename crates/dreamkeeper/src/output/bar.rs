//! Bar: a number as a length.

/// A bar of `width` cells, full up to `share` (0 to 1), in eighths of a cell: the full part and the rest.
pub(crate) fn bar(share: f32, width: usize) -> (String, String) {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let steps = (share * width as f32 * 8.0).round() as usize;
    let mut full = "█".repeat(steps / 8);
    if !steps.is_multiple_of(8) {
        full.push(EIGHTHS[steps % 8]);
    }
    let rest = "·".repeat(width.saturating_sub(full.chars().count()));
    (full, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_always_has_its_width() {
        for share in [0.0, 0.01, 0.5, 0.99, 1.0, 7.0, f32::NAN] {
            let (full, rest) = bar(share, 10);
            assert_eq!(full.chars().count() + rest.chars().count(), 10, "{share}");
        }
        assert_eq!(bar(0.5, 4), ("██".to_owned(), "··".to_owned()));
    }
}
