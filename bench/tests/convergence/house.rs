//! An engine that learns by rules over the real store and index, and what was said to it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use dreamkeeper_domain::event::LearnEvent;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::ports::EventQuery;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::{Learn, LearnFrom, Learning};
use dreamkeeper_engine::{Append, Engine, ListMemories, NewMessage, Parts, Principal, SessionRef};
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::{FrozenClock, ScriptedEmbedder, SeededEntropy};
use jiff::SignedDuration;
use tempfile::TempDir;

/// What a memory is apart from its ids: what must not depend on the order of work.
pub(crate) type Essence = (String, Option<String>, Vec<String>, Option<String>, Option<String>, &'static str);

pub(crate) struct Session {
    pub(crate) user: &'static str,
    key: &'static str,
    /// The moments and the words of its messages; each is a learning event of its own.
    said: &'static [(&'static str, &'static str)],
}

pub(crate) const USERS: [&str; 2] = ["ana", "ben"];

pub(crate) const SESSIONS: [Session; 6] = [
    Session {
        user: "ana",
        key: "a",
        said: &[
            ("2026-01-01T10:00:00Z", "I live in Porto. I like tea."),
            ("2026-01-01T10:05:00Z", "I work as a nurse."),
        ],
    },
    Session {
        user: "ana",
        key: "b",
        said: &[
            ("2026-01-11T10:00:00Z", "I moved to Braga."),
            ("2026-01-11T10:02:00Z", "My sister's name is Rita."),
        ],
    },
    Session { user: "ben", key: "c", said: &[("2026-01-12T10:00:00Z", "I live in Porto. I like coffee.")] },
    Session {
        user: "ana",
        key: "d",
        said: &[
            ("2026-01-21T10:00:00Z", "I like tea."),
            ("2026-01-21T10:01:00Z", "I live in Lisbon."),
            ("2026-01-21T10:02:00Z", "I am allergic to peanuts."),
        ],
    },
    Session {
        user: "ana",
        key: "e",
        said: &[
            ("2026-01-25T10:00:00Z", "I work as a teacher now."),
            ("2026-01-25T10:01:00Z", "I live in Porto."),
        ],
    },
    Session {
        user: "ben",
        key: "f",
        said: &[("2026-01-26T10:00:00Z", "I live in Faro."), ("2026-01-26T10:09:00Z", "I like coffee.")],
    },
];

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) operator: Principal,
    /// Removes the directory with the house, where it is its own.
    _directory: Option<TempDir>,
}

/// One in a directory of its own.
pub(crate) async fn house() -> House {
    let directory = new_directory();
    let house = house_in(directory.path(), 7).await;
    House { _directory: Some(directory), ..house }
}

pub(crate) fn new_directory() -> TempDir {
    TempDir::with_prefix("dreamkeeper-convergence-").expect("a directory")
}

/// The one in that directory. Whoever opens it again brings another seed, or new records get the ids of old ones.
pub(crate) async fn house_in(directory: &Path, seed: u64) -> House {
    let data = DataDir::open(directory, Options::default()).expect("a data directory");
    let clock = Arc::new(FrozenClock::at("2026-03-02T09:00:00Z"));
    let engine = Engine::new(Parts {
        store: data.store(),
        control: data.control(),
        index: Arc::new(EmbeddedIndex::new(IndexOptions::default())),
        embedder: Arc::new(ScriptedEmbedder::new("test-embedder", 64)),
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(seed)),
    })
    .with_learning(Learning::default());
    let space = engine.open_space("default").await.expect("a space");
    let operator = Principal::operator(space, "tester");
    House { engine, clock, operator, _directory: None }
}

impl House {
    pub(crate) async fn append_all(&self, learn: Learn) {
        for session in &SESSIONS {
            for (at, text) in session.said {
                let message = NewMessage {
                    at: Some(at.parse().expect("a moment")),
                    client_id: Some((*at).to_owned()),
                    ..NewMessage::text(Role::User, *text)
                };
                let request = Append {
                    session: SessionRef::Key(session.key.to_owned()),
                    scope: Scope::user(session.user),
                    messages: vec![message],
                    via: Via::Live,
                    idempotency_key: None,
                    learn,
                    temporary: false,
                };
                self.engine.append(&self.operator, request).await.expect("appended");
            }
        }
    }

    /// Learns from the whole session at that place in [`SESSIONS`].
    pub(crate) async fn learn(&self, place: usize) {
        let wanted = &SESSIONS[place];
        // Appending what is there changes nothing and tells the session.
        let (at, text) = wanted.said[0];
        let message = NewMessage {
            at: Some(at.parse().expect("a moment")),
            client_id: Some(at.to_owned()),
            ..NewMessage::text(Role::User, text)
        };
        let request = Append {
            session: SessionRef::Key(wanted.key.to_owned()),
            scope: Scope::user(wanted.user),
            messages: vec![message],
            via: Via::Live,
            idempotency_key: None,
            learn: Learn::Off,
            temporary: false,
        };
        let session = self.engine.append(&self.operator, request).await.expect("appended").session;
        let from = LearnFrom { session, from: 0, wait: true };
        self.engine.learn(&self.operator, from).await.expect("learned");
    }

    /// Events that are not settled.
    pub(crate) async fn waiting(&self) -> u64 {
        let stats = self.engine.queue_stats(&self.operator).await.expect("the queue");
        stats.pending_count + stats.running_count
    }

    /// Events that somebody holds.
    pub(crate) async fn running(&self) -> u64 {
        self.engine.queue_stats(&self.operator).await.expect("the queue").running_count
    }

    /// Works until nothing waits, as a worker does that lives on.
    pub(crate) async fn finish(&self) {
        for _ in 0..limits::EVENT_ATTEMPTS_MAX {
            if self.waiting().await == 0 {
                return;
            }
            self.engine.learn_round(self.operator.space, "survivor").await.expect("a round");
            self.clock.advance(SignedDuration::from_secs(limits::LEASE_SECONDS + 1));
        }
        panic!("{} events are never settled", self.waiting().await);
    }

    pub(crate) async fn events(&self) -> Vec<LearnEvent> {
        let query = EventQuery { limit: limits::PAGE_COUNT_MAX, ..EventQuery::default() };
        self.engine.list_events(&self.operator, query).await.expect("listed").items
    }

    /// How many events the audit tells to have been settled.
    pub(crate) async fn settled_count(&self) -> usize {
        let (mut count, mut after) = (0, 0);
        loop {
            let entries = self.engine.audit(&self.operator, after, None).await.expect("the audit");
            let Some(last) = entries.last() else { return count };
            after = last.number;
            let settled = entries.iter().flat_map(|entry| &entry.writes);
            count += settled
                .filter_map(|write| write.strip_prefix("settle_events ")?.parse::<usize>().ok())
                .sum::<usize>();
        }
    }

    /// Every memory of everybody, without ids.
    pub(crate) async fn essence(&self) -> BTreeSet<Essence> {
        let mut all = BTreeSet::new();
        for user in USERS {
            let list = ListMemories {
                scope: Scope::user(user),
                statuses: Status::ALL.to_vec(),
                ..ListMemories::default()
            };
            let memories = self.engine.list_memories(&self.operator, list).await.expect("listed").items;
            let count = memories.len();
            let before = all.len();
            all.extend(memories.into_iter().map(essence));
            assert_eq!(all.len() - before, count, "two memories are the same: {all:#?}");
        }
        all
    }

    pub(crate) async fn close(self) {
        self.engine.close().await;
    }
}

fn essence(memory: Memory) -> Essence {
    let quotes = memory.evidence.into_iter().map(|evidence| evidence.quote).collect();
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    let status = memory.status.as_str();
    (memory.text, memory.scope.user, quotes, moment(memory.validity.from), moment(memory.validity.to), status)
}
