//! What is to be learned from, and what was learned.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::{Candidate, Cause, Held, HeldStatus, Proposer};
use dreamkeeper_domain::detail::{Detail, Slot};
use dreamkeeper_domain::event::{Decision, EventState, LearnEvent, LearnReport, Verdict};
use dreamkeeper_domain::id::{CandidateId, EventId};
use dreamkeeper_domain::memory::{Evidence, Kind};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::time::Interval;

use super::{EPOCH, at, next_id_bytes};

/// An event of a scope that brings nothing yet, made and due at the tests' epoch.
pub fn an_event(scope: &Scope) -> LearnEvent {
    LearnEvent {
        id: EventId::new(at(EPOCH), next_id_bytes()),
        scope: scope.clone(),
        session: None,
        messages: Vec::new(),
        proposals: Vec::new(),
        created_at: at(EPOCH),
        state: EventState::Pending,
        attempts: 0,
        due_at: at(EPOCH),
        lease: None,
        settled_at: None,
        report: LearnReport::default(),
        error: None,
    }
}

/// An event that brings messages of a session.
pub fn an_event_of(session: &Session, messages: &[&Message]) -> LearnEvent {
    let messages = messages.iter().map(|message| message.id).collect();
    LearnEvent { session: Some(session.id), messages, ..an_event(&session.scope) }
}

/// A candidate with these words, that quotes whole messages.
pub fn a_candidate(text: &str, scope: &Scope, quoted: &[&Message]) -> Candidate {
    let quote = |message: &&Message| {
        let quote = message.text();
        Evidence { message: message.id, span: Span { start: 0, end: quote.len() as u32 }, quote }
    };
    Candidate {
        id: CandidateId::new(at(EPOCH), next_id_bytes()),
        scope: scope.clone(),
        kind: Kind::Fact,
        text: text.to_owned(),
        detail: a_detail("user", "says", text),
        validity: Interval::default(),
        expires_at: None,
        categories: BTreeSet::from(["talk".to_owned()]),
        evidence: quoted.iter().map(quote).collect(),
        unfound: Vec::new(),
        origin: Origin::User,
        proposer: Proposer::Rules,
        said_at: at(EPOCH),
        is_correction: false,
        replaces: Some(text.to_owned()),
    }
}

/// A candidate that waits in quarantine.
pub fn a_held(candidate: Candidate) -> Held {
    Held {
        candidate,
        event: None,
        causes: BTreeSet::from([Cause::NotSaid]),
        status: HeldStatus::Waiting,
        held_at: at(EPOCH),
        closed: None,
    }
}

/// What one decision did, with words that it rests on messages.
pub fn a_decision(verdict: Verdict, text: &str, messages: &[&Message]) -> Decision {
    Decision {
        verdict,
        text: text.to_owned(),
        reason: format!("because of {text}"),
        causes: BTreeSet::new(),
        neighbours: Vec::new(),
        messages: messages.iter().map(|message| message.id).collect(),
    }
}

/// A summary of a session's messages before an ordinal.
pub fn a_summary(session: &Session, text: &str, upto: u32) -> Summary {
    Summary {
        session: session.id,
        scope: session.scope.clone(),
        text: text.to_owned(),
        messages: Vec::new(),
        continues: None,
        upto,
        origin: Origin::User,
        proposer: Proposer::Rules,
        made_at: at(EPOCH),
    }
}

/// A one-valued slot and nothing else.
pub fn a_detail(subject: &str, attribute: &str, value: &str) -> Detail {
    let slot = Slot {
        subject: subject.to_owned(),
        attribute: attribute.to_owned(),
        one_valued: true,
        value: value.to_owned(),
        ended: false,
    };
    Detail { slot: Some(slot), ..Detail::default() }
}
