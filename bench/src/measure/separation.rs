//! How well a score tells two groups apart.

/// The chance that a score of `own` is greater than one of `other`, ties counting half: the area under the
/// receiver operating characteristic. One half where either group is empty.
pub(crate) fn auc(own: &[f64], other: &[f64]) -> f64 {
    if own.is_empty() || other.is_empty() {
        return 0.5;
    }
    let mut scores: Vec<(f64, bool)> =
        own.iter().map(|score| (*score, true)).chain(other.iter().map(|score| (*score, false))).collect();
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Mann and Whitney: the ranks of one group, ties sharing the mean of theirs.
    let mut rank_sum = 0.0;
    let mut start = 0;
    while start < scores.len() {
        let tied = scores[start..].iter().take_while(|(score, _)| *score == scores[start].0).count();
        let rank = start as f64 + (tied as f64 + 1.0) / 2.0;
        rank_sum += rank * scores[start..start + tied].iter().filter(|(_, own)| *own).count() as f64;
        start += tied;
    }
    let (own, other) = (own.len() as f64, other.len() as f64);
    (rank_sum - own * (own + 1.0) / 2.0) / (own * other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_cut_is_one_and_no_cut_is_a_half() {
        assert!((auc(&[0.8, 0.9], &[0.1, 0.2]) - 1.0).abs() < 1e-9);
        assert!((auc(&[0.5, 0.5], &[0.5]) - 0.5).abs() < 1e-9);
        assert!((auc(&[0.1], &[0.2]) - 0.0).abs() < 1e-9);
        assert!((auc(&[0.3, 0.1], &[0.2, 0.0]) - 0.75).abs() < 1e-9);
    }
}
