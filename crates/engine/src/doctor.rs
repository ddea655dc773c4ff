//! Doctor: tells what is wrong with a space, and makes what is derived anew where it is.
//!
//! Every message and every version of a memory or topic is cut again and compared with the passages that
//! stand for it (`compare`). What differs is replaced, embedded anew, in batches that are durable each;
//! messages, memories and topics themselves are never altered. A sound space is only read.

mod compare;
mod read;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits::CHANGESET_WRITES_MAX;
use dreamkeeper_domain::passage::{Passage, Vector};
use dreamkeeper_domain::ports::{EmbedPurpose, LooseEnds, SpaceStore};

pub use compare::Fault;
use compare::{Found, Remedy, Stale, compare};
use read::Text;

use crate::{Engine, Principal, VerbError, passages};

/// Owners that are compared in one step.
const STEP_COUNT: usize = 256;

/// How far a doctor is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DoctorProgress {
    /// Messages, memories and topics compared.
    pub done: u64,
    /// Messages, memories and topics in all, counted at the start.
    pub total: u64,
}

/// Whether a space is sound, and what was done about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What is wrong and could not be mended, in sentences; empty when nothing is.
    pub problems: Vec<String>,
    /// Messages, memories and topics whose passages were compared.
    pub checked_count: u64,
    /// Passages that were mended, by what was wrong with them; empty when nothing was.
    pub mended: BTreeMap<Fault, u64>,
    /// Passages that still have no vector of the current embedder; `reindex` mends that.
    pub stale_passage_count: u64,
}

impl Engine {
    /// Compares every passage with the text that it was cut from, mends what differs, checks everything that
    /// is stored, and lets the index be built anew from it.
    ///
    /// Each step is durable: a doctor that is stopped has mended what it has told of.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Port` when the store cannot even be read, or not be written to.
    pub async fn doctor(
        &self,
        principal: &Principal,
        progress: &(dyn Fn(DoctorProgress) + Send + Sync),
    ) -> Result<Health, VerbError> {
        principal.require(Permission::Admin)?;
        let space = self.space(principal).await?;
        let mut health = Health::default();
        let loose = space.loose_ends().await?;
        // To write into a damaged file could spoil what can still be copied out of it.
        if !loose.is_damaged {
            self.sweep(principal, &space, (loose, &mut health)).await?;
            self.mend_all(principal, &space, (progress, &mut health)).await?;
        }
        health.problems.extend(space.check().await?);
        health.stale_passage_count = space.stats(self.parts.embedder.identity()).await?.stale_passage_count;
        self.parts.index.discard(principal.space).await?;
        Ok(health)
    }

    async fn sweep(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (loose, health): (LooseEnds, &mut Health),
    ) -> Result<(), VerbError> {
        if loose.stray_count + loose.miscount_count == 0 {
            return Ok(());
        }
        self.apply(principal, space, vec![Write::SweepPassages], |_| Vec::new()).await?;
        for (fault, count) in [(Fault::Extra, loose.stray_count), (Fault::Miscounted, loose.miscount_count)] {
            if count > 0 {
                *health.mended.entry(fault).or_default() += count;
            }
        }
        Ok(())
    }

    async fn mend_all(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (progress, health): (&(dyn Fn(DoctorProgress) + Send + Sync), &mut Health),
    ) -> Result<(), VerbError> {
        let embedder = &self.parts.embedder;
        let stats = space.stats(embedder.identity()).await?;
        let memory_count: u64 = stats.memory_counts.iter().map(|(_, count)| count).sum();
        let total = stats.message_count + memory_count + stats.topic_count;
        let mut after = None;
        loop {
            let holdings = space.holdings(after, STEP_COUNT).await?;
            let Some(last) = holdings.last() else { return Ok(()) };
            after = Some(last.owner);
            let read = read::texts(&**space, holdings).await?;
            health.checked_count += read.owner_count;
            health.problems.extend(read.problems);
            let mut found = Vec::new();
            for text in read.texts {
                found.extend(compare(text, &**embedder));
            }
            self.mend(principal, space, (found, health)).await?;
            progress(DoctorProgress { done: health.checked_count, total: total.max(health.checked_count) });
        }
    }

    /// Writes the remedies of one step.
    async fn mend(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (found, health): (Vec<Found>, &mut Health),
    ) -> Result<(), VerbError> {
        let (mut mended, mut texts, mut stale) = (Vec::new(), Vec::new(), Vec::new());
        for Found { faults, remedy } in found {
            mended.extend(faults);
            match remedy {
                Remedy::Replace(text) => texts.push(text),
                Remedy::Embed(passages) => stale.extend(passages),
            }
        }
        let mut writes = self.replacements(texts).await;
        if let Some((count, write)) = self.new_vectors(stale).await {
            mended.extend(std::iter::repeat_n(Fault::Vector, count));
            writes.push(write);
        }
        while !writes.is_empty() {
            let rest = writes.split_off(writes.len().min(CHANGESET_WRITES_MAX));
            self.apply(principal, space, writes, |_| Vec::new()).await?;
            writes = rest;
        }
        for fault in mended {
            *health.mended.entry(fault).or_default() += 1;
        }
        Ok(())
    }

    /// The texts' passages made anew, embedded in one call; without an answer of the embedder they have no
    /// vectors, and `reindex` embeds them later.
    async fn replacements(&self, texts: Vec<Text>) -> Vec<Write> {
        let (mut writes, mut sources) = (Vec::new(), Vec::new());
        for Text { owner, version, seen, cut, held: _ } in texts {
            let (passages, texts): (Vec<Passage>, Vec<String>) = cut.into_iter().unzip();
            sources.extend(texts);
            writes.push(Write::MendPassages { owner, version, seen, passages });
        }
        let passages = writes.iter_mut().flat_map(|write| match write {
            Write::MendPassages { passages, .. } => passages.as_mut_slice(),
            _ => &mut [],
        });
        passages::embed(&*self.parts.embedder, &sources, passages).await;
        writes
    }

    /// Vectors for passages that are right but for theirs; how many differ from what is there.
    async fn new_vectors(&self, stale: Vec<Stale>) -> Option<(usize, Write)> {
        let embedder = &self.parts.embedder;
        let sources: Vec<String> = stale.iter().map(|stale| stale.source.clone()).collect();
        if sources.is_empty() {
            return None;
        }
        let made = embedder.embed(&sources, EmbedPurpose::Passage).await.inspect_err(|error| {
            tracing::warn!(%error, count = sources.len(), "passages stay without vectors; run reindex");
        });
        let identity = embedder.identity();
        let made = made.ok()?.into_iter().map(|vector| Vector::quantise(&vector));
        let vectors: Vec<_> = stale
            .into_iter()
            .zip(made)
            .filter(|(stale, made)| stale.there.as_ref() != Some(&(identity.clone(), made.clone())))
            .map(|(stale, made)| (stale.seq, made))
            .collect();
        let write = |vectors| Write::PutVectors { embedder: identity.clone(), vectors };
        (!vectors.is_empty()).then(|| (vectors.len(), write(vectors)))
    }
}
