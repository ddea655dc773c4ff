//! Numbers: digits and words of a text as values, so that "two", "2" and "2.0" are one.

use crate::tokens::Token;

/// A number, as every value that its spelling allows ("1.500" is 1500 or 1.5), in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number(Vec<i64>);

const UNIT: i64 = 1_000;

impl Number {
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.0.iter().any(|value| other.0.contains(value))
    }

    /// Whether a memory may say it unsaid: "one of her friends", "the couple".
    pub(super) fn is_soft(&self, tokens: &[Token<'_>]) -> bool {
        let [token] = tokens else { return false };
        let is_digits = token.raw.starts_with(|first: char| first.is_ascii_digit());
        !is_digits && (self.0 == [UNIT] || SOFT.contains(&token.folded.as_str()))
    }

    /// Whether it is that year.
    pub(super) fn is_year(&self, year: i16) -> bool {
        self.0.contains(&(i64::from(year) * UNIT))
    }
}

#[rustfmt::skip]
const WORDS: [(&str, i64); 60] = [
    ("zero", 0), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8),
    ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12), ("thirteen", 13), ("fourteen", 14), ("fifteen", 15),
    ("sixteen", 16), ("seventeen", 17), ("eighteen", 18), ("nineteen", 19), ("twenty", 20), ("thirty", 30), ("forty", 40),
    ("fifty", 50), ("sixty", 60), ("seventy", 70), ("eighty", 80), ("ninety", 90), ("first", 1), ("third", 3), ("fourth", 4),
    ("fifth", 5), ("sixth", 6), ("seventh", 7), ("eighth", 8), ("ninth", 9), ("tenth", 10), ("eleventh", 11), ("twelfth", 12),
    ("thirteenth", 13), ("fourteenth", 14), ("fifteenth", 15), ("sixteenth", 16), ("seventeenth", 17), ("eighteenth", 18),
    ("nineteenth", 19), ("twentieth", 20), ("thirtieth", 30), ("twice", 2), ("thrice", 3), ("dozen", 12), ("both", 2),
    ("couple", 2), ("single", 1), ("once", 1), ("twins", 2), ("triplets", 3), ("a", 1), ("an", 1), ("pair", 2),
];
const SCALES: [(&str, i64); 9] = [
    ("hundred", 100),
    ("thousand", 1_000),
    ("k", 1_000),
    ("million", 1_000_000),
    ("mio", 1_000_000),
    ("m", 1_000_000),
    ("billion", 1_000_000_000),
    ("bn", 1_000_000_000),
    ("dozen", 12),
];
/// Words that stand for a number in a quote and are no claim of one in a memory, as they are part of talk.
const SOFT: [&str; 11] =
    ["a", "an", "both", "couple", "once", "pair", "single", "thrice", "triplets", "twice", "twins"];

/// Every number with its tokens. Soft words count only where they stand for one.
pub(super) fn all(text: &str, tokens: &[Token<'_>]) -> Vec<(usize, usize, Number)> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        let Some((after, number)) = digits(text, tokens, place).or_else(|| spelt(text, tokens, place)) else {
            place += 1;
            continue;
        };
        found.push((place, after, number));
        place = after;
    }
    found
}

/// "1,500", "3.5", "2k", "40%", "21st", "1.5 million".
fn digits(text: &str, tokens: &[Token<'_>], place: usize) -> Option<(usize, Number)> {
    let token = &tokens[place];
    let count = token.folded.bytes().take_while(u8::is_ascii_digit).count();
    let suffix = &token.folded[count..];
    if count == 0 {
        return None;
    }
    let mut spelling = token.folded[..count].to_owned();
    let mut after = place + 1;
    let mut suffix = suffix.to_owned();
    while suffix.is_empty() && after < tokens.len() {
        let next = &tokens[after];
        let gap = &text[tokens[after - 1].end..next.start];
        let more = next.folded.bytes().take_while(u8::is_ascii_digit).count();
        if !matches!(gap, "." | ",") || more == 0 {
            break;
        }
        spelling.push_str(gap);
        spelling.push_str(&next.folded[..more]);
        suffix = next.folded[more..].to_owned();
        after += 1;
    }
    let mut factor = match suffix.as_str() {
        "" | "st" | "nd" | "rd" | "th" | "x" | "s" => 1,
        other => scale(other).or_else(|| is_unit(other).then_some(1))?,
    };
    if suffix.is_empty()
        && let Some(next) =
            tokens.get(after).filter(|next| !next.opens && &text[tokens[after - 1].end..next.start] == " ")
        && let Some(by) = scale(&next.folded).filter(|_| next.folded.len() > 1)
    {
        (factor, after) = (by, after + 1);
    }
    let values: Vec<i64> =
        readings(&spelling).into_iter().map(|value| value.saturating_mul(factor)).collect();
    (!values.is_empty()).then_some((after, Number(values)))
}

fn scale(word: &str) -> Option<i64> {
    SCALES.iter().find(|(name, _)| *name == word).map(|(_, by)| *by)
}

/// Units that are written onto their number: "5km" is 5.
fn is_unit(word: &str) -> bool {
    const UNITS: [&str; 20] = [
        "c", "cm", "eur", "f", "ft", "g", "gb", "h", "hr", "hrs", "kg", "km", "l", "lb", "lbs", "mb", "mi",
        "min", "mm", "usd",
    ];
    UNITS.contains(&word)
}

/// Values in thousandths that digits with points and commas may mean.
fn readings(spelling: &str) -> Vec<i64> {
    let parts: Vec<&str> = spelling.split(['.', ',']).collect();
    let mut values = Vec::new();
    let whole = |digits: &str| digits.parse::<i64>().ok().and_then(|value| value.checked_mul(UNIT));
    if parts.len() == 1 {
        values.extend(whole(spelling));
        return values;
    }
    if parts[1..].iter().all(|part| part.len() == 3) {
        values.extend(whole(&parts.concat()));
    }
    let last = parts[parts.len() - 1];
    let is_grouped = parts[1..parts.len() - 1].iter().all(|part| part.len() == 3);
    if is_grouped && let Some(value) = whole(&parts[..parts.len() - 1].concat()) {
        // Further than thousandths is a version or a measurement: the digits stand for themselves.
        let fraction: String = last.chars().chain("000".chars()).take(3).collect();
        if last.len() <= 3 {
            values.extend(fraction.parse::<i64>().ok().map(|fraction| value + fraction));
        }
    }
    if values.is_empty() {
        values.extend(whole(&parts.concat()).map(|value| -value - 1));
    }
    values
}

/// "twenty-one", "three hundred and five", "a dozen".
fn spelt(text: &str, tokens: &[Token<'_>], place: usize) -> Option<(usize, Number)> {
    let word = |at: usize| {
        let token = tokens.get(at)?;
        WORDS.iter().find(|(name, _)| *name == token.folded).map(|(_, value)| *value)
    };
    let joined = |at: usize| {
        tokens.get(at).is_some_and(|next| !next.opens && next.start - tokens[at - 1].end <= 1)
            && matches!(&text[tokens[at - 1].end..tokens[at].start], " " | "-")
    };
    let mut current = word(place)?;
    let (mut total, mut after) = (0_i64, place + 1);
    loop {
        if !joined(after) {
            break;
        }
        let and = tokens[after].folded == "and" && total + current >= 100 && joined(after + 1);
        let at = if and { after + 1 } else { after };
        if let Some(by) = scale(&tokens[at].folded).filter(|_| tokens[at].folded.len() > 2) {
            current = current.max(1).saturating_mul(by);
            if by >= 1_000 {
                (total, current) = (total.saturating_add(current), 0);
            }
        } else if let Some(value) =
            word(at).filter(|value| goes_on(current, *value) && !SOFT.contains(&tokens[at].folded.as_str()))
        {
            current += value;
        } else {
            break;
        }
        after = at + 1;
    }
    Some((after, Number(vec![total.saturating_add(current).saturating_mul(UNIT)])))
}

/// Whether a smaller number word belongs to what stands before it: "twenty" "one", "three hundred" "five".
fn goes_on(current: i64, value: i64) -> bool {
    (current % 100 == 0 && current > 0 && value < 100)
        || (current == 0 && value > 0)
        || (current % 10 == 0 && current % 100 >= 20 && (1..10).contains(&value))
}
