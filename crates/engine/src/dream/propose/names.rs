//! Names: which words name somebody or something, by how the store itself writes them.

use std::collections::BTreeMap;

use super::note::Note;

/// How often a word was written with a capital letter within a sentence, and how often in lower case.
pub(super) struct Names(BTreeMap<String, (u32, u32)>);

impl Names {
    pub(super) fn of(notes: &[Note<'_>]) -> Self {
        let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for claim in notes.iter().flat_map(|note| &note.claims) {
            for (place, word) in claim.text.split_whitespace().map(bare).enumerate() {
                let Some(first) = word.chars().next() else { continue };
                let count = counts.entry(word.to_lowercase()).or_default();
                if first.is_lowercase() {
                    count.1 += 1;
                } else if first.is_uppercase() && place > 0 {
                    count.0 += 1;
                }
            }
        }
        Self(counts)
    }

    /// Whether a text begins with a name: it says by itself whom or what it is about.
    pub(super) fn begins(&self, text: &str) -> bool {
        self.first(text).is_some()
    }

    /// The name that a text begins with.
    pub(super) fn first<'text>(&self, text: &'text str) -> Option<&'text str> {
        let word = bare(text.split_whitespace().next()?);
        let is_capital = word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
        let (capital, lower) = self.0.get(&word.to_lowercase()).copied().unwrap_or_default();
        // Once may be a slip, or the beginning of a sentence inside a claim.
        (is_capital && capital >= 2 && lower == 0).then_some(word)
    }
}

/// A word without the marks around it and without an owner's "'s".
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|mark: char| !mark.is_alphanumeric());
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}
