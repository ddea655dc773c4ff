//! Run: one batch of events of one session, from messages to one ChangeSet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::candidate::{Candidate, Cause, Held, HeldStatus};
use dreamkeeper_domain::event::{Decision, LearnEvent, LearnReport, Verdict};
use dreamkeeper_domain::id::{CandidateId, EventId, MemoryId, MessageId, SpaceId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{EmbedPurpose, MemoryQuery, SpaceStore};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;

use tracing::{Instrument, debug_span, info_span};

use super::context::Context;
use super::decide::{Deciding, Wish};
use super::desk::Desk;
use super::extract::model::Answered;
use super::extract::{Extracted, ForgetWish, model, rules};
use super::forget::{Asked, forget};
use super::ground::{Grounded, ground};
use super::neighbours::{Fetching, Neighbours};
use super::policy::{Ruling, rule};
use super::served::served_causes;
use super::settings::LearnSettings;
use super::timeline::SaidBy;
use crate::memory_change::Change;
use crate::{Engine, VerbError};

/// Memories that a model is shown, and that a wish to forget is looked up among.
const SHOWN_COUNT: usize = 20;

/// What a batch came to, to be written as one ChangeSet.
pub(crate) struct Learned {
    pub(crate) report: LearnReport,
    pub(crate) changes: Vec<Change>,
    pub(crate) held: Vec<Held>,
    pub(crate) summary: Option<Summary>,
}

/// A batch being learned from.
pub(crate) struct Run<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) id: SpaceId,
    pub(crate) space: &'a Arc<dyn SpaceStore>,
    pub(crate) settings: &'a LearnSettings,
}

/// One candidate on its way.
struct Item {
    grounded: Grounded,
    wish: Option<Wish>,
}

impl Run<'_> {
    /// Reads the events' messages and proposals and decides; writes nothing.
    pub(crate) async fn extract(
        &self,
        events: &[LearnEvent],
    ) -> Result<(Context, Extracted, Option<Summary>), VerbError> {
        let ids: Vec<_> = events.iter().flat_map(|event| event.messages.iter().copied()).collect();
        let model = self.engine.learning.model.as_deref();
        let gathering = Context::gather(&**self.space, &ids, self.settings, model.is_some());
        let context = gathering.instrument(info_span!("context")).await?;
        if context.new_turns().is_empty() {
            return Ok((context, Extracted::default(), None));
        }
        let Some(model) = model else {
            let summary = super::summary::extractive(self, &context).await?;
            return Ok((context.clone(), rules::extract(&context), summary));
        };
        let known = self.known_around(&context).await?;
        let Answered { mut extracted, summary: words } =
            model::extract(model, &context, &known, self.settings).instrument(info_span!("extract")).await?;
        let steps = &self.engine.learning.steps;
        let decider = steps.decide.as_deref().unwrap_or(model);
        super::contradictions::settle(self, (decider, &known), &context, &mut extracted)
            .instrument(info_span!("contradictions"))
            .await?;
        let summary = match steps.summary.as_deref() {
            Some(own) => super::summary::of_own_model(self, own, &context, &mut extracted).await,
            None => words.and_then(|words| {
                let by = (model.identity(), model::PROMPT);
                super::summary::of_model(&context, words, by, self.engine.now())
            }),
        };
        Ok((context, extracted, summary))
    }

    /// Decides about what was extracted. The caller holds the scope's lock until the result is written.
    pub(crate) async fn decide(
        &self,
        events: &[LearnEvent],
        (context, extracted, summary): (Context, Extracted, Option<Summary>),
    ) -> Result<Learned, VerbError> {
        let mut report = LearnReport {
            turns_read: context.new_turns().len() as u32,
            skipped: extracted.skipped,
            warnings: extracted.warnings,
            calls: extracted.usage.calls,
            prompt_tokens: extracted.usage.prompt_tokens,
            answer_tokens: extracted.usage.answer_tokens,
            ..LearnReport::default()
        };
        let mut items: Vec<Item> = Vec::new();
        for draft in &extracted.drafts {
            match ground(
                draft,
                &context,
                CandidateId::new(self.engine.now(), self.engine.random()),
                self.settings,
            ) {
                Some(grounded) => items.push(Item { grounded, wish: draft.wish }),
                None => report.warnings.push("a draft that rests on no turn was left out".to_owned()),
            }
        }
        for proposal in events.iter().flat_map(|event| &event.proposals) {
            let causes = self.engine.proposal_causes(self.space, (proposal, self.settings)).await?;
            items.push(Item { grounded: Grounded { candidate: proposal.clone(), causes }, wish: None });
        }
        let event = events.first().map(|event| event.id);
        let mut work = Work::new(event, said_by(&context));
        if let (Some(quota), Some(event)) = (self.settings.memory_quota, events.first()) {
            work.room = Some(self.room(&event.scope, quota).await?);
        }
        for item in &mut items {
            item.grounded.causes.extend(served_causes(&**self.space, &item.grounded.candidate).await?);
        }
        self.decide_each(items, &mut work).await?;
        for wish in &extracted.forget {
            let Some(turn) = context.turn(wish.message) else { continue };
            let asked = Asked::new(wish, turn);
            let known = self.asked_for(&turn.message.scope, (wish, &asked)).await?;
            work.decisions.extend(forget(&mut work.desk, (wish, &asked), turn, &known));
        }
        let learned: BTreeSet<_> = work
            .decisions
            .iter()
            .filter(|decision| !matches!(decision.verdict, Verdict::Drop))
            .flat_map(|decision| &decision.messages)
            .collect();
        report.turns_learned_from =
            context.new_turns().iter().filter(|turn| learned.contains(&turn.message.id)).count() as u32;
        report.micro_cost = cost(&report, self.settings);
        report.decisions = work.decisions;
        Ok(Learned { report, changes: work.desk.into_changes(), held: work.held, summary })
    }

    async fn decide_each(&self, items: Vec<Item>, work: &mut Work) -> Result<(), VerbError> {
        let texts: Vec<String> = items.iter().map(|item| item.grounded.candidate.text.clone()).collect();
        let embedder = &self.engine.parts.embedder;
        let vectors =
            if texts.is_empty() { Vec::new() } else { embedder.embed(&texts, EmbedPurpose::Passage).await? };
        let fetching = self.fetching();
        let mut made: BTreeMap<MemoryId, usize> = BTreeMap::new();
        for (place, Item { grounded: Grounded { candidate, causes }, wish }) in items.into_iter().enumerate()
        {
            match rule(&candidate, &causes, self.settings) {
                Ruling::Drop(causes) => work.drop(&candidate, causes),
                Ruling::Hold(causes) => work.hold(candidate, causes, self.engine.now()),
                Ruling::Pass => {
                    let around = fetching.around(&mut work.desk, &candidate, Some(&vectors[place]));
                    let mut neighbours = around.instrument(debug_span!("neighbours")).await?;
                    neighbours.note(
                        made.iter().map(|(id, other)| (*id, cosine(&vectors[place], &vectors[*other]))),
                    );
                    self.note_said(work, &[]).await?;
                    let before: BTreeSet<MemoryId> = work.desk.memories().map(|memory| memory.id).collect();
                    self.decide_one(candidate, wish, &neighbours, work);
                    made.extend(
                        work.desk
                            .touched()
                            .filter(|memory| !before.contains(&memory.id))
                            .map(|memory| (memory.id, place)),
                    );
                }
            }
        }
        Ok(())
    }

    fn decide_one(&self, candidate: Candidate, wish: Option<Wish>, neighbours: &Neighbours, work: &mut Work) {
        let at = self.engine.now();
        let mut fresh = || MemoryId::new(at, self.engine.random());
        let before = work.room.map(|_| work.desk.clone());
        let mut deciding = Deciding { desk: &mut work.desk, said: &work.said, at, fresh: &mut fresh };
        let decided = deciding.decide(&candidate, neighbours, wish);
        if let (Ok(Decision { verdict: Verdict::Add { .. }, .. }), Some(room), Some(before)) =
            (&decided, work.room, before)
        {
            let Some(left) = room.checked_sub(1) else {
                work.desk = before;
                return work.hold(candidate, [Cause::OverQuota].into(), at);
            };
            work.room = Some(left);
        }
        match decided {
            Ok(mut decision) => {
                decision.neighbours = neighbours.ids();
                work.decisions.push(decision);
            }
            Err(cause) => work.hold(candidate, [cause].into(), at),
        }
    }

    /// How many more active memories the scope's user (or agent) may have.
    async fn room(&self, scope: &Scope, quota: u64) -> Result<u64, VerbError> {
        let scope = Scope { labels: BTreeSet::new(), ..scope.clone() };
        let mut query = MemoryQuery { scope, limit: limits::PAGE_COUNT_MAX, ..MemoryQuery::default() };
        let mut count = 0;
        loop {
            let page = self.space.list_memories(&query).await?;
            count += page.items.len() as u64;
            query.after = page.next;
            if query.after.is_none() || count >= quota {
                return Ok(quota.saturating_sub(count));
            }
        }
    }

    /// Decides about a candidate that a person let through.
    pub(crate) async fn decide_released(
        &self,
        candidate: Candidate,
    ) -> Result<(Verdict, Vec<Change>), VerbError> {
        let vector = self
            .engine
            .parts
            .embedder
            .embed(std::slice::from_ref(&candidate.text), EmbedPurpose::Passage)
            .await?
            .pop();
        let mut work = Work::new(None, SaidBy::new());
        let neighbours = self.fetching().around(&mut work.desk, &candidate, vector.as_deref()).await?;
        let messages: Vec<_> = candidate.evidence.iter().map(|evidence| evidence.message).collect();
        self.note_said(&mut work, &messages).await?;
        self.decide_one(candidate, None, &neighbours, &mut work);
        let verdict = work.decisions.pop().map_or(Verdict::Drop, |decision| decision.verdict);
        Ok((verdict, work.desk.into_changes()))
    }

    pub(super) fn fetching(&self) -> Fetching<'_> {
        Fetching {
            id: self.id,
            space: self.space,
            index: &self.engine.parts.index,
            embedder: self.engine.parts.embedder.identity().clone(),
        }
    }

    /// Learns when the quotes of the memories on the desk were said.
    async fn note_said(&self, work: &mut Work, further: &[MessageId]) -> Result<(), VerbError> {
        let quoted =
            work.desk.memories().flat_map(|memory| &memory.evidence).map(|evidence| evidence.message);
        let unknown: BTreeSet<_> =
            quoted.chain(further.iter().copied()).filter(|id| !work.said.contains_key(id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        for message in self.space.messages(&unknown.into_iter().collect::<Vec<_>>()).await? {
            let said =
                super::timeline::Said { at: message.at, session: message.session, ordinal: message.ordinal };
            work.said.insert(message.id, said);
        }
        Ok(())
    }

    /// The memories nearest to the new turns: what a model is shown.
    async fn known_around(&self, context: &Context) -> Result<Vec<Memory>, VerbError> {
        let Some(last) = context.new_turns().last() else { return Ok(Vec::new()) };
        let words: Vec<&str> = context.new_turns().iter().map(|turn| turn.text.as_str()).collect();
        self.nearest_to(&last.message.scope, &words.join("\n")).await
    }

    /// The memories among which a wish to forget is looked up: the nearest, and those of its slots and names.
    async fn asked_for(
        &self,
        scope: &Scope,
        (wish, asked): (&ForgetWish, &Asked),
    ) -> Result<Vec<Memory>, VerbError> {
        let mut known = self.nearest_to(scope, &wish.what).await?;
        known.extend(self.space.memories_by_slot(scope, &asked.slot_keys()).await?);
        known.extend(self.space.memories_by_name(scope, &asked.names, SHOWN_COUNT).await?);
        Ok(known)
    }

    async fn nearest_to(&self, scope: &Scope, words: &str) -> Result<Vec<Memory>, VerbError> {
        let embedder = &self.engine.parts.embedder;
        let vector = embedder.embed(&[words.to_owned()], EmbedPurpose::Query).await?.pop();
        let mut desk = Desk::default();
        let mut neighbours = Neighbours::default();
        if let Some(vector) = vector {
            let fetching = self.fetching();
            fetching.nearest(&mut desk, scope, &vector, &mut neighbours).await?;
        }
        let names = super::names::capitalised(words);
        if !names.is_empty() {
            for memory in self.space.memories_by_name(scope, &names, SHOWN_COUNT).await? {
                desk.lay(&memory);
            }
        }
        Ok(desk.memories().take(SHOWN_COUNT).cloned().collect())
    }
}

/// What a batch has come to so far.
struct Work {
    desk: Desk,
    said: SaidBy,
    held: Vec<Held>,
    decisions: Vec<Decision>,
    event: Option<EventId>,
    /// How many more memories the scope may have; `None` where it has no quota.
    room: Option<u64>,
}

impl Work {
    fn new(event: Option<EventId>, said: SaidBy) -> Self {
        Self { desk: Desk::default(), said, held: Vec::new(), decisions: Vec::new(), event, room: None }
    }

    fn hold(&mut self, candidate: Candidate, causes: BTreeSet<Cause>, at: jiff::Timestamp) {
        let verdict = Verdict::Quarantine { candidate: candidate.id };
        self.note(&candidate, verdict, &causes, "held back for a person to see");
        self.held.push(Held {
            candidate,
            event: self.event,
            causes,
            status: HeldStatus::Waiting,
            held_at: at,
            closed: None,
        });
    }

    fn drop(&mut self, candidate: &Candidate, causes: BTreeSet<Cause>) {
        self.note(candidate, Verdict::Drop, &causes, "not kept");
    }

    fn note(&mut self, candidate: &Candidate, verdict: Verdict, causes: &BTreeSet<Cause>, reason: &str) {
        let words: Vec<&str> = causes.iter().map(|cause| cause.as_str()).collect();
        self.decisions.push(Decision {
            verdict,
            // Who may read events may not for that see what is held as a secret.
            text: if is_sensitive(causes) { String::new() } else { candidate.text.clone() },
            reason: format!("{reason}: {}", words.join(", ")),
            causes: causes.clone(),
            neighbours: Vec::new(),
            messages: candidate.evidence.iter().map(|evidence| evidence.message).collect(),
        });
    }
}

fn is_sensitive(causes: &BTreeSet<Cause>) -> bool {
    [Cause::Secret, Cause::Payment, Cause::Identity].iter().any(|cause| causes.contains(cause))
}

fn said_by(context: &Context) -> SaidBy {
    context.turns.iter().map(|turn| (turn.message.id, turn.said())).collect()
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn cost(report: &LearnReport, settings: &LearnSettings) -> u64 {
    let tokens = report.prompt_tokens.saturating_mul(settings.prices.prompt);
    tokens.saturating_add(report.answer_tokens.saturating_mul(settings.prices.answer)) / 1_000_000
}
