//! The words of the grammar, as tables: what a word can mean in a phrase of time.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
}

/// A season of the northern hemisphere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    /// 18 to 24, as "tonight".
    Night,
    /// 18 to 6, as "last night".
    Overnight,
}

/// Which one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Last,
    This,
    Next,
    /// The nearest that lies wholly ahead.
    Coming,
}

/// What a word can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lex {
    Number(u32),
    Ordinal(u32),
    Unit(Unit),
    /// The plural.
    Units(Unit),
    Weekday(Weekday),
    /// "Mondays", "weekends", "mornings": said of what comes again.
    Recurring,
    /// "Tue"; some of these are other words as well.
    ShortWeekday(Weekday),
    Month(i8),
    ShortMonth(i8),
    Season(Season),
    Part(Part),
    Weekend,
    /// "today" and its neighbours, in days from today.
    Relative(i32),
    Tonight,
    Noon,
    Midnight,
    Which(Which),
    /// A word that vague phrases rest on: "a while back".
    Hint,
    /// A word that alone is a vague phrase of time.
    Vague,
}

impl Lex {
    /// Whether a phrase of time can rest on the word: the first, cheap test of a text.
    pub(super) fn is_trigger(self) -> bool {
        !matches!(self, Self::Number(_) | Self::Ordinal(_) | Self::Which(_))
    }
}

const WEEKDAYS: [(&str, &str, &[&str], Weekday); 7] = [
    ("monday", "mondays", &["mon"], Weekday::Monday),
    ("tuesday", "tuesdays", &["tue", "tues"], Weekday::Tuesday),
    ("wednesday", "wednesdays", &["wed"], Weekday::Wednesday),
    ("thursday", "thursdays", &["thu", "thur", "thurs"], Weekday::Thursday),
    ("friday", "fridays", &["fri"], Weekday::Friday),
    ("saturday", "saturdays", &["sat"], Weekday::Saturday),
    ("sunday", "sundays", &["sun"], Weekday::Sunday),
];

const MONTHS: [(&str, &[&str]); 12] = [
    ("january", &["jan"]),
    ("february", &["feb"]),
    ("march", &["mar"]),
    ("april", &["apr"]),
    ("may", &[]),
    ("june", &["jun"]),
    ("july", &["jul"]),
    ("august", &["aug"]),
    ("september", &["sep", "sept"]),
    ("october", &["oct"]),
    ("november", &["nov"]),
    ("december", &["dec"]),
];

const UNITS: [(&str, &str, Unit); 13] = [
    ("second-of-time", "seconds", Unit::Second),
    ("sec", "secs", Unit::Second),
    ("minute", "minutes", Unit::Minute),
    ("min", "mins", Unit::Minute),
    ("hour", "hours", Unit::Hour),
    ("hr", "hrs", Unit::Hour),
    ("day", "days", Unit::Day),
    ("week", "weeks", Unit::Week),
    ("fortnight", "fortnights", Unit::Fortnight),
    ("month", "months", Unit::Month),
    ("quarter", "quarters", Unit::Quarter),
    ("year", "years", Unit::Year),
    ("decade", "decades", Unit::Decade),
];

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
const TENS: [(&str, u32); 7] = [
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];
const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

const OTHERS: [(&str, Lex); 62] = [
    ("thirtieth", Lex::Ordinal(30)),
    ("spring", Lex::Season(Season::Spring)),
    ("summer", Lex::Season(Season::Summer)),
    ("autumn", Lex::Season(Season::Autumn)),
    ("fall", Lex::Season(Season::Autumn)),
    ("winter", Lex::Season(Season::Winter)),
    ("morning", Lex::Part(Part::Morning)),
    ("afternoon", Lex::Part(Part::Afternoon)),
    ("evening", Lex::Part(Part::Evening)),
    ("night", Lex::Part(Part::Night)),
    ("weekend", Lex::Weekend),
    ("weekends", Lex::Recurring),
    ("weekdays", Lex::Recurring),
    ("weeknights", Lex::Recurring),
    ("mornings", Lex::Recurring),
    ("afternoons", Lex::Recurring),
    ("evenings", Lex::Recurring),
    ("nights", Lex::Recurring),
    ("daily", Lex::Recurring),
    ("nightly", Lex::Recurring),
    ("hourly", Lex::Recurring),
    ("weekly", Lex::Recurring),
    ("biweekly", Lex::Recurring),
    ("fortnightly", Lex::Recurring),
    ("monthly", Lex::Recurring),
    ("quarterly", Lex::Recurring),
    ("yearly", Lex::Recurring),
    ("annually", Lex::Recurring),
    ("every", Lex::Recurring),
    ("each", Lex::Recurring),
    ("today", Lex::Relative(0)),
    ("tomorrow", Lex::Relative(1)),
    ("tmrw", Lex::Relative(1)),
    ("tmr", Lex::Relative(1)),
    ("yesterday", Lex::Relative(-1)),
    ("tonight", Lex::Tonight),
    ("tonite", Lex::Tonight),
    ("noon", Lex::Noon),
    ("midday", Lex::Noon),
    ("midnight", Lex::Midnight),
    ("last", Lex::Which(Which::Last)),
    ("past", Lex::Which(Which::Last)),
    ("this", Lex::Which(Which::This)),
    ("next", Lex::Which(Which::Next)),
    ("coming", Lex::Which(Which::Coming)),
    ("upcoming", Lex::Which(Which::Coming)),
    ("recently", Lex::Vague),
    ("lately", Lex::Vague),
    ("soon", Lex::Vague),
    ("someday", Lex::Vague),
    ("sometime", Lex::Vague),
    ("eventually", Lex::Vague),
    ("nowadays", Lex::Vague),
    ("once", Lex::Vague),
    ("formerly", Lex::Vague),
    ("previously", Lex::Vague),
    ("while", Lex::Hint),
    ("back", Lex::Hint),
    ("future", Lex::Hint),
    ("sooner", Lex::Hint),
    ("ages", Lex::Vague),
    ("ago", Lex::Vague),
];

static WORDS: LazyLock<HashMap<&'static str, Lex>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Lex> = OTHERS.into_iter().collect();
    for (one, many, short, weekday) in WEEKDAYS {
        words.insert(one, Lex::Weekday(weekday));
        words.insert(many, Lex::Recurring);
        words.extend(short.iter().map(|name| (*name, Lex::ShortWeekday(weekday))));
    }
    for ((name, short), month) in MONTHS.into_iter().zip(1..) {
        words.insert(name, Lex::Month(month));
        words.extend(short.iter().map(|name| (*name, Lex::ShortMonth(month))));
    }
    for (one, many, unit) in UNITS {
        words.insert(one, Lex::Unit(unit));
        words.insert(many, Lex::Units(unit));
    }
    words.extend(NUMBERS.into_iter().zip(0..).map(|(name, value)| (name, Lex::Number(value))));
    words.extend(TENS.into_iter().map(|(name, value)| (name, Lex::Number(value))));
    words.extend(ORDINALS.into_iter().zip(1..).map(|(name, value)| (name, Lex::Ordinal(value))));
    words
});

/// The longest word of the tables, in bytes: longer ones need no look-up.
const WORD_BYTES_MAX: usize = 14;

/// What a word in lower case can mean in a phrase of time.
pub(super) fn look_up(word: &str) -> Option<Lex> {
    if !(2..=WORD_BYTES_MAX).contains(&word.len()) {
        return None;
    }
    WORDS.get(word).copied()
}
