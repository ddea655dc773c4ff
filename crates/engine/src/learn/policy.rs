//! Policy: what is held back for a person, and what is not kept at all. Origin decides; looking at the words is
//! a tripwire beside it.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::{Candidate, Cause};
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_language::screen;

use super::settings::{LearnSettings, Profile, Sensitive};
use super::similar::word_set;

/// What happens to a candidate before anything is decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It may be decided about.
    Pass,
    /// A person has to see it.
    Hold(BTreeSet<Cause>),
    /// It is not kept.
    Drop(BTreeSet<Cause>),
}

/// Rules on one candidate, given what grounding found wrong with it.
pub(crate) fn rule(candidate: &Candidate, ungrounded: &BTreeSet<Cause>, settings: &LearnSettings) -> Ruling {
    if ungrounded.contains(&Cause::Served) {
        return Ruling::Drop([Cause::Served].into());
    }
    if is_excluded(candidate, settings) {
        return Ruling::Drop([Cause::Excluded].into());
    }
    let mut causes = ungrounded.clone();
    let sensitive = sensitive(candidate);
    if !sensitive.is_empty() && settings.sensitive == Sensitive::Refuse {
        return Ruling::Drop(sensitive);
    }
    causes.extend(sensitive);
    if candidate.origin < Origin::User && is_instruction(candidate) {
        causes.insert(Cause::InstructionShaped);
    }
    let floor = match settings.profile {
        Profile::Strict => Origin::User,
        Profile::Balanced => Origin::Assistant,
        Profile::Open => Origin::External,
    };
    // Without a quote there is nobody whose origin it could be; that it was not said is cause enough.
    if candidate.origin < floor && !candidate.evidence.is_empty() {
        causes.insert(Cause::LowOrigin);
    }
    if causes.is_empty() { Ruling::Pass } else { Ruling::Hold(causes) }
}

/// Secrets, numbers of cards, accounts and documents, and text that no reader sees: whoever said it.
fn sensitive(candidate: &Candidate) -> BTreeSet<Cause> {
    let quotes = candidate.evidence.iter().map(|evidence| evidence.quote.as_str());
    let texts = quotes.chain([candidate.text.as_str()]);
    let found = texts.flat_map(screen::findings).map(|finding| finding.cause);
    found.filter(|cause| *cause != Cause::InstructionShaped).collect()
}

/// Whether it tells an assistant what to do, in its own words or in those that it rests on.
fn is_instruction(candidate: &Candidate) -> bool {
    let quotes = candidate.evidence.iter().map(|evidence| evidence.quote.as_str());
    let mut texts = quotes.chain([candidate.text.as_str()]);
    matches!(candidate.kind, Kind::Instruction | Kind::Procedure)
        || texts
            .any(|text| screen::findings(text).iter().any(|found| found.cause == Cause::InstructionShaped))
}

fn is_excluded(candidate: &Candidate, settings: &LearnSettings) -> bool {
    let words = word_set(&candidate.text);
    let has = |rule: &String| {
        let rule = word_set(rule);
        !rule.is_empty() && rule.is_subset(&words)
    };
    settings.exclude.iter().any(has) || (!settings.include.is_empty() && !settings.include.iter().any(has))
}
