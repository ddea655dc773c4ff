//! A layer over an embedder that keeps each call below it small.

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError};

/// Splits texts into calls of bounded count and size, one after the other.
pub(crate) struct Batched<E> {
    pub(crate) inner: E,
    /// Texts of one call.
    pub(crate) texts_max: usize,
    /// Bytes of one call's texts; a longer text goes alone.
    pub(crate) bytes_max: usize,
}

#[async_trait]
impl<E: Embedder> Embedder for Batched<E> {
    fn identity(&self) -> &EmbedderIdentity {
        self.inner.identity()
    }

    fn dimensions(&self) -> usize {
        self.inner.dimensions()
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut rest = texts;
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(self.batch_length(rest));
            vectors.extend(self.inner.embed(batch, purpose).await?);
            rest = later;
        }
        Ok(vectors)
    }
}

impl<E> Batched<E> {
    /// How many of the texts fit into one call; at least one.
    fn batch_length(&self, texts: &[String]) -> usize {
        let mut bytes = 0;
        let fitting = texts.iter().take(self.texts_max).take_while(|text| {
            bytes += text.len();
            bytes <= self.bytes_max
        });
        fitting.count().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lengths: &[usize], expected: usize) {
        let batched = Batched { inner: (), texts_max: 3, bytes_max: 10 };
        let texts: Vec<String> = lengths.iter().map(|length| "x".repeat(*length)).collect();
        assert_eq!(batched.batch_length(&texts), expected);
    }

    #[test]
    fn a_batch_is_bounded_in_count_and_bytes() {
        check(&[1, 1, 1, 1], 3);
        check(&[4, 4, 4], 2);
        check(&[1, 1], 2);
    }

    #[test]
    fn a_text_over_the_bound_goes_alone() {
        check(&[99, 1], 1);
        check(&[1, 99], 1);
    }
}
