//! Statements: which of those read are the expected ones.

use dreamkeeper_language::statements::Statement;
use serde::Deserialize;

/// What a labelled message is expected to give.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Expected {
    /// Its kind.
    pub(crate) kind: String,
    /// `user`, or the person or thing.
    pub(crate) subject: String,
    /// Words that must be in it.
    pub(crate) value: String,
}

/// How what was read stands to what was expected.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    /// How many expected ones were read.
    pub(crate) right: usize,
    /// How many of these are of the expected kind.
    pub(crate) kinds: usize,
    /// Which of those read were not expected.
    pub(crate) wrong: Vec<usize>,
    /// Which of the expected were not read.
    pub(crate) missed: Vec<usize>,
}

/// Matches each expected one with at most one that was read: the same subject, and the value's words in any
/// order. A relationship that only restates who somebody in the message is counts neither way.
pub(crate) fn match_up(read: &[Statement], expected: &[Expected], message: &str) -> Matched {
    let mut taken = vec![false; read.len()];
    let mut matched = Matched::default();
    for (at, expected) in expected.iter().enumerate() {
        let fits = |(at, read): &(usize, &Statement)| !taken[*at] && is_same(read, expected, message);
        let of_kind =
            read.iter().enumerate().filter(fits).find(|(_, read)| read.kind.as_str() == expected.kind);
        match of_kind.or_else(|| read.iter().enumerate().find(fits)) {
            Some((index, statement)) => {
                taken[index] = true;
                matched.right += 1;
                matched.kinds += usize::from(statement.kind.as_str() == expected.kind);
            }
            None => matched.missed.push(at),
        }
    }
    let restates = |read: &Statement| {
        read.kind.as_str() == "relationship" && !expected.is_empty() && has_words(message, &read.value)
    };
    matched.wrong = (0..read.len()).filter(|at| !taken[*at] && !restates(&read[*at])).collect();
    matched
}

fn is_same(read: &Statement, expected: &Expected, message: &str) -> bool {
    let is_user = |subject: &str| subject.eq_ignore_ascii_case("user");
    let subject = match (is_user(&read.subject), is_user(&expected.subject)) {
        (true, true) => true,
        (false, false) => words(&read.subject).iter().any(|word| words(&expected.subject).contains(word)),
        _ => false,
    };
    let quote = read.quote.of(message).unwrap_or_default();
    subject && has_words(&format!("{} {} {quote}", read.subject, read.text), &expected.value)
}

fn has_words(text: &str, value: &str) -> bool {
    let text = words(text);
    words(value).iter().all(|word| text.contains(word))
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('’', "'").replace("'s", " ");
    let split = lower.split(|character: char| !character.is_alphanumeric() && !"'-.:+#".contains(character));
    split
        .map(|word| word.trim_matches(['\'', '-', '.', ':']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
