//! Signals: what speaks for a turn, each with its name and its fixed weight.
//!
//! The weights were fitted as a listwise softmax over LoCoMo (5 conversations) and BEAM (8 chats), with
//! whole conversations held out to check the weights; which signals stay was chosen on the same
//! conversations. docs/benchmarks.md tells what each is worth.

use std::collections::BTreeSet;

use dreamkeeper_domain::receipt::ScorePart;

/// How many signals there are.
pub(crate) const SIGNAL_COUNT: usize = 16;

/// What each signal adds to a score, by its place.
pub(crate) type Parts = [f32; SIGNAL_COUNT];

/// The signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Signal {
    /// The question's words in the turn, by BM25.
    Words,
    /// The question's words in the turn or, for less, in the two before and after.
    WordsAround,
    /// Nearness of meaning, by vectors.
    Meaning,
    /// The meaning of the turn after.
    MeaningAfter,
    /// The best three turns of the same stretch of the session.
    Stretch,
    /// It was said by whom the question names.
    Speaker,
    /// It was said by a person, not by a model or tool.
    Person,
    /// It ends with asking, so it rarely tells.
    Asks,
    /// It follows a turn that ends with asking and has the question's words.
    AnswersQuestion,
    /// The question asks when, and it tells of time.
    TellsWhen,
    /// The question asks how many, and it tells a number.
    TellsNumber,
    /// It was said near a day that the question names.
    Day,
    /// It was said near a day that the question names, and tells of time.
    DayAndTime,
    /// It is a standing instruction near in meaning.
    Standing,
    /// The question leans to late or early, and so does it.
    Leaning,
    /// It is before or after what the question says "before" or "after" of.
    Order,
}

/// Every signal with the name under which it is explained and can be taken away, and its weight.
pub(crate) const SIGNALS: [(Signal, &str, f32); SIGNAL_COUNT] = [
    (Signal::Words, "words", 0.4),
    (Signal::WordsAround, "words_around", 0.79),
    (Signal::Meaning, "meaning", 2.68),
    (Signal::MeaningAfter, "meaning_after", 0.54),
    (Signal::Stretch, "stretch", 0.79),
    (Signal::Speaker, "speaker", 1.02),
    (Signal::Person, "person", 2.5),
    (Signal::Asks, "asks", -0.75),
    (Signal::AnswersQuestion, "answers_question", 0.91),
    (Signal::TellsWhen, "tells_when", 1.79),
    (Signal::TellsNumber, "tells_number", 0.95),
    (Signal::Day, "day", 3.15),
    (Signal::DayAndTime, "day_and_time", 1.21),
    (Signal::Standing, "standing", 5.2),
    // Not measured: neither set asks so often enough. Set to move a turn by a few places, no further.
    (Signal::Leaning, "leaning", 0.5),
    (Signal::Order, "order", 0.5),
];

/// What speaks for memories, by the names under which it can be taken away: see `admission`; `weigh`
/// has those that order them.
pub(crate) const MEMORY_SIGNALS: [&str; 3] = ["handle", "claims", "cosine"];

/// Whether a name is one of a signal.
pub(crate) fn is_known(name: &str) -> bool {
    SIGNALS.iter().any(|(_, known, _)| *known == name)
        || MEMORY_SIGNALS.contains(&name)
        || super::weigh::is_known(name)
}

/// Multiplies raw signals by their weights, leaving out those that are named.
pub(crate) fn weigh(raw: &Parts, without: &BTreeSet<String>) -> Parts {
    let mut parts = [0.0; SIGNAL_COUNT];
    for (signal, name, weight) in SIGNALS {
        let is_out = !without.is_empty() && without.contains(name);
        parts[signal as usize] = if is_out { 0.0 } else { raw[signal as usize] * weight };
    }
    parts
}

/// The parts that added something, largest first.
pub(crate) fn explain(parts: &Parts) -> Vec<ScorePart> {
    let mut told: Vec<ScorePart> = SIGNALS
        .iter()
        .map(|(signal, name, _)| ScorePart { signal: (*name).to_owned(), value: parts[*signal as usize] })
        .filter(|part| part.value.abs() >= 0.005)
        .collect();
    told.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_stand_at_their_places_under_different_names() {
        let names: BTreeSet<&str> = SIGNALS.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(names.len(), SIGNAL_COUNT);
        assert!(SIGNALS.iter().enumerate().all(|(place, (signal, _, _))| *signal as usize == place));
    }

    #[test]
    fn a_signal_that_is_taken_away_adds_nothing() {
        let without = BTreeSet::from(["words".to_owned()]);
        let parts = weigh(&[1.0; SIGNAL_COUNT], &without);
        assert_eq!(parts[Signal::Words as usize], 0.0);
        assert!(parts[Signal::Meaning as usize] > 0.0);
    }
}
