//! The embedder in the binary: no file, no network, no waiting.

use std::future::poll_fn;
use std::task::Poll;

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError};

use crate::static_model::StaticModel;

/// After this many texts other tasks of the thread get a turn: a long import must not hold up a recall.
const TEXTS_PER_TURN: usize = 32;

/// The port over a [`StaticModel`]. Passages and queries are embedded alike.
pub struct StaticEmbedder {
    model: StaticModel,
    identity: EmbedderIdentity,
}

impl StaticEmbedder {
    /// The embedder of the compiled-in potion-base-8M.
    pub fn bundled() -> Self {
        let model = StaticModel::bundled();
        let revision: String = model.identity()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let identity = format!("static:potion-base-8m:{}:{revision}", model.dimensions());
        Self { model, identity: EmbedderIdentity(identity.into()) }
    }

    /// The model, for counting tokens as it does.
    pub fn model(&self) -> &StaticModel {
        &self.model
    }
}

#[async_trait]
impl Embedder for StaticEmbedder {
    fn identity(&self) -> &EmbedderIdentity {
        &self.identity
    }

    fn dimensions(&self) -> usize {
        self.model.dimensions()
    }

    async fn embed(&self, texts: &[String], _: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for turn in texts.chunks(TEXTS_PER_TURN) {
            if !vectors.is_empty() {
                give_way().await;
            }
            vectors.extend(turn.iter().map(|text| self.model.embed(text)));
        }
        Ok(vectors)
    }
}

/// Lets the thread's other tasks run once, on any runtime.
async fn give_way() {
    let mut gave_way = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
