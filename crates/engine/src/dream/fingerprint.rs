//! Fingerprint: what a change comes to, whatever dream proposes it, so that none is proposed twice.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dreamkeeper_domain::dream::{Effect, ProposedChange};

/// Equal for changes of one kind that do the same to the same claims of the same records. Lives in memory only.
pub(crate) type Fingerprint = u64;

pub(crate) fn fingerprint(change: &ProposedChange) -> Fingerprint {
    let mut hasher = DefaultHasher::new();
    change.kind.as_str().hash(&mut hasher);
    for effect in &change.effects {
        match effect {
            Effect::Topic(effect) => {
                // A new topic gets a new id each time; its path stays.
                effect.before.as_ref().map(|side| (effect.topic, &side.path)).hash(&mut hasher);
                effect.after.as_ref().map(|(path, _)| path).hash(&mut hasher);
            }
            Effect::Memory(effect) => {
                (effect.before.as_ref().map(|_| effect.memory), effect.operation).hash(&mut hasher)
            }
        }
    }
    for claim in &change.claims {
        (&claim.place, &claim.text, format!("{:?}", claim.fate)).hash(&mut hasher);
    }
    hasher.finish()
}
