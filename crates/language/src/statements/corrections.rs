//! Corrections: what says that an earlier statement does not hold any more.

use super::clauses::Clause;
use super::drafts::Draft;
use super::lexicon::Class;
use super::reader::Reader;
use super::subjects::{Mode, Theme};
use super::tokens::{Token, span};
use super::{Reading, Statement};

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
        .filter(|old| old.replaces.is_some() && about_same(old) && new.quote.start <= old.quote.end + 8);
    if let Some(ended) = ended.cloned()
        && !new.is_correction
    {
        reading.statements.pop();
        return Some(ended);
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
    let Some((draft, value)) = found else { return false };
    let value_text = reader.slice(value.0, value.1.min(end)).to_owned();
    let said = (theme.predicate, to);
    let at = reader.reading.statements.len();
    reader.keep(Draft { value: said, quote: (theme.from, to), text: None, ..draft }, lead);
    if let Some(statement) = reader.reading.statements.get_mut(at) {
        statement.is_correction = true;
        statement.replaces = Some(value_text);
    }
    true
}

impl<'a> Reader<'_, 'a> {
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

    /// ", not Lisbon" after a statement: it names what does not hold any more.
    pub(super) fn corrects_by_tail(&mut self, clause: Clause) {
        let words = &self.tokens[clause.from..clause.to];
        let from = words
            .iter()
            .position(|token| !token.is(Class::Adverb) && !matches!(token.text, "and" | "anymore"));
        let Some(from) = from else { return };
        let (first, rest) = (&words[from], &words[from + 1..]);
        let denies = matches!(first.text, "not")
            || first.text == "instead" && rest.first().is_some_and(|token| token.text == "of");
        let skip = usize::from(first.text == "instead");
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
