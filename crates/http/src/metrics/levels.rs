//! Levels: what stands how high now, measured when somebody asks.

use dreamkeeper_engine::{Engine, VerbError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

#[derive(Default)]
pub(super) struct Levels {
    queue: Family<State, Gauge>,
    oldest_seconds: Gauge,
    held: Gauge,
    index_segments: Gauge,
    index_passages: Gauge,
    index_bytes: Gauge,
    index_evicted: Gauge,
}

impl Levels {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let levels = Self::default();
        let it = &levels;
        registry.register("queue_events", "Learning events by where they stand", it.queue.clone());
        registry.register(
            "queue_oldest_seconds",
            "How long the oldest has waited",
            it.oldest_seconds.clone(),
        );
        registry.register("quarantine_waiting", "Candidates that wait for a person", it.held.clone());
        registry.register("index_segments", "Segments of the index in memory", it.index_segments.clone());
        registry.register("index_passages", "Passages of the index in memory", it.index_passages.clone());
        registry.register("index_resident_bytes", "Bytes that they take", it.index_bytes.clone());
        registry.register("index_evicted", "Segments put out since the start", it.index_evicted.clone());
        levels
    }

    pub(super) async fn measure(&self, engine: &Engine) -> Result<(), VerbError> {
        let totals = engine.learning_totals().await?;
        let states = [
            ("pending", totals.pending_count),
            ("running", totals.running_count),
            ("failed", totals.failed_count),
        ];
        for (state, count) in states {
            self.queue.get_or_create(&State { state }).set(whole(count));
        }
        self.oldest_seconds.set(totals.oldest_seconds);
        self.held.set(whole(totals.held_count));
        let index = engine.parts().index.stats();
        self.index_segments.set(whole(index.segment_count as u64));
        self.index_passages.set(whole(index.passage_count as u64));
        self.index_bytes.set(whole(index.resident_bytes as u64));
        self.index_evicted.set(whole(index.evicted_count));
        Ok(())
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
