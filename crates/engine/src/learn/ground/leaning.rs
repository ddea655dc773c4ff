//! Leaning: a name that a quote takes from the turn before it gets that turn as evidence, cited by code.
//!
//! Nothing is taken from further back than a few turns, nothing but names, and only where the quote has a word that
//! stands for what was named; a participant's name only where the memory tells what was said to them.

use dreamkeeper_domain::detail::When;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Evidence;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_language::evidence::{self, Sort, Unsupported};

use super::super::context::{Context, Turn};
use super::{is_flipped, is_supported, unsupported};

/// What was found, with the turns that the names come from; `None` where that does not make the text stand.
pub(super) fn cite<'a>(
    text: &str,
    found: &[(&'a Turn, Evidence)],
    when: Option<&When>,
    context: &'a Context,
) -> Option<Vec<(&'a Turn, Evidence)>> {
    let missing = unsupported(text, found, when, context);
    if missing.is_empty() || is_flipped(text, found) || missing.iter().any(|word| word.sort != Sort::Name) {
        return None;
    }
    let before = turns_before(found.first()?.0, context);
    let mut cited = found.to_vec();
    for word in &missing {
        let (turn, evidence) = named_before(word, text, found, (before, context))?;
        if !cited.iter().any(|(_, known)| *known == evidence) {
            cited.push((turn, evidence));
        }
    }
    cited.sort_by_key(|(turn, evidence)| (turn.said(), evidence.span));
    let stands = cited.len() <= limits::MEMORY_EVIDENCE_MAX && is_supported(text, &cited, when, context);
    stands.then_some(cited)
}

/// The turns right before, in order. What tools and outsiders said is no help: it would lower the origin of all.
fn turns_before<'a>(turn: &Turn, context: &'a Context) -> &'a [Turn] {
    let place = context.turns.iter().position(|known| known.message.id == turn.message.id).unwrap_or(0);
    &context.turns[place.saturating_sub(limits::LEANING_TURNS_MAX)..place]
}

fn named_before<'a>(
    word: &Unsupported,
    text: &str,
    found: &[(&Turn, Evidence)],
    (before, context): (&'a [Turn], &'a Context),
) -> Option<(&'a Turn, Evidence)> {
    let said = before.iter().rev().filter(|turn| turn.message.origin >= Origin::Assistant);
    if let Some(person) = participant(&word.word, context) {
        let (turn, quote) = found.last()?;
        let speaker = turn.message.author.as_deref()?;
        let is_to_them = context.people().len() == 2
            && person != speaker
            && evidence::is_done_to(text, &quote.quote, (speaker, person));
        let mut theirs = said.filter(|turn| turn.message.author.as_deref() == Some(person));
        let turn = theirs.next().filter(|_| is_to_them)?;
        return Some((turn, quoted(turn, evidence::first_sentence(&turn.text)?)?));
    }
    if !found.iter().any(|(_, quote)| evidence::refers_back(&quote.quote)) {
        return None;
    }
    let mut naming = said.filter_map(|turn| Some((turn, evidence::sentence_naming(&turn.text, &word.word)?)));
    let (turn, span) = naming.next()?;
    Some((turn, quoted(turn, span)?))
}

fn participant<'a>(word: &str, context: &'a Context) -> Option<&'a str> {
    context.people().into_iter().find(|name| evidence::is_name_of(word, name))
}

fn quoted(turn: &Turn, span: Span) -> Option<Evidence> {
    Some(Evidence { message: turn.message.id, span, quote: span.of(&turn.text)?.to_owned() })
}
