//! Near-duplicates by a definition of the bench's own: two active memories of one scope of whose words four of
//! five are common, or whose cosine is 0.95 or more.

use std::collections::BTreeSet;

use anyhow::Result;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::EmbedPurpose;

use crate::house::House;

const JACCARD: f64 = 0.8;
const COSINE: f32 = 0.95;

/// How many active memories repeat another one that stands before them, and how many there are.
pub(super) async fn count(
    house: &House,
    scopes: &[Vec<Memory>],
    told: &mut Vec<String>,
) -> Result<(usize, usize)> {
    let embedder = &house.engine().0.parts().embedder;
    let (mut repeated, mut all) = (0, 0);
    for memories in scopes {
        let texts: Vec<String> = memories
            .iter()
            .filter(|memory| memory.status == Status::Active)
            .map(|memory| memory.text.clone())
            .collect();
        let vectors =
            if texts.is_empty() { Vec::new() } else { embedder.embed(&texts, EmbedPurpose::Passage).await? };
        let sets: Vec<BTreeSet<String>> = texts.iter().map(|text| tokens(text)).collect();
        for later in 0..texts.len() {
            let repeats = (0..later).find(|&earlier| {
                jaccard(&sets[earlier], &sets[later]) >= JACCARD
                    || cosine(&vectors[earlier], &vectors[later]) >= COSINE
            });
            if let Some(earlier) = repeats {
                repeated += 1;
                told.push(format!("near-duplicate: {} | {}", texts[earlier], texts[later]));
            }
        }
        all += texts.len();
    }
    Ok((repeated, all))
}

fn tokens(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn jaccard(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let common = one.intersection(other).count();
    common as f64 / (one.len() + other.len() - common).max(1) as f64
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt().max(f32::MIN_POSITIVE)
}
