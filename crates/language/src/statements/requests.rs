//! Requests: what is asked of the memory ("remember that", "forget my address") and of the assistant
//! ("always answer in bullet points").

use super::clauses::{Clause, Link};
use super::guards::first_at;
use super::lexicon::Class;
use super::reader::Reader;
use super::sentences::Sentence;
use super::subjects::{Mode, Other, Sort, Subject};
use super::things::thing;
use super::tokens::{Shape, Token, span};

impl Reader<'_, '_> {
    /// "forget that …": enters what is named; nothing is learned from the sentence.
    pub(super) fn forgets(&mut self, sentence: Sentence, from: usize, off_record: bool) -> bool {
        let words = &self.tokens[..sentence.words_to];
        let Some(found) = first_at(&self.grammar.requests.forget, words, from) else { return false };
        let pointed = found.slots.last().copied();
        if let Some((start, end)) = pointed {
            let before = &words[start.saturating_sub(1)];
            let start = if before.is(Class::Possessive)
                || matches!(
                    before.text,
                    "what" | "everything" | "anything" | "all" | "I" | "i" | "the" | "we"
                ) {
                start - 1
            } else {
                start
            };
            let goes_on = |at: &usize| {
                words[*at].text == "," && words.get(at + 1).is_some_and(|next| next.is(Class::FirstPerson))
            };
            let cut = (start + 1..end).find(goes_on).unwrap_or(end);
            let span = span(&words[start], &words[cut - 1]);
            self.forget(span);
            if cut < end && !off_record {
                self.read_clauses(Sentence { from: cut + 1, ..sentence });
            }
        }
        true
    }

    /// "remember that …": one statement, as said.
    pub(super) fn remembers(&mut self, sentence: Sentence, from: usize) -> bool {
        let words = &self.tokens[..sentence.words_to];
        let notes = &self.grammar.requests.remember;
        let Some(found) = (sentence.from..=from).find_map(|at| first_at(notes, words, at)) else {
            return false;
        };
        let Some((start, end)) = found.slots.last().copied() else { return false };
        let before = start - 1;
        let mine = words[before].is(Class::Possessive)
            || words[before].is(Class::FirstPerson)
            || words[before].is(Class::ThirdPerson)
            || words[before].is(Class::Kin)
            || words[before].text == "the";
        let start = if mine { before } else { start };
        let refuses = self.tokens[start].text.eq_ignore_ascii_case("no");
        let start = if refuses { start } else { self.opened(start, end) };
        let is_empty = start >= end
            || self.tokens[start].is(Class::QuestionWord)
            || (sentence.is_question && end - start < 2);
        if is_empty || self.tokens[start].text == "to" {
            return false;
        }
        if first_at(&self.grammar.requests.instruction, &self.tokens[..end], start).is_some() {
            self.keep_as_said("instruction", (start, end), Subject::User);
            return true;
        }
        let part =
            Sentence { from: start, to: sentence.to, words_to: end, is_question: false, is_foreign: false };
        self.noting = true;
        let before = self.reading.statements.len();
        self.read_clauses(part);
        self.noting = false;
        if self.reading.statements.len() == before {
            if !self.says_something(start, end) {
                return false;
            }
            let subject = self.noted(start, end);
            self.keep_as_said("note", (start, end), subject);
        }
        true
    }

    /// Whether a note is a sentence of its own, and no command or exclamation.
    fn says_something(&self, start: usize, end: usize) -> bool {
        if end - start < 3 {
            return false;
        }
        let first = &self.tokens[start];
        let after_colon = start > 0 && self.tokens[start - 1].text == ":";
        let the = first.text.eq_ignore_ascii_case("the") && self.tokens[start + 1].shape == Shape::Lower;
        let opens = after_colon
            || the
            || first.is(Class::Possessive)
            || first.is(Class::FirstPerson)
            || first.is(Class::ThirdPerson)
            || first.is(Class::OthersPossessive)
            || first.is_name_like();
        let to_you = self.tokens[start..end].iter().any(|token| matches!(token.text, "you" | "your"));
        opens && !to_you
    }

    /// Whom or what a note is about.
    fn noted(&self, start: usize, end: usize) -> Subject {
        let clause = Clause { from: start, to: end, link: Link::Start };
        let words = &self.tokens[..end];
        if let Some((other, _)) = thing(words, start, true) {
            return Subject::Other(other);
        }
        match self.people.theme(words, clause, start) {
            Ok(theme) if theme.mode != Mode::Has => theme.subject,
            Err(_) => self.noted_thing(words, start),
            Ok(_) => Subject::User,
        }
    }

    /// "Ana can't do Sundays", "bins go out on Tuesdays": what a note begins with is what it is about.
    fn noted_thing(&self, words: &[Token<'_>], start: usize) -> Subject {
        let language = words[start].is(Class::Language);
        if let Some(end) = super::slots::proper_end(words, start).filter(|_| !language) {
            let stop = (start + 1..end).find(|at| words[*at].text.starts_with(['\'', '’'])).unwrap_or(end);
            return Subject::Other(Other::named(super::subjects::joined(&words[start..stop])));
        }
        let bare = words[start].shape == Shape::Lower && words[start].classes == 0;
        let verb = words.get(start + 1).is_some_and(|verb| {
            verb.is(Class::Is)
                || verb.is(Class::Have)
                || verb.is(Class::Verb)
                || verb.is(Class::Will)
                || verb.is(Class::Auxiliary)
        });
        if bare && verb {
            let noun = words[start].text.to_owned();
            return Subject::Other(Other { head: noun.clone(), noun, name: None, sort: Sort::TheThing });
        }
        Subject::User
    }

    /// "always …", "from now on …": one instruction, as said.
    pub(super) fn instructs(&mut self, sentence: Sentence, from: usize) -> bool {
        let words = &self.tokens[..sentence.words_to];
        let start = (sentence.from..=from)
            .find(|at| first_at(&self.grammar.requests.instruction, words, *at).is_some());
        let Some(start) = start else { return false };
        let Some(found) = first_at(&self.grammar.requests.instruction, words, start) else { return false };
        let told = found.slots.first().copied().and_then(|(start, _)| words.get(start));
        let is_own = told.is_some_and(|token| {
            token.is(Class::FirstPerson)
                || token.is(Class::ThirdPerson)
                || matches!(token.text, "it" | "this")
        }) && !matches!(
            words[start].text.to_lowercase().as_str(),
            "assume" | "when" | "whenever" | "if" | "every" | "each" | "unless"
        );
        let is_foreign = words[start].is_quoted || is_for_now(&words[start..]);
        let verb = words[start].is(Class::FirstPerson) && found.slots.is_empty();
        if is_own || is_foreign || verb || offers(&words[start..]) {
            return false;
        }
        let to = self.next_wish(start, sentence.words_to);
        if self.tokens[start].text.eq_ignore_ascii_case("never")
            && self.tokens[start + 1..to].iter().any(|token| matches!(token.text, "up" | "never"))
        {
            return false;
        }
        self.keep_as_said("instruction", (start, to), Subject::User);
        if to < sentence.words_to {
            let rest = Sentence { from: to + 1, ..sentence };
            let from = self.opened(rest.from, rest.words_to);
            if !self.instructs(rest, from) {
                self.read_clauses(rest);
            }
        }
        true
    }
}

impl Reader<'_, '_> {
    /// A clause that is a standing instruction: "…, and please always keep it brief".
    pub(super) fn wishes(&mut self, clause: Clause) -> bool {
        let words = &self.tokens[..clause.to];
        let opened = self.opened(clause.from, clause.to);
        let starts = (clause.from..=opened)
            .find(|at| first_at(&self.grammar.requests.instruction, words, *at).is_some());
        let Some(start) = starts.filter(|start| !is_for_now(&words[*start..])) else { return false };
        let standing = (words[start].text.eq_ignore_ascii_case("always")
            || words[start].text.eq_ignore_ascii_case("never"))
            && words.get(start + 1).is_some_and(|verb| verb.is(Class::AssistantVerb) || verb.text == "be");
        if !standing
            || words[start].is_quoted
            || offers(&words[start..])
            || words[start + 1..].iter().any(|token| matches!(token.text, "up" | "never"))
        {
            return false;
        }
        self.keep_as_said("instruction", (start, clause.to), Subject::User);
        true
    }

    /// The mark or the "and" before a second wish or a statement in one sentence, else its end.
    fn next_wish(&self, start: usize, to: usize) -> usize {
        let words = &self.tokens[..to];
        let begins = |at: usize| {
            let token = words
                .get(at)
                .filter(|token| !token.text.eq_ignore_ascii_case("please"))
                .or(words.get(at + 1));
            token.is_some_and(|token| matches!(token.text, "always" | "never" | "I"))
        };
        let opens_condition = ["when", "whenever", "if", "every", "each", "for", "unless"]
            .iter()
            .any(|word| words[start].text.eq_ignore_ascii_case(word));
        if opens_condition {
            return to;
        }
        let cut = (start + 3..to).find(|at| match words[*at].text {
            "and" => begins(at + 1),
            "," => {
                begins(at + 1) || words.get(at + 1).is_some_and(|token| token.text == "and") && begins(at + 2)
            }
            _ => false,
        });
        cut.unwrap_or(to)
    }
}

/// Whether it is the speaker who offers, or a thanks: "whenever you need help, let me know", "always make us smile".
fn offers(words: &[Token<'_>]) -> bool {
    words.windows(2).any(|pair| {
        let (first, second) = (pair[0].text.to_lowercase(), pair[1].text);
        matches!((first.as_str(), second), ("feel", "free") | ("make" | "makes", "us") | ("you", "need"))
    }) || words.windows(3).any(|three| {
        three[0].text.eq_ignore_ascii_case("let") && three[1].text == "me" && three[2].text == "know"
    })
}

/// Whether a wish is for one answer only: "use bullet points for this answer".
fn is_for_now(words: &[Token<'_>]) -> bool {
    words.iter().enumerate().any(|(at, token)| {
        let next = words.get(at + 1).map_or("", |next| next.text);
        let this = ["this", "these", "above"].iter().any(|word| token.text.eq_ignore_ascii_case(word))
            && !matches!(
                next,
                "project"
                    | "repo"
                    | "codebase"
                    | "chat"
                    | "conversation"
                    | "format"
                    | "style"
                    | "tone"
                    | "short"
                    | "brief"
                    | "simple"
                    | "concise"
                    | "when"
                    | "way"
            );
        let now = token.text == "now" && at > 0 && words[at - 1].text == "for";
        this || now
            || matches!(token.text, "here" | "below" | "today" | "once")
                && !words[0].text.eq_ignore_ascii_case("from")
                && !words[0].text.eq_ignore_ascii_case("as")
    })
}
