//! Ground: nothing unsaid (invariant 1). A draft's quotes are found in their messages, and its names, numbers and
//! dates in its quotes, by code; whatever fails is named.

mod leaning;

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::{Candidate, Cause};
use dreamkeeper_domain::detail::{Detail, When};
use dreamkeeper_domain::id::{CandidateId, MessageId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Evidence;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_language::evidence::Unsupported;
use dreamkeeper_language::{evidence, time};
use jiff::{SignedDuration, Timestamp};

use super::context::{Context, Turn};
use super::extract::Draft;
use super::settings::LearnSettings;

/// A draft with what was found of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grounded {
    pub(crate) candidate: Candidate,
    /// What is wrong with it; empty when it stands.
    pub(crate) causes: BTreeSet<Cause>,
}

/// Grounds a draft. `None` when it rests on none of the new turns and none of the earlier ones: there is nothing
/// that a person could look at.
pub(crate) fn ground(
    draft: &Draft,
    context: &Context,
    id: CandidateId,
    settings: &LearnSettings,
) -> Option<Grounded> {
    let mut causes = BTreeSet::new();
    let (mut found, mut unfound) = (Vec::new(), Vec::new());
    for claimed in draft.quotes.iter().take(limits::MEMORY_EVIDENCE_MAX) {
        match find(claimed.message, &claimed.quote, context) {
            Some(evidence) => found.push(evidence),
            None => unfound.push((claimed.message, claimed.quote.clone())),
        }
    }
    found.sort_by_key(|(turn, evidence): &(&Turn, Evidence)| (turn.said(), evidence.span));
    found.dedup_by(|one, other| one.1 == other.1);
    let sources: Vec<&Turn> = found.iter().map(|(turn, _)| *turn).collect();
    if found.is_empty() || !unfound.is_empty() {
        causes.insert(Cause::NotSaid);
    }
    // A quote that is nowhere leaves the draft without a speaker: it is shown under the latest new turn.
    let latest = sources.last().copied().or_else(|| context.new_turns().last())?;
    let when = draft.time.as_deref().map(|phrase| dated(phrase, &sources));
    if let Some(cited) = leaning::cite(&draft.text, &found, when.as_ref(), context) {
        found = cited;
    }
    if !is_supported(&draft.text, &found, when.as_ref(), context) {
        causes.insert(Cause::NotInQuote);
    }
    let floor = found.iter().map(|(turn, _)| turn.message.origin).min();
    let candidate = Candidate {
        id,
        scope: latest.message.scope.clone(),
        kind: draft.kind,
        text: draft.text.clone(),
        detail: detail(draft, when, &sources),
        validity: Interval::default(),
        expires_at: expiry(draft, latest.message.at, settings),
        categories: categories(draft, settings),
        evidence: found.into_iter().map(|(_, evidence)| evidence).collect(),
        unfound,
        origin: floor.unwrap_or(Origin::External),
        proposer: draft.proposer.clone(),
        said_at: latest.message.at,
        is_correction: draft.is_correction,
        replaces: draft.replaces.clone(),
    };
    Some(Grounded { candidate, causes })
}

/// Finds a quote where it is claimed to be; what the answer got wrong is the turn more often than the words, so
/// another new turn that has exactly them serves as well.
pub(crate) fn find<'a>(
    message: Option<MessageId>,
    quote: &str,
    context: &'a Context,
) -> Option<(&'a Turn, Evidence)> {
    let claimed = message.and_then(|id| context.turn(id));
    let turns = claimed.into_iter().chain(context.new_turns());
    turns.into_iter().find_map(|turn| {
        let span = evidence::find_quote(&turn.text, quote)?;
        let words = span.of(&turn.text)?.to_owned();
        Some((turn, Evidence { message: turn.message.id, span, quote: words }))
    })
}

/// Whether the text's names, numbers and dates follow from what was found.
pub(crate) fn is_supported(
    text: &str,
    found: &[(&Turn, Evidence)],
    when: Option<&When>,
    context: &Context,
) -> bool {
    !is_flipped(text, found) && unsupported(text, found, when, context).is_empty()
}

fn is_flipped(text: &str, found: &[(&Turn, Evidence)]) -> bool {
    !found.is_empty() && found.iter().all(|(_, said)| evidence::negation_flipped(text, &said.quote))
}

/// The names, numbers and dates of the text that do not follow from what was found.
fn unsupported(
    text: &str,
    found: &[(&Turn, Evidence)],
    when: Option<&When>,
    context: &Context,
) -> Vec<Unsupported> {
    let quotes: Vec<&str> = found.iter().map(|(_, evidence)| evidence.quote.as_str()).collect();
    let mut speakers: Vec<&str> =
        found.iter().filter_map(|(turn, _)| turn.message.author.as_deref()).collect();
    let others: Vec<&str> = context.people().into_iter().collect();
    speakers.extend(found.iter().filter_map(|(turn, evidence)| addressed(turn, evidence, (text, context))));
    let local = |at: Timestamp, turn: &Turn| at.to_zoned(turn.anchor.zone.clone()).datetime();
    let times: Vec<time::Meaning> = when
        .and_then(|when| Some((when.interval?, when.granularity?)))
        .and_then(|(interval, granularity)| {
            Some((interval.from?, interval.to?, granularity, found.first()?.0))
        })
        .map(|(from, to, granularity, turn)| time::Meaning {
            start: local(from, turn),
            end: local(to, turn),
            granularity,
        })
        .into_iter()
        .collect();
    let sources = evidence::Sources {
        quotes: &quotes,
        speakers: &speakers,
        turns: &[],
        others: &others,
        times: &times,
    };
    evidence::unsupported(text, &sources)
}

/// Whom a quote speaks to, in the words in which the text names them: the other one, where two people speak.
fn addressed<'a>(turn: &Turn, evidence: &Evidence, (text, context): (&str, &'a Context)) -> Option<&'a str> {
    let speaker = turn.message.author.as_deref()?;
    let mut others = context.people().into_iter().filter(|name| *name != speaker);
    let other = others.next().filter(|_| others.next().is_none())?;
    evidence::addresses(&evidence.quote, text, other).then_some(other)
}

/// A phrase of time, resolved where its own message says it; as said where that has no certain meaning.
pub(crate) fn dated(phrase: &str, sources: &[&Turn]) -> When {
    let wanted = phrase.trim();
    for turn in sources {
        let resolved = time::read(&turn.text, &turn.anchor).into_iter().find(|found| {
            let words = found.span.of(&turn.text).unwrap_or_default();
            words.eq_ignore_ascii_case(wanted) || contains(words, wanted) || contains(wanted, words)
        });
        if let Some(found) = resolved {
            return When {
                phrase: found.span.of(&turn.text).unwrap_or(wanted).to_owned(),
                interval: found.interval(&turn.anchor),
                granularity: found.meaning.map(|meaning| meaning.granularity),
            };
        }
    }
    When { phrase: wanted.to_owned(), interval: None, granularity: None }
}

fn contains(long: &str, short: &str) -> bool {
    !short.is_empty() && long.to_lowercase().contains(&short.to_lowercase())
}

fn detail(draft: &Draft, when: Option<When>, sources: &[&Turn]) -> Detail {
    let mut slot = draft.slot.clone();
    if let (Some(slot), Some(turn)) = (&mut slot, sources.last()) {
        slot.subject = turn.named(&slot.subject);
        slot.attribute = slot.attribute.trim().to_lowercase();
    }
    let cut = |names: &[String]| names.iter().take(limits::DETAIL_NAMES_MAX).cloned().collect();
    Detail {
        slot,
        entities: cut(&draft.entities),
        relations: draft.relations.iter().take(limits::DETAIL_NAMES_MAX).cloned().collect(),
        when,
        importance: Some(if draft.importance.is_finite() { draft.importance.clamp(0.0, 1.0) } else { 0.5 }),
        ..Detail::default()
    }
}

fn expiry(draft: &Draft, said_at: Timestamp, settings: &LearnSettings) -> Option<Timestamp> {
    let days = settings.expiry_days.get(&draft.kind)?;
    said_at.checked_add(SignedDuration::from_hours(days.saturating_mul(24))).ok()
}

/// Only topics that the space has.
fn categories(draft: &Draft, settings: &LearnSettings) -> BTreeSet<String> {
    draft.categories.iter().filter(|name| settings.categories.contains_key(*name)).cloned().collect()
}
