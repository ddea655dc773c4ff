//! Contradictions: what deciding finds near a draft that the model was not shown when it proposed the draft. They are
//! the only reason for a second call; what it answers is a wish like any other, which code checks when it decides.

use std::collections::BTreeSet;
use std::fmt::Write;

use dreamkeeper_domain::candidate::Candidate;
use dreamkeeper_domain::id::{CandidateId, MemoryId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{AnswerSchema, ChatModel, ChatRequest, ChatRole, ChatTurn, EmbedPurpose};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::ask;
use super::context::Context;
use super::decide::{Wish, about_the_same, compatible, memory_of, same_owner};
use super::desk::Desk;
use super::extract::Extracted;
use super::extract::model::prompt::{fenced, one_line};
use super::ground::ground;
use super::neighbours::Neighbours;
use super::run::Run;
use super::similar::say_the_same;
use crate::VerbError;

const SYSTEM: &str = include_str!("../../prompts/decide-1.md");
const ANSWER_TOKENS_MAX: u32 = 1_024;
const TEXT_CHARS_MAX: usize = 600;

/// A draft beside a memory that it may contradict.
struct Pair {
    draft: usize,
    memory: Memory,
    text: String,
    said_at: Timestamp,
}

/// Asks about what contradicts drafts, where the model was not shown it, and notes the answers as wishes. A model that
/// cannot be asked costs nothing: code decides, and the event tells.
pub(super) async fn settle(
    run: &Run<'_>,
    (model, shown): (&dyn ChatModel, &[Memory]),
    context: &Context,
    extracted: &mut Extracted,
) -> Result<(), VerbError> {
    let pairs = pairs(run, context, extracted, shown).await?;
    if pairs.is_empty() {
        return Ok(());
    }
    match ask(model, request(&pairs), |value| verdicts(value, pairs.len())).await {
        Ok(asked) => {
            extracted.usage.add(asked.usage);
            extracted.warnings.extend(asked.warnings);
            for (pair, verdict) in pairs.iter().zip(asked.answer) {
                let wish = match verdict {
                    Some(Verdict::Replaces) => Some(Wish::Update(pair.memory.id)),
                    Some(Verdict::Same) => Some(Wish::NoOp(pair.memory.id)),
                    Some(Verdict::Both) | None => None,
                };
                let draft = &mut extracted.drafts[pair.draft];
                draft.wish = draft.wish.or(wish);
            }
        }
        Err(error) => extracted.warnings.push(format!(
            "the model could not be asked about {} possible contradictions, code decided alone: {error}",
            pairs.len()
        )),
    }
    Ok(())
}

/// The pairs that nobody has looked at, the first drafts first.
async fn pairs(
    run: &Run<'_>,
    context: &Context,
    extracted: &Extracted,
    shown: &[Memory],
) -> Result<Vec<Pair>, VerbError> {
    let shown: BTreeSet<MemoryId> = shown.iter().map(|memory| memory.id).collect();
    let mut grounded: Vec<(usize, Candidate)> = Vec::new();
    for (place, draft) in extracted.drafts.iter().enumerate().filter(|(_, draft)| draft.wish.is_none()) {
        let id = CandidateId::new(run.engine.now(), run.engine.random());
        if let Some(found) = ground(draft, context, id, run.settings).filter(|found| found.causes.is_empty())
        {
            grounded.push((place, found.candidate));
        }
    }
    let texts: Vec<String> = grounded.iter().map(|(_, candidate)| candidate.text.clone()).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let vectors = run.engine.parts.embedder.embed(&texts, EmbedPurpose::Passage).await?;
    let mut pairs = Vec::new();
    for ((draft, candidate), vector) in grounded.into_iter().zip(&vectors) {
        let (mut desk, mut neighbours) = (Desk::default(), Neighbours::default());
        run.fetching().nearest(&mut desk, &candidate.scope, vector, &mut neighbours).await?;
        let new = memory_of(&candidate, MemoryId::from_uuid(candidate.id.as_uuid()), candidate.said_at);
        let near = desk.memories().filter(|memory| !shown.contains(&memory.id));
        let rivals = near.filter(|memory| is_rival(memory, &new, &neighbours));
        for memory in rivals.take(limits::CONTRADICTIONS_MAX - pairs.len()) {
            let (memory, text) = (memory.clone(), candidate.text.clone());
            pairs.push(Pair { draft, memory, text, said_at: candidate.said_at });
        }
    }
    Ok(pairs)
}

/// About the same thing, said otherwise, and nothing that code settles by the slot's own timeline.
fn is_rival(memory: &Memory, new: &Memory, neighbours: &Neighbours) -> bool {
    let slots = (&memory.detail.slot, &new.detail.slot);
    let by_timeline = matches!(slots, (Some(old), Some(new)) if old.one_valued && old.key() == new.key());
    memory.status == Status::Active
        && same_owner(memory, new)
        && !by_timeline
        && about_the_same(memory, new)
        && !(compatible(memory, new) && say_the_same(&memory.text, &new.text, neighbours.cosine(memory.id)))
}

fn request(pairs: &[Pair]) -> ChatRequest {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let mut data = String::new();
    for (place, pair) in pairs.iter().enumerate() {
        let known = pair.memory.detail.said_at.unwrap_or(pair.memory.created_at);
        let (new, old) = (one_line(&pair.text, TEXT_CHARS_MAX), one_line(&pair.memory.text, TEXT_CHARS_MAX));
        let _ = writeln!(
            data,
            "p{}\n  new, {}: {new}\n  known, {}: {old}",
            place + 1,
            day(pair.said_at),
            day(known)
        );
    }
    ChatRequest {
        system: SYSTEM.to_owned(),
        turns: vec![ChatTurn { role: ChatRole::User, text: fenced(&data) }],
        schema: Some(schema()),
        answer_tokens_max: ANSWER_TOKENS_MAX,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Replaces,
    Same,
    Both,
}

#[derive(Deserialize)]
struct Answer {
    pairs: Vec<Value>,
}

#[derive(Deserialize)]
struct Told {
    pair: String,
    verdict: Verdict,
}

/// The verdict on each pair; `None` where the answer names none that can be read.
fn verdicts(value: Value, count: usize) -> Result<Vec<Option<Verdict>>, String> {
    let answer: Answer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let mut verdicts = vec![None; count];
    for told in answer.pairs.into_iter().filter_map(|value| serde_json::from_value::<Told>(value).ok()) {
        let place = told.pair.trim().strip_prefix('p').and_then(|place| place.parse::<usize>().ok());
        if let Some(verdict) =
            place.and_then(|place| place.checked_sub(1)).and_then(|place| verdicts.get_mut(place))
        {
            *verdict = Some(told.verdict);
        }
    }
    Ok(verdicts)
}

fn schema() -> AnswerSchema {
    AnswerSchema {
        name: "verdicts",
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["pairs"],
            "properties": {"pairs": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["pair", "verdict"],
                "properties": {
                    "pair": {"type": "string"},
                    "verdict": {"type": "string", "enum": ["replaces", "same", "both"]},
                },
            }}},
        }),
    }
}
