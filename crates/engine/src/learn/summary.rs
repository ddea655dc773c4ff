//! Summary: what a session was about so far. Without a model it is made of the session's own sentences; with one,
//! the same call that proposes memories brings it up to date, or a model of its own does ([`by_model`]).
//!
//! Only what people said goes into one, so that a recall at the default floor may serve it first.

mod by_model;

use std::collections::BTreeMap;

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::ChatModel;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::text::{TermHash, is_stop_term, terms};
use jiff::Timestamp;

use super::context::{Context, Turn};
use super::extract::Extracted;
use super::run::Run;
use crate::VerbError;

/// New turns after which an extractive summary is made again.
const STALE_TURNS: u32 = 8;
/// Turns that one is made from: the latest.
const READ_TURNS: u32 = 200;
/// Sentences of one.
const SENTENCES: usize = 6;
/// Characters of a sentence that can be one of them.
const SENTENCE_CHARS: std::ops::RangeInclusive<usize> = 24..=280;

/// The summary anew, when enough was said since the last one.
pub(crate) async fn extractive(run: &Run<'_>, context: &Context) -> Result<Option<Summary>, VerbError> {
    let Some(last) = context.new_turns().last().filter(|_| run.settings.summaries) else { return Ok(None) };
    let session = last.message.session;
    let upto = last.message.ordinal + 1;
    let known = run.space.summary(session).await?.map_or(0, |summary| summary.upto);
    if upto < known.saturating_add(STALE_TURNS) {
        return Ok(None);
    }
    let messages = run.space.turns(session, upto.saturating_sub(READ_TURNS), upto).await?;
    let said: Vec<Turn> = messages
        .into_iter()
        .filter(|message| !message.erased && message.origin >= Origin::User)
        .map(|message: Message| Turn::new(message, &run.settings.zone))
        .collect();
    let Some(first) = said.first() else { return Ok(None) };
    let chosen = choose(&said);
    if chosen.is_empty() {
        return Ok(None);
    }
    let text =
        chosen.iter().map(|(turn, sentence)| line(&said[*turn], sentence)).collect::<Vec<_>>().join("\n");
    Ok(Some(Summary {
        session,
        scope: first.message.scope.clone(),
        text: cut(text),
        messages: chosen.iter().map(|(turn, _)| said[*turn].message.id).collect(),
        continues: None,
        upto,
        origin: Origin::User,
        proposer: Proposer::Rules,
        made_at: run.engine.now(),
    }))
}

/// The summary by a model of its own, when enough was said since the last one. A model that cannot be asked keeps
/// nothing from being learned: the summary stays as it was, and the event tells.
pub(crate) async fn of_own_model(
    run: &Run<'_>,
    model: &dyn ChatModel,
    context: &Context,
    extracted: &mut Extracted,
) -> Option<Summary> {
    if !run.settings.summaries || !by_model::is_due(context) {
        return None;
    }
    match by_model::write(model, context).await {
        Ok(asked) => {
            extracted.usage.add(asked.usage);
            extracted.warnings.extend(asked.warnings);
            of_model(context, asked.answer, (model.identity(), by_model::PROMPT), run.engine.now())
        }
        Err(error) => {
            extracted.warnings.push(format!("the summary was not brought up to date: {error}"));
            None
        }
    }
}

/// A model's summary, with the lowest origin of all that it was shown.
pub(crate) fn of_model(
    context: &Context,
    text: String,
    (model, prompt): (&str, &str),
    at: Timestamp,
) -> Option<Summary> {
    let last = context.new_turns().last()?;
    let shown = context.turns.iter().map(|turn| turn.message.origin).min()?;
    let before = context.summary.as_ref().map_or(Origin::Operator, |summary| summary.origin);
    let prompt = prompt.to_owned();
    Some(Summary {
        session: last.message.session,
        scope: last.message.scope.clone(),
        text: cut(text),
        // It may tell of every turn that it was shown, not of the new ones only.
        messages: context.turns.iter().map(|turn| turn.message.id).collect(),
        continues: context.summary.as_ref().map(|summary| summary.upto),
        upto: last.message.ordinal + 1,
        origin: shown.min(before),
        proposer: Proposer::Model { model: model.to_owned(), prompt },
        made_at: at,
    })
}

/// The sentences whose words are the most common of the session, each beside what was chosen before it, in the
/// order in which they were said.
fn choose(said: &[Turn]) -> Vec<(usize, String)> {
    let mut sentences: Vec<(usize, String, Vec<TermHash>)> = Vec::new();
    for (place, turn) in said.iter().enumerate() {
        for sentence in sentences_of(&turn.text) {
            let mut words: Vec<TermHash> =
                terms(sentence).into_iter().filter(|term| !is_stop_term(*term)).collect();
            words.sort_unstable();
            words.dedup();
            if SENTENCE_CHARS.contains(&sentence.chars().count())
                && words.len() >= 3
                && !sentence.ends_with('?')
            {
                sentences.push((place, sentence.to_owned(), words));
            }
        }
    }
    let mut weight: BTreeMap<TermHash, f32> = BTreeMap::new();
    for word in sentences.iter().flat_map(|(_, _, words)| words) {
        *weight.entry(*word).or_default() += 1.0;
    }
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < SENTENCES.min(sentences.len()) {
        let score = |place: usize| -> f32 {
            let words = &sentences[place].2;
            words.iter().map(|word| weight[word].ln_1p()).sum::<f32>() / (words.len() as f32).sqrt()
        };
        let free = (0..sentences.len()).filter(|place| !chosen.contains(place));
        let Some(best) = free.max_by(|one, other| score(*one).total_cmp(&score(*other)).then(other.cmp(one)))
        else {
            break;
        };
        // What is told once need not be told again.
        for word in &sentences[best].2 {
            weight.insert(*word, 0.0);
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|place| (sentences[place].0, sentences[place].1.clone())).collect()
}

fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn line(turn: &Turn, sentence: &str) -> String {
    let day = turn.anchor.at.to_zoned(turn.anchor.zone.clone()).date();
    let speaker = turn.message.author.as_deref().unwrap_or("User");
    format!("{day} {speaker}: {sentence}")
}

fn cut(mut text: String) -> String {
    if text.len() > limits::SUMMARY_BYTES_MAX {
        let mut end = limits::SUMMARY_BYTES_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}
