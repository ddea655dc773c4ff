//! Recall at k and NDCG of ranked ids against the ids that answer a question.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{mean, rounded};

/// One question's ranking, judged.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// The category of the question.
    pub(crate) category: String,
    /// For each place of the ranking, whether it answers.
    hits: Vec<bool>,
    /// How many answers there are.
    evidence_count: usize,
}

impl Judged {
    /// Judges a ranking without repetitions.
    pub(crate) fn new(category: &str, ranked: &[String], evidence: &[String]) -> Self {
        let hits = ranked.iter().map(|id| evidence.contains(id)).collect();
        Self { category: category.to_owned(), hits, evidence_count: evidence.len() }
    }

    /// The share of the evidence among the first `k`.
    pub(crate) fn recall(&self, k: usize) -> f64 {
        let found = self.hits.iter().take(k).filter(|hit| **hit).count();
        found as f64 / self.evidence_count as f64
    }

    /// Normalised discounted cumulative gain of the first `k`, every answer worth the same.
    pub(crate) fn ndcg(&self, k: usize) -> f64 {
        let discount = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let gain: f64 = self
            .hits
            .iter()
            .take(k)
            .enumerate()
            .filter(|(_, hit)| **hit)
            .map(|(place, _)| discount(place))
            .sum();
        let ideal: f64 = (0..self.evidence_count.min(k)).map(discount).sum();
        gain / ideal
    }
}

/// Mean recall at each of `ks`, by `k` as text.
pub(crate) fn recall_at(judged: &[&Judged], ks: &[usize]) -> Recalls {
    Recalls(ks.iter().map(|&k| (k, rounded(mean(judged.iter().map(|one| one.recall(k)))))).collect())
}

/// Mean NDCG at `k`.
pub(crate) fn ndcg_at(judged: &[&Judged], k: usize) -> f64 {
    rounded(mean(judged.iter().map(|one| one.ndcg(k))))
}

/// The judged questions of each category, by name.
pub(crate) fn by_category(judged: &[Judged]) -> BTreeMap<&str, Vec<&Judged>> {
    let mut groups: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        groups.entry(&one.category).or_default().push(one);
    }
    groups
}

/// Recall by `k`, in order of `k`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recalls(pub(crate) Vec<(usize, f64)>);

impl Serialize for Recalls {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(k, recall)| (k.to_string(), recall)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(ranked: &[&str], evidence: &[&str]) -> Judged {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        Judged::new("1", &owned(ranked), &owned(evidence))
    }

    #[test]
    fn recall_is_a_share_of_all_evidence() {
        let one = judged(&["a", "x", "b"], &["a", "b", "c"]);
        assert!((one.recall(1) - 1.0 / 3.0).abs() < 1e-9);
        assert!((one.recall(3) - 2.0 / 3.0).abs() < 1e-9);
        assert!((one.recall(20) - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn ndcg_is_one_for_the_best_order_and_falls_with_the_place() {
        assert!((judged(&["a", "b", "x"], &["a", "b"]).ndcg(10) - 1.0).abs() < 1e-9);
        let second = judged(&["x", "a"], &["a"]).ndcg(10);
        assert!((second - 1.0 / 3.0_f64.log2()).abs() < 1e-9);
        assert!(judged(&[], &["a"]).ndcg(10).abs() < 1e-9);
    }

    #[test]
    fn recalls_are_written_as_a_map_in_order_of_k() {
        let recalls = recall_at(&[&judged(&["x", "a"], &["a"])], &[1, 5, 10]);
        assert_eq!(serde_json::to_string(&recalls).unwrap(), r#"{"1":0.0,"5":1.0,"10":1.0}"#);
    }
}
