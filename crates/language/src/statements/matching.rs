//! Matching: the first rule that reads a clause, and the value that it finds there.

use super::drafts::Draft;
use super::grammar::{Rule, Whose};
use super::guards;
use super::lexicon::Class;
use super::pattern::{Found, Pattern};
use super::reader::Reader;
use super::subjects::{Mode, Sort, Subject, Theme};
use super::tokens::Token;

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
                    text.replace("{who}", self.who).replace("{value}", self.slice(value.0, value.1))
                });
                let told = told.unwrap_or_else(|| self.telling(&theme, None, false).turn(from, to));
                return Some(Draft {
                    attribute: &rule.attribute,
                    theme,
                    of_theirs: false,
                    base_verb: None,
                    value,
                    quote: (from, to),
                    text: Some(told),
                });
            }
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
            let short =
                matches!(rule.attribute.name.as_str(), "residence" | "employer" | "partner" | "origin");
            let value = self.value(&found, theme.predicate + if has.is_some() { skip } else { 0 }, to, short);
            let quote = (theme.from, to);
            let of_theirs = has.is_some();
            return Some(Draft {
                attribute: &rule.attribute,
                theme,
                of_theirs,
                base_verb: found.base_verb,
                value,
                quote,
                text: None,
            });
        }
        None
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
            || (rule.dated && !self.is_dated_lead && !guards::is_dated(&self.tokens[predicate..to]))
            || (rule.attribute.own && guards::points(&self.tokens[predicate..to]))
            || (rule.attribute.name == "plan" && guards::is_past(&self.tokens[predicate..to]))
            || (matches!(rule.attribute.name.as_str(), "likes" | "dislikes")
                && guards::is_this_one(&self.tokens[start.min(to)..to]))
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
        (start + 1..to).find(|at| CUTS.contains(&self.tokens[*at].text)).unwrap_or(to)
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
