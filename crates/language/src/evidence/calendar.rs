//! Calendar: dates, weekdays, months and times of day that a text writes out.

use dreamkeeper_domain::time::Granularity;
use jiff::civil::Date;

use crate::time::Meaning;
use crate::tokens::Token;

/// What a text says of a date; what it leaves open is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DateParts {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) weekday: Option<i8>,
    /// Minutes of the day.
    pub(super) minute: Option<i16>,
    /// Day and month may stand the other way round: "05/06/2026".
    pub(super) either_order: bool,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const MONTHS_SHORT: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const WEEKDAYS_SHORT: [&str; 11] =
    ["mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun"];

impl DateParts {
    /// Whether everything it says, `known` says too.
    pub(super) fn is_within(&self, known: &Self) -> bool {
        let turned = Self { month: known.day, day: known.month, ..*known };
        self.is_part_of(known) || ((known.either_order || self.either_order) && self.is_part_of(&turned))
    }

    fn is_part_of(&self, known: &Self) -> bool {
        fn holds<T: PartialEq>(claimed: Option<T>, known: Option<T>) -> bool {
            claimed.is_none() || claimed == known
        }
        holds(self.year, known.year)
            && holds(self.month, known.month)
            && holds(self.day, known.day)
            && holds(self.weekday, known.weekday)
            && holds(self.minute, known.minute)
    }

    /// Whether it follows from an interval: it names the interval, or a coarser one around it. Inside a
    /// stretch of days, a day follows only where the text says that it means the week or weekend.
    pub(super) fn follows_from(&self, meaning: &Meaning, is_stretch: bool) -> bool {
        use Granularity::{Day, Hour, Minute, Month, PartOfDay, Quarter, Season, Week, Weekend, Year};
        let (first, last) = (meaning.start.date(), last_day(meaning));
        let whole = |day: Date| Self {
            year: Some(day.year()),
            month: Some(day.month()),
            day: Some(day.day()),
            weekday: Some(day.weekday().to_monday_zero_offset()),
            ..Self::default()
        };
        match meaning.granularity {
            Minute | Hour => {
                let minute = i16::from(meaning.start.hour()) * 60 + i16::from(meaning.start.minute());
                self.is_within(&Self { minute: Some(minute), ..whole(first) })
            }
            PartOfDay | Day => self.is_within(&whole(first)),
            Weekend | Week if is_stretch => days(first, last).any(|day| self.is_within(&whole(day))),
            Weekend | Week | Month | Quarter | Season | Year => {
                let is_month = first.year() == last.year() && first.month() == last.month();
                let same_year = first.year() == last.year();
                let known = |day: Date| Self {
                    year: Some(day.year()),
                    month: (is_month && meaning.granularity != Year).then_some(day.month()),
                    ..Self::default()
                };
                self.is_within(&known(first)) || (!same_year && self.is_within(&known(last)))
            }
        }
    }

    /// Day and time of day apart.
    pub(super) fn singles(&self) -> Vec<Self> {
        let date = Self { minute: None, ..*self };
        let time = Self { minute: self.minute, ..Self::default() };
        [date, time].into_iter().filter(|parts| *parts != Self::default()).collect()
    }
}

/// The last day that an interval holds.
pub(super) fn last_day(meaning: &Meaning) -> Date {
    let end = meaning.end.date();
    let is_midnight = meaning.end.time() == jiff::civil::Time::midnight();
    if is_midnight && meaning.end > meaning.start { end.yesterday().unwrap_or(end) } else { end }
}

/// Whether "q2" names the interval.
pub(super) fn is_quarter(meaning: &Meaning, folded: &str) -> bool {
    let quarter = (meaning.start.month() + 2) / 3;
    meaning.granularity == Granularity::Quarter && folded == format!("q{quarter}")
}

/// The days of an interval, no more than a year of them.
fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(jiff::Span::new().days(1)).take_while(move |day| *day <= last).take(366)
}

/// Every date, weekday, month or time with its tokens.
pub(super) fn all(text: &str, tokens: &[Token<'_>]) -> Vec<(usize, usize, DateParts)> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        let read = numeric(text, tokens, place)
            .or_else(|| written(text, tokens, place))
            .or_else(|| weekday(tokens, place))
            .or_else(|| time(text, tokens, place));
        let Some((after, parts)) = read else {
            place += 1;
            continue;
        };
        found.push((place, after, parts));
        place = after;
    }
    found
}

fn gap<'text>(text: &'text str, tokens: &[Token<'_>], after: usize) -> &'text str {
    tokens.get(after).map_or("", |next| &text[tokens[after - 1].end..next.start])
}

fn whole(token: &Token<'_>) -> Option<i16> {
    token.folded.bytes().all(|byte| byte.is_ascii_digit()).then(|| token.folded.parse().ok()).flatten()
}

/// "2026-05-05", "05/05/2026", "5.5.2026".
fn numeric(text: &str, tokens: &[Token<'_>], place: usize) -> Option<(usize, DateParts)> {
    let [first, second, third] = tokens.get(place..place + 3)? else { return None };
    let sign = gap(text, tokens, place + 1);
    if !matches!(sign, "-" | "/" | "." | "‑") || gap(text, tokens, place + 2) != sign {
        return None;
    }
    let (one, two) = (whole(first)?, whole(second)?);
    // "2026-05-05T10:00".
    let three: i16 = third.folded.split('t').next()?.parse().ok()?;
    let (year, month, day, either_order) =
        if first.raw.len() == 4 { (one, two, three, false) } else { (three, two, one, one != two) };
    let is_date = (1000..=9999).contains(&year) && (1..=31).contains(&day) && (1..=31).contains(&month);
    let narrow = |value: i16| i8::try_from(value).ok();
    let parts = DateParts {
        year: Some(year),
        month: narrow(month),
        day: narrow(day),
        either_order,
        ..DateParts::default()
    };
    is_date.then_some((place + 3, parts))
}

fn month(tokens: &[Token<'_>], place: usize) -> Option<i8> {
    let token = tokens.get(place)?;
    let is = |names: &[&str; 12]| names.iter().position(|name| *name == token.folded);
    let found =
        is(&MONTHS).or_else(|| is(&MONTHS_SHORT)).or_else(|| (token.folded == "sept").then_some(8))?;
    // "may" and "march" are verbs too, and "Mar", "Jan" names: a capital inside a sentence, or a number beside.
    let is_word = matches!(token.folded.as_str(), "may" | "march" | "mar" | "jan" | "dec" | "sep");
    let beside = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|near| near.raw.starts_with(|first: char| first.is_ascii_digit()))
    };
    let has_number = beside(place.checked_sub(1)) || beside(Some(place + 1));
    let is_sure = !is_word
        || has_number
        || (token.is_capitalised() && !token.opens && token.raw.len() > 3)
        || (token.folded == "may" && token.raw == "May" && !token.opens);
    is_sure.then_some(found as i8 + 1)
}

fn day(token: &Token<'_>) -> Option<i8> {
    let count = token.folded.bytes().take_while(u8::is_ascii_digit).count();
    let is_day = matches!(&token.folded[count..], "" | "st" | "nd" | "rd" | "th");
    token.folded[..count].parse().ok().filter(|day| is_day && (1..=31).contains(day))
}

fn year(token: &Token<'_>) -> Option<i16> {
    whole(token).filter(|year| (1000..=2999).contains(year) && token.raw.len() == 4)
}

/// "5 May 2026", "the 5th of May", "May 5, 2026", "May 2026", "May".
fn written(text: &str, tokens: &[Token<'_>], place: usize) -> Option<(usize, DateParts)> {
    let mut parts = DateParts::default();
    let mut after = place;
    if let Some(number) = day(&tokens[place]) {
        let of = usize::from(tokens.get(place + 1).is_some_and(|next| next.folded == "of"));
        parts.month = Some(month(tokens, place + 1 + of)?);
        parts.day = Some(number);
        after += 2 + of;
    } else {
        parts.month = Some(month(tokens, place)?);
        after += 1;
        let is_day = |next: &&Token<'_>| !next.opens && year(next).is_none();
        if let Some(number) = tokens.get(after).filter(is_day).and_then(day)
            && matches!(gap(text, tokens, after), " " | ". ")
            // "May 5:30" begins a time, "May 5.5" a number.
            && !matches!(gap(text, tokens, after + 1), ":" | ".")
        {
            parts.day = Some(number);
            after += 1;
        }
    }
    if matches!(gap(text, tokens, after), " " | ", " | " of " | ". ")
        && let Some(number) = tokens.get(after).and_then(year)
    {
        parts.year = Some(number);
        after += 1;
    }
    Some((after, parts))
}

fn weekday(tokens: &[Token<'_>], place: usize) -> Option<(usize, DateParts)> {
    let word = tokens[place].folded.trim_end_matches("'s");
    let singular = word.strip_suffix('s').unwrap_or(word);
    let token = &tokens[place];
    // "Sat", "sun" and "wed" are words too: a capital inside a sentence tells.
    let is_short =
        WEEKDAYS_SHORT.contains(&word) && (token.is_capitalised() && !token.opens || word.starts_with("tue"));
    let names_it =
        |name: &&str| *name == word || *name == singular || (is_short && name.starts_with(&word[..3]));
    let found = WEEKDAYS.iter().position(names_it)?;
    Some((place + 1, DateParts { weekday: Some(found as i8), ..DateParts::default() }))
}

/// "3pm", "3:30 p.m.", "15:30", "noon".
fn time(text: &str, tokens: &[Token<'_>], place: usize) -> Option<(usize, DateParts)> {
    let token = &tokens[place];
    let at =
        |after: usize, minute: i16| Some((after, DateParts { minute: Some(minute), ..DateParts::default() }));
    match token.folded.as_str() {
        "noon" | "midday" => return at(place + 1, 720),
        "midnight" => return at(place + 1, 0),
        _ => {}
    }
    let count = token.folded.bytes().take_while(u8::is_ascii_digit).count();
    let mut hour: i16 = token.folded[..count].parse().ok().filter(|hour| (0..24).contains(hour))?;
    let (mut minute, mut after, mut suffix) = (0, place + 1, token.folded[count..].to_owned());
    let mut is_time = false;
    if suffix.is_empty() && matches!(gap(text, tokens, after), ":" | ".") && after < tokens.len() {
        let next = &tokens[after].folded;
        let digits = next.bytes().take_while(u8::is_ascii_digit).count();
        let value = next[..digits].parse().ok().filter(|value: &i16| digits == 2 && *value < 60);
        let is_colon = gap(text, tokens, after) == ":";
        if let Some(value) = value {
            (minute, suffix, is_time) = (value, next[digits..].to_owned(), is_colon);
            after += 1;
        }
    }
    let near = tokens.get(after).filter(|_| suffix.is_empty() && gap(text, tokens, after).len() <= 1);
    if let Some(next) = near {
        let dotted =
            tokens.get(after + 1).is_some_and(|m| m.folded == "m") && gap(text, tokens, after + 1) == ".";
        match next.folded.as_str() {
            "am" | "pm" => (suffix, after) = (next.folded.clone(), after + 1),
            "a" | "p" if dotted => (suffix, after) = (format!("{}m", next.folded), after + 2),
            _ => {}
        }
    }
    match suffix.as_str() {
        "am" if hour <= 12 => (hour, is_time) = (hour % 12, true),
        "pm" if hour <= 12 => (hour, is_time) = (hour % 12 + 12, true),
        "" => {}
        _ => return None,
    }
    is_time.then(|| at(after, hour * 60 + minute)).flatten()
}
