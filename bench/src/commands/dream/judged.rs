//! Judged: what a dream proposed, beside what is true of the store.

use std::collections::BTreeSet;

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate, ProposedChange};
use serde::Serialize;

use super::grown::Grown;
use crate::measure::rounded;

/// How much of what was proposed is right, and how much of what is right was proposed.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(super) struct Figures {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) proposed: usize,
    pub(super) right: usize,
    pub(super) expected: usize,
}

impl Figures {
    pub(super) fn add(&mut self, other: Self) {
        self.proposed += other.proposed;
        self.right += other.right;
        self.expected += other.expected;
        *self = Self::of((self.proposed, self.right), self.expected);
    }

    fn of((proposed, right): (usize, usize), expected: usize) -> Self {
        let share =
            |part: usize, whole: usize| if whole == 0 { 1.0 } else { rounded(part as f64 / whole as f64) };
        Self { precision: share(right, proposed), recall: share(right, expected), proposed, right, expected }
    }
}

/// The verdicts on one store.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    pub(super) merge: Figures,
    pub(super) supersede: Figures,
    pub(super) archive: Figures,
    pub(super) date: Figures,
    pub(super) convention: Figures,
    pub(super) one_off_lifted: usize,
    /// Dates of phrases that this program does not know.
    pub(super) dates_unjudged: usize,
    /// What was wrong, and what was missed, for people.
    pub(super) failures: Vec<String>,
}

/// A claim that a change tells of.
struct Told<'c> {
    kind: ChangeKind,
    place: &'c str,
    text: &'c str,
    fate: &'c ClaimFate,
}

pub(super) fn judge(grown: &Grown, changes: &[ProposedChange]) -> Verdicts {
    let mut verdicts = Verdicts::default();
    let told: Vec<Told<'_>> = changes
        .iter()
        .flat_map(|change| {
            change.claims.iter().map(|claim| Told {
                kind: change.kind,
                place: &claim.place,
                text: &claim.text,
                fate: &claim.fate,
            })
        })
        .collect();
    verdicts.merges(grown, &told);
    verdicts.supersessions(grown, &told);
    verdicts.archives(grown, &told);
    verdicts.dates(grown, &told);
    verdicts.conventions(grown, &told);
    verdicts
}

/// A sentence without case, marks and what stands in brackets.
fn bare(text: &str) -> String {
    let kept = text.to_lowercase();
    let words = kept.split(|mark: char| !mark.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

impl Verdicts {
    fn merges(&mut self, grown: &Grown, told: &[Told<'_>]) {
        let mut found = BTreeSet::new();
        let (mut proposed, mut right) = (0, 0);
        for claim in told {
            let ClaimFate::Merged { into } = claim.fate else { continue };
            proposed += 1;
            let pair = |(one, other): &(String, String)| {
                (one == claim.text && other == into) || (other == claim.text && one == into)
            };
            match grown.truth.same.iter().position(pair) {
                Some(place) => {
                    found.insert(place);
                    right += 1;
                }
                // What people noted twice in the same words.
                None if bare(claim.text) == bare(into) => right += 1,
                None => self.failures.push(format!("merged: {} | {into}", claim.text)),
            }
        }
        for (place, (one, other)) in grown.truth.same.iter().enumerate() {
            if !found.contains(&place) {
                self.failures.push(format!("not merged: {one} | {other}"));
            }
        }
        self.merge = Figures::of((proposed, right), grown.truth.same.len());
        self.merge.recall = if grown.truth.same.is_empty() {
            1.0
        } else {
            rounded(found.len() as f64 / grown.truth.same.len() as f64)
        };
    }

    fn supersessions(&mut self, grown: &Grown, told: &[Told<'_>]) {
        let found = told.iter().filter_map(|claim| match claim.fate {
            ClaimFate::Superseded { by } => Some((claim.text.to_owned(), by.clone())),
            _ => None,
        });
        let (figures, failures) = compare("superseded", found.collect(), &grown.truth.replaced);
        self.supersede = figures;
        self.failures.extend(failures);
    }

    fn archives(&mut self, grown: &Grown, told: &[Told<'_>]) {
        let found = told.iter().filter(|claim| claim.kind == ChangeKind::Archive);
        let found = found.map(|claim| (claim.text.to_owned(), String::new())).collect();
        let expected: Vec<(String, String)> =
            grown.truth.over.iter().map(|over| (over.clone(), String::new())).collect();
        let (figures, failures) = compare("archived", found, &expected);
        self.archive = figures;
        self.failures.extend(failures);
    }

    fn dates(&mut self, grown: &Grown, told: &[Told<'_>]) {
        let mut found = Vec::new();
        for claim in told {
            let ClaimFate::Redated { to } = claim.fate else { continue };
            let mut rest = to.as_str();
            while let Some((before, after)) = rest.split_once(" (") {
                let Some((date, then)) = after.split_once(')') else { break };
                let phrase = |known: &str| before.to_lowercase().ends_with(known);
                let known = grown.truth.dates.iter().find(|(place, line, known)| {
                    place == claim.place && line == claim.text && phrase(&known.phrase)
                });
                let knows_phrase = grown
                    .truth
                    .dates
                    .iter()
                    .any(|(place, line, _)| place == claim.place && line == claim.text);
                match known {
                    Some((place, line, known)) => {
                        found.push((format!("{place} {line} {}", known.phrase), date.to_owned()))
                    }
                    None if !knows_phrase || date.starts_with(|first: char| first.is_ascii_digit()) => {
                        self.dates_unjudged += 1
                    }
                    None => {}
                }
                rest = then;
            }
        }
        let expected: Vec<(String, String)> = grown
            .truth
            .dates
            .iter()
            .map(|(place, line, known)| (format!("{place} {line} {}", known.phrase), known.date.clone()))
            .collect();
        let (figures, failures) = compare("dated", found, &expected);
        self.date = figures;
        self.failures.extend(failures);
    }

    fn conventions(&mut self, grown: &Grown, told: &[Told<'_>]) {
        let lifted: Vec<String> = told
            .iter()
            .filter(|claim| *claim.fate == ClaimFate::Added)
            .map(|claim| bare(claim.text))
            .collect();
        let says = |wording: &&str, lifted: &str| bare(wording).ends_with(lifted);
        let mut right = BTreeSet::new();
        for words in &lifted {
            let place = grown
                .truth
                .conventions
                .iter()
                .position(|wordings| wordings.iter().any(|wording| says(wording, words)));
            match place {
                Some(place) => {
                    right.insert(place);
                }
                None => self.failures.push(format!("lifted: {words}")),
            }
            if grown.truth.one_off.iter().any(|once| says(once, words)) {
                self.one_off_lifted += 1;
            }
        }
        for (place, wordings) in grown.truth.conventions.iter().enumerate() {
            if !right.contains(&place) {
                self.failures.push(format!("not lifted: {}", wordings[0]));
            }
        }
        self.convention = Figures::of((lifted.len(), right.len()), grown.truth.conventions.len());
    }
}

/// Pairs that were found beside those that are true.
fn compare(
    word: &str,
    found: Vec<(String, String)>,
    expected: &[(String, String)],
) -> (Figures, Vec<String>) {
    let mut failures = Vec::new();
    let right: Vec<&(String, String)> = found.iter().filter(|pair| expected.contains(pair)).collect();
    for (one, other) in found.iter().filter(|pair| !expected.contains(pair)) {
        failures.push(format!("{word}: {one} | {other}"));
    }
    for (one, other) in expected.iter().filter(|pair| !found.contains(pair)) {
        failures.push(format!("not {word}: {one} | {other}"));
    }
    (Figures::of((found.len(), right.len()), expected.len()), failures)
}
