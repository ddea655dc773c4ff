//! Names in a text, by their capitals: enough to look up who is spoken of.

use std::collections::BTreeSet;

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::text::is_stop_word;

/// Names that are looked up at most.
const NAMES_MAX: usize = 16;

/// The capitalised words of a text that are no common words, normalised, each once.
pub(crate) fn capitalised(text: &str) -> Vec<String> {
    let names = text.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_uppercase));
    let names: BTreeSet<String> =
        names.map(normalised).filter(|name| !name.is_empty() && !is_stop_word(name)).collect();
    names.into_iter().take(NAMES_MAX).collect()
}
