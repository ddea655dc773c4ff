//! What learning did, counted as it is told.

use dreamkeeper_domain::event::{LearnReport, Settlement};
use dreamkeeper_domain::ports::PortErrorKind;
use dreamkeeper_engine::learn::Told;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::histogram;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Verdict {
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

pub(super) struct Learning {
    events: Family<Outcome, Counter>,
    decisions: Family<Verdict, Counter>,
    refusals: Family<Cause, Counter>,
    turns: Family<Outcome, Counter>,
    missed: Counter,
    calls: Family<Outcome, Counter>,
    call_seconds: Histogram,
    prompt_tokens: Counter,
    answer_tokens: Counter,
    micro_cost: Counter,
}

impl Learning {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let learning = Self {
            events: Family::default(),
            decisions: Family::default(),
            refusals: Family::default(),
            turns: Family::default(),
            missed: Counter::default(),
            calls: Family::default(),
            call_seconds: histogram(),
            prompt_tokens: Counter::default(),
            answer_tokens: Counter::default(),
            micro_cost: Counter::default(),
        };
        let it = &learning;
        registry.register("learning_events", "Learning events by how they ended", it.events.clone());
        registry.register("learning_decisions", "Decisions; no_op is a duplicate", it.decisions.clone());
        registry.register("learning_refusals", "Why candidates were held or dropped", it.refusals.clone());
        registry.register("learning_turns", "Messages read, and learned from", it.turns.clone());
        registry.register("learning_uncounted", "Settlements that were missed here", it.missed.clone());
        registry.register("model_calls", "Calls of the chat model by how they ended", it.calls.clone());
        registry.register("model_call_seconds", "How long such calls took", it.call_seconds.clone());
        registry.register("model_prompt_tokens", "Tokens of prompts", it.prompt_tokens.clone());
        registry.register("model_answer_tokens", "Tokens of answers", it.answer_tokens.clone());
        registry.register(
            "model_micro_cost",
            "Cost in millionths of the currency unit",
            it.micro_cost.clone(),
        );
        learning
    }

    pub(super) fn count(&self, told: &Told) {
        match told {
            Told::Settled { events, settlement, .. } => {
                let outcome = match &**settlement {
                    Settlement::Succeeded(report) => {
                        self.report(report);
                        "succeeded"
                    }
                    Settlement::Retry { .. } => "put_back",
                    Settlement::Failed { .. } => "failed",
                    Settlement::Released => "released",
                };
                self.events.get_or_create(&Outcome { outcome }).inc_by(events.len() as u64);
            }
            Told::Called { elapsed, answered } => {
                let outcome = match answered {
                    Ok(usage) => {
                        self.prompt_tokens.inc_by(usage.prompt_tokens);
                        self.answer_tokens.inc_by(usage.answer_tokens);
                        "answered"
                    }
                    Err(kind) => failure(*kind),
                };
                self.calls.get_or_create(&Outcome { outcome }).inc();
                self.call_seconds.observe(elapsed.as_secs_f64());
            }
        }
    }

    pub(super) fn missed(&self, count: u64) {
        self.missed.inc_by(count);
    }

    fn report(&self, report: &LearnReport) {
        let turns = |outcome, count: u32| {
            self.turns.get_or_create(&Outcome { outcome }).inc_by(u64::from(count));
        };
        turns("read", report.turns_read);
        turns("learned_from", report.turns_learned_from);
        for decision in &report.decisions {
            self.decisions.get_or_create(&Verdict { verdict: decision.verdict.as_str() }).inc();
            for cause in &decision.causes {
                self.refusals.get_or_create(&Cause { cause: cause.as_str() }).inc();
            }
        }
        self.micro_cost.inc_by(report.micro_cost);
    }
}

fn failure(kind: PortErrorKind) -> &'static str {
    match kind {
        PortErrorKind::Unavailable => "unavailable",
        PortErrorKind::Overloaded => "overloaded",
        PortErrorKind::Refused => "refused",
        PortErrorKind::BadAnswer => "bad_answer",
        PortErrorKind::Owned
        | PortErrorKind::Full
        | PortErrorKind::ReadOnly
        | PortErrorKind::Corrupt
        | PortErrorKind::Newer
        | PortErrorKind::Internal => "internal",
    }
}
