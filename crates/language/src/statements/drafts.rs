//! Drafts: what a rule found in a clause, told and entered as a statement.

use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::passage::Span;

use super::clauses::Clause;
use super::grammar::Attribute;
use super::lexicon::{Class, WordId};
use super::reader::Reader;
use super::render::Telling;
use super::subjects::{Mode, Other, Subject, Theme, person};
use super::tokens::{Shape, span};
use super::{Relation, Statement, corrections};

/// A statement before it is told: what was found where.
pub(super) struct Draft<'r> {
    pub(super) attribute: &'r Attribute,
    pub(super) theme: Theme,
    pub(super) of_theirs: bool,
    pub(super) base_verb: Option<usize>,
    /// Whether the value is what has come to an end.
    pub(super) ends: bool,
    /// Tokens of the value.
    pub(super) value: (usize, usize),
    /// The first token of the quote and the one after its last.
    pub(super) quote: (usize, usize),
    /// How it is told, where the clause's own words do not do.
    pub(super) text: Option<String>,
}

impl Reader<'_, '_> {
    pub(super) fn slice(&self, from: usize, to: usize) -> &str {
        if from >= to {
            return "";
        }
        self.text.get(self.tokens[from].start..self.tokens[to - 1].end()).unwrap_or_default()
    }

    pub(super) fn telling<'t>(
        &'t self,
        theme: &'t Theme,
        base_verb: Option<usize>,
        of_theirs: bool,
    ) -> Telling<'t, 't> {
        Telling { tokens: &self.tokens, who: self.who, subject: &theme.subject, base_verb, of_theirs }
    }

    /// Tells a draft and enters it.
    pub(super) fn keep(&mut self, draft: Draft<'_>, lead: Option<Clause>) {
        let told = self
            .telling(&draft.theme, draft.base_verb, draft.of_theirs)
            .tell(draft.theme.predicate, draft.quote.1);
        let mut text = draft.text.clone().unwrap_or(told);
        let mut from = draft.quote.0;
        if let Some(lead) = lead {
            text = format!("{}, {text}", self.telling(&draft.theme, None, false).turn(lead.from, lead.to));
            from = lead.from;
        }
        let quote = span(&self.tokens[from], &self.tokens[draft.quote.1 - 1]);
        let (subject, relations) = match &draft.theme.subject {
            Subject::User => ("user".to_owned(), self.named_people(draft.quote)),
            Subject::Other(other) => (other.label(), relation(other).into_iter().collect()),
        };
        let time = self
            .times
            .iter()
            .find(|time| time.span.start >= quote.start && time.span.end <= quote.end)
            .cloned();
        let mut statement = Statement {
            kind: draft.attribute.kind,
            subject,
            attribute: draft.attribute.name.clone(),
            one_valued: draft.attribute.one,
            ends: draft.ends,
            value: self.slice(draft.value.0, draft.value.1).to_owned(),
            text,
            quote,
            entities: self.entities(from, draft.quote.1),
            relations,
            time,
            importance: draft.attribute.weight,
            is_correction: corrections::is_marked(&self.tokens, draft.quote.0),
            replaces: None,
        };
        if let Some(ended) = corrections::supersede(&mut self.reading, &statement) {
            statement.is_correction = true;
            statement.replaces = ended.replaces;
        }
        self.reading.statements.push(statement);
    }

    fn named_people(&self, quote: (usize, usize)) -> Vec<Relation> {
        let words = &self.tokens[..quote.1];
        let people = (quote.0..quote.1)
            .filter(|at| words[*at].is(Class::Possessive))
            .filter_map(|at| person(words, at + 1));
        people.filter_map(|(other, _)| relation(&other)).collect()
    }

    /// Runs of words with a capital; the first word of a sentence only where it can be nothing else.
    pub(super) fn entities(&self, from: usize, to: usize) -> Vec<String> {
        let mut entities: Vec<String> = Vec::new();
        let mut at = from;
        while at < to {
            let token = &self.tokens[at];
            let opens_sentence =
                at == 0 || matches!(self.tokens[at - 1].text, "." | "!" | "?") || token.on_new_line;
            let plain = opens_sentence && (token.classes != 0 || token.word != WordId::UNKNOWN);
            let end = super::slots::proper_end(&self.tokens[..to], at)
                .filter(|_| !plain && token.shape == Shape::Capital);
            if let Some(end) = end {
                let name = self.slice(at, end).trim_end_matches("'s").to_owned();
                if !entities.contains(&name) {
                    entities.push(name);
                }
                at = end;
            } else {
                at += 1;
            }
        }
        entities
    }

    /// Enters a sentence as it was said: a note or an instruction.
    pub(super) fn keep_as_said(&mut self, attribute: &str, (from, to): (usize, usize), subject: Subject) {
        let attribute = self.grammar.attribute(attribute);
        let theme = Theme { subject: Subject::User, mode: Mode::Does, from, predicate: from };
        let said = self.telling(&theme, None, false).turn(from, to);
        let text = match attribute.kind {
            Kind::Instruction => format!("{} asks: {}", self.who, self.slice(from, to)),
            _ => said,
        };
        let theme = Theme { subject, ..theme };
        self.keep(
            Draft {
                attribute,
                theme,
                of_theirs: false,
                base_verb: None,
                ends: false,
                value: (from, to),
                quote: (from, to),
                text: Some(text),
            },
            None,
        );
    }

    pub(super) fn forget(&mut self, span: Span) {
        self.reading.forget.push(span);
    }
}

fn relation(other: &Other) -> Option<Relation> {
    let object = other.name.clone()?;
    Some(Relation { subject: "user".to_owned(), predicate: other.head.clone(), object })
}
