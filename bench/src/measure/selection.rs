//! Judges what was served for a case as PrecisionMemBench's authors do
//! (tenurehq/precisionMemBench: src/retrieval.external.eval.test.ts, src/utils/buildRetrievalReport.ts).

use std::collections::BTreeSet;

use crate::data::precision::{Expectations, PreludeExpectation, RelevantExpectation, SectionExpectation};

/// What was served for a case, by belief ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Served {
    /// The standing preferences, as text.
    pub(crate) prelude: String,
    /// The pinned section.
    pub(crate) pinned: Vec<String>,
    /// What fits the query, best first.
    pub(crate) relevant: Vec<String>,
    /// The open questions.
    pub(crate) questions: Vec<String>,
}

/// A case, judged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// What did not hold; the case passed when empty.
    pub(crate) failures: Vec<String>,
    /// Share of the relevant section that belongs there; `None` where nothing is expected nor served.
    pub(crate) precision: Option<f64>,
    /// Share of what is expected there that was served; `None` where nothing is expected.
    pub(crate) recall: Option<f64>,
}

impl Verdict {
    /// Whether everything asked for held.
    pub(crate) fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// Whether it passed and something was served or expected: nothing and everything do not pass so.
    pub(crate) fn passed_actively(&self) -> bool {
        self.passed() && self.precision.is_some()
    }
}

/// Judges one case; `pinned_seed` are the pinned beliefs of the seed's main user.
pub(crate) fn judge(expect: &Expectations, served: &Served, pinned_seed: &BTreeSet<String>) -> Verdict {
    let mut failures = Vec::new();
    relevant_holds(&expect.relevant_beliefs, served, &mut failures);
    section_holds("pinned", &expect.pinned_facts, &served.pinned, &mut failures);
    section_holds("open questions", &expect.open_questions, &served.questions, &mut failures);
    prelude_holds(&expect.persona_prelude, &served.prelude, &mut failures);

    let expected: BTreeSet<&String> = match &expect.relevant_beliefs.should_only_include {
        Some(only) => only.iter().collect(),
        None => expect.relevant_beliefs.must_include.iter().filter(|id| !pinned_seed.contains(*id)).collect(),
    };
    let hits = served.relevant.iter().filter(|id| expected.contains(id)).count() as f64;
    let precision = match (served.relevant.len(), expected.len()) {
        (0, 0) => None,
        (0, _) => Some(0.0),
        (count, _) => Some(hits / count as f64),
    };
    let recall = (!expected.is_empty()).then(|| hits / expected.len() as f64);
    Verdict { failures, precision, recall }
}

fn relevant_holds(expect: &RelevantExpectation, served: &Served, failures: &mut Vec<String>) {
    let relevant = &served.relevant;
    let shown = |id: &String| relevant.contains(id) || served.pinned.contains(id);
    for id in expect.must_include.iter().chain(&expect.should_include).filter(|id| !shown(id)) {
        failures.push(format!("missing: {id}"));
    }
    for id in expect.must_exclude.iter().filter(|id| shown(id)) {
        failures.push(format!("must not be served: {id}"));
    }
    if let Some(only) = &expect.should_only_include {
        failures.extend(
            relevant.iter().filter(|id| !only.contains(id)).map(|id| format!("does not belong: {id}")),
        );
        failures.extend(only.iter().filter(|id| !relevant.contains(id)).map(|id| format!("missing: {id}")));
    }
    if expect.max_count.is_some_and(|max| relevant.len() > max)
        || expect.min_count.is_some_and(|min| relevant.len() < min)
    {
        failures.push(format!("{} served: too many or too few", relevant.len()));
    }
    let place = |id: &String| relevant.iter().position(|served| served == id);
    for (first, second) in &expect.ordered_before {
        let in_order = place(first).zip(place(second)).is_some_and(|(first, second)| first < second);
        if !in_order {
            failures.push(format!("not in order: {first} before {second}"));
        }
    }
}

fn section_holds(name: &str, expect: &SectionExpectation, served: &[String], failures: &mut Vec<String>) {
    for id in expect.must_include.iter().filter(|id| !served.contains(id)) {
        failures.push(format!("missing in {name}: {id}"));
    }
    for id in expect.must_exclude.iter().filter(|id| served.contains(id)) {
        failures.push(format!("must not be in {name}: {id}"));
    }
}

fn prelude_holds(expect: &PreludeExpectation, prelude: &str, failures: &mut Vec<String>) {
    if expect.non_empty && prelude.is_empty() {
        failures.push("no prelude".to_owned());
    }
    if expect.is_null && !prelude.is_empty() {
        failures.push("a prelude where none belongs".to_owned());
    }
    for text in expect.contains.iter().filter(|text| !prelude.contains(*text)) {
        failures.push(format!("missing in the prelude: {text}"));
    }
    for text in expect.must_not_contain.iter().filter(|text| prelude.contains(*text)) {
        failures.push(format!("must not be in the prelude: {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Judges `relevant` against an exact set.
    fn check(only: &[&str], relevant: &[&str]) -> Verdict {
        let mut expect = Expectations::default();
        expect.relevant_beliefs.should_only_include = Some(ids(only));
        judge(&expect, &Served { relevant: ids(relevant), ..Served::default() }, &BTreeSet::new())
    }

    #[test]
    fn only_the_exact_set_passes() {
        assert!(check(&["a", "b"], &["b", "a"]).passed_actively());
        assert!(!check(&["a", "b"], &["a"]).passed());
        assert!(!check(&["a"], &["a", "b"]).passed());
    }

    #[test]
    fn silence_that_is_asked_for_passes_but_not_actively() {
        let silent = check(&[], &[]);
        assert!(silent.passed() && !silent.passed_actively());
        assert_eq!((silent.precision, silent.recall), (None, None));
        assert_eq!(check(&[], &["a"]).precision, Some(0.0));
        assert_eq!(check(&["a"], &[]).precision, Some(0.0));
    }

    #[test]
    fn must_include_counts_pinned_but_expects_only_the_rest_to_be_relevant() {
        let mut expect = Expectations::default();
        expect.relevant_beliefs.must_include = ids(&["a", "pin"]);
        let served = Served { pinned: ids(&["pin"]), relevant: ids(&["a", "x"]), ..Served::default() };
        let verdict = judge(&expect, &served, &BTreeSet::from(["pin".to_owned()]));
        assert!(verdict.passed());
        assert_eq!((verdict.precision, verdict.recall), (Some(0.5), Some(1.0)));
    }

    #[test]
    fn order_sections_and_prelude_are_asked_for() {
        let mut expect = Expectations::default();
        expect.relevant_beliefs.ordered_before = vec![("a".into(), "b".into())];
        expect.pinned_facts.must_exclude = ids(&["p"]);
        expect.open_questions.must_include = ids(&["q"]);
        expect.persona_prelude.contains = ids(&["direct"]);
        let served = Served {
            prelude: "direct answers".into(),
            pinned: ids(&["p"]),
            relevant: ids(&["b", "a"]),
            questions: vec![],
        };
        let failures = judge(&expect, &served, &BTreeSet::new()).failures;
        assert_eq!(failures.len(), 3, "{failures:?}");
    }
}
