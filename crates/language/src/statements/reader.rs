//! Reader: goes through a message sentence by sentence and clause by clause, and keeps what it must remember
//! between them: who was named, whether role play or somebody else's text has begun.

use super::clauses::{Clause, Link, clauses};
use super::corrections::Rest;
use super::drafts::Draft;
use super::grammar::Grammar;
use super::guards::{self, first_at};
use super::lexicon::Class;
use super::sentences::{Sentence, sentences};
use super::subjects::{Mode, NoTheme, Other, People, Sort, Subject, Theme, person, thing};
use super::tokens::{Shape, Token, span, tokens};
use super::{Reading, Skip, Utterance, corrections};

/// Tokens of a clause that are read; what is longer is no statement that a rule knows.
pub(super) const CLAUSE_TOKENS_MAX: usize = dreamkeeper_domain::limits::STATEMENT_TOKENS_MAX;

/// One message on its way.
pub(super) struct Reader<'m, 'a> {
    pub(super) grammar: &'static Grammar,
    pub(super) text: &'a str,
    pub(super) who: &'m str,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) people: People,
    pub(super) reading: Reading,
    /// Why everything from here on is passed over.
    closed: Option<Skip>,
    /// Whether a note is being read, so that things count that are not the speaker's.
    pub(super) noting: bool,
    /// Whether what the clause opens with names a time.
    pub(super) is_dated_lead: bool,
    /// How many statements there were before the sentence before.
    earlier: usize,
    pub(super) times: Vec<crate::time::TimePhrase>,
    /// Whether the message says that something said before was wrong.
    pub(super) correcting: bool,
    /// What the speaker has said before and takes back.
    pub(super) said: Option<super::Statement>,
    /// The sentence that is being read, its closing marks left out.
    pub(super) open: (usize, usize),
    /// Clauses whose subject is known and that no rule has read.
    pub(super) rests: Vec<Rest>,
}

/// Reads a message.
pub(super) fn read(utterance: &Utterance<'_>) -> Reading {
    let grammar = Grammar::get();
    let text = bounded(utterance.text);
    let tokens = tokens(text, &grammar.lexicon);
    let found = sentences(text, &tokens);
    let who = utterance.speaker.map(str::trim).filter(|name| !name.is_empty()).unwrap_or("User");
    let times = crate::time::read(text, utterance.anchor);
    let mut reader = Reader {
        grammar,
        text,
        who,
        tokens,
        people: People::default(),
        reading: Reading::default(),
        closed: None,
        noting: false,
        is_dated_lead: false,
        earlier: 0,
        times,
        correcting: false,
        rests: Vec::new(),
        open: (0, 0),
        said: None,
    };
    let off = found
        .iter()
        .any(|one| !one.is_foreign && guards::is_off_record(grammar, &reader.tokens[..one.to], one.from));
    reader.correcting = found.iter().any(|one| {
        !one.is_foreign
            && guards::anywhere(&grammar.requests.correcting, &reader.tokens[..one.to], one.from).is_some()
    });
    for sentence in &found {
        reader.sentence(*sentence, off);
    }
    reader.correct_by_rest();
    reader.reading
}

/// What is read of a message: what is longer is a document and no saying.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(dreamkeeper_domain::limits::STATEMENT_MESSAGE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl<'m, 'a> Reader<'m, 'a> {
    /// A reader over other tokens, for asking what its rules would make of them.
    pub(super) fn probe(
        grammar: &'static Grammar,
        text: &'a str,
        who: &'m str,
        tokens: Vec<Token<'a>>,
    ) -> Self {
        Self {
            grammar,
            text,
            who,
            tokens,
            people: People::default(),
            reading: Reading::default(),
            closed: None,
            noting: false,
            is_dated_lead: false,
            earlier: 0,
            times: Vec::new(),
            correcting: false,
            rests: Vec::new(),
            open: (0, 0),
            said: None,
        }
    }
}

impl Reader<'_, '_> {
    fn sentence(&mut self, sentence: Sentence, off_record: bool) {
        let before = self.reading.statements.len();
        let skip = self.read_sentence(sentence, off_record);
        self.earlier = before;
        if self.reading.statements.len() == before
            && let Some(reason) = skip
            && sentence.from < sentence.to
        {
            let span = span(&self.tokens[sentence.from], &self.tokens[sentence.to - 1]);
            self.reading.skipped.push((span, reason));
        }
    }

    /// Reads one sentence; says why nothing was learned, should that be so.
    fn read_sentence(&mut self, sentence: Sentence, off_record: bool) -> Option<Skip> {
        self.open = (sentence.from, sentence.words_to);
        if sentence.is_foreign {
            return Some(Skip::Quoted);
        }
        if let Some(reason) = self.closed {
            return Some(reason);
        }
        let grammar = self.grammar;
        let from = self.opened(sentence.from, sentence.words_to);
        if self.forgets(sentence, from, off_record) || off_record {
            return Some(Skip::OffTheRecord);
        }
        if let Some(reason) = self.closes(sentence) {
            return Some(reason);
        }
        let marks = &self.tokens[..sentence.to];
        let denied = sentence.words_to == sentence.from + 1 && marks[sentence.from].is(Class::Not);
        if denied || guards::is_joke(grammar, marks, sentence.from) {
            self.take_back(sentence);
            return Some(Skip::NotMeant);
        }
        if self.remembers(sentence, from) {
            return None;
        }
        if guards::is_not_meant(grammar, &self.tokens[..sentence.to], sentence.from) {
            return Some(Skip::NotMeant);
        }
        if !sentence.is_question && self.instructs(sentence, from) {
            return None;
        }
        let reason = self.read_clauses(sentence);
        let own =
            guards::reason(grammar, &self.tokens[..sentence.words_to], sentence.from, sentence.is_question);
        Some(if own == Skip::NotUnderstood { reason.unwrap_or(own) } else { own })
    }

    /// A short laugh after a statement takes it back: "I'm a millionaire. Just kidding!"
    fn take_back(&mut self, sentence: Sentence) {
        let words = &self.tokens[sentence.from..sentence.words_to];
        let is_short = words.len() <= 6 && !words.iter().any(|token| token.is(Class::Possessive));
        if is_short {
            let earlier = self.earlier.min(self.reading.statements.len());
            let taken = self.reading.statements.split_off(earlier);
            self.reading.skipped.extend(taken.iter().map(|statement| (statement.quote, Skip::NotMeant)));
        }
    }

    /// Whether from this sentence on the words are not the speaker's own, or not meant.
    fn closes(&mut self, sentence: Sentence) -> Option<Skip> {
        let marks = &self.tokens[..sentence.to];
        let opens = guards::anywhere(&self.grammar.requests.from_here_on, marks, sentence.from).is_some();
        let pastes = guards::anywhere(&self.grammar.requests.paste, marks, sentence.from)
            .is_some_and(|at| at == 0 || marks[at - 1].text != "me")
            && marks[sentence.from..].iter().any(|token| token.text == ":");
        let opened = self.opened(sentence.from, sentence.to);
        let is_task = marks.get(opened).is_some_and(|first| first.is(Class::TaskVerb));
        let pastes = pastes
            || (is_task
                && marks[opened..].iter().any(|token| token.text == ":")
                && !self.is_note(sentence, opened));
        if opens || pastes {
            let reason = if opens { Skip::NotMeant } else { Skip::Quoted };
            self.closed = Some(reason);
            return Some(if opens { reason } else { Skip::OneOff });
        }
        None
    }

    fn is_note(&self, sentence: Sentence, from: usize) -> bool {
        first_at(&self.grammar.requests.remember, &self.tokens[..sentence.words_to], from).is_some()
    }

    /// The first token that is no opening: "well, by the way, actually".
    pub(super) fn opened(&self, from: usize, to: usize) -> usize {
        let words = &self.tokens[..to];
        let mut at = from;
        while let Some(token) = words.get(at) {
            if let Some(found) = first_at(&self.grammar.requests.lead_in, words, at) {
                at = found.end;
            } else if token.is(Class::Opener)
                || token.is_mark()
                || (token.is(Class::Adverb) && !token.is(Class::Verb))
            {
                at += 1;
            } else {
                break;
            }
        }
        at.min(to)
    }

    pub(super) fn read_clauses(&mut self, sentence: Sentence) -> Option<Skip> {
        let list = clauses(&self.tokens, sentence.from, sentence.words_to);
        let mut reason = None;
        let mut supposed = false;
        self.people.last = self.people.last.take().filter(|_| false);
        let mut lead: Option<Clause> = None;
        for (index, clause) in list.iter().enumerate() {
            supposed |= clause.link == Link::If;
            let is_reason = matches!(clause.link, Link::Because | Link::Who);
            let asked = sentence.is_question && !is_reason && (index + 1 == list.len() || self.asks(*clause));
            if supposed || asked || clause.link == Link::Which {
                reason.get_or_insert(if asked { Skip::Question } else { Skip::Hypothetical });
                self.note_people(*clause);
                continue;
            }
            let is_time = lead.is_none() && index + 1 < list.len() && self.is_time_only(*clause);
            if is_time {
                lead = Some(*clause);
                continue;
            }
            match self.read_clause(*clause, lead.take()) {
                Ok(()) => {}
                Err(_) if !sentence.is_question && self.wishes(*clause) => {}
                Err(why) => {
                    reason.get_or_insert(why);
                    self.corrects_by_tail(*clause);
                }
            }
            self.note_people(*clause);
        }
        reason
    }

    /// Whether a clause of a question asks itself: it begins with an auxiliary or a question word.
    fn asks(&self, clause: Clause) -> bool {
        let from = self.opened(clause.from, clause.to);
        self.tokens[from..clause.to]
            .first()
            .is_none_or(|first| first.is(Class::QuestionWord) || first.is(Class::Auxiliary))
    }

    /// "In 2019", "last summer": a time that goes with the clause after it.
    fn is_time_only(&self, clause: Clause) -> bool {
        let words = &self.tokens[clause.from..clause.to];
        let first = words.first().is_some_and(|first| {
            first.is(Class::Preposition)
                || matches!(
                    first.text,
                    "Last"
                        | "last"
                        | "Next"
                        | "next"
                        | "This"
                        | "this"
                        | "Tomorrow"
                        | "tomorrow"
                        | "Every"
                        | "every"
                )
        });
        words.len() <= 6 && (first || words.len() == 1) && guards::is_dated(words)
    }

    fn note_people(&mut self, clause: Clause) {
        let words = &self.tokens[..clause.to];
        for at in clause.from..clause.to {
            if self.noting && words[at].is(Class::Possessive) && clause.to - at <= 4 && at + 1 < clause.to {
                let noun = super::subjects::joined(&words[at + 1..]);
                self.people.thing = Some(Other {
                    head: words[clause.to - 1].text.to_lowercase(),
                    noun,
                    name: None,
                    sort: Sort::Thing,
                });
            }
            if words[at].is(Class::Possessive)
                && let Some((other, _)) = person(words, at + 1)
            {
                self.people.meet(&other);
            }
            let begins = at == clause.from || words[at - 1].is(Class::Speech) || words[at - 1].text == "you";
            if self.correcting
                && begins
                && self.people.theme(words, clause, at).is_err()
                && let Ok(theme) = self.by_bare_name(at, clause.to)
                && let Subject::Other(other) = &theme.subject
            {
                self.people.meet(&other.clone());
            }
            let kind = words[at].is(Class::Friend) && at == clause.from;
            if kind && let Some(end) = super::slots::proper_end(words, at + 1).filter(|end| *end == clause.to)
            {
                let noun = words[at].text.to_lowercase();
                let name = Some(super::subjects::joined(&words[at + 1..end]));
                self.people.meet(&Other { head: noun.clone(), noun, name, sort: Sort::Person });
            }
        }
    }

    fn read_clause(&mut self, clause: Clause, lead: Option<Clause>) -> Result<(), Skip> {
        let mut from = self.opened(clause.from, clause.to);
        let mut lead = lead;
        if let Some(start) = self.after_adverbial(from, clause.to) {
            lead = lead.or(Some(Clause { from, to: start, link: clause.link }));
            from = start;
        }
        self.is_dated_lead = lead.is_some_and(|lead| guards::is_dated(&self.tokens[lead.from..lead.to]));
        if from >= clause.to || clause.to - from > CLAUSE_TOKENS_MAX {
            return Err(Skip::NotUnderstood);
        }
        let grammar = self.grammar;
        if self.tokens[from].is_quoted {
            return Err(Skip::Quoted);
        }
        if guards::is_hedged(grammar, &self.tokens, from, clause.to) {
            return Err(Skip::Negated);
        }
        let to = self.trimmed(from, clause.to);
        if let Some(draft) = self.whole(from, to) {
            self.keep(draft, lead);
            return Ok(());
        }
        let words = &self.tokens[..to];
        let start = if from == clause.from { clause } else { Clause { from, ..clause } };
        let denies = words[from..].iter().any(|token| token.is(Class::Not));
        let any_thing = self.noting || denies || corrections::is_marked(&self.tokens, from);
        let thing = thing(words, from, any_thing);
        let theme = self.people.theme(words, start, from).map_err(|why| match why {
            NoTheme::Unknown => Skip::NotUnderstood,
            NoTheme::Stranger => Skip::Stranger,
        });
        if let Some((other, predicate)) = thing
            && !matches!(&theme, Ok(theme) if matches!(theme.subject, Subject::Other(_)))
        {
            self.people.thing = Some(other.clone());
            let owned =
                theme.ok().filter(|theme| theme.mode == Mode::Has).and_then(|theme| self.draft(theme, to));
            let theme = Theme { subject: Subject::Other(other), mode: Mode::Does, from, predicate };
            let draft = owned.or_else(|| self.draft(theme, to)).ok_or(Skip::NotUnderstood)?;
            self.keep(draft, lead);
            return Ok(());
        }
        if theme.is_err() {
            self.rest_of_it(from, to);
        }
        let theme = match theme {
            Err(Skip::Stranger) if self.noting || self.correcting || self.is_denied_after(clause.to) => {
                self.by_bare_name(from, to)?
            }
            other => other?,
        };
        self.people.last = Some(theme.subject.clone());
        if let Subject::Other(other) = &theme.subject {
            let other = other.clone();
            self.people.meet(&other);
        }
        if corrections::ends_something(self, &theme, to, lead) {
            return Ok(());
        }
        let Some(draft) = self.draft(theme.clone(), to) else {
            self.rest_of(theme, to);
            return Err(Skip::NotUnderstood);
        };
        if draft.attribute.moment
            && guards::is_of_the_moment(grammar, &self.tokens, draft.theme.predicate, to)
        {
            return Err(Skip::Passing);
        }
        self.keep_unless_said(draft, lead, (from, to));
        Ok(())
    }

    /// Enters "it's …" as a clause that no rule reads: in a correction it may say what holds.
    fn rest_of_it(&mut self, from: usize, to: usize) {
        let it = ["it", "that"].iter().any(|it| self.tokens[from].text.eq_ignore_ascii_case(it));
        if it && to > from + 2 && self.tokens[from + 1].is(Class::Is) {
            let sentence = self.open;
            self.rests.push(Rest { subject: Subject::User, from, predicate: from + 2, to, sentence });
        }
    }

    fn rest_of(&mut self, theme: Theme, to: usize) {
        if theme.mode == Mode::Does || (theme.mode == Mode::Either && self.correcting) {
            let Theme { subject, from, predicate, .. } = theme;
            self.rests.push(Rest { subject, from, predicate, to, sentence: self.open });
        }
    }

    /// Enters a statement, or puts it by where the speaker goes on to say that it was wrong.
    fn keep_unless_said(&mut self, draft: Draft<'_>, lead: Option<Clause>, (from, to): (usize, usize)) {
        let taken_back = self.was_said(from, to);
        self.keep(draft, lead);
        if taken_back {
            self.said = self.reading.statements.pop();
        }
    }

    /// Whether ", not …" follows, which takes back what was said before.
    fn is_denied_after(&self, to: usize) -> bool {
        let is = |at: usize, text: &str| self.tokens.get(at).is_some_and(|token| token.text == text);
        let more = ["just", "only", "that", "to", "sure", "because"];
        is(to, ",") && is(to + 1, "not") && !more.iter().any(|more| is(to + 2, more))
    }

    /// "Ana works", of an Ana who was not told of before.
    fn by_bare_name(&self, from: usize, to: usize) -> Result<Theme, Skip> {
        let words = &self.tokens[..to];
        let end = super::slots::proper_end(words, from).ok_or(Skip::Stranger)?;
        let stop = (from + 1..end).find(|at| words[*at].text.starts_with(['\'', '’'])).unwrap_or(end);
        let verb = words.get(stop).ok_or(Skip::Stranger)?;
        let acts = verb.is(Class::Auxiliary)
            || verb.is(Class::Is)
            || verb.is(Class::Verb)
            || verb.text.ends_with('s');
        let plain = words[from].classes
            & (Class::Opener.bit() | Class::Adverb.bit() | Class::TaskVerb.bit() | Class::PresentNot.bit())
            == 0;
        if !acts || !plain || verb.shape == Shape::Capital {
            return Err(Skip::Stranger);
        }
        let other = Other::named(super::subjects::joined(&words[from..stop]));
        let possessive = verb.text.ends_with('s') && verb.text.starts_with(['\'', '’']);
        let mode = if possessive { Mode::Either } else { Mode::Does };
        Ok(Theme { subject: Subject::Other(other), mode, from, predicate: stop })
    }

    /// Where the subject stands after "next weekend", "at work", "on Mondays"; `None` where nothing stands before.
    fn after_adverbial(&self, from: usize, to: usize) -> Option<usize> {
        let words = &self.tokens[..to];
        let first = words.get(from)?;
        let opens = first.is(Class::Preposition)
            || ["last", "next", "this", "every", "each", "most", "some"]
                .iter()
                .any(|word| first.text.eq_ignore_ascii_case(word))
            || first.text.eq_ignore_ascii_case("tomorrow");
        if !opens || first.text.eq_ignore_ascii_case("as") {
            return None;
        }
        let start = (from + 1..to.min(from + 7)).find(|at| words[*at].is(Class::FirstPerson))?;
        let plain = words[from..start]
            .iter()
            .all(|token| !token.is(Class::Be) && !token.is(Class::Have) && !token.is(Class::QuestionWord));
        plain.then_some(start)
    }

    /// A clause's end without what only trails: "too", "though".
    fn trimmed(&self, from: usize, to: usize) -> usize {
        let mut to = to;
        while to > from + 1
            && (self.tokens[to - 1].is(Class::Trailer)
                || (self.tokens[to - 1].is_mark() && !matches!(self.tokens[to - 1].text, "\"" | "”" | "%")))
        {
            to -= 1;
        }
        to
    }
}
