//! Subjects: whom a clause is about, and where what it says of them begins.

use super::clauses::{Clause, Link};
use super::lexicon::Class;
use super::slots::proper_end;
use super::tokens::{Shape, Token};

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// The speaker.
    User,
    /// Somebody in the speaker's life.
    Other(Other),
}

/// A person, an animal or a thing in the speaker's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    /// What they are to the speaker, as written: "older sister".
    pub(super) noun: String,
    /// The last word of it: "sister".
    pub(super) head: String,
    /// Their name, where it was said.
    pub(super) name: Option<String>,
    /// Whether it is a person, an animal or a thing.
    pub(super) sort: Sort,
}

/// What somebody or something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Person,
    Animal,
    /// A thing of the speaker's: "my flight".
    Thing,
    /// A thing that is only pointed to: "the garage code".
    TheThing,
    /// What is of the speaker's life and no thing apart: "my interview", "my locker code".
    Own,
    /// Somebody of whom only the name is known; read in notes and corrections only.
    Named,
}

impl Other {
    /// Somebody by name.
    pub(super) fn named(name: String) -> Self {
        Self { noun: name.clone(), head: name.to_lowercase(), name: Some(name), sort: Sort::Named }
    }

    /// "sister Ana", "brother".
    pub(super) fn label(&self) -> String {
        match self.sort {
            Sort::Own => return "user".to_owned(),
            Sort::Named => return self.noun.clone(),
            _ => {}
        }
        let is_whole = self.noun.starts_with("best ") || matches!(self.sort, Sort::Thing | Sort::TheThing);
        let noun = if is_whole { &self.noun } else { &self.head };
        self.name.as_ref().map_or_else(|| noun.clone(), |name| format!("{noun} {name}"))
    }

    /// "older sister Ana".
    pub(super) fn full(&self) -> String {
        if self.sort == Sort::Named {
            return self.noun.clone();
        }
        self.name.as_ref().map_or_else(|| self.noun.clone(), |name| format!("{} {name}", self.noun))
    }
}

/// What the words after the subject tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// What the subject is or does.
    Does,
    /// A thing of the subject's: "my name is".
    Has,
    /// Either: "my brother's".
    Either,
}

/// A clause's subject.
#[derive(Debug, Clone)]
pub(super) struct Theme {
    pub(super) subject: Subject,
    pub(super) mode: Mode,
    /// The first token of the subject; of the predicate, where the subject was said before.
    pub(super) from: usize,
    /// The first token after the subject.
    pub(super) predicate: usize,
}

/// Why a clause has no subject that is learned about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTheme {
    Unknown,
    Stranger,
}

/// The people of a message so far.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    pub(super) known: Vec<Other>,
    /// The subject of the clause before.
    pub(super) last: Option<Subject>,
    /// The thing spoken of last: what "it" means.
    pub(super) thing: Option<Other>,
}

impl People {
    fn latest(&self, sort: Sort) -> Option<&Other> {
        self.known.iter().rev().find(|other| other.sort == sort)
    }

    /// Whom "she" means: a person, else an animal.
    fn latest_being(&self) -> Option<&Other> {
        let person = |other: &&Other| matches!(other.sort, Sort::Person | Sort::Named);
        self.known.iter().rev().find(person).or_else(|| self.latest(Sort::Animal))
    }

    /// Enters somebody, or adds the name to somebody who had none.
    pub(super) fn meet(&mut self, other: &Other) {
        self.known.retain(|known| known.head != other.head || known.name != other.name);
        self.known.push(other.clone());
    }

    /// Finds the subject of a clause from the token `from`, which is past all that opens it.
    pub(super) fn theme(&self, words: &[Token<'_>], clause: Clause, from: usize) -> Result<Theme, NoTheme> {
        let token = words.get(from).ok_or(NoTheme::Unknown)?;
        let theme = |subject, mode, predicate| Ok(Theme { subject, mode, from, predicate });
        if token.is(Class::FirstPerson) {
            return theme(Subject::User, Mode::Does, from + 1);
        }
        if token.is(Class::Possessive) {
            let Some((other, end)) = person(words, from + 1) else {
                return theme(Subject::User, Mode::Has, from + 1);
            };
            let with_me = words.get(end).is_some_and(|token| token.text == "and")
                && words.get(end + 1).is_some_and(|token| token.is(Class::FirstPerson));
            if with_me {
                return theme(Subject::User, Mode::Does, end + 2);
            }
            let owns = words.get(end).is_some_and(|token| {
                token.text.len() > 1
                    && token.text.ends_with(['s', 'S'])
                    && token.text.starts_with(['\'', '’'])
            });
            return theme(Subject::Other(other), if owns { Mode::Either } else { Mode::Does }, end);
        }
        let text = token.text.to_ascii_lowercase();
        let pronoun = match text.as_str() {
            "he" | "she" | "they" => self.latest_being().map(|other| (other, Mode::Does)),
            "his" | "her" | "their" => self.latest_being().map(|other| (other, Mode::Has)),
            "it" => self.thing.as_ref().map(|other| (other, Mode::Does)),
            "its" => self.latest(Sort::Animal).map(|other| (other, Mode::Has)),
            _ => None,
        };
        if let Some((other, mode)) = pronoun {
            return theme(Subject::Other(other.clone()), mode, from + 1);
        }
        let being =
            apposed(words, from).or_else(|| the_being(words, from)).or_else(|| bare_being(words, from));
        if let Some((other, end)) = being {
            return theme(Subject::Other(other), Mode::Does, end);
        }
        if let Some((other, end)) = self.by_name(words, from) {
            return theme(Subject::Other(other), Mode::Does, end);
        }
        self.inherited(words, clause, from)
    }

    fn by_name(&self, words: &[Token<'_>], from: usize) -> Option<(Other, usize)> {
        let token = &words[from];
        if token.is(Class::Kin) && token.shape == Shape::Capital && is_parent(token.text) {
            let noun = token.text.to_lowercase();
            return Some((Other { head: noun.clone(), noun, name: None, sort: Sort::Person }, from + 1));
        }
        let end = proper_end(words, from)?;
        let name = joined(&words[from..end]);
        let first = |full: &str| full.split(' ').next().map(str::to_owned);
        let known = self.known.iter().rev().find(|other| {
            other.name.as_deref().is_some_and(|known| known == name || first(known) == Some(name.clone()))
        });
        known.map(|other| (other.clone(), end))
    }

    /// Whether a verb without a subject can go on with the one before: not after "to" ("to cook and bake"), and
    /// not where the word is as often none ("songs and stuff like this").
    fn goes_on(&self, words: &[Token<'_>], from: usize) -> bool {
        let verb = words[from].text;
        let base = !verb.ends_with("ed") && !words[from].is(Class::Is) && !words[from].is(Class::Have);
        let before = words[..from]
            .iter()
            .rev()
            .skip(1)
            .take(12)
            .take_while(|token| !matches!(token.text, "." | "!" | "?"));
        let open = before.clone().any(|token| {
            matches!(
                token.text,
                "to" | "can" | "will" | "'ll" | "let" | "help" | "of" | "for" | "about" | "with"
            ) || token.is(Class::Modal)
        });
        let object = words
            .get(from + 1)
            .is_some_and(|next| !next.is(Class::Joint) && (words[from].is(Class::Is) || !next.is(Class::Be)));
        object && !matches!(verb, "like" | "love" | "dream" | "dreams") && !(base && open)
    }

    fn inherited(&self, words: &[Token<'_>], clause: Clause, from: usize) -> Result<Theme, NoTheme> {
        let verb = words[from..].iter().find(|token| !token.is(Class::Adverb));
        let after_so = from > 0 && words[from - 1].text == "so";
        let has_verb = !after_so
            && verb.is_some_and(|token| {
                (token.is(Class::Verb) || token.is(Class::Is)) && token.shape == Shape::Lower
            });
        let dropped =
            ["gave", "lived", "moved", "grew", "quit", "worked", "studied", "retired", "been", "born"];
        let opens = words[from].on_new_line || from == 0 || matches!(words[from - 1].text, "." | "!");
        if opens && dropped.iter().any(|verb| words[from].text.eq_ignore_ascii_case(verb)) {
            return Ok(Theme { subject: Subject::User, mode: Mode::Does, from, predicate: from });
        }
        let subject = match clause.link {
            Link::And | Link::Comma | Link::Start if has_verb && from == clause.from => {
                let third = verb.is_some_and(|verb| verb.text.len() > 3 && verb.text.ends_with('s'));
                let may = self.goes_on(words, clause.from);
                self.last.clone().filter(|last| may && (!third || *last != Subject::User))
            }
            Link::Who if has_verb => self.latest(Sort::Person).cloned().map(Subject::Other),
            _ => None,
        };
        let stranger = words[from].is_name_like() || words[from].is(Class::ThirdPerson);
        let subject = subject.ok_or(if stranger { NoTheme::Stranger } else { NoTheme::Unknown })?;
        Ok(Theme { subject, mode: Mode::Does, from, predicate: from })
    }
}

fn is_parent(text: &str) -> bool {
    const PARENTS: [&str; 32] = [
        "Mom", "Mum", "Mama", "Mother", "Dad", "Papa", "Father", "Grandma", "Grandpa", "Granny", "Nana",
        "Da", "Mam", "Maw", "Maman", "Mamma", "Nonna", "Nonno", "Oma", "Opa", "Abuela", "Abuelo", "Gran",
        "Nan", "Grandad", "Granddad", "Amma", "Appa", "Baba", "Babcia", "Dadi", "Nani",
    ];
    PARENTS.contains(&text)
}

/// A person or an animal after "my": `[older] sister [Ana]`, with the token after.
pub(super) fn person(words: &[Token<'_>], from: usize) -> Option<(Other, usize)> {
    let is_person =
        |token: &Token<'_>| token.is(Class::Kin) || token.is(Class::Friend) || token.is(Class::Pet);
    let mut head = None;
    for (offset, token) in words[from.min(words.len())..].iter().enumerate().take(5) {
        if is_person(token) {
            head = Some(from + offset);
            let next = words.get(from + offset + 1);
            if next.is_some_and(|next| is_person(next) && next.shape == Shape::Lower) {
                continue;
            }
            break;
        }
        let ends = token.is_mark()
            || token.is(Class::Be)
            || token.is(Class::Preposition)
            || token.is(Class::Joint)
            || token.is(Class::Have);
        if ends {
            break;
        }
    }
    let head = head?;
    let token = &words[head];
    let mut end = head + 1;
    let comma = words.get(end).is_some_and(|token| token.text == ",");
    let kin = words.get(end + 1).is_some_and(|kin| comma && kin.is(Class::Kin) && kin.shape == Shape::Lower);
    let first = end + usize::from(comma) + usize::from(kin);
    let token = if kin { &words[end + 1] } else { token };
    let named = proper_end(words, first);
    let closes = named.and_then(|named| words.get(named)).is_some_and(|token| token.text == ",");
    let mut name = None;
    if let Some(named) = named.filter(|_| !comma || closes) {
        let stop = words[first..named]
            .iter()
            .position(|token| token.text.starts_with(['\'', '’']))
            .map_or(named, |at| first + at);
        name = Some(joined(&words[first..stop]));
        end = if comma { named + 1 } else { stop };
    }
    let noun = joined(&words[from..=head]).to_lowercase();
    let sort = if token.is(Class::Pet) { Sort::Animal } else { Sort::Person };
    Some((Other { noun, head: token.text.to_lowercase(), name, sort }, end))
}

/// "A friend of mine, Paolo," and "Biscuit, my dog,": a name that stands beside what it names.
fn apposed(words: &[Token<'_>], from: usize) -> Option<(Other, usize)> {
    let text = |at: usize| words.get(at).map_or("", |token| token.text);
    let of_mine = words[from].is(Class::Article)
        && words.get(from + 1).is_some_and(|noun| noun.is(Class::Kin) || noun.is(Class::Friend))
        && (text(from + 2), text(from + 3)) == ("of", "mine");
    if of_mine {
        let noun = text(from + 1).to_lowercase();
        let comma = text(from + 4) == ",";
        let start = from + 4 + usize::from(comma);
        let end = proper_end(words, start).filter(|end| !comma || text(*end) == ",");
        let name = end.map(|end| joined(&words[start..end]));
        let next = end.map_or(from + 4, |end| end + usize::from(comma));
        return Some((Other { head: noun.clone(), noun, name, sort: Sort::Person }, next));
    }
    let end = proper_end(words, from)?;
    let is_apposed = text(end) == "," && words.get(end + 1).is_some_and(|token| token.is(Class::Possessive));
    let (mut other, after) = if is_apposed { person(words, end + 2)? } else { return None };
    other.name = Some(joined(&words[from..end]));
    Some((other, after + usize::from(text(after) == ",")))
}

/// "the kids", "the cat": those of the speaker's household.
fn the_being(words: &[Token<'_>], from: usize) -> Option<(Other, usize)> {
    let noun = words.get(from + 1).filter(|_| words[from].text.eq_ignore_ascii_case("the"))?;
    let is_ours = [
        "boss",
        "gaffer",
        "landlord",
        "landlady",
        "neighbours",
        "neighbors",
        "nanny",
        "babysitter",
        "kids",
        "dog",
        "cat",
        "cats",
        "dogs",
        "wife",
        "husband",
        "baby",
        "twins",
        "in-laws",
        "missus",
        "hubby",
    ]
    .contains(&noun.text);
    let sort = if noun.is(Class::Pet) { Sort::Animal } else { Sort::Person };
    let noun = noun.text.to_lowercase();
    if !is_ours {
        return None;
    }
    let apposed = words.get(from + 2).is_some_and(|comma| comma.text == ",");
    let name =
        |at: usize| proper_end(words, at).filter(|end| words.get(*end).is_some_and(|mark| mark.text == ","));
    let start = from + 3 + usize::from(words.get(from + 3).is_some_and(|big| big.is(Class::Modifier)));
    if let Some(end) = name(start).filter(|_| apposed) {
        let name = Some(joined(&words[start..end]));
        return Some((Other { head: noun.clone(), noun, name, sort }, end + 1));
    }
    Some((Other { head: noun.clone(), noun, name: None, sort }, from + 2))
}

/// "Flatmate Ana is", "Boss has": somebody told of without "my"; a verb must follow.
fn bare_being(words: &[Token<'_>], from: usize) -> Option<(Other, usize)> {
    let kin = &words[from];
    let modified = kin.is(Class::Modifier) && words.get(from + 1).is_some_and(|next| next.is(Class::Friend));
    let head = if modified { from + 1 } else { from };
    let noun = &words[head];
    let parent = is_parent(noun.text);
    if parent
        || !(noun.is(Class::Friend) || noun.is(Class::Kin))
        || noun.text.ends_with('s') && noun.text != "boss" && noun.text != "Boss"
    {
        return None;
    }
    let named = proper_end(words, head + 1);
    let end = named.unwrap_or(head + 1);
    let stop = words[head + 1..end]
        .iter()
        .position(|token| token.text.starts_with(['\'', '’']))
        .map_or(end, |at| head + 1 + at);
    let verb = words.get(stop)?;
    let acts = verb.is(Class::Is)
        || verb.is(Class::Have)
        || verb.is(Class::Auxiliary)
        || (verb.shape == Shape::Lower
            && verb.text.ends_with('s')
            && verb.text.len() > 3
            && !verb.is(Class::Preposition));
    let name = (stop > head + 1).then(|| joined(&words[head + 1..stop]));
    let sure = name.is_some() || noun.is(Class::Friend);
    (acts && sure).then(|| {
        let noun = joined(&words[from..=head]).to_lowercase();
        (Other { noun, head: words[head].text.to_lowercase(), name, sort: Sort::Person }, stop)
    })
}

/// A thing that a clause begins with: `my dentist appointment`, `the garage code`, up to its verb. What is only
/// pointed to counts where `any_thing` holds: in a note or a correction.
pub(super) fn thing(words: &[Token<'_>], from: usize, any_thing: bool) -> Option<(Other, usize)> {
    let mine = words[from].is(Class::Possessive);
    let pointed = any_thing
        && words[from].text.eq_ignore_ascii_case("the")
        && words.get(from + 1).is_some_and(|noun| noun.shape == Shape::Lower);
    if !mine && !pointed {
        return None;
    }
    let is_verb = |token: &Token<'_>| {
        token.is(Class::Is)
            || token.is(Class::Have)
            || token.is(Class::Will)
            || token.text == "was"
            || token.shape == Shape::Lower
                && token.text.len() > 3
                && token.text.ends_with('s')
                && token.is(Class::Verb)
    };
    let start = from + 1;
    let mut end = start;
    while end < words.len() && end - start < 5 {
        let possesses = words[end].text.ends_with('s')
            && words[end].text.starts_with(['\'', '’'])
            && words[end + 1..].iter().take(4).any(is_verb);
        if is_verb(&words[end]) && end > start && !possesses {
            break;
        }
        if words[end].is_mark() || words[end].is(Class::FirstPerson) || words[end].is(Class::Joint) {
            return None;
        }
        end += 1;
    }
    let last = words.get(end.checked_sub(1)?)?;
    let known = words[start..end].iter().any(|token| token.is(Class::Owned) || token.is(Class::Appointment));
    if end == start || end >= words.len() || !is_verb(&words[end]) || !(known || any_thing) {
        return None;
    }
    let noun = joined(&words[start..end]).replace(" 's", "'s").replace(" ’s", "'s");
    let own = words[start..end].iter().any(|token| token.is(Class::Appointment) && !token.is(Class::Owned))
        || words[start..end].iter().any(|token| {
            ["code", "number", "password", "pin", "deadline", "id", "genotype", "homeroom"]
                .contains(&token.text)
        });
    let lasting =
        ["passport", "visa", "lease", "contract", "flight", "train", "licence", "license", "class", "office"];
    let apart = lasting.contains(&last.text)
        || words[start..end].iter().any(|token| token.text.starts_with(['\'', '’']));
    let sort = match (mine, own && !apart) {
        (true, true) => Sort::Own,
        (true, false) => Sort::Thing,
        _ => Sort::TheThing,
    };
    Some((Other { head: last.text.to_lowercase(), noun, name: None, sort }, end))
}

/// Words with one space between them.
pub(super) fn joined(words: &[Token<'_>]) -> String {
    words.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}
