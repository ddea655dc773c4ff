//! Look-alikes: words of time that are names, titles or parts of other words here.

use super::lexicon::Lex;
use super::tokens::{Kind, Tokens};

/// Nouns after a season that make it a kind of thing: "summer camp".
pub(super) const AFTER_SEASON: [&str; 58] = [
    "roll",
    "rolls",
    "water",
    "onion",
    "onions",
    "break",
    "cleaning",
    "clean",
    "semester",
    "term",
    "collection",
    "sale",
    "sales",
    "camp",
    "school",
    "olympics",
    "house",
    "games",
    "vacation",
    "vacations",
    "holiday",
    "holidays",
    "chicken",
    "dress",
    "dresses",
    "coat",
    "coats",
    "jacket",
    "jackets",
    "tyres",
    "tires",
    "clothes",
    "job",
    "jobs",
    "internship",
    "course",
    "classes",
    "equinox",
    "solstice",
    "sports",
    "sun",
    "sunshine",
    "rain",
    "rains",
    "heat",
    "cold",
    "snow",
    "garden",
    "wardrobe",
    "menu",
    "season",
    "squash",
    "training",
    "program",
    "programme",
    "party",
    "concert",
    "festival",
];

/// What a number of four digits counts, where it is no year.
pub(super) const COUNTED: [&str; 34] = [
    "people",
    "words",
    "steps",
    "dollars",
    "euros",
    "pounds",
    "bucks",
    "kilos",
    "grams",
    "metres",
    "meters",
    "miles",
    "kilometres",
    "kilometers",
    "km",
    "kg",
    "calories",
    "users",
    "files",
    "lines",
    "pages",
    "pieces",
    "times",
    "items",
    "points",
    "different",
    "places",
    "cities",
    "countries",
    "calls",
    "messages",
    "characters",
    "square",
    "watts",
];

/// Works and things that have names.
const NAMED: [&str; 52] = [
    "film",
    "films",
    "movie",
    "song",
    "series",
    "book",
    "novel",
    "album",
    "show",
    "sitcom",
    "game",
    "play",
    "poem",
    "band",
    "restaurant",
    "bar",
    "pub",
    "café",
    "cafe",
    "cat",
    "dog",
    "horse",
    "daughter",
    "son",
    "name",
    "girl",
    "boy",
    "nickname",
    "character",
    "podcast",
    "brother",
    "sister",
    "cousin",
    "friend",
    "colleague",
    "boss",
    "neighbour",
    "neighbor",
    "mother",
    "mum",
    "mom",
    "dad",
    "father",
    "aunt",
    "uncle",
    "niece",
    "nephew",
    "partner",
    "boyfriend",
    "girlfriend",
    "wife",
    "husband",
];

const NAMING: [&str; 9] =
    ["is", "was", "called", "named", "titled", "entitled", "nicknamed", "christened", "by"];

/// Words that a weekday makes a name with.
const AFTER_WEEKDAY: [&str; 12] = [
    "school",
    "roast",
    "times",
    "blues",
    "prayers",
    "addams",
    "market",
    "club",
    "league",
    "telegraph",
    "post",
    "painter",
];

/// Days of a religious or a commercial year: their weekday names no day by itself.
const BEFORE_WEEKDAY: [&str; 18] = [
    "good", "black", "easter", "cyber", "ash", "palm", "shrove", "fat", "super", "ruby", "bloody", "casual",
    "freaky", "girl", "man", "giving", "happy", "whit",
];

/// Whether the tokens of a phrase are something else here.
pub(super) fn is_other(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    is_title(tokens, start, end)
        || is_named(tokens, start, end)
        || is_weekday_name(tokens, start, end)
        || is_month_name(tokens, start, end)
        || is_timetabled(tokens, start, end)
}

/// "the 8am train", "my 3pm": a thing that is named after its hour.
fn is_timetabled(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    let ends_in_half = end > start && tokens.is(end - 1, &["am", "pm"]);
    start > 0
        && tokens.digits(start).is_some()
        && ends_in_half
        && tokens.is(start - 1, &["the", "a", "an", "my", "our", "your", "his", "her", "their"])
}

/// "Red October": a bare month after another name.
fn is_month_name(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    let is_bare = end == start + 1 && matches!(tokens.lex(start), Some(Lex::Month(_)));
    // "January Jones", "the October issue"
    let has_surname = tokens.get(end).is_some_and(|token| token.is_titled && token.lex.is_none());
    is_bare && (follows_name(tokens, start) || has_surname || is_determined(tokens, start))
}

/// "my Friday meeting", "the October issue": a kind of thing, not a day.
fn is_determined(tokens: &Tokens<'_>, start: usize) -> bool {
    let determiners = [
        "the", "a", "an", "my", "our", "your", "his", "her", "their", "any", "no", "what", "which",
        "another", "other",
    ];
    start > 0
        && (tokens.is(start - 1, &determiners)
            || tokens.clitic(start - 1).is_some_and(|clitic| clitic.ends_with('s'))
                && !tokens.is(start.saturating_sub(2), &["it", "that", "what", "there", "he", "she"]))
}

/// Whether a capital word stands directly before that is neither the first of its sentence nor of time.
fn follows_name(tokens: &Tokens<'_>, start: usize) -> bool {
    let Some(before) = start.checked_sub(1) else { return false };
    let is_name = tokens.is_capital(before) && tokens.lex(before).is_none() && !tokens.is(before, &["i"]);
    is_name && !tokens.word(before).is_empty() && !begins_sentence(tokens, before)
}

/// "Yesterday" in the middle of a sentence, "The Day After Tomorrow": only names have capitals there.
fn is_title(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    (start..end).any(|at| {
        let has_own_capital = matches!(
            tokens.lex(at),
            Some(
                Lex::Weekday(_) | Lex::ShortWeekday(_) | Lex::Month(_) | Lex::ShortMonth(_) | Lex::Season(_)
            )
        ) || tokens.lex(at) == Some(Lex::Recurring)
            && tokens.word(at).ends_with("days");
        let is_titled = tokens.get(at).is_some_and(|token| token.is_titled);
        let is_note = tokens.word(at) == "sept";
        is_titled && !has_own_capital && !is_note && !begins_sentence(tokens, at)
    })
}

pub(super) fn begins_sentence(tokens: &Tokens<'_>, at: usize) -> bool {
    match tokens.before(at) {
        None => true,
        Some(before) => match before.kind {
            Kind::Mark(mark) => mark != ',' && mark != '-',
            Kind::Word | Kind::Clitic | Kind::Number(_) => false,
        },
    }
}

/// "my cat Summer", "the film is Wednesday", "a daughter called June".
fn is_named(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    if end != start + 1 || !tokens.is_capital(start) || begins_sentence(tokens, start) {
        return false;
    }
    let mut before = start;
    while before > 0 && tokens.is(before - 1, &NAMING) {
        before -= 1;
    }
    if before < start
        && tokens.is(before, &["called", "named", "titled", "entitled", "nicknamed", "christened"])
    {
        return true;
    }
    before > 0 && tokens.is(before - 1, &NAMED)
}

/// "Good Friday", "Ruby Tuesday", "Sunday Times", "Saturday Night Fever".
fn is_weekday_name(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    let Some(Lex::Weekday(_)) = tokens.lex(start) else {
        // With an opener: "on Sunday Times".
        return tokens.is(start, &["on", "for", "by", "the"])
            && matches!(tokens.lex(start + 1), Some(Lex::Weekday(_)))
            && tokens.is(start + 2, &AFTER_WEEKDAY)
            && end == start + 2;
    };
    let is_other_before = start > 0
        && (tokens.is(start - 1, &BEFORE_WEEKDAY) || end == start + 1 && follows_name(tokens, start));
    let follows = tokens.get(end).is_some_and(|token| token.kind == Kind::Word && token.capital);
    let is_other_after = end == start + 1
        && (tokens.is(end, &AFTER_WEEKDAY) || follows && matches!(tokens.lex(end), Some(Lex::Part(_))));
    let is_doubled = follows && tokens.word(end) == "bloody";
    let is_kind = end == start + 1 && (is_determined(tokens, start) || tells_the_day(tokens, start));
    // "Monday.com"
    let is_address = tokens.is_mark(end, &['.', '@', '_'])
        && tokens.is_glued(end)
        && tokens.is_glued(end + 1)
        && !tokens.word(end + 1).is_empty();
    is_other_before || is_other_after || is_doubled || is_kind || is_address
}

/// "it's Wednesday", "today is Wednesday": what day it is, which is known.
fn tells_the_day(tokens: &Tokens<'_>, start: usize) -> bool {
    let Some(verb) = start.checked_sub(1) else { return false };
    let is_verb =
        tokens.is(verb, &["is", "was"]) || tokens.clitic(verb).is_some_and(|clitic| clitic.ends_with('s'));
    is_verb && verb > 0 && tokens.is(verb - 1, &["it", "today", "tomorrow", "yesterday"])
}
