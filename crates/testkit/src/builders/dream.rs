//! Dreams and what they propose.

use dreamkeeper_domain::dream::{
    ChangeKind, ChangeReview, Dream, DreamBudget, DreamMaker, DreamOutput, DreamRule, DreamSchedule,
    DreamStatus, DreamTarget, DreamUsage, ProposedChange, ScheduleState,
};
use dreamkeeper_domain::id::{DreamId, StoreId};
use dreamkeeper_domain::origin::Origin;
use jiff::Timestamp;

use super::{an_actor, next_id_bytes};

/// A budget that bounds nothing a test does.
pub fn a_dream_budget() -> DreamBudget {
    DreamBudget { tokens_max: 1_000_000, seconds_max: 3_600, micro_cost_max: 1_000_000, changes_max: 100 }
}

/// A dream over a store that waits.
pub fn a_dream(store: StoreId, created_at: Timestamp) -> Dream {
    Dream {
        id: DreamId::new(created_at, next_id_bytes()),
        version: 1,
        target: DreamTarget { store: Some(store), scope: None },
        sessions: Vec::new(),
        instructions: None,
        model: None,
        output: DreamOutput::Propose,
        output_store: None,
        auto: Vec::new(),
        budget: a_dream_budget(),
        actor: an_actor(),
        schedule: None,
        status: DreamStatus::Pending,
        holds_target: false,
        lease: None,
        attempts: 0,
        snapshot_at: None,
        seen: None,
        usage: DreamUsage::default(),
        outcome: None,
        error: None,
        diary: String::new(),
        adoptions: Vec::new(),
        created_at,
        started_at: None,
        ended_at: None,
        archived_at: None,
    }
}

/// A change that waits for review and writes nothing.
pub fn a_proposed_change(dream: DreamId, number: u32) -> ProposedChange {
    ProposedChange {
        dream,
        number,
        kind: ChangeKind::Edit,
        title: format!("change {number}"),
        reason: "it is better so".to_owned(),
        maker: DreamMaker::Rule("test".to_owned()),
        effects: Vec::new(),
        claims: Vec::new(),
        evidence: Vec::new(),
        origin: Origin::User,
        needs: Vec::new(),
        review: ChangeReview::Waiting,
    }
}

/// A schedule of that name.
pub fn a_dream_schedule(name: &str, store: StoreId, created_at: Timestamp) -> DreamSchedule {
    DreamSchedule {
        name: name.to_owned(),
        version: 1,
        target: DreamTarget { store: Some(store), scope: None },
        rule: DreamRule::Idle { quiet_minutes: 240, unseen_sessions_min: 5, hours_between: 24 },
        enabled: true,
        instructions: None,
        model: None,
        budget: a_dream_budget(),
        auto: Vec::new(),
        alarm_after: 3,
        state: ScheduleState::default(),
        created_at,
        updated_at: created_at,
    }
}
