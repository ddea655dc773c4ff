//! Embedder: turns texts into vectors.

use async_trait::async_trait;

use super::PortError;
use crate::passage::EmbedderIdentity;

/// What a text is embedded for; some models prefix the two differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmbedPurpose {
    /// To be found.
    Passage,
    /// To find.
    Query,
}

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// What makes two vectors comparable: model, revision, dimensions. A change of any changes it.
    fn identity(&self) -> &EmbedderIdentity;

    /// Components of every vector, at least 1.
    fn dimensions(&self) -> usize;

    /// One vector for each text, in order, each of `dimensions` finite components and of length 1 (a text
    /// without any known token gives zeros). The same text and purpose give the same vector.
    ///
    /// # Errors
    /// `Unavailable` and `Overloaded` are temporary; `Refused` and `BadAnswer` are not. Nothing is
    /// returned in part.
    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError>;
}
