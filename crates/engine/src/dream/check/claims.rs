//! Claims: each one that is gone is told of, as what it became; no more is lost than the bound allows.

use std::collections::BTreeSet;

use dreamkeeper_domain::dream::{ClaimAccount, ClaimFate, DreamMaker, ProposedChange};
use dreamkeeper_domain::limits;
use dreamkeeper_topics::says_the_same;

use super::{Ground, is_by_rule};
use crate::dream::account::{Sides, Stated, hash};

pub(super) fn check(change: &ProposedChange, ground: &Ground, broken: &mut Vec<String>) {
    let sides = Sides::of(change);
    let (gone, new) = sides.difference();
    let mut accounts: Vec<&ClaimAccount> = change.claims.iter().collect();
    let mut lost: Vec<&Stated> = Vec::new();
    for claim in gone {
        let told = accounts.iter().position(|account| {
            account.place == claim.place
                && hash(&account.text) == claim.hash
                && account.fate != ClaimFate::Added
        });
        let Some(told) = told else {
            broken.push(format!("“{}” in `{}` would be gone without a word", claim.text, claim.place));
            continue;
        };
        let account = accounts.remove(told);
        became(change, &sides, (account, claim), broken);
        if is_lost(change, account) {
            lost.push(claim);
        }
    }
    for claim in &new {
        let is_told = change.claims.iter().any(|account| is_source(account, claim));
        if !is_told {
            broken.push(format!("“{}” in `{}` comes from nowhere", claim.text, claim.place));
        }
    }
    loss(change, &sides, &lost, broken);
    dates(change, ground, broken);
}

/// Whether what became of a claim is there.
fn became(
    change: &ProposedChange,
    sides: &Sides,
    (account, claim): (&ClaimAccount, &Stated),
    broken: &mut Vec<String>,
) {
    let is_there = |text: &str| sides.after.iter().any(|after| after.hash == hash(text));
    // What stays may get a date by another change of the same adoption.
    let redated = |text: &str| {
        change.claims.iter().any(|account| match &account.fate {
            ClaimFate::Redated { to } => hash(&account.text) == hash(text) && is_there(to),
            _ => false,
        })
    };
    let stands = |text: &str| is_there(text) || redated(text);
    let problem = match &account.fate {
        ClaimFate::Kept | ClaimFate::Added => Some("is said to stay, and is gone".to_owned()),
        ClaimFate::Moved { to } => Some(format!("is said to stand in `{to}`, and does not")),
        ClaimFate::Merged { into } if !stands(into) => {
            Some(format!("is said to be a part of “{into}”, which is not there"))
        }
        ClaimFate::Merged { into } if is_by_rule(change) && !says_the_same(&claim.text, into) => {
            Some(format!("does not say the same as “{into}”"))
        }
        ClaimFate::Superseded { by } if !stands(by) => {
            Some(format!("is said to be replaced by “{by}”, which is not there"))
        }
        ClaimFate::Redated { to } if !stands(to) => {
            Some(format!("is said to read “{to}” now, which is not there"))
        }
        ClaimFate::Merged { .. } | ClaimFate::Superseded { .. } | ClaimFate::Redated { .. } => None,
        ClaimFate::Dropped { reason } if reason.trim().is_empty() => {
            Some("is dropped without a reason".to_owned())
        }
        ClaimFate::Dropped { .. } => None,
    };
    if let Some(problem) = problem {
        broken.push(format!("“{}” in `{}` {problem}", claim.text, claim.place));
    }
}

/// Whether a new claim is what an account tells of.
fn is_source(account: &ClaimAccount, claim: &Stated) -> bool {
    match &account.fate {
        ClaimFate::Added => account.place == claim.place && hash(&account.text) == claim.hash,
        ClaimFate::Redated { to } => hash(to) == claim.hash,
        ClaimFate::Merged { into } => hash(into) == claim.hash,
        ClaimFate::Superseded { by } => hash(by) == claim.hash,
        // The list of links that a split leaves behind.
        ClaimFate::Moved { to } => claim.text.contains(&format!("]({to})")),
        ClaimFate::Kept | ClaimFate::Dropped { .. } => false,
    }
}

/// What a rule says to be merged or superseded is not lost; a model's word for it is not enough, a person's is.
fn is_lost(change: &ProposedChange, account: &ClaimAccount) -> bool {
    match (&change.maker, &account.fate) {
        (DreamMaker::Person(_), _) => false,
        (_, ClaimFate::Dropped { .. }) => true,
        (DreamMaker::Model { .. }, ClaimFate::Merged { into }) => !says_the_same(&account.text, into),
        (DreamMaker::Model { .. }, ClaimFate::Superseded { .. }) => true,
        (DreamMaker::Rule(_) | DreamMaker::Model { .. }, _) => false,
    }
}

fn loss(change: &ProposedChange, sides: &Sides, lost: &[&Stated], broken: &mut Vec<String>) {
    let max = limits::DREAM_LOSS_PERCENT_MAX;
    let bytes =
        |claims: &mut dyn Iterator<Item = &Stated>| claims.map(|claim| claim.text.len()).sum::<usize>();
    let (count, total) = (lost.len(), sides.before.len());
    let (lost_bytes, all_bytes) = (bytes(&mut lost.iter().copied()), bytes(&mut sides.before.iter()));
    if count * 100 > total * max || lost_bytes * 100 > all_bytes * max {
        broken.push(format!("{count} of {total} claims would be lost: at most {max} % may"));
    }
    let is_emptied = !sides.before.is_empty() && sides.after.is_empty();
    if is_emptied && !matches!(change.maker, DreamMaker::Person(_)) {
        broken.push("nothing would be left of what it touches".to_owned());
    }
}

/// A claim gets only dates that its own phrases mean, at the moment at which it was written.
fn dates(change: &ProposedChange, ground: &Ground, broken: &mut Vec<String>) {
    let Some(anchored) = &ground.dates else { return };
    if matches!(change.maker, DreamMaker::Person(_)) {
        return;
    }
    for account in &change.claims {
        let ClaimFate::Redated { to } = &account.fate else { continue };
        let (before, after) = (written_dates(&account.text), written_dates(to));
        let empty = BTreeSet::new();
        let allowed = anchored.get(&account.text).unwrap_or(&empty);
        for date in after.difference(&before) {
            if !allowed.contains(date) {
                broken.push(format!("“{}” would get the date {date}, which nothing anchors", account.text));
            }
        }
        if without_dates(to, allowed) != without_dates(&account.text, &empty) {
            broken.push(format!("“{}” would get other words than a date", account.text));
        }
    }
}

/// What stands in brackets and begins with a digit.
fn written_dates(text: &str) -> BTreeSet<String> {
    let pieces = text.split('(').skip(1).filter_map(|piece| piece.split_once(')'));
    pieces
        .map(|(date, _)| date.to_owned())
        .filter(|date| date.starts_with(|first: char| first.is_ascii_digit()))
        .collect()
}

fn without_dates(text: &str, dates: &BTreeSet<String>) -> String {
    let mut bare = text.to_owned();
    for date in dates {
        bare = bare.replace(&format!(" ({date})"), "");
    }
    bare
}
