//! Foreign words: lines of code, logs, tables and quotations inside a message.

/// What opens and closes a block.
const FENCES: [&str; 4] = ["```", "~~~", "\"\"\"", "<<<"];
/// How the lines of a mail's head begin.
const MAIL_HEADS: [&str; 6] = ["from:", "to:", "subject:", "sent:", "date:", "cc:"];
/// How a letter ends.
const MAIL_ENDS: [&str; 9] = [
    "kind regards",
    "best regards",
    "warm regards",
    "regards,",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "best wishes",
];

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
    ranges.extend(mail(text));
    ranges.extend(between_rules(text));
    let mut fence = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let trimmed = line.trim_start();
        if FENCES.iter().any(|mark| trimmed.starts_with(mark)) {
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

/// A mail with its head, or a letter that is signed: from its first line on.
fn mail(text: &str) -> Option<(usize, usize)> {
    let start_of = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let begins = |line: &str, known: &[&str]| {
        let line = line.trim_start().to_lowercase();
        known.iter().any(|known| line.starts_with(known))
    };
    let mut heads = lines().filter(|line| begins(line, &MAIL_HEADS));
    if let (Some(first), Some(_)) = (heads.next(), heads.next()) {
        return Some((start_of(first), text.len()));
    }
    let signs = |line: &&str| line.split_whitespace().count() <= 4 && begins(line, &MAIL_ENDS);
    let first = lines().next().filter(|_| lines().count() >= 3)?;
    let last = lines().skip(1).find(signs)?;
    let end = start_of(last) + last.len();
    Some((start_of(first), end))
}

/// What stands between two lines of dashes.
fn between_rules(text: &str) -> Option<(usize, usize)> {
    let mut rules = text.lines().filter(|line| {
        let line = line.trim();
        line.len() >= 3 && line.chars().all(|mark| matches!(mark, '-' | '=' | '*' | '_' | '—'))
    });
    let (first, last) = (rules.next()?, rules.next_back()?);
    let start_of = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
    Some((start_of(first), start_of(last)))
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
