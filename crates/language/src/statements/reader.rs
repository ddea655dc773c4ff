//! Reader: goes through a message sentence by sentence and clause by clause, and keeps what it must remember
//! between them: who was named, whether role play or somebody else's text has begun.

use dreamkeeper_domain::passage::Span;
use jiff::civil::Date;

use super::clauses::{Clause, Link, clauses};
use super::corrections::Rest;
use super::drafts::Draft;
use super::grammar::Grammar;
use super::guards::{self, first_at};
use super::lexicon::Class;
use super::sentences::{Sentence, sentences};
use super::subjects::{Mode, NoTheme, Other, People, Sort, Subject, Theme, person};
use super::things::thing;
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
    pub(super) closed: Option<Skip>,
    /// Whether a note is being read, so that things count that are not the speaker's.
    pub(super) noting: bool,
    /// Whether what the clause opens with names a time.
    pub(super) is_dated_lead: bool,
    /// What the clause opens with, in bytes of the message.
    pub(super) lead: Option<Span>,
    /// The day on which it is said, where the speaker is.
    pub(super) today: Option<Date>,
    /// Whether the line that is being read is told by another speaker.
    pub(super) is_script: bool,
    /// How many statements there were before the sentence before.
    pub(super) earlier: usize,
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
        lead: None,
        today: Some(utterance.anchor.at.to_zoned(utterance.anchor.zone.clone()).date()),
        is_script: false,
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
    let is_foreign = found
        .iter()
        .any(|one| guards::anywhere(&grammar.requests.whole, &reader.tokens[..one.to], one.from).is_some());
    reader.closed = is_foreign.then_some(Skip::Quoted);
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
            lead: None,
            today: None,
            is_script: false,
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
        if self.is_told_by_another(sentence) {
            return Some(Skip::Quoted);
        }
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
        let first =
            self.tokens[sentence.from..sentence.words_to].iter().find(|token| !token.is(Class::Opener));
        let asks_you = first.is_some_and(|first| {
            ["can", "could", "would", "will"].iter().any(|word| first.text.eq_ignore_ascii_case(word))
        });
        if (!sentence.is_question || asks_you) && self.instructs(sentence, from) {
            return None;
        }
        let before = self.reading.statements.len();
        let reason = self.read_clauses(sentence);
        self.drop_what_was(before);
        let own =
            guards::reason(grammar, &self.tokens[..sentence.words_to], sentence.from, sentence.is_question);
        Some(if own == Skip::NotUnderstood { reason.unwrap_or(own) } else { own })
    }

    /// "I used to be a waiter but now I'm a bartender": what was is only what the new value replaces.
    fn drop_what_was(&mut self, before: usize) {
        let told = &self.reading.statements[before.min(self.reading.statements.len())..];
        let [was, is, ..] = told else { return };
        let between = self.text.get(was.quote.end as usize..is.quote.end as usize).unwrap_or_default();
        let first = self.text.get(was.quote.start as usize..was.quote.end as usize).unwrap_or_default();
        let turns =
            between.split(|mark: char| !mark.is_alphanumeric()).any(|word| matches!(word, "but" | "now"));
        if first.contains("used to") && turns && was.subject == is.subject {
            let old = self.reading.statements.remove(before);
            let new = &mut self.reading.statements[before];
            new.is_correction = true;
            new.replaces.get_or_insert(old.value);
        }
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
        let mut asked_before = false;
        // Whether the clause was read together with the one before.
        let mut turned = false;
        self.people.last = self.people.last.take().filter(|_| false);
        let mut lead: Option<Clause> = None;
        for (index, clause) in list.iter().enumerate() {
            supposed |= clause.link == Link::If;
            let is_reason = matches!(clause.link, Link::Because | Link::Who)
                || self.adds_to_question(*clause, asked_before);
            let asks = self.asks(*clause);
            let asked = sentence.is_question && !is_reason && (index + 1 == list.len() || asks);
            asked_before |= asks;
            if supposed || asked || clause.link == Link::Which {
                reason.get_or_insert(if asked { Skip::Question } else { Skip::Hypothetical });
                self.note_people(*clause);
                continue;
            }
            if turned || list.get(index + 1).is_some_and(|next| self.turns(*clause, *next)) {
                turned = !turned;
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

    /// "What should I wear, my wedding is on 8 June?": a statement after the question, under its mark.
    fn adds_to_question(&self, clause: Clause, asked_before: bool) -> bool {
        let first = &self.tokens[self.opened(clause.from, clause.to).min(clause.to - 1)];
        asked_before
            && matches!(clause.link, Link::Comma | Link::Start)
            && (first.is(Class::FirstPerson) || first.is(Class::Possessive))
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
        self.lead = lead.map(|lead| span(&self.tokens[lead.from], &self.tokens[lead.to - 1]));
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
            self.people.last = Some(Subject::User);
            self.keep(draft, lead);
            return Ok(());
        }
        if let Some(draft) = self.added(clause, from, to) {
            self.keep(draft, lead);
            return Ok(());
        }
        let start = if from == clause.from { clause } else { Clause { from, ..clause } };
        let theme = self.people.theme(&self.tokens[..to], start, from).map_err(|why| match why {
            NoTheme::Unknown => Skip::NotUnderstood,
            NoTheme::Stranger => Skip::Stranger,
        });
        if let Some(of_thing) = self.read_thing((from, to), &theme, lead) {
            return of_thing;
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

    /// Reads a clause that a thing of the speaker's is the subject of; `None` where there is none.
    fn read_thing(
        &mut self,
        (from, to): (usize, usize),
        theme: &Result<Theme, Skip>,
        lead: Option<Clause>,
    ) -> Option<Result<(), Skip>> {
        let words = &self.tokens[..to];
        let denies = words[from..].iter().any(|token| token.is(Class::Not));
        let any_thing =
            self.noting || self.correcting || denies || corrections::is_marked(&self.tokens, from);
        let (other, predicate) = thing(words, from, any_thing)?;
        if matches!(theme, Ok(theme) if matches!(theme.subject, Subject::Other(_))) {
            return None;
        }
        self.people.thing = Some(other.clone());
        let owner = theme.as_ref().ok().filter(|theme| theme.mode == Mode::Has);
        let owned = owner.and_then(|theme| self.draft(theme.clone(), to));
        let theme = Theme { subject: Subject::Other(other), mode: Mode::Does, from, predicate };
        // What any thing of theirs may be told by comes after what is known of this thing.
        let (owned, general) = match owned {
            Some(draft) if draft.attribute.name == "possession" => (None, Some(draft)),
            other => (other, None),
        };
        let Some(draft) = owned.or_else(|| self.draft(theme, to)).or(general) else {
            return Some(Err(Skip::NotUnderstood));
        };
        self.keep(draft, lead);
        Some(Ok(()))
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
            || ["tomorrow", "yesterday", "one", "some"]
                .iter()
                .any(|word| first.text.eq_ignore_ascii_case(word));
        if !opens || first.text.eq_ignore_ascii_case("as") {
            return None;
        }
        let reach = from + 1..to.min(from + 7);
        let owner = |at: &usize| {
            words[*at].is(Class::Possessive)
                && !words[*at - 1].is(Class::Preposition)
                && person(words, *at + 1).is_some()
        };
        let speaker = reach.clone().find(|at| words[*at].is(Class::FirstPerson));
        let start = speaker.or_else(|| reach.clone().find(owner))?;
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
