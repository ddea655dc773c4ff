//! A world for index rules: a store in memory, what was written to it, and an index that is told of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, PassageSeq, StoredPassage, Vector};
use dreamkeeper_domain::ports::{
    Embedder, IndexChange, Nomination, NominationRequest, PassageIndex, QueryTerm, SegmentSelection,
    SpaceStore, Store,
};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::text::{is_stop_word, term_hash, words};

use super::comparing::assert_agree;
use crate::builders::{ChangeSetBuilder, a_space};
use crate::naive_index::all_passages;
use crate::{MemoryStore, NaiveIndex, ScriptedEmbedder};

/// One space, its store, and the index under test.
pub(super) struct World<'index> {
    pub(super) space: SpaceId,
    pub(super) store: Arc<dyn SpaceStore>,
    pub(super) embedder: ScriptedEmbedder,
    pub(super) index: &'index dyn PassageIndex,
}

impl<'index> World<'index> {
    pub(super) async fn new(index: &'index dyn PassageIndex) -> Self {
        let space = a_space();
        let store = MemoryStore::new().space(space).await.expect("a store in memory opens");
        Self { space, store, embedder: ScriptedEmbedder::default(), index }
    }

    /// Applies a ChangeSet and tells the index of it.
    pub(super) async fn write(&self, changes: ChangeSetBuilder) -> Vec<Outcome> {
        let (outcomes, told) = self.write_untold(changes).await;
        self.tell(told).await;
        outcomes
    }

    /// Applies a ChangeSet; answers what the index is to be told of it.
    pub(super) async fn write_untold(&self, changes: ChangeSetBuilder) -> (Vec<Outcome>, Vec<IndexChange>) {
        let before = self.passages().await;
        let applied = self.store.apply(changes.build()).await.expect("a sound ChangeSet is applied");
        (applied.outcomes, changes_between(&before, &self.passages().await))
    }

    pub(super) async fn tell(&self, changes: Vec<IndexChange>) {
        self.index.follow(self.space, changes).await.expect("the index follows");
    }

    pub(super) async fn ask(&self, request: &NominationRequest) -> Nomination {
        self.index.nominate(self.space, &self.store, request).await.expect("the index answers")
    }

    pub(super) async fn exact(&self, request: &NominationRequest) -> Nomination {
        NaiveIndex.nominate(self.space, &self.store, request).await.expect("the exact search answers")
    }

    /// Asks the index and the exact search, and answers what both say.
    pub(super) async fn ask_both(&self, request: &NominationRequest) -> Nomination {
        let found = self.ask(request).await;
        assert_agree(&found, &self.exact(request).await);
        found
    }

    /// A request for everything about some words: all origins, all segments, no bound that bites.
    pub(super) fn about(&self, text: &str) -> NominationRequest {
        let mut terms = Vec::new();
        words(text, |word| {
            let hash = term_hash(word);
            if !is_stop_word(word) && !terms.iter().any(|term: &QueryTerm| term.hash == hash) {
                terms.push(QueryTerm { hash, weight: 1.0 });
            }
        });
        NominationRequest {
            segments: SegmentSelection::All,
            scope: Scope::default(),
            terms,
            vector: Some((self.embedder.identity().clone(), self.embedder.vector(text))),
            min_origin: Origin::External,
            filter: None,
            owners: None,
            as_of: None,
            messages: true,
            memories: true,
            topics: true,
            lexical_count_max: 1_000,
            vector_count_max: 1_000,
            window: 0,
        }
    }

    async fn passages(&self) -> BTreeMap<PassageSeq, (SegmentKey, StoredPassage)> {
        let mut all = BTreeMap::new();
        for segment in self.store.segments().await.expect("the store answers") {
            for stored in all_passages(&*self.store, &segment.key).await.expect("the store answers") {
                all.insert(stored.seq, (segment.key.clone(), stored));
            }
        }
        all
    }
}

type Passages = BTreeMap<PassageSeq, (SegmentKey, StoredPassage)>;

/// What an index is to be told when a store went from one state to another.
fn changes_between(before: &Passages, after: &Passages) -> Vec<IndexChange> {
    let mut changes = Vec::new();
    let gone = before.iter().filter(|(seq, _)| !after.contains_key(seq));
    let erased: BTreeSet<(SegmentKey, Owner)> =
        gone.map(|(_, (segment, stored))| (segment.clone(), stored.passage.owner)).collect();
    changes.extend(erased.into_iter().map(|(segment, owner)| IndexChange::Erased { segment, owner }));

    let new = after.iter().filter(|(seq, _)| !before.contains_key(seq));
    let added: Vec<StoredPassage> = new.map(|(_, (_, stored))| stored.clone()).collect();
    let first_new = added.first().map_or(PassageSeq(u64::MAX), |stored| stored.seq);
    let mut vectors: BTreeMap<Arc<str>, Vec<(PassageSeq, Vector)>> = BTreeMap::new();
    let mut retired = BTreeMap::new();
    for (seq, (segment, stored)) in after {
        let Some((_, old)) = before.get(seq) else { continue };
        if let (Some(at), None) = (stored.passage.retired_at, old.passage.retired_at) {
            retired.insert((segment.clone(), stored.passage.owner), at);
        }
        if let Some((made_by, vector)) = &stored.passage.vector
            && stored.passage.vector != old.passage.vector
        {
            vectors.entry(Arc::clone(&made_by.0)).or_default().push((*seq, vector.clone()));
        }
    }
    for ((segment, owner), at) in retired {
        changes.push(IndexChange::Retired { segment, owner, before: first_new, at });
    }
    if !added.is_empty() {
        changes.push(IndexChange::Added(added));
    }
    for (made_by, vectors) in vectors {
        changes.push(IndexChange::Vectors { embedder: EmbedderIdentity(made_by), vectors });
    }
    changes
}
