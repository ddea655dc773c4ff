//! Handles: the names under which a memory is asked for. A question that says all of a handle's words
//! means that memory, however common the words are; a part of a handle means nothing.

use std::collections::HashMap;

use dreamkeeper_domain::text::{background_probability, is_known_word, is_stop_word, term_hash, words};

/// A word of a text, as handles see it.
#[derive(Debug, Clone, PartialEq)]
struct Spoken {
    word: String,
    folded: String,
}

/// A text that may say handles.
#[derive(Debug)]
pub(crate) struct Speech {
    words: Vec<Spoken>,
    /// Its words written together, as they stand and with the last one folded.
    joined: Joined,
    joined_folded: Joined,
}

/// By one to three neighbouring words written together: for each count of words the window that tells most.
type Joined = HashMap<String, [Option<Window>; JOINED_WORDS_MAX]>;

#[derive(Debug, Clone, Copy)]
struct Window {
    start: usize,
    count: usize,
    information: f32,
}

/// A handle, read.
#[derive(Debug)]
pub(crate) struct Handle {
    names: Vec<Spoken>,
    /// Written together, as it stands and with its last word folded, if that is long enough to say something.
    joined: Option<(String, String)>,
}

/// A handle that a question says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// How well: 1 as it stands, less with a typo, times what the name tells.
    pub(crate) score: f32,
    /// The question's words that say it.
    pub(crate) words: Vec<String>,
}

/// Words of a text that are listened to, the first: a question of two pages is no name, and every handle is
/// held against every word.
const SPOKEN_COUNT_MAX: usize = 256;
/// Words that may be one when they are written together.
const JOINED_WORDS_MAX: usize = 3;
/// What a typo costs.
const TYPO_STRENGTH: f32 = 0.8;
/// −ln of the rarest word's background probability, rounded: scales information to about 0..1.
const INFORMATION_MAX: f32 = 14.0;
/// Letters below which words written together say nothing, with and without a digit in them.
const JOINED_LETTERS_MIN: usize = 5;
const JOINED_LETTERS_MIN_DIGIT: usize = 3;

/// The words of a text that can say a handle.
fn spoken(text: &str) -> Vec<Spoken> {
    let mut found = Vec::new();
    words(text, |word| {
        if !is_stop_word(word) {
            found.push(Spoken { word: word.to_owned(), folded: fold(word) });
        }
    });
    found
}

impl Speech {
    /// Listens to the beginning of a text.
    pub(crate) fn hear(text: &str) -> Self {
        let mut words = spoken(text);
        words.truncate(SPOKEN_COUNT_MAX);
        let (mut joined, mut joined_folded) = (Joined::new(), Joined::new());
        for count in 1..=JOINED_WORDS_MAX {
            for (start, spoken) in words.windows(count).enumerate() {
                let window = Window { start, count, information: telling(spoken) };
                let (raw, folded) = join(spoken);
                for (known, key) in [(&mut joined, raw), (&mut joined_folded, folded)] {
                    let best = &mut known.entry(key).or_default()[count - 1];
                    if best.is_none_or(|best| window.information > best.information) {
                        *best = Some(window);
                    }
                }
            }
        }
        Self { words, joined, joined_folded }
    }

    /// How the text says the handle, if it does. `typos` lets one word be misspelt.
    pub(crate) fn said(&self, handle: &Handle, typos: bool) -> Option<Said> {
        let names = handle.names.as_slice();
        // Most handles end here: all of their words but a misspelt one have to be in the text.
        let is_heard = |name: &Spoken| self.joined_folded.get(&name.folded).is_some_and(|by| by[0].is_some());
        let unheard_count = names.iter().filter(|name| !is_heard(name)).count();
        let may_be_said = unheard_count <= usize::from(typos);
        let windows = self.words.windows(names.len()).enumerate().filter(|_| may_be_said);
        let in_order = windows.filter_map(|(start, spoken)| {
            let strength = says(names, spoken, typos)?;
            let window = Window { start, count: names.len(), information: telling(spoken) };
            Some((window, strength))
        });
        let joined = self.joined(handle).into_iter().map(|window| (window, 1.0));
        let scored = in_order.chain(joined).map(|(window, strength)| (window, strength * window.information));
        let (window, score) = scored.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let spoken = &self.words[window.start..window.start + window.count];
        Some(Said { score, words: spoken.iter().map(|spoken| spoken.word.clone()).collect() })
    }

    /// The windows that say the handle written together or apart, by count and place.
    fn joined(&self, handle: &Handle) -> Vec<Window> {
        let Some((raw, folded)) = &handle.joined else { return Vec::new() };
        let found = [self.joined.get(raw), self.joined_folded.get(folded)];
        let windows = found.into_iter().flatten().flatten().flatten().copied();
        let mut windows: Vec<Window> = windows.filter(|window| window.count != handle.names.len()).collect();
        windows.sort_by_key(|window| (window.count, window.start));
        windows
    }
}

impl Handle {
    /// Reads a handle; one without a word that says anything is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let names = spoken(text);
        if names.is_empty() {
            return None;
        }
        let joined = join(&names);
        let has_digit = joined.0.bytes().any(|byte| byte.is_ascii_digit());
        let least = if has_digit { JOINED_LETTERS_MIN_DIGIT } else { JOINED_LETTERS_MIN };
        let is_long_enough = joined.0.chars().count() >= least;
        Some(Self { names, joined: is_long_enough.then_some(joined) })
    }
}

fn says(names: &[Spoken], window: &[Spoken], typos: bool) -> Option<f32> {
    let mut typo_count = 0;
    for (name, spoken) in names.iter().zip(window) {
        if name.word == spoken.word || name.folded == spoken.folded {
            continue;
        }
        if !typos || typo_count == 1 || !is_typo(&name.word, &spoken.word) {
            return None;
        }
        typo_count += 1;
    }
    Some(if typo_count == 0 { 1.0 } else { TYPO_STRENGTH })
}

/// Words written together, as they stand and with the last one folded.
fn join(of: &[Spoken]) -> (String, String) {
    let raw: String = of.iter().map(|spoken| spoken.word.as_str()).collect();
    let Some((last, head)) = of.split_last() else { return (raw.clone(), raw) };
    let head: String = head.iter().map(|spoken| spoken.word.as_str()).collect();
    (raw, head + &last.folded)
}

/// What the most telling of the words tells.
fn telling(window: &[Spoken]) -> f32 {
    window.iter().map(|spoken| information(&spoken.word)).fold(0.0, f32::max)
}

fn information(word: &str) -> f32 {
    (-background_probability(term_hash(word)).ln() / INFORMATION_MAX).clamp(0.0, 1.0)
}

/// Plural to singular and no further: a stemmer takes "exceptions" for "except".
fn fold(word: &str) -> String {
    if word.chars().count() <= 3 {
        return word.to_owned();
    }
    if let Some(root) = word.strip_suffix("ies") {
        return format!("{root}y");
    }
    if let Some(root) = word.strip_suffix("es")
        && ["ss", "x", "ch", "sh", "z"].iter().any(|ending| root.ends_with(ending))
    {
        return root.to_owned();
    }
    let keeps = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(root) if !keeps => root.to_owned(),
        Some(_) | None => word.to_owned(),
    }
}

/// Whether `spoken` is `name` misspelt: one letter apart, the same beginning, and no word of its own.
fn is_typo(name: &str, spoken: &str) -> bool {
    // Most words end here, before anything is gathered.
    if !name.chars().take(2).eq(spoken.chars().take(2)) {
        return false;
    }
    let (name_letters, spoken_letters): (Vec<char>, Vec<char>) =
        (name.chars().collect(), spoken.chars().collect());
    name_letters.len() >= 5
        && spoken_letters.len() >= 4
        && is_one_apart(&name_letters, &spoken_letters)
        && !is_known_word(spoken)
}

/// One letter inserted, deleted, replaced, or two neighbours swapped (Damerau–Levenshtein distance 1).
fn is_one_apart(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => false,
        ([_], []) | ([], [_]) => true,
        ([first, second, rest @ ..], [one, two, others @ ..])
            if first == two && second == one && rest == others =>
        {
            true
        }
        ([_, rest @ ..], [_, others @ ..]) if rest == others => true,
        ([_, rest @ ..], whole) if rest == whole => true,
        (whole, [_, others @ ..]) => whole == others,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(handle: &str, question: &str, expected: bool) {
        let said = Handle::read(handle).and_then(|handle| Speech::hear(question).said(&handle, true));
        assert_eq!(said.is_some(), expected, "{handle} in {question}");
    }

    #[test]
    fn all_of_a_handle_says_it_and_a_part_does_not() {
        check("session backend", "which session backend do we use", true);
        check("session backend", "when is the next session", false);
        check("book club", "what do the book clubs read", true);
        check("the", "the the the", false);
    }

    #[test]
    fn words_may_be_written_together_or_apart() {
        check("table saw", "is the tablesaw sharp", true);
        check("mongodb", "is mongo db up", true);
        check("DX-2", "where is dx2", true);
        check("a b", "ab", false);
    }

    /// What `says` and a comparison of every window say, window by window.
    fn said_slowly(handle: &str, question: &str, typos: bool) -> Option<Said> {
        let (names, words) = (spoken(handle), spoken(question));
        let handle = Handle::read(handle)?;
        let in_order =
            words.windows(names.len()).filter_map(|window| Some((window, says(&names, window, typos)?)));
        let joined = (1..=3).filter(|count| *count != names.len()).flat_map(|count| words.windows(count));
        let joined = joined.filter(|window| {
            let ((raw, folded), window) = (join(&names), join(window));
            handle.joined.is_some() && (raw == window.0 || folded == window.1)
        });
        let found = in_order.chain(joined.map(|window| (window, 1.0))).map(|(window, strength)| Said {
            score: strength * telling(window),
            words: window.iter().map(|spoken| spoken.word.clone()).collect(),
        });
        found.reduce(|best, next| if next.score > best.score { next } else { best })
    }

    #[test]
    fn looking_windows_up_finds_what_comparing_them_all_does() {
        let parts =
            ["table", "saws", "saw", "tablesaw", "tabel", "dx", "2", "dx2", "ies", "dxies", "dxy", "sawdx"];
        let texts: Vec<String> = parts
            .iter()
            .flat_map(|a| parts.iter().map(move |b| (a, b)))
            .flat_map(|(a, b)| [format!("{a} {b}"), format!("{a}{b}"), format!("{b} {a} {b} {a}{b}")])
            .collect();
        for text in &texts {
            let speech = Speech::hear(text);
            for handle in texts.iter().step_by(5) {
                for typos in [true, false] {
                    let said = Handle::read(handle).and_then(|handle| speech.said(&handle, typos));
                    assert_eq!(said, said_slowly(handle, text, typos), "{handle} in {text}");
                }
            }
        }
    }

    #[test]
    fn only_the_beginning_of_a_long_text_is_listened_to() {
        let filled = |count: usize| format!("{}table saw", "lathe ".repeat(count));
        check("table saw", &filled(SPOKEN_COUNT_MAX - 2), true);
        check("table saw", &filled(SPOKEN_COUNT_MAX - 1), false);
        check("tablesaw", &filled(SPOKEN_COUNT_MAX - 2), true);
        check("tablesaw", &filled(SPOKEN_COUNT_MAX - 1), false);
    }

    #[test]
    fn a_misspelt_name_counts_and_a_real_word_does_not() {
        check("Fairlock", "what did Fairlok say", true);
        check("Harrison", "the harison lathe", true);
        check("mongo", "buy a mango", false);
        check("compose", "a composer", false);
    }

    #[test]
    fn plurals_fold_and_nothing_else_does() {
        let folds =
            [("berries", "berry"), ("boxes", "box"), ("status", "status"), ("bus", "bus"), ("dogs", "dog")];
        for (word, folded) in folds {
            assert_eq!(fold(word), folded);
        }
    }

    #[test]
    fn one_apart_is_one_letter_or_one_swap() {
        let apart =
            |a: &str, b: &str| is_one_apart(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b) in [("abcd", "abd"), ("abd", "abcd"), ("abcd", "abxd"), ("abcd", "acbd")] {
            assert!(apart(a, b), "{a} {b}");
        }
        for (a, b) in [("abcd", "abcd"), ("abcd", "ab"), ("abcd", "badc")] {
            assert!(!apart(a, b), "{a} {b}");
        }
    }
}
