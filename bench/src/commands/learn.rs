//! `learn`: LoCoMo's own observations, served by a scripted model as the extraction of their source turns, go
//! through the whole of learning. How many survive grounding, is anything kept that was not said, are there
//! duplicates, do memories help recall, and how fast is it?

mod checking;
mod duplicates;
mod serving;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use dreamkeeper_domain::event::{EventState, Verdict};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::ports::EventQuery;
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::{Learn as When, Learning};
use dreamkeeper_engine::recall::RecallRequest;
use dreamkeeper_engine::{Append, ListMemories, SessionRef};
use serde::Serialize;

use super::Report;
use crate::data::locomo::{read, read_observations};
use crate::data::{Conversation, Turn};
use crate::house::House;
use crate::measure::{mean, rounded};

/// Turns that arrive together: a question and its answer.
const ARRIVING: usize = 2;
/// Items of an answer.
const K: usize = 10;

/// Options of `learn`.
#[derive(Debug, clap::Args)]
pub(crate) struct Learn {
    /// A LoCoMo file with observations.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Where the data is kept while measuring.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Lists the observations that were not kept, with the reason.
    #[arg(long)]
    failures: bool,
}

/// What `learn` found out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LearnReport {
    /// Observations that the model served.
    observations: usize,
    /// Of them, those that became a memory of their own.
    kept: usize,
    /// Those that were one more quote for a memory.
    merged: usize,
    /// Those of the kept that took an older memory's place.
    superseded: usize,
    /// Those that wait for a person.
    quarantined: usize,
    /// Memories that the bench's own check finds unsaid.
    ungrounded_kept: usize,
    /// Active memories that say what an earlier one of the same scope says, over all.
    near_duplicate_rate: f64,
    evidence_recall_10: EvidenceRecall,
    calls_per_turn: f64,
    prompt_tokens_per_turn: f64,
    /// Of learning alone, with a model that answers at once.
    turns_per_second: f64,
    #[serde(skip)]
    failures: Vec<String>,
}

/// The share of the evidence of LoCoMo's questions that ten items hold; a memory holds the turns that it rests on.
#[derive(Debug, Default, Serialize)]
struct EvidenceRecall {
    memories: f64,
    messages: f64,
    both: f64,
}

impl Learn {
    /// Learns every conversation and asks its questions.
    pub(crate) async fn run(self) -> Result<LearnReport> {
        let conversations = read(&self.data)?;
        let observations = read_observations(&self.data)?;
        let served = serving::Served::new(&conversations, &observations);
        let mut report = LearnReport { observations: served.count(), ..LearnReport::default() };
        let model = Arc::new(served.model());
        let learning = Learning { model: Some(model), ..Learning::default() };
        let house = House::open_learning(self.dir.as_deref(), learning).await?;

        let mut run = Run { house: &house, turns: HashMap::new(), learning_time: Duration::ZERO };
        let turn_count: usize = conversations.iter().map(Conversation::turn_count).sum();
        for conversation in &conversations {
            eprintln!("learning {} ({} turns)", conversation.name, conversation.turn_count());
            run.learn(conversation).await?;
            run.tell_events(conversation, &mut report).await?;
        }
        report.turns_per_second = rounded(turn_count as f64 / run.learning_time.as_secs_f64());
        report.calls_per_turn = rounded(report.calls_per_turn / turn_count as f64);
        report.prompt_tokens_per_turn = rounded(report.prompt_tokens_per_turn / turn_count as f64);
        let mut memories = Vec::new();
        for conversation in &conversations {
            memories.push(run.memories(conversation).await?);
        }
        let words = checking::LowerWords::of(&conversations);
        for (conversation, memories) in conversations.iter().zip(&memories) {
            let said = run.said(conversation);
            for memory in memories {
                if let Some(problem) = checking::problem(memory, &said, &words) {
                    report.ungrounded_kept += 1;
                    report.failures.push(format!("ungrounded: {problem}: {}", memory.text));
                }
            }
        }
        let (duplicates, active) = duplicates::count(&house, &memories, &mut report.failures).await?;
        report.near_duplicate_rate = rounded(duplicates as f64 / active.max(1) as f64);
        report.evidence_recall_10 = run.ask_all(&conversations).await?;
        house.close().await;
        if !self.failures {
            report.failures.clear();
        }
        Ok(report)
    }
}

/// One house being taught.
struct Run<'a> {
    house: &'a House,
    /// Ids of the data by ids of the messages, across conversations.
    turns: HashMap<MessageId, (String, Turn)>,
    learning_time: Duration,
}

impl Run<'_> {
    /// Appends the turns as they would arrive, and lets a worker learn them session by session.
    async fn learn(&mut self, conversation: &Conversation) -> Result<()> {
        let (engine, principal) = self.house.engine();
        self.house.set_time_after(conversation);
        for session in &conversation.sessions {
            for turns in session.turns.chunks(ARRIVING) {
                let request = Append {
                    session: SessionRef::Key(session.name.clone()),
                    scope: Scope::user(&conversation.name),
                    messages: turns.iter().map(crate::house::message).collect(),
                    via: Via::Live,
                    idempotency_key: None,
                    learn: When::Later,
                    temporary: false,
                };
                let appended = engine.append(principal, request).await?;
                for (turn, message) in turns.iter().zip(appended.messages) {
                    self.turns.insert(message.id, (turn.id.clone(), turn.clone()));
                }
            }
            let start = Instant::now();
            while engine.learn_round(principal.space, "bench").await?.settled_count > 0 {}
            self.learning_time += start.elapsed();
        }
        Ok(())
    }

    /// What became of the observations of a conversation.
    async fn tell_events(&self, conversation: &Conversation, report: &mut LearnReport) -> Result<()> {
        let (engine, principal) = self.house.engine();
        let mut query = EventQuery {
            scope: Scope::user(&conversation.name),
            limit: limits::PAGE_COUNT_MAX,
            ..EventQuery::default()
        };
        loop {
            let page = engine.list_events(principal, query.clone()).await?;
            for event in page.items {
                if event.state != EventState::Succeeded {
                    report.failures.push(format!("event {} {:?}: {:?}", event.id, event.state, event.error));
                }
                report.calls_per_turn += f64::from(event.report.calls);
                report.prompt_tokens_per_turn += event.report.prompt_tokens as f64;
                report.failures.extend(event.report.warnings);
                for decision in event.report.decisions {
                    match decision.verdict {
                        Verdict::Add { .. } => report.kept += 1,
                        Verdict::Update { .. } => {
                            report.kept += 1;
                            report.superseded += 1;
                        }
                        Verdict::NoOp { .. } => report.merged += 1,
                        Verdict::Quarantine { .. } => {
                            report.quarantined += 1;
                            report.failures.push(self.failure(&decision));
                        }
                        Verdict::Delete { .. } | Verdict::Drop => {
                            report.failures.push(self.failure(&decision))
                        }
                    }
                }
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    fn failure(&self, decision: &dreamkeeper_domain::event::Decision) -> String {
        let quoted = decision.messages.iter().filter_map(|id| self.turns.get(id));
        let quoted: Vec<String> = quoted
            .map(|(id, turn)| format!("{id} {:?} {} {:?}", turn.speaker, turn.text, turn.caption))
            .collect();
        format!("{} | {} | {}", decision.reason, decision.text, quoted.join(" || "))
    }

    /// Every memory of a conversation's user that stands or stood.
    async fn memories(&self, conversation: &Conversation) -> Result<Vec<Memory>> {
        let (engine, principal) = self.house.engine();
        let mut list = ListMemories {
            scope: Scope::user(&conversation.name),
            statuses: vec![Status::Active, Status::Superseded],
            limit: Some(limits::PAGE_COUNT_MAX),
            ..ListMemories::default()
        };
        let mut all = Vec::new();
        loop {
            let page = engine.list_memories(principal, list.clone()).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => list.after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// The words of a conversation's messages, for the check.
    fn said(&self, conversation: &Conversation) -> BTreeMap<MessageId, Turn> {
        let known: BTreeSet<&str> = conversation
            .sessions
            .iter()
            .flat_map(|session| &session.turns)
            .map(|turn| turn.id.as_str())
            .collect();
        let of_it = |(id, (dia, turn)): (&MessageId, &(String, Turn))| {
            known.contains(dia.as_str()).then(|| (*id, turn.clone()))
        };
        self.turns.iter().filter_map(of_it).collect()
    }

    async fn ask_all(&self, conversations: &[Conversation]) -> Result<EvidenceRecall> {
        let mut recalls: [Vec<f64>; 3] = Default::default();
        for conversation in conversations {
            self.house.set_time_after(conversation);
            for question in &conversation.questions {
                let ways: [&[Section]; 3] = [
                    &[Section::Memories],
                    &[Section::Conversation],
                    &[Section::Memories, Section::Conversation],
                ];
                for (way, recalls) in ways.into_iter().zip(&mut recalls) {
                    let found = self.evidence(&conversation.name, &question.text, way).await?;
                    let hits = question.evidence.iter().filter(|id| found.contains(*id)).count();
                    recalls.push(hits as f64 / question.evidence.len() as f64);
                }
            }
        }
        let [memories, messages, both] = recalls.map(|recalls| rounded(mean(recalls)));
        Ok(EvidenceRecall { memories, messages, both })
    }

    /// The turns that the answer's ten items are or rest on.
    async fn evidence(&self, user: &str, text: &str, sections: &[Section]) -> Result<BTreeSet<String>> {
        let mut request = RecallRequest::new(text, Scope::user(user));
        request.sections = sections.iter().copied().collect();
        request.min_origin = Origin::External;
        request.limit = K;
        request.token_budget = limits::RECALL_TOKENS_MAX;
        // As `locomo` does: the ranking is measured, not the cut-off.
        request.all = true;
        request.receipt = false;
        let recall = self.house.recall(request).await?;
        let quoted = recall
            .memories
            .iter()
            .flat_map(|found| &found.memory.evidence)
            .map(|evidence| evidence.message)
            .chain(recall.conversation.iter().map(|message| message.id));
        quoted
            .map(|id| Ok(self.turns.get(&id).context("a message of no turn was recalled")?.0.clone()))
            .collect()
    }
}

impl Report for LearnReport {
    fn human(&self) -> String {
        let mut text = format!("Learning from {} observations\n", self.observations);
        let survived = (self.kept + self.merged) as f64 / self.observations.max(1) as f64;
        let _ = writeln!(
            text,
            "  survived {:.1} %: {} kept ({} in the place of another), {} merged; {} quarantined",
            survived * 100.0,
            self.kept,
            self.superseded,
            self.merged,
            self.quarantined
        );
        let _ = writeln!(
            text,
            "  {} kept without grounds; {:.2} % near-duplicates",
            self.ungrounded_kept,
            self.near_duplicate_rate * 100.0
        );
        let recall = &self.evidence_recall_10;
        let _ = writeln!(
            text,
            "  evidence recall@10: memories {:.3}, messages {:.3}, both {:.3}",
            recall.memories, recall.messages, recall.both
        );
        let _ = writeln!(
            text,
            "  {:.2} calls and {:.0} prompt tokens a turn; {:.0} turns a second without the model's time",
            self.calls_per_turn, self.prompt_tokens_per_turn, self.turns_per_second
        );
        for failure in &self.failures {
            let _ = writeln!(text, "- {failure}");
        }
        text
    }
}
