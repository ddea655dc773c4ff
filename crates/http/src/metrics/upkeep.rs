//! What maintenance did.

use dreamkeeper_engine::Maintained;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRule {
    rule: String,
}

/// Counts of maintenance.
pub(super) struct Upkeep {
    runs: Counter,
    archived: Family<ByRule, Counter>,
    pruned: Counter,
    sessions_erased: Counter,
}

impl Upkeep {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let upkeep = Self {
            runs: Counter::default(),
            archived: Family::default(),
            pruned: Counter::default(),
            sessions_erased: Counter::default(),
        };
        registry.register("maintenance_runs", "Times that a space was maintained", upkeep.runs.clone());
        let help = "Memories that maintenance archived, by rule";
        registry.register("maintenance_archived", help, upkeep.archived.clone());
        let help = "Old events and closed candidates that were taken away";
        registry.register("maintenance_pruned", help, upkeep.pruned.clone());
        let help = "Temporary sessions that were erased";
        registry.register("maintenance_sessions_erased", help, upkeep.sessions_erased.clone());
        upkeep
    }

    pub(super) fn count(&self, done: &Maintained) {
        self.runs.inc();
        for (rule, count) in &done.archived_counts {
            self.archived.get_or_create(&ByRule { rule: rule.to_string() }).inc_by(*count);
        }
        self.pruned.inc_by(done.pruned.event_count + done.pruned.held_count);
        self.sessions_erased.inc_by(done.sessions_erased.len() as u64);
    }
}
