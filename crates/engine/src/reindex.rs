//! Reindex: gives every passage a vector of the current embedder, in steps that can be stopped and resumed.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::passage::{Owner, StoredPassage, Vector};
use dreamkeeper_domain::ports::{EmbedPurpose, SpaceStore};

use crate::{Engine, Principal, VerbError, passages};

/// Passages that are embedded and written in one step.
const STEP_COUNT: usize = 512;

/// How far a reindex is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReindexProgress {
    /// Passages done.
    pub done: u64,
    /// Passages in all, counted at the start.
    pub total: u64,
}

/// What a reindex did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reindexed {
    /// Passages that got a new vector.
    pub embedded_count: u64,
    /// Passages whose owner has no such text any more; `doctor` tells of them.
    pub orphan_count: u64,
}

impl Engine {
    /// Embeds every passage whose vector is missing or of another embedder, then lets the index load anew.
    ///
    /// Each step is durable: a reindex that is stopped goes on where it was.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Port` when the embedder or the store fails; what was done stays done.
    pub async fn reindex(
        &self,
        principal: &Principal,
        progress: &(dyn Fn(ReindexProgress) + Send + Sync),
    ) -> Result<Reindexed, VerbError> {
        principal.require(Permission::Admin)?;
        let space = self.space(principal).await?;
        let embedder = self.parts.embedder.clone();
        let total = space.stats(embedder.identity()).await?.stale_passage_count;
        let mut report = Reindexed::default();
        let mut after = None;
        loop {
            let stale = space.stale_passages(embedder.identity(), after, STEP_COUNT).await?;
            let Some(last) = stale.last() else { break };
            after = Some(last.seq);
            let found = sources(&*space, &stale).await?;
            let (places, texts): (Vec<_>, Vec<_>) = found.into_iter().unzip();
            let vectors = embedder.embed(&texts, EmbedPurpose::Passage).await?;
            report.orphan_count += (stale.len() - texts.len()) as u64;
            report.embedded_count += texts.len() as u64;
            let vectors = places
                .into_iter()
                .zip(vectors)
                .map(|(seq, vector)| (seq, Vector::quantise(&vector)))
                .collect();
            let write = Write::PutVectors { embedder: embedder.identity().clone(), vectors };
            self.apply(principal, &space, vec![write], |_| Vec::new()).await?;
            progress(ReindexProgress { done: report.embedded_count + report.orphan_count, total });
        }
        self.parts.index.discard(principal.space).await?;
        Ok(report)
    }
}

/// The text that each passage is embedded as; passages whose owner lost that text are left out.
async fn sources(
    space: &dyn SpaceStore,
    stale: &[StoredPassage],
) -> Result<Vec<(dreamkeeper_domain::passage::PassageSeq, String)>, VerbError> {
    let (mut message_ids, mut memory_ids, mut topic_ids) = (Vec::new(), Vec::new(), Vec::new());
    for stored in stale {
        match stored.passage.owner {
            Owner::Message(id) => message_ids.push(id),
            Owner::Memory(id) => memory_ids.push(id),
            Owner::Topic(id) => topic_ids.push(id),
        }
    }
    message_ids.dedup();
    memory_ids.dedup();
    topic_ids.dedup();
    let messages: std::collections::HashMap<_, _> =
        space.messages(&message_ids).await?.into_iter().map(|message| (message.id, message)).collect();
    let memories: std::collections::HashMap<_, _> =
        space.memories(&memory_ids, None).await?.into_iter().map(|memory| (memory.id, memory)).collect();
    let topics: std::collections::HashMap<_, _> =
        space.topics(&topic_ids, None).await?.into_iter().map(|topic| (topic.head.id, topic)).collect();
    let mut found = Vec::with_capacity(stale.len());
    for StoredPassage { seq, passage } in stale {
        let source = match passage.owner {
            Owner::Message(id) => {
                messages.get(&id).and_then(|message| passage.span.of(&message.text()).map(str::to_owned))
            }
            Owner::Memory(id) => memories.get(&id).and_then(|memory| {
                let words = passage.span.of(&memory.text)?;
                Some(passages::memory_source(&memory.aliases, words))
            }),
            Owner::Topic(id) => topics.get(&id).and_then(|topic| {
                Some(passages::topic_source(&topic.head.path, passage.span.of(&topic.content)?))
            }),
        };
        // A retired passage's words are those of an earlier version: never embed other words in its name.
        if let Some(source) = source.filter(|source| passages::source_hash(source) == passage.source_hash) {
            found.push((*seq, source));
        }
    }
    Ok(found)
}
