//! An embedder without a model: texts with the same words get near vectors.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError};
use dreamkeeper_domain::text::{is_stop_term, terms};

use crate::entropy::SeededEntropy;

/// Sums a fixed random direction for each word and normalises: the more words two texts share, the nearer
/// their vectors. Fails when a test says so.
#[derive(Debug)]
pub struct ScriptedEmbedder {
    identity: EmbedderIdentity,
    dimensions: usize,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    failures: VecDeque<PortError>,
    calls: Vec<usize>,
}

impl ScriptedEmbedder {
    /// An embedder of that name and size. Two names give unrelated vectors, as two models do.
    pub fn new(name: &str, dimensions: usize) -> Self {
        assert!(dimensions > 0, "a vector has at least one component");
        let identity = EmbedderIdentity(format!("{name}/{dimensions}").into());
        Self { identity, dimensions, log: Mutex::default() }
    }

    /// Makes the next `count` calls fail with this error.
    pub fn fail_next(&self, count: usize, error: &PortError) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.failures.extend(std::iter::repeat_n(error.clone(), count));
    }

    /// How many texts each call so far was given, failed calls included.
    pub fn calls(&self) -> Vec<usize> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).calls.clone()
    }

    /// The vector of one text, for builders that cannot wait.
    pub fn vector(&self, text: &str) -> Vec<f32> {
        let mut sum = vec![0.0_f64; self.dimensions];
        for term in terms(text) {
            let seed =
                self.identity.0.bytes().fold(u64::from(term.0), |seed, byte| {
                    seed.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte)
                });
            let direction = SeededEntropy::new(seed);
            // Function words are in every text: at full weight they would bring all texts near.
            let weight = if is_stop_term(term) { 0.1 } else { 1.0 };
            for component in &mut sum {
                *component += weight * (direction.draw() as f64 / u64::MAX as f64 - 0.5);
            }
        }
        let length = sum.iter().map(|component| component * component).sum::<f64>().sqrt();
        let scale = if length == 0.0 { 0.0 } else { 1.0 / length };
        sum.iter().map(|component| (component * scale) as f32).collect()
    }
}

impl Default for ScriptedEmbedder {
    fn default() -> Self {
        Self::new("scripted", 64)
    }
}

#[async_trait]
impl Embedder for ScriptedEmbedder {
    fn identity(&self) -> &EmbedderIdentity {
        &self.identity
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(&self, texts: &[String], _purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        let failure = {
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.calls.push(texts.len());
            log.failures.pop_front()
        };
        match failure {
            Some(error) => Err(error),
            None => Ok(texts.iter().map(|text| self.vector(text)).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::ports::PortErrorKind;

    use super::*;

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn shared_words_bring_vectors_near() {
        let embedder = ScriptedEmbedder::default();
        let kayak = embedder.vector("Ana paddled her kayak");
        assert!(cosine(&kayak, &embedder.vector("the kayak Ana paddled")) > 0.7);
        assert!(cosine(&kayak, &embedder.vector("tax forms are due")) < 0.5);
    }

    #[test]
    fn another_name_is_another_model() {
        let one = ScriptedEmbedder::default();
        let other = ScriptedEmbedder::new("other", 64);
        assert_ne!(one.identity(), other.identity());
        assert!(cosine(&one.vector("kayak"), &other.vector("kayak")) < 0.6);
    }

    #[tokio::test]
    async fn it_fails_as_often_as_it_is_told() {
        let embedder = ScriptedEmbedder::default();
        let error = PortError::temporary(PortErrorKind::Unavailable, "asleep");
        embedder.fail_next(2, &error);
        let texts = ["one".to_owned(), "two".to_owned()];
        for _ in 0..2 {
            assert_eq!(embedder.embed(&texts, EmbedPurpose::Query).await, Err(error.clone()));
        }
        assert_eq!(embedder.embed(&texts, EmbedPurpose::Query).await.unwrap().len(), 2);
        assert_eq!(embedder.calls(), [2, 2, 2]);
    }
}
