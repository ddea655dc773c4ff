//! Query: what a question asks for, read from its words alone: terms to look up, the sort of answer it
//! wants, the days it names. Who is named by it is known only when the speakers are: see `turns`.

use std::cmp::Ordering;

use dreamkeeper_domain::limits::QUERY_TERMS_MAX;
use dreamkeeper_domain::text::{Cues, TermHash, background_probability, is_stop_word, term_hash, words};
use jiff::civil::Date;

use super::times::Times;

/// A content word of a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueryWord {
    /// As it is written, in lower case.
    pub(crate) word: String,
    /// Its term.
    pub(crate) hash: TermHash,
}

/// Which end of time a question leans to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaning {
    /// "now", "latest".
    Late,
    /// "first", "originally".
    Early,
}

/// A question as the scorer sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    /// Its words in order, in lower case.
    pub(crate) words: Vec<String>,
    /// Its content words by different terms, in order.
    pub(crate) terms: Vec<QueryWord>,
    /// The cues that an answer is likely to have: time for "when", a number for "how many".
    pub(crate) wants: Cues,
    /// The days it names.
    pub(crate) times: Times,
    /// The terms that name them: bit `i` for term `i`.
    pub(crate) time_bits: u64,
    /// The end of time it leans to.
    pub(crate) leaning: Option<Leaning>,
}

impl Query {
    /// Reads a question that is asked on the day `today`.
    pub(crate) fn read(text: &str, today: Date) -> Self {
        let mut all = Vec::new();
        words(text, |word| all.push(word.to_owned()));
        let terms = content(&all);
        let wants = wants(&all);
        let times = Times::read(&all, today);
        let leaning = leaning(&all);
        let mut time_bits = 0;
        for (place, term) in terms.iter().enumerate() {
            let is_time = times.places().any(|at| all.get(at) == Some(&term.word));
            time_bits |= u64::from(is_time) << place;
        }
        Self { words: all, terms, wants, times, time_bits, leaning }
    }
}

/// The different content terms in order; of too many the rarest.
fn content(words: &[String]) -> Vec<QueryWord> {
    let mut terms: Vec<QueryWord> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let follows_how = place > 0 && words[place - 1] == "how";
        if is_stop_word(word) || (follows_how && MEASURES.contains(&word.as_str())) {
            continue;
        }
        let hash = term_hash(word);
        if terms.iter().all(|term| term.hash != hash) {
            terms.push(QueryWord { word: word.clone(), hash });
        }
    }
    if terms.len() > QUERY_TERMS_MAX {
        let commonness = |term: &QueryWord| background_probability(term.hash);
        let by_commonness = |a: &QueryWord, b: &QueryWord| {
            commonness(a).partial_cmp(&commonness(b)).unwrap_or(Ordering::Equal)
        };
        terms.sort_by(by_commonness);
        terms.truncate(QUERY_TERMS_MAX);
    }
    terms
}

/// After "how" these ask for a measure; an answer does not say them.
const MEASURES: [&str; 4] = ["long", "many", "much", "often"];

fn wants(words: &[String]) -> Cues {
    let follows = |first: &str, seconds: &[&str]| {
        words.windows(2).any(|pair| pair[0] == first && seconds.contains(&pair[1].as_str()))
    };
    let opens = |word: &str| words.first().is_some_and(|first| first == word);
    let units = ["date", "day", "month", "year", "time"];
    let mut bits = 0;
    if opens("when") || follows("how", &["long"]) || follows("what", &units) || follows("which", &units) {
        bits |= Cues::TIME.0;
    }
    if follows("how", &["many", "much", "often"]) {
        bits |= Cues::NUMBER.0;
    }
    Cues(bits)
}

fn leaning(words: &[String]) -> Option<Leaning> {
    const LATE: [&str; 6] = ["currently", "latest", "lately", "newest", "nowadays", "recently"];
    const EARLY: [&str; 4] = ["earliest", "initially", "originally", "oldest"];
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (any(&LATE), any(&EARLY)) {
        (true, false) => Some(Leaning::Late),
        (false, true) => Some(Leaning::Early),
        (true, true) | (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(text: &str, terms: &[&str], wants: Cues) {
        let query = Query::read(text, date(2026, 3, 5));
        let found: Vec<&str> = query.terms.iter().map(|term| term.word.as_str()).collect();
        assert_eq!((found.as_slice(), query.wants), (terms, wants), "{text}");
    }

    #[test]
    fn stop_words_go_and_each_term_stands_once() {
        check("What paint did the painter paint?", &["paint", "painter"], Cues::default());
        check("Who are you?", &[], Cues::default());
    }

    #[test]
    fn the_sort_of_answer_is_read_from_the_question() {
        check("When did Ana sail?", &["ana", "sail"], Cues::TIME);
        check("How long was the sail?", &["sail"], Cues::TIME);
        check("How many boats?", &["boats"], Cues::NUMBER);
        check("Is the long boat here?", &["long", "boat"], Cues::default());
    }

    #[test]
    fn terms_that_name_a_day_are_known() {
        let query = Query::read("Which boat sank last May?", date(2026, 3, 5));
        let names: Vec<bool> = (0..4).map(|place| query.time_bits >> place & 1 == 1).collect();
        assert_eq!(names, [false, false, true, true], "{:?}", query.terms);
    }

    #[test]
    fn of_too_many_terms_the_rarest_stay() {
        let common: String = (0..80).map(|n| format!("w{n} ")).collect();
        let query = Query::read(&format!("{common} time zyxomma"), date(2026, 3, 5));
        assert_eq!(query.terms.len(), QUERY_TERMS_MAX);
        assert!(query.terms.iter().all(|term| term.word != "time"));
    }
}
