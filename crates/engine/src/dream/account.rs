//! Account: which claims a change finds, which it leaves, and whether each that is gone is told of.

use std::collections::BTreeMap;

use dreamkeeper_domain::dream::{ClaimAccount, ClaimFate, Effect, ProposedChange};
use dreamkeeper_topics::{ClaimHash, INDEX_PATH, claims, links};

/// A claim on one side of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated {
    /// The path of its topic, or the id of the memory.
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) hash: ClaimHash,
}

/// The claims before and after a change.
#[derive(Debug, Default)]
pub(crate) struct Sides {
    pub(crate) before: Vec<Stated>,
    pub(crate) after: Vec<Stated>,
}

/// What a topic states; a line of the index that leads to a topic states nothing of its own, and where a link leads does
/// not make another claim.
pub(crate) fn stated(path: &str, content: &str) -> Vec<Stated> {
    let is_index = path == INDEX_PATH;
    let all = claims(content).into_iter().filter(|claim| !is_index || links(&claim.text).is_empty());
    all.map(|claim| Stated { place: path.to_owned(), hash: hash(&claim.text), text: claim.text }).collect()
}

/// What tells a claim from another, wherever its links lead.
pub(crate) fn hash(text: &str) -> ClaimHash {
    let mut bare = String::with_capacity(text.len());
    let mut at = 0;
    for link in links(text).into_iter().filter(|link| !link.is_wiki) {
        bare.push_str(&text[at..link.span.start]);
        at = link.span.end;
    }
    bare.push_str(&text[at..]);
    ClaimHash::of(&bare)
}

impl Sides {
    /// Of topics only: a memory is one claim, and keeps its words in its versions.
    pub(crate) fn of(change: &ProposedChange) -> Self {
        let mut sides = Self::default();
        for effect in &change.effects {
            let Effect::Topic(effect) = effect else { continue };
            if let Some(before) = &effect.before {
                sides.before.extend(stated(&before.path, &before.content));
            }
            if let Some((path, content)) = &effect.after {
                sides.after.extend(stated(path, content));
            }
        }
        sides
    }

    /// Claims that were there and are not any more, and those that are new; each as often as that is so.
    pub(crate) fn difference(&self) -> (Vec<&Stated>, Vec<&Stated>) {
        (missing(&self.before, &self.after), missing(&self.after, &self.before))
    }
}

fn missing<'s>(from: &'s [Stated], within: &[Stated]) -> Vec<&'s Stated> {
    let mut here: BTreeMap<(&str, ClaimHash), usize> = BTreeMap::new();
    for claim in within {
        *here.entry((&claim.place, claim.hash)).or_default() += 1;
    }
    // Where a claim stood counts first; then the same words elsewhere.
    let mut elsewhere = Vec::new();
    for claim in from {
        match here.get_mut(&(claim.place.as_str(), claim.hash)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => elsewhere.push(claim),
        }
    }
    let mut left: BTreeMap<ClaimHash, usize> = BTreeMap::new();
    for ((_, hash), count) in here {
        *left.entry(hash).or_default() += count;
    }
    let mut gone = Vec::new();
    for claim in elsewhere {
        match left.get_mut(&claim.hash) {
            Some(count) if *count > 0 => *count -= 1,
            _ => gone.push(claim),
        }
    }
    gone
}

/// The accounts of what a person made of a change: what is gone they dropped, what is new they added.
pub(crate) fn of_edit(change: &ProposedChange) -> Vec<ClaimAccount> {
    let sides = Sides::of(change);
    let (gone, new) = sides.difference();
    let told = |claim: &Stated| {
        change.claims.iter().find(|account| account.place == claim.place && hash(&account.text) == claim.hash)
    };
    let stands = |text: &str| sides.after.iter().any(|after| after.hash == hash(text));
    let mut accounts: Vec<ClaimAccount> = Vec::new();
    for claim in gone {
        let fate = match told(claim).map(|account| account.fate.clone()) {
            Some(ClaimFate::Merged { into }) if stands(&into) => ClaimFate::Merged { into },
            Some(ClaimFate::Superseded { by }) if stands(&by) => ClaimFate::Superseded { by },
            _ => ClaimFate::Dropped { reason: "edited while reviewing".to_owned() },
        };
        accounts.push(ClaimAccount { place: claim.place.clone(), text: claim.text.clone(), fate });
    }
    for claim in new {
        accounts.push(ClaimAccount {
            place: claim.place.clone(),
            text: claim.text.clone(),
            fate: ClaimFate::Added,
        });
    }
    accounts
}
