//! Whether a memory was said, checked without the code that decided so: its quotes stand in their messages, its
//! names, numbers and dates stand in what was quoted, or are the speaker's name or the resolved date.
//!
//! Plain on purpose: it compares words, and knows how numbers are spelt and days and months are called.

use std::collections::{BTreeMap, HashSet};

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::text::is_known_word;
use jiff::tz::TimeZone;

use crate::data::{Conversation, Turn};

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// The words that people write in small letters, here and in texts at large: one of them at the start of a sentence is
/// no name.
pub(super) struct LowerWords(HashSet<String>);

impl LowerWords {
    pub(super) fn of(conversations: &[Conversation]) -> Self {
        let turns = conversations.iter().flat_map(|known| &known.sessions).flat_map(|session| &session.turns);
        let words = turns.flat_map(|turn| words(&turn.text)).filter(|word| !is_capital(word));
        Self(words.map(|word| bare(&word)).collect())
    }

    fn has(&self, word: &str) -> bool {
        self.0.contains(word) || is_known_word(word)
    }
}

/// Words by which a quote names the person that it is said to.
const YOU: [&str; 7] = ["you", "your", "yours", "yourself", "you're", "you've", "you'll"];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What of a memory was not said; `None` when all was.
pub(super) fn problem(
    memory: &Memory,
    said: &BTreeMap<MessageId, Turn>,
    lower: &LowerWords,
) -> Option<String> {
    if memory.evidence.is_empty() {
        return Some("it has no quote".to_owned());
    }
    let mut known: HashSet<String> = HashSet::from(["user".to_owned()]);
    for evidence in &memory.evidence {
        let Some(turn) = said.get(&evidence.message) else {
            return Some(format!("message {} is not of this conversation", evidence.message));
        };
        let captioned = turn.caption.iter().map(|caption| format!("\n[{caption}]")).collect::<String>();
        let whole = format!("{}{captioned}", turn.text);
        if !whole.contains(&evidence.quote) {
            return Some(format!("`{}` does not stand in its message", evidence.quote));
        }
        let quoted: Vec<String> = words(&evidence.quote).iter().map(|word| bare(word)).collect();
        if quoted.iter().any(|word| YOU.contains(&word.as_str()) || word == "ya") {
            known.extend(said.values().filter_map(|turn| turn.speaker.as_deref()).map(bare));
        }
        for day in DAYS {
            let short = |word: &&String| word.len() >= 3 && day.starts_with(word.as_str());
            known.extend(quoted.iter().find(short).map(|_| day.to_owned()));
        }
        known.extend(quoted);
        known.extend(turn.speaker.iter().flat_map(|name| words(name)).map(|word| bare(&word)));
        let interval = memory.detail.when.as_ref().and_then(|when| when.interval);
        for moment in interval.iter().flat_map(|interval| [interval.from, interval.to]).flatten() {
            let date = moment.to_zoned(TimeZone::UTC);
            known.extend(
                date.strftime("%Y %-d %B %A").to_string().to_lowercase().split(' ').map(str::to_owned),
            );
        }
    }
    let sentences = memory.text.split(['.', '!', '?']).map(words);
    for (opens, word) in
        sentences.flat_map(|words| words.into_iter().enumerate()).map(|(place, word)| (place == 0, word))
    {
        let claims = is_number(&word) || (is_capital(&word) && !(opens && lower.has(&bare(&word))));
        let follows = forms(&bare(&word)).iter().any(|form| known.contains(form));
        if claims && !follows && !is_grammar(&word) {
            return Some(format!("`{word}` was not said"));
        }
    }
    None
}

fn words(text: &str) -> Vec<String> {
    let splits = |letter: char| !(letter.is_alphanumeric() || matches!(letter, '\'' | '’'));
    let bare = |word: &str| word.trim_matches(['\'', '’']).replace('’', "'");
    text.split(splits).map(bare).filter(|word| !word.is_empty()).collect()
}

fn bare(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.strip_suffix("'s").unwrap_or(&lower).to_owned()
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn is_number(word: &str) -> bool {
    word.chars().any(|letter| letter.is_ascii_digit())
        // "one" is a pronoun more often than a number, and "a" says the same.
        || NUMBERS.iter().any(|number| *number != "one" && *number == bare(word))
}

fn is_grammar(word: &str) -> bool {
    matches!(word, "TV" | "I" | "I'm" | "I'd" | "I've" | "I'll")
}

/// The forms of a word that say the same: a number's digits, the plural and the singular.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned(), format!("{word}s")];
    forms.extend(word.strip_suffix('s').map(str::to_owned));
    forms.extend(word.strip_suffix("es").map(str::to_owned));
    if let Some(value) = NUMBERS.iter().position(|number| *number == word) {
        forms.push(value.to_string());
    }
    forms.extend(word.parse::<usize>().ok().and_then(|value| NUMBERS.get(value)).map(ToString::to_string));
    forms
}
