//! Diff: what changed between two versions of a text, word by word.

/// A run of words that both versions have, or only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// In both.
    Same(String),
    /// Only in the old one.
    Removed(String),
    /// Only in the new one.
    Added(String),
}

/// Words compared at most; longer texts are told as wholly replaced.
const WORDS_MAX: usize = 2_000;

/// The runs that lead from `old` to `new`, by a longest common subsequence of words.
pub(crate) fn diff(old: &str, new: &str) -> Vec<Run> {
    let (old_words, new_words) = (words(old), words(new));
    if old_words.len() > WORDS_MAX || new_words.len() > WORDS_MAX {
        return vec![Run::Removed(old.to_owned()), Run::Added(new.to_owned())];
    }
    let lengths = common_lengths(&old_words, &new_words);
    let (mut i, mut j) = (0, 0);
    let mut runs = Vec::new();
    while i < old_words.len() || j < new_words.len() {
        let both = i < old_words.len() && j < new_words.len();
        if both && old_words[i] == new_words[j] {
            push(&mut runs, Run::Same(new_words[j].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == new_words.len() || (both && lengths[i + 1][j] >= lengths[i][j + 1]) {
            push(&mut runs, Run::Removed(old_words[i].to_owned()));
            i += 1;
        } else {
            push(&mut runs, Run::Added(new_words[j].to_owned()));
            j += 1;
        }
    }
    runs
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// `lengths[i][j]`: words that `old[i..]` and `new[j..]` have in common, in order.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

fn push(runs: &mut Vec<Run>, run: Run) {
    match (runs.last_mut(), &run) {
        (Some(Run::Same(text)), Run::Same(word))
        | (Some(Run::Removed(text)), Run::Removed(word))
        | (Some(Run::Added(text)), Run::Added(word)) => {
            text.push(' ');
            text.push_str(word);
        }
        _ => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let runs = diff("Iker is allergic to nuts.", "Iker is allergic to hazelnut and walnut.");
        let expected = [
            Run::Same("Iker is allergic to".into()),
            Run::Removed("nuts.".into()),
            Run::Added("hazelnut and walnut.".into()),
        ];
        assert_eq!(runs, expected);
        assert_eq!(diff("same", "same"), [Run::Same("same".into())]);
        assert_eq!(diff("", "new"), [Run::Added("new".into())]);
    }
}
