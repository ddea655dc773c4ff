//! Foreign words: lines of code, logs, tables and quotations inside a message.

/// How such a line begins.
const BEGINNINGS: [&str; 31] = [
    ">",
    "//",
    "/*",
    "*/",
    "#!",
    "# ",
    "<!--",
    "$ ",
    "|",
    "import ",
    "#include",
    "def ",
    "class ",
    "fn ",
    "let ",
    "const ",
    "var ",
    "public ",
    "return ",
    "--",
    "@@",
    "+++",
    "{",
    "}",
    "[",
    "<",
    "♪",
    "🎵",
    "🎶",
    "at com.",
    "Traceback",
];
/// How it ends.
const ENDINGS: [&str; 7] = [";", "{", "}", "};", "/>", "</p>", "\\"];
/// What stands inside it.
const SIGNS: [&str; 26] = [
    "=>",
    "==",
    "!=",
    "();",
    "->",
    " := ",
    "</",
    "&&",
    "||",
    " | ",
    "\t",
    "printf(",
    "print(",
    "console.log",
    " = \"",
    "= '",
    "://localhost",
    "\": ",
    "//",
    "ERROR",
    "WARN ",
    "INFO ",
    "DEBUG ",
    "Exception",
    "SELECT ",
    "INSERT INTO",
];

/// The stretches that are code, quotations, logs or tables.
pub(super) fn foreign_ranges(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut fence = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            match fence.take() {
                Some(from) => ranges.push((from, end)),
                None => fence = Some(start),
            }
        } else if fence.is_none() && is_foreign_line(line) {
            ranges.push((start, end));
        }
        start = end;
    }
    if let Some(from) = fence {
        ranges.push((from, text.len()));
    }
    ranges
}

/// A line of code, of a log, of a table, or a quoted one.
fn is_foreign_line(line: &str) -> bool {
    let line = line.trim();
    let has_sign = SIGNS.iter().any(|mark| line.contains(mark)) && !line.contains("http");
    let commas = line.matches(',').count();
    let is_table = commas >= 2 && line.matches(", ").count() == 0;
    let is_stamped =
        line.len() > 10 && line.as_bytes()[..4].iter().all(u8::is_ascii_digit) && line.as_bytes()[4] == b'-';
    BEGINNINGS.iter().any(|mark| line.starts_with(mark))
        || ENDINGS.iter().any(|mark| line.ends_with(mark))
        || has_sign
        || is_table
        || is_stamped
}
