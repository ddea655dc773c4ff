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
        let opening = from;
        let from = after_quantity(words, from);
        let token = words.get(from).ok_or(NoTheme::Unknown)?;
        let theme = |subject, mode, predicate| Ok(Theme { subject, mode, from: opening, predicate });
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
        let owning = |end: usize| {
            let owns = words.get(end).is_some_and(|token| {
                token.text.len() > 1 && token.text.ends_with('s') && token.text.starts_with(['\'', '’'])
            });
            if owns { Mode::Either } else { Mode::Does }
        };
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
            return theme(Subject::Other(other), owning(end), end);
        }
        if let Some((other, end)) = self.by_name(words, from) {
            return theme(Subject::Other(other), owning(end), end);
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
        let is_taste = matches!(
            words[from].text.to_lowercase().as_str(),
            "love" | "hate" | "adore" | "dislike" | "loathe" | "live"
        ) || words[from].text.eq_ignore_ascii_case("ca")
            || words[from].text.eq_ignore_ascii_case("can")
                && words.get(from + 1).is_some_and(|next| next.is(Class::Not));
        let dropped =
            ["gave", "lived", "moved", "grew", "quit", "worked", "studied", "retired", "been", "born"];
        let goes_on = words.get(from + 1).is_some_and(|next| !next.is(Class::Joint) && !next.is(Class::Is));
        let is_taste = is_taste && goes_on;
        let opens = words[from].on_new_line || from == 0 || matches!(words[from - 1].text, "." | "!");
        let acted =
            crate::time::is_past(&words[from].text.to_lowercase()) && !words[from].is(Class::WeakPast);
        let acted = acted || matches!(words[from].text, "got" | "Got" | "had" | "Had" | "went" | "Went");
        if opens && (acted || is_taste) {
            return Ok(Theme { subject: Subject::User, mode: Mode::Does, from, predicate: from });
        }
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

/// "both of my kids", "one of my brothers": the token at which the speaker's own begin.
fn after_quantity(words: &[Token<'_>], from: usize) -> usize {
    let mine = |at: usize| words.get(at).is_some_and(|token| token.is(Class::Possessive));
    let of = |at: usize| words.get(at).is_some_and(|token| token.text == "of");
    let counts = words.get(from).is_some_and(|token| {
        token.is(Class::NumberWord)
            || ["each", "most", "some", "neither", "none", "all", "both", "half"]
                .iter()
                .any(|word| token.text.eq_ignore_ascii_case(word))
    });
    if of(from) && mine(from + 1) {
        return from + 1;
    }
    if counts && of(from + 1) && mine(from + 2) {
        return from + 2;
    }
    from
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
    let parent = is_parent(noun.text)
        || matches!(noun.text, "family" | "child" | "baby" | "twin" | "folks" | "parents" | "children");
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
    // One person without an article is told of in a note's style: they are the speaker's.
    let sure = name.is_some() || noun.is(Class::Friend) || noun.is(Class::Kin);
    (acts && sure).then(|| {
        let noun = joined(&words[from..=head]).to_lowercase();
        (Other { noun, head: words[head].text.to_lowercase(), name, sort: Sort::Person }, stop)
    })
}

/// Words with one space between them.
pub(super) fn joined(words: &[Token<'_>]) -> String {
    words.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}
