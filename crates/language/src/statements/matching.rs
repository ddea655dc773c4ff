//! Matching: the first rule that reads a clause, and the value that it finds there.

use super::clauses::{Clause, Link};
use super::drafts::Draft;
use super::grammar::{Rule, When, Whose};
use super::guards;
use super::lexicon::Class;
use super::pattern::{Found, Pattern};
use super::reader::Reader;
use super::subjects::{Mode, Sort, Subject, Theme};
use super::tokens::{Shape, Token, span};

use dreamkeeper_domain::passage::Span;

impl Reader<'_, '_> {
    /// Rules that read whole clauses: "Ana is my sister".
    pub(super) fn whole(&self, from: usize, to: usize) -> Option<Draft<'static>> {
        for (rule, number) in self.grammar.says.at(&self.tokens, from, to) {
            let rule = &self.grammar.rules[rule];
            let undated = rule.dated && !guards::is_dated(&self.tokens[from..to]);
            let pointing = rule.attribute.own && guards::points(&self.tokens[from..to]);
            if undated || pointing {
                continue;
            }
            if let Some(found) = rule.says[number].find(&self.tokens[..to], from, to) {
                let value = found.slots.last().copied().unwrap_or((from, to));
                let theme = Theme { subject: Subject::User, mode: Mode::Does, from, predicate: from };
                let told = rule.text.as_ref().map(|text| {
                    text.replace("{who}", self.who).replace("{value}", self.slice(value.0, value.1)).replace(
                        "{quote}",
                        self.slice(from + usize::from(self.tokens[from].text.eq_ignore_ascii_case("as")), to),
                    )
                });
                let told = told.unwrap_or_else(|| self.telling(&theme, None, false).turn(from, to));
                return Some(Draft {
                    attribute: &rule.attribute,
                    theme,
                    of_theirs: false,
                    base_verb: None,
                    ends: rule.ends,
                    value,
                    quote: (from, to),
                    text: Some(told),
                });
            }
        }
        None
    }

    /// What a part of a sentence without a verb adds about whom the clause before was about: "I'm Dutch, living
    /// in Spain", "Name's Max, plumber by trade".
    pub(super) fn added(&self, clause: Clause, from: usize, to: usize) -> Option<Draft<'static>> {
        if !matches!(clause.link, Link::Comma | Link::And | Link::Start) || from == self.open.0 {
            return None;
        }
        let subject = self.people.last.clone()?;
        let theme = Theme { subject, mode: Mode::Does, from, predicate: from };
        let person = match &theme.subject {
            Subject::User => true,
            Subject::Other(other) => matches!(other.sort, Sort::Person | Sort::Named),
        };
        for (rule, number) in self.grammar.adds.at(&self.tokens, from, to) {
            let rule = &self.grammar.rules[rule];
            let Some(found) = rule.adds[number].find(&self.tokens[..to], from, to).filter(|_| person) else {
                continue;
            };
            if self.refuses(rule, &found, from, to) {
                continue;
            }
            let value = found.slots.last().copied().unwrap_or((from, to));
            let whose = self.telling(&theme, None, false).tell(from, from);
            let told = self.telling(&theme, None, false).turn(from, to);
            return Some(Draft {
                attribute: &rule.attribute,
                theme,
                of_theirs: false,
                base_verb: None,
                ends: rule.ends,
                value,
                quote: (from, to),
                text: Some(format!("{whose} is {told}")),
            });
        }
        None
    }

    /// The first rule that reads what is said of the theme.
    pub(super) fn draft(&self, theme: Theme, to: usize) -> Option<Draft<'static>> {
        let words = &self.tokens[..to];
        let owned = theme.mode != Mode::Does;
        let skip = usize::from(theme.mode == Mode::Either);
        let owns = theme.mode == Mode::Has
            || (theme.mode == Mode::Either
                && words[theme.predicate + 1..].iter().any(|token| token.is(Class::Is)));
        if self.is_in_office(&theme, to) {
            return None;
        }
        let grammar = self.grammar;
        let owning = if owned { grammar.has.at(words, theme.predicate + skip, to) } else { Vec::new() };
        let doing = if owns { Vec::new() } else { grammar.does.at(words, theme.predicate, to) };
        let mut numbers: Vec<usize> = owning.iter().chain(&doing).map(|(rule, _)| *rule).collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let rule = &grammar.rules[number];
            if !suits(rule, &theme.subject) {
                continue;
            }
            let first = |of: &[(usize, usize)], patterns: &[Pattern], at: usize| {
                let own = of.iter().filter(|(rule, _)| *rule == number);
                own.into_iter().find_map(|(_, pattern)| patterns[*pattern].find(words, at, to))
            };
            let has = first(&owning, &rule.has, theme.predicate + skip);
            let does = || first(&doing, &rule.does, theme.predicate);
            let found = has.clone().or_else(|| if owns { None } else { does() });
            let Some(found) = found else { continue };
            if self.refuses(rule, &found, theme.predicate, to) {
                continue;
            }
            let short = rule.ends
                || matches!(rule.attribute.name.as_str(), "residence" | "employer" | "partner" | "origin");
            let names = |(start, end): &(usize, usize)| start < end && !self.is_time(*start);
            let nameless = rule.ends && !found.slots.iter().any(names);
            let value = if nameless {
                (to, to)
            } else {
                self.value(&found, theme.predicate + if has.is_some() { skip } else { 0 }, to, short)
            };
            let quote = (theme.from, to);
            let of_theirs = has.is_some();
            return Some(Draft {
                attribute: &rule.attribute,
                theme,
                of_theirs,
                ends: rule.ends,
                base_verb: found.base_verb,
                value,
                quote,
                text: None,
            });
        }
        None
    }

    /// "My cat is the CEO of this house": an animal with a trade is a joke.
    fn is_in_office(&self, theme: &Theme, to: usize) -> bool {
        let Subject::Other(other) = &theme.subject else { return false };
        let words = &self.tokens[theme.predicate..to];
        other.sort == Sort::Animal
            && words.first().is_some_and(|first| first.is(Class::Is))
            && words.iter().any(|token| is_office(token))
    }

    fn refuses(&self, rule: &Rule, found: &Found, predicate: usize, to: usize) -> bool {
        let (start, _) = found.slots.last().copied().unwrap_or((found.end.min(to), to));
        let early = self.tokens[start.min(to)..to].iter().take(3);
        let first = self.tokens[start.min(to)..to].first();
        let named = |words: &[super::lexicon::WordId], token: &Token<'_>| words.contains(&token.word);
        let is_no_name = rule.attribute.name == "name"
            && first.is_some_and(|first| {
                super::slots::is_nation(first)
                    || first.is(Class::Mood)
                    || first.is(Class::Opener)
                    || first.is(Class::Adverb)
            });
        first.is_some_and(|first| first.is(Class::Not))
            || is_no_name
            || early.clone().any(|token| named(&rule.not, token))
            || first.is_some_and(|first| named(&rule.not_value, first))
            || (rule.attribute.name == "habit" && !rule.ends && self.lies(When::Behind, predicate, to))
            || rule.when.is_some_and(|when| !self.lies(when, predicate, to))
            || (rule.attribute.name == "trait"
                && first.is_some_and(|first| is_done(first))
                && predicate < start)
            || (rule.attribute.name == "age" && first.is_some_and(is_no_age))
            || (rule.dated && !self.is_dated_lead && !guards::is_dated(&self.tokens[predicate..to]))
            || (rule.attribute.own && guards::points(&self.tokens[predicate..to]))
            || (rule.attribute.name == "plan" && guards::is_past(&self.tokens[predicate..to]))
            || (matches!(rule.attribute.name.as_str(), "likes" | "dislikes")
                && guards::is_this_one(&self.tokens[start.min(to)..to]))
    }

    /// Whether the clause, or what it opens with, names a time that lies there.
    fn lies(&self, when: When, predicate: usize, to: usize) -> bool {
        let (Some(today), true) = (self.today, predicate < to) else { return false };
        let clause = span(&self.tokens[predicate], &self.tokens[to - 1]);
        let within = |of: Span, part: Span| of.start <= part.start && part.end <= of.end;
        let named = self.times.iter().filter(|time| {
            within(clause, time.span) || self.lead.is_some_and(|lead| within(lead, time.span))
        });
        let mut meant = named.filter_map(|time| time.meaning);
        match when {
            When::Ahead => meant.any(|meaning| {
                let last = meaning.end.saturating_sub(jiff::Span::new().nanoseconds(1)).date();
                last > today
            }),
            When::Behind => {
                let yesterday = today.yesterday().unwrap_or(today);
                meant.any(|meaning| meaning.start.date() < yesterday) || self.is_of_young_years(predicate, to)
            }
        }
    }

    /// "when I was six", "as a child": a time of the speaker's life.
    fn is_of_young_years(&self, predicate: usize, to: usize) -> bool {
        let lead = self.lead.into_iter().flat_map(|lead| {
            self.tokens
                .iter()
                .filter(move |token| lead.start as usize <= token.start && token.end() <= lead.end as usize)
        });
        let words: Vec<&Token<'_>> = lead.chain(&self.tokens[predicate..to]).collect();
        let is = |token: &Token<'_>, known: &[&str]| {
            known.iter().any(|known| token.text.eq_ignore_ascii_case(known))
        };
        words.windows(3).any(|three| {
            let when =
                is(three[0], &["when"]) && three[1].is(Class::FirstPerson) && is(three[2], &["was", "were"]);
            let as_child = is(three[0], &["as"])
                && three[1].is(Class::Article)
                && is(
                    three[2],
                    &["child", "kid", "teenager", "teen", "student", "boy", "girl", "baby", "toddler"],
                );
            when || as_child
        })
    }

    /// A value's end where one value holds at a time, so that the same value is the same words: without the
    /// time, the company and the reason that follow it.
    fn value_end(&self, start: usize, to: usize) -> usize {
        const CUTS: [&str; 18] = [
            "since",
            "for",
            "with",
            "now",
            "these",
            "until",
            "from",
            "last",
            "during",
            "currently",
            "right",
            "because",
            "where",
            "who",
            "which",
            "as",
            "after",
            "again",
        ];
        (start + 1..to).find(|at| CUTS.contains(&self.tokens[*at].text) || self.is_time(*at)).unwrap_or(to)
    }

    /// Whether the token stands in a phrase of time.
    fn is_time(&self, at: usize) -> bool {
        let place = self.tokens[at].start as u32;
        self.times.iter().any(|time| (time.span.start..time.span.end).contains(&place))
    }

    /// The last slot; where there is none, or little of the clause is in it, all that is said.
    fn value(&self, found: &Found, predicate: usize, to: usize, one: bool) -> (usize, usize) {
        if let Some((start, end)) = found.slots.first().copied().filter(|_| one)
            && super::slots::proper_end(&self.tokens[..end], start) == Some(end)
        {
            return (start, end);
        }
        if let Some((start, _)) = found.slots.last().copied().filter(|(start, end)| *end == to && *start < to)
        {
            return (start, if one { self.value_end(start, to) } else { to });
        }
        let start = (predicate..to).find(|at| {
            let token = &self.tokens[*at];
            !token.is(Class::Adverb) && !token.is(Class::Is)
        });
        (start.unwrap_or(predicate), to)
    }
}

/// A trade that no animal has; "Captain" is as often a name.
fn is_office(token: &Token<'_>) -> bool {
    let is_plain = token.shape == Shape::Lower || token.text.chars().all(char::is_uppercase);
    token.is(Class::Job) && is_plain && !matches!(token.text, "guard" | "guide" | "assistant")
}

/// "Has declared": a deed and no trait.
fn is_done(first: &Token<'_>) -> bool {
    first.shape == Shape::Lower && first.text.ends_with("ed") && crate::time::is_past(first.text)
}

/// More years than anybody lives: "I'm 900 years old".
fn is_no_age(number: &Token<'_>) -> bool {
    number.text.parse::<u32>().is_ok_and(|years| years > 120)
}

fn suits(rule: &Rule, subject: &Subject) -> bool {
    match (rule.whose, subject) {
        (Whose::Any | Whose::User, Subject::User) => true,
        (_, Subject::User) => false,
        (Whose::Thing, Subject::Other(other)) => {
            matches!(other.sort, Sort::Thing | Sort::TheThing | Sort::Own)
        }
        (Whose::Any | Whose::Other, Subject::Other(other)) => {
            let works = matches!(rule.attribute.name.as_str(), "job_title" | "employer" | "field");
            matches!(other.sort, Sort::Person | Sort::Named) || (other.sort == Sort::Animal && !works)
        }
        (Whose::Pet, Subject::Other(other)) => other.sort == Sort::Animal,
        (Whose::User, Subject::Other(_)) => false,
    }
}
