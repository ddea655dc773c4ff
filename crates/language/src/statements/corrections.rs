//! Corrections: what says that an earlier statement does not hold any more.

use super::clauses::Clause;
use super::drafts::Draft;
use super::lexicon::Class;
use super::reader::Reader;
use super::subjects::{Mode, Subject, Theme};
use super::tokens::{Token, span};
use super::{Reading, Statement};

use dreamkeeper_domain::memory::Kind;

/// A clause that no rule has read, with its subject.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    pub(super) subject: Subject,
    pub(super) from: usize,
    pub(super) predicate: usize,
    pub(super) to: usize,
    /// The sentence around it.
    pub(super) sentence: (usize, usize),
}

impl Reader<'_, '_> {
    /// In a message that corrects and gives nothing that a rule reads, the first clause that says what holds
    /// now is kept as it stands: "I close the shop on Mondays now, not Sundays".
    pub(super) fn correct_by_rest(&mut self) {
        if !self.reading.statements.is_empty() || !self.reading.forget.is_empty() {
            return;
        }
        let said = self.said.take();
        let rests = std::mem::take(&mut self.rests);
        let points =
            |rest: &&Rest| !self.tokens[rest.from].is(Class::FirstPerson) && rest.subject == Subject::User;
        let ordered = rests.iter().filter(points).chain(rests.iter().filter(|rest| !points(rest)));
        let found = ordered.filter_map(|rest| Some((rest, self.holds_now(rest)?))).next();
        let Some((rest, tail)) = found else { return };
        let theme = Theme {
            subject: rest.subject.clone(),
            mode: Mode::Does,
            from: rest.from,
            predicate: rest.predicate,
        };
        let pointed = !self.tokens[rest.from].is(Class::FirstPerson) && rest.subject == Subject::User;
        let quote = if pointed { rest.sentence } else { (rest.from, rest.to) };
        let text = pointed.then(|| self.telling(&theme, None, false).turn(quote.0, quote.1));
        let start = (rest.predicate..rest.to)
            .find(|at| !self.tokens[*at].is(Class::Adverb) && !self.tokens[*at].is(Class::Is))
            .unwrap_or(rest.predicate);
        let attribute = self.grammar.attribute("correction");
        let draft = Draft {
            attribute,
            theme,
            of_theirs: false,
            base_verb: None,
            ends: false,
            value: (start, rest.to),
            quote,
            text,
        };
        self.keep(draft, None);
        if let Some(statement) = self.reading.statements.last_mut() {
            statement.is_correction = true;
            statement.replaces = tail;
            if let Some(said) = said.filter(|_| pointed) {
                statement.text = said.text.replacen(&said.value, &statement.value, 1);
                statement.kind = said.kind;
                statement.subject = said.subject;
                statement.attribute = said.attribute;
                statement.one_valued = said.one_valued;
                statement.replaces = Some(said.value);
            }
        }
    }

    /// "I said I work at X, it's actually Y": whether what is said in the clause is what was wrong.
    pub(super) fn was_said(&self, from: usize, to: usize) -> bool {
        let opening = self.tokens[..from].iter().rev().take(4);
        let said = opening.take_while(|token| !matches!(token.text, "." | "!" | "?" | ","));
        let told = said.clone().any(|token| matches!(token.text, "said" | "told" | "thought" | "wrote"));
        let after = &self.tokens[to..];
        told && self.correcting
            && after.windows(2).any(|pair| pair[0].text.eq_ignore_ascii_case("it") && pair[1].is(Class::Is))
    }

    /// What no longer holds, where a clause says what does: it ends in "now" or a denial of the old follows it.
    fn holds_now(&self, rest: &Rest) -> Option<Option<String>> {
        let words = &self.tokens[rest.from..rest.to];
        let pointed = rest.subject == Subject::User && !words[0].is(Class::FirstPerson);
        let first = self.tokens[rest.predicate..rest.to].iter().find(|token| !token.is(Class::Adverb));
        let of_now = first.is_none_or(|first| first.is(Class::Mood) || first.text.ends_with("ing"));
        let said = &self.grammar.requests.said_before;
        if pointed && (of_now || super::guards::anywhere(said, &self.tokens, 0).is_none()) {
            return None;
        }
        if words.len() > 16
            || words
                .iter()
                .any(|token| token.is(Class::Modal) || token.is(Class::Will) || token.is(Class::Not))
            || (!pointed && super::guards::points(words))
        {
            return None;
        }
        let after = &self.tokens[rest.to..];
        let mark = after.first().is_some_and(|mark| matches!(mark.text, "," | "-" | "—" | "–"));
        let denies = mark && after.get(1).is_some_and(|not| not.text == "not");
        if denies && after.get(2).is_some_and(|next| !next.is(Class::ClauseWord) && next.text != "that") {
            let run = after[2..].iter().take(6).take_while(|token| !token.is_mark()).count();
            let last = &after[(1 + run).max(2).min(after.len() - 1)];
            let marked = self.correcting
                || is_marked(&self.tokens, rest.from)
                || words.iter().any(|token| token.is(Class::Momentary) || token.text == "these");
            let old = span(&after[2], last).of(self.text).map(str::to_owned);
            return marked.then_some(old);
        }
        let before = &self.tokens[..rest.from];
        let but = before.last().is_some_and(|token| matches!(token.text, "but" | "though"));
        let now = words.iter().any(|token| {
            matches!(token.text, "now" | "actually" | "already" | "moved" | "switched" | "changed")
        });
        let points = rest.subject == Subject::User && !self.tokens[rest.from].is(Class::FirstPerson);
        let end = rest.sentence.1.max(rest.to);
        let denied = points && self.tokens[rest.to..end].iter().any(|token| token.text == "not");
        let marked = points && is_marked(&self.tokens, rest.from);
        (self.correcting && (but || now || denied || marked) && !self.says_the_error(rest)).then_some(None)
    }

    /// "I said …", "I mixed them up": the clause tells of the error itself.
    fn says_the_error(&self, rest: &Rest) -> bool {
        super::guards::first_at(&self.grammar.requests.correcting, &self.tokens[..rest.to], rest.from)
            .is_some()
    }
}

/// Whether the words before a clause take something back: "actually", "no wait".
pub(super) fn is_marked(tokens: &[Token<'_>], from: usize) -> bool {
    let mut opening = tokens[..from].iter().rev().take_while(|token| {
        token.is(Class::Opener)
            || token.is(Class::Adverb)
            || token.is(Class::Marker)
            || matches!(token.text, "that" | "this")
            || token.is_mark() && !matches!(token.text, "." | "!" | "?")
    });
    opening.any(|token| token.is(Class::Marker))
}

/// Of two values of a one-valued attribute in one message the later, where it corrects, is the one that holds.
/// "She's no longer at the bank, she works for a charity": what has ended is told by what came after; it is
/// given back.
pub(super) fn supersede(reading: &mut Reading, new: &Statement) -> Option<Statement> {
    let about_same = |old: &Statement| old.subject == new.subject;
    let ended = reading
        .statements
        .last()
        .filter(|old| old.ends && about_same(old) && new.quote.start <= old.quote.end + 16)
        .filter(|old| old.kind != Kind::Event || old.attribute == new.attribute || is_work(old, new));
    if let Some(ended) = ended.cloned()
        && !new.is_correction
        && !new.ends
    {
        reading.statements.pop();
        let old = Some(ended.value.clone()).filter(|value| !value.is_empty());
        return Some(Statement { replaces: old, ..ended });
    }
    let is_old = |old: &Statement| old.subject == new.subject && old.attribute == new.attribute;
    if new.is_correction && (new.one_valued || new.subject != "user") {
        let at = reading.statements.iter().rposition(is_old)?;
        let old = reading.statements.remove(at);
        return Some(Statement { replaces: Some(old.value.clone()), ..old });
    }
    None
}

/// "I no longer work at …", "I don't … anymore": the statement is that something has ended.
pub(super) fn ends_something(
    reader: &mut Reader<'_, '_>,
    theme: &Theme,
    to: usize,
    lead: Option<Clause>,
) -> bool {
    if theme.mode == Mode::Has {
        return false;
    }
    let words = &reader.tokens[..to];
    let is = |at: usize, text: &str| words.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(text));
    let no_longer =
        (theme.predicate..to).find(|at| is(*at, "no") && is(*at + 1, "longer")).map(|at| (at, at + 2, to));
    let any_more = if is(to - 1, "anymore") {
        Some(to - 1)
    } else {
        (to > theme.predicate + 2 && is(to - 2, "any") && is(to - 1, "more")).then(|| to - 2)
    };
    let negated = (theme.predicate..to.min(theme.predicate + 4)).find(|at| words[*at].is(Class::Not));
    let span = no_longer.or_else(|| {
        let not = negated?;
        let auxiliary = words[not - 1].is(Class::Do) && not > theme.predicate;
        Some((if auxiliary { not - 1 } else { not }, not + 1, any_more?))
    });
    let Some((gap, after, end)) = span else { return false };
    let mut affirmed = words[..gap].to_vec();
    affirmed.extend_from_slice(&words[after..end]);
    let found = reader.affirmed(affirmed, theme, gap, after);
    let found = found.or_else(|| Some((reader.any_deed(theme, after, end)?, (after, end))));
    let Some((draft, value)) = found else { return false };
    let value = (value.0, value.1.min(end));
    let at = reader.reading.statements.len();
    reader.keep(Draft { ends: true, value, quote: (theme.from, to), text: None, ..draft }, lead);
    if let Some(statement) = reader.reading.statements.get_mut(at) {
        statement.is_correction = true;
        statement.replaces = Some(statement.value.clone());
    }
    true
}

/// A new post beside the end of an old one.
fn is_work(old: &Statement, new: &Statement) -> bool {
    let work = |one: &Statement| matches!(one.attribute.as_str(), "employer" | "job_title");
    work(old) && work(new)
}

impl<'a> Reader<'_, 'a> {
    /// What somebody does no longer, where no rule knows the verb: "I no longer drink".
    fn any_deed(&self, theme: &Theme, after: usize, end: usize) -> Option<Draft<'static>> {
        let verb = self.tokens[..end].get(after)?;
        let acts = super::slots::is_practice(verb) && !super::guards::points(&self.tokens[after..end]);
        let attribute = self.grammar.attribute("habit");
        acts.then(|| Draft {
            attribute,
            theme: theme.clone(),
            of_theirs: false,
            base_verb: Some(after).filter(|_| theme.subject == Subject::User),
            ends: true,
            value: (after, end),
            quote: (theme.from, end),
            text: None,
        })
    }

    /// Reads a clause as though it said what it denies. The value is given in tokens of the message.
    fn affirmed(
        &self,
        affirmed: Vec<Token<'a>>,
        theme: &Theme,
        gap: usize,
        after: usize,
    ) -> Option<(Draft<'static>, (usize, usize))> {
        let text = self.text;
        let to = affirmed.len();
        let probe = Reader::probe(self.grammar, text, self.who, affirmed);
        let mut draft = probe.draft(theme.clone(), to)?;
        let back = |at: usize| if at >= gap { at + after - gap } else { at };
        draft.base_verb = draft.base_verb.map(back);
        let value = (back(draft.value.0), draft.value.1 + after - gap);
        Some((draft, value))
    }

    /// "I'm not a nurse but a midwife", "I'm not allergic to cats but to dust": what stands after "but" takes the
    /// place of what is denied. Whether that was read.
    pub(super) fn turns(&mut self, clause: Clause, next: Clause) -> bool {
        let words = &self.tokens[..clause.to];
        let after = self.opened(next.from, next.to);
        let is_but = self.tokens[next.from - 1].text == "but" && after < next.to;
        let names = is_but && {
            let first = &self.tokens[after];
            first.is(Class::Preposition)
                || first.is(Class::Article)
                || first.is(Class::NumberWord)
                || first.is_name_like()
                || first.is(Class::Diet)
        };
        let from = self.opened(clause.from, clause.to);
        let theme = self.people.theme(words, clause, from);
        let (Ok(theme), true) = (theme, names) else { return false };
        let reach = clause.to.min(theme.predicate + 3);
        let Some(not) = (theme.predicate..reach).find(|at| words[*at].is(Class::Not)) else { return false };
        let auxiliary = not > theme.predicate && words[not - 1].is(Class::Do);
        let gap = if auxiliary { not - 1 } else { not };
        let mut affirmed = words[..gap].to_vec();
        affirmed.extend_from_slice(&words[not + 1..]);
        let joint = self.tokens[after].text;
        let by_joint = self.tokens[after].is(Class::Preposition);
        let cut = if by_joint {
            (gap..affirmed.len()).rev().find(|at| affirmed[*at].text == joint)
        } else {
            let length = affirmed.len();
            let probe = Reader::probe(self.grammar, self.text, self.who, affirmed.clone());
            probe.draft(theme.clone(), length).map(|draft| draft.value.0)
        };
        let Some(mut cut) = cut.filter(|cut| *cut >= gap) else { return false };
        if self.tokens[after].is(Class::Article) && affirmed[cut - 1].is(Class::Article) {
            cut -= 1;
        }
        let old = (cut + usize::from(by_joint) + not + 1 - gap, clause.to);
        affirmed.truncate(cut);
        affirmed.extend_from_slice(&self.tokens[after..next.to]);
        let length = affirmed.len();
        let probe = Reader::probe(self.grammar, self.text, self.who, affirmed);
        let Some(draft) = probe.draft(theme.clone(), length) else { return false };
        let told = probe.telling(&draft.theme, draft.base_verb, draft.of_theirs);
        let text = told.tell(draft.theme.predicate, length);
        let start = after + draft.value.0.saturating_sub(cut);
        let replaces = self.slice(old.0, old.1).to_owned();
        let quote = (theme.from, next.to);
        self.keep(Draft { base_verb: None, value: (start, next.to), quote, text: Some(text), ..draft }, None);
        if let Some(statement) = self.reading.statements.last_mut() {
            statement.is_correction = true;
            statement.replaces = Some(replaces);
        }
        true
    }

    /// ", not Lisbon" after a statement: it names what does not hold any more.
    pub(super) fn corrects_by_tail(&mut self, clause: Clause) {
        let words = &self.tokens[clause.from..clause.to];
        let from = words
            .iter()
            .position(|token| !token.is(Class::Adverb) && !matches!(token.text, "and" | "anymore"));
        let Some(from) = from else { return };
        let (first, rest) = (&words[from], &words[from + 1..]);
        let second = |known: &str| rest.first().is_some_and(|token| token.text == known);
        let longer = first.text == "instead" && second("of") || first.text == "no" && second("longer");
        let denies = first.text == "not" || longer;
        let skip = usize::from(longer);
        let Some(last) = rest.last() else { return };
        if !denies || rest.len() <= skip || rest.len() > 6 {
            return;
        }
        let value = span(&rest[skip], last);
        let end = last.end() as u32;
        let close = words[0].start as u32;
        let text = value.of(self.text).map(|text| text.trim_end_matches(" anymore").to_owned());
        if let Some(statement) = self.reading.statements.last_mut()
            && statement.quote.end + 3 >= close
        {
            statement.is_correction = true;
            statement.replaces = text;
            statement.quote.end = end.max(statement.quote.end);
        }
    }
}
