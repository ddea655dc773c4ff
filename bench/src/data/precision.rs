//! PrecisionMemBench (arXiv 2605.11325): a seed of beliefs, and cases that say which of them may be served.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::read_json;

/// One belief of the seed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Belief {
    /// Its id, which cases refer to.
    #[serde(rename = "_id")]
    pub(crate) id: String,
    /// Whose it is.
    #[serde(rename = "user_id")]
    pub(crate) user: String,
    /// What it is about, in the authors' words.
    #[serde(rename = "type")]
    pub(crate) kind: BeliefKind,
    /// What it is called, words joined by `_`.
    pub(crate) canonical_name: String,
    /// What else it is called.
    pub(crate) aliases: Vec<String>,
    /// What it says.
    pub(crate) content: String,
    /// Its labels.
    pub(crate) scope: Vec<String>,
    /// Whether it is served to every query.
    pub(crate) pinned: bool,
    /// When it was settled, for a question.
    pub(crate) resolved_at: Option<Timestamp>,
    /// The belief that replaced it.
    pub(crate) superseded_by: Option<String>,
    /// When it was recorded.
    pub(crate) created_at: Timestamp,
    /// Everything else; kept as metadata.
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

/// What a belief is about, in the authors' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BeliefKind {
    /// What someone likes.
    Preference,
    /// What was settled.
    Decision,
    /// What something is.
    Entity,
    /// How two things stand to each other.
    Relation,
    /// What is not settled.
    OpenQuestion,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Case {
    /// Its id.
    pub(crate) case_id: String,
    /// Who asks.
    #[serde(default = "main_user")]
    pub(crate) user_id: String,
    /// The labels asked for; a belief with any of them is in view.
    pub(crate) scope: Vec<String>,
    /// The query.
    pub(crate) query: String,
    /// How much may be served.
    #[serde(default)]
    pub(crate) budget: Budget,
    /// What must hold.
    pub(crate) expect: Expectations,
}

/// How much may be served.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Budget {
    /// Pinned and relevant beliefs together.
    pub(crate) max_beliefs: usize,
    /// Open questions.
    pub(crate) max_questions: usize,
}

impl Default for Budget {
    /// The authors' defaults.
    fn default() -> Self {
        Self { max_beliefs: 20, max_questions: 15 }
    }
}

/// What must hold of each section; an absent list asks nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Expectations {
    /// Of the prelude.
    pub(crate) persona_prelude: PreludeExpectation,
    /// Of the pinned section.
    pub(crate) pinned_facts: SectionExpectation,
    /// Of what fits the query.
    pub(crate) relevant_beliefs: RelevantExpectation,
    /// Of the open questions.
    pub(crate) open_questions: SectionExpectation,
}

/// What must hold of the prelude.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PreludeExpectation {
    /// There is one.
    pub(crate) non_empty: bool,
    /// There is none.
    pub(crate) is_null: bool,
    /// Texts in it.
    pub(crate) contains: Vec<String>,
    /// Texts that are not in it.
    pub(crate) must_not_contain: Vec<String>,
}

/// What must hold of a section.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SectionExpectation {
    /// Beliefs in it.
    pub(crate) must_include: Vec<String>,
    /// Beliefs that are not in it.
    pub(crate) must_exclude: Vec<String>,
}

/// What must hold of what fits the query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RelevantExpectation {
    /// Exactly these, when given.
    pub(crate) should_only_include: Option<Vec<String>>,
    /// These, here or among the pinned.
    pub(crate) must_include: Vec<String>,
    /// As `must_include`.
    pub(crate) should_include: Vec<String>,
    /// These neither here nor among the pinned.
    pub(crate) must_exclude: Vec<String>,
    /// Pairs that are both here, the first before the second.
    pub(crate) ordered_before: Vec<(String, String)>,
    /// At most this many.
    pub(crate) max_count: Option<usize>,
    /// At least this many.
    pub(crate) min_count: Option<usize>,
}

/// The user that cases mean when they name none.
pub(crate) fn main_user() -> String {
    "test-user".to_owned()
}

/// Reads the seed; a belief comes after the one it replaced.
pub(crate) fn read_seed(path: &Path) -> Result<Vec<Belief>> {
    let beliefs: Vec<Belief> = read_json(path)?;
    ensure!(!beliefs.is_empty(), "{} holds no belief", path.display());
    let known: BTreeMap<&str, &Belief> = beliefs.iter().map(|belief| (belief.id.as_str(), belief)).collect();
    for belief in &beliefs {
        if let Some(by) = &belief.superseded_by {
            ensure!(
                known.contains_key(by.as_str()),
                "{}: superseded by `{by}`, which is not there",
                belief.id
            );
        }
    }
    Ok(beliefs)
}

/// Reads the cases.
pub(crate) fn read_cases(path: &Path) -> Result<Vec<Case>> {
    let cases: Vec<Case> = read_json(path)?;
    ensure!(!cases.is_empty(), "{} holds no case", path.display());
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_without_user_or_budget_has_the_authors_defaults() {
        let text = r#"{"caseId":"a","category":"c","description":"d","scope":["x"],"query":"q",
            "expect":{"relevantBeliefs":{"shouldOnlyInclude":[]}}}"#;
        let case: Case = serde_json::from_str(text).unwrap();
        assert_eq!((case.user_id.as_str(), case.budget.max_beliefs), ("test-user", 20));
        assert_eq!(case.expect.relevant_beliefs.should_only_include, Some(Vec::new()));
        assert!(!case.expect.persona_prelude.non_empty);
    }
}
