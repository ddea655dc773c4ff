//! Text laid out in columns: counted in terminal cells, not in bytes or characters.

use console::measure_text_width;

/// The text in lines of at most `width` cells, broken at white space, inside a word only where that is
/// longer than a line. Line breaks of the text are kept; an empty text gives one empty line.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let room = width.saturating_sub(measure_text_width(&line) + usize::from(!line.is_empty()));
            if measure_text_width(word) > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for character in word.chars() {
                if measure_text_width(&line) + cells(character) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// At most `count` lines of [`wrap`]; the last ends in `…` where something is left out.
pub(crate) fn wrap_to(text: &str, width: usize, count: usize) -> Vec<String> {
    let mut lines = wrap(text, width);
    if lines.len() > count {
        lines.truncate(count);
        if let Some(last) = lines.last_mut() {
            *last = format!("{}…", cut(last, width.saturating_sub(1)).trim_end());
        }
    }
    lines
}

/// The first `width` cells of a text on one line, ending in `…` where something is left out.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if measure_text_width(&line) <= width {
        return line;
    }
    format!("{}…", cut(&line, width.saturating_sub(1)).trim_end())
}

/// The text filled with spaces up to `width` cells; colours do not count.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The same, filled on the left.
pub(crate) fn pad_left(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(measure_text_width(text));
    format!("{}{text}", " ".repeat(missing))
}

/// Cells of a text, colours not counted.
pub(crate) fn width_of(text: &str) -> usize {
    measure_text_width(text)
}

/// Text that strangers wrote, without what could drive the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => character,
            _ if character.is_control() => '\u{fffd}',
            // Marks that turn the writing direction hide what is really said.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            _ => character,
        })
        .collect()
}

/// `3 messages`, `1 message`, `12,000 messages`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let plural = match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        Some(_) | None => format!("{one}s"),
    };
    format!("{} {}", digits(number), if number == 1 { one } else { &plural })
}

/// A whole number with commas between thousands.
pub(crate) fn digits(number: u64) -> String {
    let plain = number.to_string();
    let mut grouped = String::with_capacity(plain.len() + plain.len() / 3);
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size for people: `512 B`, `7.4 MiB`.
pub(crate) fn bytes(size: u64) -> String {
    let mut value = size as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1024.0 {
            return if unit == "B" { format!("{size} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1024.0;
    }
    format!("{value:.1} TiB")
}

/// A time span for people: `0.8 ms`, `240 ms`, `1.4 s`, `2 min 3 s`.
pub(crate) fn duration(span: std::time::Duration) -> String {
    let millis = span.as_secs_f64() * 1_000.0;
    match millis {
        ..10.0 => format!("{millis:.1} ms"),
        10.0..1_000.0 => format!("{millis:.0} ms"),
        1_000.0..60_000.0 => format!("{:.1} s", millis / 1_000.0),
        _ => format!("{} min {} s", span.as_secs() / 60, span.as_secs() % 60),
    }
}

fn cells(character: char) -> usize {
    measure_text_width(character.encode_utf8(&mut [0; 4]))
}

fn cut(text: &str, width: usize) -> String {
    let mut taken = 0;
    text.chars()
        .take_while(|character| {
            taken += cells(*character);
            taken <= width
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_only_then_inside_them() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
        assert_eq!(wrap("旅行の計画を立てる", 8), ["旅行の計", "画を立て", "る"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!(wrap_to("one two three four", 8, 1), ["one two…"]);
        assert_eq!(shorten("one\n two  three", 9), "one two…");
        assert_eq!(shorten("one two", 9), "one two");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(digits(1_234_567), "1,234,567");
        assert_eq!(count(2, "memory"), "2 memories");
        assert_eq!(count(1, "key"), "1 key");
        assert_eq!(count(3, "key"), "3 keys");
        assert_eq!(bytes(7_759_462), "7.4 MiB");
        assert_eq!(duration(std::time::Duration::from_micros(840)), "0.8 ms");
    }

    #[test]
    fn text_of_strangers_cannot_drive_the_terminal() {
        assert_eq!(printable("a\x1b[2Jb\u{202e}c\n"), "a\u{fffd}[2Jb\u{fffd}c\n");
    }
}
