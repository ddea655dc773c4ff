//! A store that changes, and an index that is told of it as the engine does.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::{
    Embedder, IndexChange, Nomination, NominationRequest, PassageIndex, QueryTerm, SegmentSelection,
    SpaceStore, Store,
};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::text::terms;
use dreamkeeper_domain::version::Operation;
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_testkit::builders::{self, MemoryBuilder};
use dreamkeeper_testkit::{MemoryStore, ScriptedEmbedder};

/// One space with its index.
pub(crate) struct World {
    pub(crate) space: SpaceId,
    pub(crate) store: Arc<dyn SpaceStore>,
    pub(crate) index: EmbeddedIndex,
    pub(crate) embedder: ScriptedEmbedder,
    pub(crate) sessions: Vec<Session>,
    pub(crate) messages: Vec<Message>,
    pub(crate) memories: Vec<Memory>,
    moments: i64,
}

impl World {
    pub(crate) async fn new(options: IndexOptions) -> Self {
        let space = builders::a_space();
        Self {
            space,
            store: MemoryStore::new().space(space).await.expect("a store in memory opens"),
            index: EmbeddedIndex::new(options),
            embedder: ScriptedEmbedder::new("scripted", 16),
            sessions: Vec::new(),
            messages: Vec::new(),
            memories: Vec::new(),
            moments: 0,
        }
    }

    /// The next minute.
    fn tick(&mut self) -> jiff::Timestamp {
        self.moments += 1;
        builders::minute(self.moments)
    }

    pub(crate) async fn open_session(&mut self, scope: Scope) -> Session {
        let mut session = builders::a_session(scope);
        // Keyless sessions of one moment would be one session.
        session.key = Some(format!("session-{}", self.sessions.len()));
        self.commit(vec![Write::OpenSession(session.clone())]).await;
        self.sessions.push(session.clone());
        session
    }

    /// Appends a message; tells what the index is to be told.
    pub(crate) async fn append(&mut self, session: &Session, text: &str, origin: Origin) -> Vec<IndexChange> {
        let at = self.tick();
        let message = builders::a_message(text).in_session(session).by("Ana").origin(origin).at(at).build();
        let mut passages = builders::message_passages(&message, Some(&self.embedder));
        if text.len().is_multiple_of(5) {
            passages.iter_mut().for_each(|passage| passage.vector = None);
        }
        self.messages.push(message.clone());
        let before = self.places(&message.scope).await;
        let scope = message.scope.clone();
        self.commit(vec![Write::AppendMessage { message, passages }]).await;
        self.added(&scope, &before).await
    }

    /// Writes a memory, new or the next version of one.
    pub(crate) async fn remember(&mut self, scope: Scope, text: &str, of: Option<usize>) -> Vec<IndexChange> {
        let at = self.tick();
        let old = of.map(|place| self.memories[place].clone());
        let (memory, write) = match &old {
            None => {
                let memory = builders::a_memory(text).scope(scope).at(at);
                (memory.clone().build(), memory.write_embedded(&self.embedder))
            }
            Some(old) => {
                let memory = MemoryBuilder::next(old, at).text(text);
                (memory.clone().build(), memory.write_next(Operation::Update))
            }
        };
        let scope = memory.scope.clone();
        let before = self.places(&scope).await;
        match of {
            None => self.memories.push(memory.clone()),
            Some(place) => self.memories[place] = memory.clone(),
        }
        self.commit_at(vec![write], at).await;
        let mut changes = self.added(&scope, &before).await;
        if old.is_some() {
            let first = changes.iter().find_map(|change| match change {
                IndexChange::Added(passages) => passages.first().map(|stored| stored.seq),
                _ => None,
            });
            let owner = Owner::Memory(memory.id);
            let before = first.unwrap_or(PassageSeq(u64::MAX));
            changes.insert(0, IndexChange::Retired { segment: scope.segment(), owner, before, at });
        }
        changes
    }

    /// Erases a message.
    pub(crate) async fn erase(&mut self, place: usize) -> Vec<IndexChange> {
        let message = self.messages[place].clone();
        self.commit(vec![Write::EraseMessage { id: message.id, reason: None }]).await;
        vec![IndexChange::Erased { segment: message.scope.segment(), owner: Owner::Message(message.id) }]
    }

    async fn commit(&self, writes: Vec<Write>) -> Vec<Outcome> {
        self.commit_at(writes, builders::minute(self.moments)).await
    }

    async fn commit_at(&self, writes: Vec<Write>, at: jiff::Timestamp) -> Vec<Outcome> {
        let changes = builders::changes().at(at).writes(writes).build();
        self.store.apply(changes).await.expect("a sound ChangeSet is applied").outcomes
    }

    async fn passages(&self, scope: &Scope) -> Vec<StoredPassage> {
        self.store.passages(&scope.segment(), None, usize::MAX).await.expect("the store answers")
    }

    async fn places(&self, scope: &Scope) -> Vec<PassageSeq> {
        self.passages(scope).await.iter().map(|stored| stored.seq).collect()
    }

    async fn added(&self, scope: &Scope, before: &[PassageSeq]) -> Vec<IndexChange> {
        let mut passages = self.passages(scope).await;
        passages.retain(|stored| !before.contains(&stored.seq));
        vec![IndexChange::Added(passages)]
    }

    pub(crate) async fn tell(&self, changes: Vec<IndexChange>) {
        self.index.follow(self.space, changes).await.expect("the index follows");
    }

    pub(crate) async fn nominate(&self, request: &NominationRequest) -> Nomination {
        self.index.nominate(self.space, &self.store, request).await.expect("the index answers")
    }

    /// A request for everything under a scope.
    pub(crate) fn request(&self, scope: Scope, text: &str) -> NominationRequest {
        let mut hashes = terms(text);
        hashes.sort_unstable();
        hashes.dedup();
        let segments = match scope.user {
            Some(_) => SegmentSelection::One(scope.segment()),
            None => SegmentSelection::All,
        };
        NominationRequest {
            segments,
            scope,
            terms: hashes.into_iter().map(|hash| QueryTerm { hash, weight: 1.0 }).collect(),
            vector: Some((self.embedder.identity().clone(), self.embedder.vector(text))),
            min_origin: Origin::External,
            filter: None,
            owners: None,
            as_of: None,
            messages: true,
            memories: true,
            topics: true,
            lexical_count_max: 100,
            vector_count_max: 100,
            window: 0,
        }
    }
}
