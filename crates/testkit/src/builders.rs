//! Builders: nouns for tests in one readable line, with defaults that are valid and easy to tell apart.
//!
//! Ids count up in the whole process, so that no two ever meet in one store and later ones sort later.

mod changes;
mod dream;
mod learning;
mod memory;
mod message;
mod receipt;
mod topic;

use std::sync::atomic::{AtomicU64, Ordering};

use dreamkeeper_domain::actor::{Actor, ActorKind};
use dreamkeeper_domain::id::{SessionId, SpaceId};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use jiff::{SignedDuration, Timestamp};

pub use changes::{ChangeSetBuilder, changes};
pub use dream::{a_dream, a_dream_budget, a_dream_schedule, a_proposed_change};
pub use learning::{a_candidate, a_decision, a_detail, a_held, a_summary, an_event, an_event_of};
pub use memory::{MemoryBuilder, a_memory, memory_passages};
pub use message::{MessageBuilder, a_message, message_passages};
pub use receipt::{a_receipt, a_served};
pub use topic::{
    a_topic, a_topic_store, hash_of, next_topic, put_cut_topic, put_store, put_topic, remove_topic,
    topic_passages,
};

/// When tests take place unless they say otherwise: a Monday morning.
pub const EPOCH: &str = "2026-01-05T09:00:00Z";

/// A moment from its RFC 3339 text.
///
/// # Panics
/// When the text is no moment.
pub fn at(moment: &str) -> Timestamp {
    moment.parse().expect("a test writes its moments in RFC 3339")
}

/// That many minutes after [`EPOCH`].
pub fn minute(count: i64) -> Timestamp {
    at(EPOCH) + SignedDuration::from_mins(count)
}

/// Ten bytes that no other call in this process gives, growing with every call.
pub fn next_id_bytes() -> [u8; 10] {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut bytes = [0; 10];
    // A UUIDv7 overwrites two bits of the third byte: the count stays clear of them.
    bytes[3..].copy_from_slice(&count.to_be_bytes()[1..]);
    bytes
}

/// A space nobody else uses.
pub fn a_space() -> SpaceId {
    SpaceId::new(at(EPOCH), next_id_bytes())
}

/// The person who makes changes in tests.
pub fn an_actor() -> Actor {
    Actor { kind: ActorKind::Local, name: "tester".into() }
}

/// A scope from its user and labels.
pub fn a_scope(user: &str, labels: &[&str]) -> Scope {
    Scope { labels: labels.iter().map(|label| (*label).to_owned()).collect(), ..Scope::user(user) }
}

/// A keyless session of a scope, not yet recorded.
pub fn a_session(scope: Scope) -> Session {
    Session {
        id: SessionId::new(at(EPOCH), next_id_bytes()),
        key: None,
        scope,
        opened_at: at(EPOCH),
        last_at: at(EPOCH),
        last_recorded_at: at(EPOCH),
        message_count: 0,
        temporary: false,
    }
}

/// A keyless session that was opened at a moment; one that is long after the last is a session of its own.
pub fn a_session_at(scope: Scope, moment: Timestamp) -> Session {
    Session { opened_at: moment, last_at: moment, last_recorded_at: moment, ..a_session(scope) }
}

/// A session with the caller's own name.
pub fn a_named_session(scope: Scope, key: &str) -> Session {
    Session { key: Some(key.to_owned()), ..a_session(scope) }
}

/// A hash of a text, as `source_hash` wants one; FNV-1a of 64 bits.
pub fn source_hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
