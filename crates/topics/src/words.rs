//! Words: what a sentence says, as a list that case, punctuation and marks of emphasis do not change.

/// One word as it was written and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case.
    pub(crate) text: String,
    /// Whether it begins with a capital letter.
    pub(crate) is_capitalised: bool,
}

/// The words of a text. A mark between two digits belongs to a number (`2.5`, `7:30`, `2026-05-01`), an apostrophe
/// between two letters to a word; signs of money and percent are words.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut word = String::new();
    for (place, character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| characters[place]);
        let after = characters.get(place + 1).copied();
        let between = |test: fn(char) -> bool| before.is_some_and(test) && after.is_some_and(test);
        let joins = match character {
            '.' | ',' | ':' | '-' | '/' | '+' => between(|other| other.is_ascii_digit()),
            '\'' | '’' => between(char::is_alphabetic),
            _ => false,
        };
        if character.is_alphanumeric() || joins {
            word.push(if *character == '’' { '\'' } else { *character });
            continue;
        }
        close(&mut word, &mut found);
        if matches!(character, '$' | '€' | '£' | '%' | '°') {
            found.push(Word { text: character.to_string(), is_capitalised: false });
        }
    }
    close(&mut word, &mut found);
    found
}

fn close(word: &mut String, found: &mut Vec<Word>) {
    let word = std::mem::take(word);
    if let Some(first) = word.chars().next() {
        found.push(Word { is_capitalised: first.is_uppercase(), text: word.to_lowercase() });
    }
}

/// The words of a text with one space between.
pub(crate) fn normalised(text: &str) -> String {
    let words = words(text);
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count_and_numbers_do() {
        assert_eq!(normalised("- **Ana**  likes `tea`!"), "ana likes tea");
        assert_eq!(normalised("At 7:30, 2.5 km; 5 %."), "at 7:30 2.5 km 5 %");
        assert_eq!(normalised("doesn’t"), "doesn't");
        assert_ne!(normalised("3.5"), normalised("35"));
    }
}
