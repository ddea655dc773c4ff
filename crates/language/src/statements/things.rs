//! Things: what a clause is about where that is no person: "my dentist appointment", "the boiler in our flat".

use super::lexicon::Class;
use super::subjects::{Other, Sort};
use super::tokens::{Shape, Token};

/// Words for a thing that is of the speaker's life and no thing apart.
const OWN: [&str; 8] = ["code", "number", "password", "pin", "deadline", "id", "genotype", "homeroom"];
/// Things with a life of their own all the same.
const LASTING: [&str; 10] =
    ["passport", "visa", "lease", "contract", "flight", "train", "licence", "license", "class", "office"];
/// What is said of an appointment that gets another time.
const MOVED: [&str; 7] = ["moved", "postponed", "rescheduled", "brought", "pushed", "cancelled", "canceled"];
/// Words of a thing's name that are looked at.
const NOUN_TOKENS_MAX: usize = 5;

/// A thing that a clause begins with: `my dentist appointment`, `the garage code`, up to its verb. What is only
/// pointed to counts where `any_thing` holds: in a note or a correction.
pub(super) fn thing(words: &[Token<'_>], from: usize, any_thing: bool) -> Option<(Other, usize)> {
    let mine = words[from].is(Class::Possessive);
    let bare = is_bare(words, from);
    let any_thing = any_thing || bare || is_ours(words, from) || is_moved(words, from);
    let pointed = any_thing
        && words[from].text.eq_ignore_ascii_case("the")
        && words.get(from + 1).is_some_and(|noun| noun.shape == Shape::Lower);
    if !mine && !pointed && !bare {
        return None;
    }
    let start = if bare { from } else { from + 1 };
    let end = verb_after(words, start)?;
    let noun = &words[start..end];
    let last = noun.last()?;
    let known = noun.iter().any(|token| token.is(Class::Owned) || token.is(Class::Appointment));
    if !(known || any_thing) {
        return None;
    }
    let owns = |token: &Token<'_>| token.text.starts_with(['\'', '’']);
    let own = noun.iter().any(|token| token.is(Class::Appointment) && !token.is(Class::Owned))
        || noun.iter().any(|token| OWN.contains(&token.text));
    let apart = LASTING.contains(&last.text) || noun.iter().any(owns);
    let sort = match (mine, own && !apart) {
        (true, true) => Sort::Own,
        (true, false) => Sort::Thing,
        _ => Sort::TheThing,
    };
    let told: Vec<&str> =
        noun.iter().map(|token| if token.is(Class::Possessive) { "their" } else { token.text }).collect();
    let told = told.join(" ").replace(" 's", "'s").replace(" ’s", "'s");
    Some((Other { head: last.text.to_lowercase(), noun: told, name: None, sort }, end))
}

/// "Deadline for my tax return": no article, and of the speaker's.
fn is_bare(words: &[Token<'_>], from: usize) -> bool {
    let noun = Class::Appointment.bit() | Class::Owned.bit() | Class::Verb.bit();
    words.get(from + 1).is_some_and(|next| next.is(Class::Preposition))
        && words.get(from + 2).is_some_and(|mine| mine.is(Class::Possessive))
        && words[from].classes & !noun == 0
        && words[from].shape != Shape::Number
}

/// "The boiler in our flat": pointed to, and of the speaker's all the same.
fn is_ours(words: &[Token<'_>], from: usize) -> bool {
    let after = words.iter().skip(from + 2).take(4).take_while(|token| !token.is(Class::Is));
    words[from].text.eq_ignore_ascii_case("the") && after.into_iter().any(|token| token.is(Class::Possessive))
}

/// "The launch was moved to 3 March".
fn is_moved(words: &[Token<'_>], from: usize) -> bool {
    words.get(from + 1).is_some_and(|noun| noun.is(Class::Appointment))
        && words.iter().skip(from + 1).take(6).any(|token| MOVED.contains(&token.text))
}

fn is_verb(token: &Token<'_>) -> bool {
    token.is(Class::Is)
        || token.is(Class::Have)
        || token.is(Class::Will)
        || token.text == "was"
        || token.shape == Shape::Lower
            && token.text.len() > 3
            && token.text.ends_with('s')
            && token.is(Class::Verb)
}

/// The verb after a thing's name that begins at `start`.
fn verb_after(words: &[Token<'_>], start: usize) -> Option<usize> {
    for end in start..words.len().min(start + NOUN_TOKENS_MAX + 1) {
        let token = &words[end];
        let possesses = token.text.ends_with('s')
            && token.text.starts_with(['\'', '’'])
            && words[end + 1..].iter().take(4).any(is_verb);
        if is_verb(token) && end > start && !possesses {
            return Some(end);
        }
        let ends =
            token.is_mark() && token.text != "&" || token.is(Class::FirstPerson) || token.is(Class::Joint);
        if ends {
            return None;
        }
    }
    None
}
