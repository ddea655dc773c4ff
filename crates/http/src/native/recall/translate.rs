//! Between the wire's recall and the engine's.

use dreamkeeper_api::error::Problem;
use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::recall as wire;
use dreamkeeper_api::topic::Topic;
use dreamkeeper_domain::authority::Matter;
use dreamkeeper_engine::recall as engine;

/// What the engine is asked; what the wire leaves out has the engine's defaults.
pub(super) fn request(wire: wire::RecallRequest) -> Result<engine::RecallRequest, Problem> {
    let defaults = engine::RecallRequest::new(wire.query, wire.scope.into());
    let sections = wire.sections.map(|sections| sections.into_iter().map(Into::into).collect());
    Ok(engine::RecallRequest {
        filter: wire.filter.as_ref().map(FilterExpression::parse).transpose()?,
        min_origin: wire.min_origin.map_or(defaults.min_origin, Into::into),
        as_of: wire.as_of.map(|moment| moment.0),
        valid_at: wire.valid_at.map(|moment| moment.0),
        include: include(&wire.include),
        sections: sections.unwrap_or(defaults.sections),
        limit: wire.limit.unwrap_or(defaults.limit),
        token_budget: wire.token_budget.unwrap_or(defaults.token_budget),
        all: wire.all,
        zone: wire.zone,
        neighbours: wire.neighbours.unwrap_or(defaults.neighbours),
        receipt: wire.receipt,
        without: wire.without,
        text: defaults.text,
        scope: defaults.scope,
    })
}

fn include(wanted: &[wire::Include]) -> engine::Include {
    let mut include = engine::Include::default();
    for wanted in wanted {
        match wanted {
            wire::Include::Superseded => include.superseded = true,
            wire::Include::Expired => include.expired = true,
            wire::Include::Archived => include.archived = true,
            wire::Include::Forgotten => include.forgotten = true,
        }
    }
    include
}

/// What the client is told; the parts of scores only where it asked for them.
pub(super) fn answer(recall: engine::Recall, explain: bool) -> wire::Recall {
    let memories = |recalled: Vec<engine::RecalledMemory>| {
        recalled.into_iter().map(|recalled| memory(recalled, explain)).collect()
    };
    wire::Recall {
        receipt: recall.receipt,
        at: Moment(recall.at),
        summaries: recall.summaries.into_iter().map(summary).collect(),
        state: recall.state.into_iter().map(Into::into).collect(),
        pinned: memories(recall.pinned),
        memories: memories(recall.memories),
        open_questions: memories(recall.open_questions),
        topics: recall.topics.into_iter().map(|recalled| topic(recalled, explain)).collect(),
        conversation: recall.conversation.into_iter().map(|said| message(said, explain)).collect(),
        silence: recall.silence.map(|silence| wire::Silence { nearest: silence.nearest, bar: silence.bar }),
        omitted_count: recall.omitted_count,
        token_count: recall.token_count,
        text: recall.text,
    }
}

fn score(score: engine::Score, explain: bool) -> wire::Score {
    let parts = if explain { score.parts } else { Vec::new() };
    wire::Score { value: score.value, parts: parts.into_iter().map(Into::into).collect() }
}

/// Never `true`: memory is the authority on nothing, and says so only where that matters.
fn authoritative(matters: &[Matter]) -> Option<bool> {
    (!matters.is_empty()).then_some(false)
}

fn summary(recalled: engine::RecalledSummary) -> wire::RecalledSummary {
    wire::RecalledSummary {
        summary: recalled.summary.into(),
        authoritative: authoritative(&recalled.matters),
        tells_of: recalled.matters.into_iter().map(Into::into).collect(),
    }
}

fn memory(recalled: engine::RecalledMemory, explain: bool) -> wire::RecalledMemory {
    wire::RecalledMemory {
        memory: recalled.memory.into(),
        score: recalled.score.map(|given| score(given, explain)),
        expired: recalled.expired,
        authoritative: authoritative(&recalled.matters),
        tells_of: recalled.matters.into_iter().map(Into::into).collect(),
    }
}

fn topic(recalled: engine::RecalledTopic, explain: bool) -> wire::RecalledTopic {
    wire::RecalledTopic {
        topic: Topic::of(recalled.head, None),
        quote: recalled.quote,
        span: recalled.span.into(),
        score: score(recalled.score, explain),
        authoritative: authoritative(&recalled.matters),
        tells_of: recalled.matters.into_iter().map(Into::into).collect(),
    }
}

fn message(recalled: engine::RecalledMessage, explain: bool) -> wire::RecalledMessage {
    let turns = |turns: Vec<engine::NeighbourTurn>| turns.into_iter().map(turn).collect();
    wire::RecalledMessage {
        id: recalled.id,
        session: recalled.session,
        session_key: recalled.session_key,
        ordinal: recalled.ordinal,
        client_id: recalled.client_id,
        role: recalled.role.into(),
        author: recalled.author,
        origin: recalled.origin.into(),
        at: Moment(recalled.at),
        zone: recalled.zone.map(|zone| zone.to_string()),
        quote: recalled.quote,
        span: recalled.span.into(),
        score: score(recalled.score, explain),
        authoritative: authoritative(&recalled.matters),
        tells_of: recalled.matters.into_iter().map(Into::into).collect(),
        before: turns(recalled.before),
        after: turns(recalled.after),
    }
}

fn turn(turn: engine::NeighbourTurn) -> wire::NeighbourTurn {
    wire::NeighbourTurn {
        id: turn.id,
        ordinal: turn.ordinal,
        role: turn.role.into(),
        author: turn.author,
        text: turn.text,
    }
}
