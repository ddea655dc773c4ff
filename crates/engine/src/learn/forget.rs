//! Forget wishes: what a user asks to be forgotten, found among their own memories.

use dreamkeeper_domain::event::{Decision, Verdict};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::text::{is_stop_word, term_hash, words};

use super::context::Turn;
use super::desk::Desk;
use super::extract::ForgetWish;

/// Memories that one wish may name; a wish that fits more is too wide to be acted on.
const NAMED_MAX: usize = 10;
/// Words of a wish that name nothing.
const EMPTY_WORDS: [&str; 14] = [
    "forget",
    "remember",
    "delete",
    "remove",
    "everything",
    "anything",
    "said",
    "told",
    "about",
    "please",
    "memory",
    "thing",
    "stuff",
    "all",
];

/// Forgets what the wish names: memories of the speaker's scope that have every word of it, in their text or as
/// the name of the property that they give. They can be restored.
pub(crate) fn forget(desk: &mut Desk, wish: &ForgetWish, turn: &Turn, known: &[Memory]) -> Vec<Decision> {
    if turn.message.origin < Origin::User {
        return vec![refused(wish, "only the person can ask for it")];
    }
    let asked = terms_of(&wish.what);
    if asked.is_empty() {
        return vec![refused(wish, "it does not say what")];
    }
    for memory in known {
        desk.lay(memory);
    }
    let fits = |memory: &&Memory| {
        let mut has = terms_of(&memory.text);
        if let Some(slot) = &memory.detail.slot {
            has.extend(terms_of(&slot.attribute.replace('_', " ")));
            has.extend(terms_of(synonyms(&slot.attribute)));
        }
        memory.status == Status::Active && memory.origin <= turn.message.origin && asked.is_subset(&has)
    };
    let named: Vec<Memory> = desk.memories().filter(fits).cloned().collect();
    if named.is_empty() {
        return vec![refused(wish, "nothing known has these words")];
    }
    if named.len() > NAMED_MAX {
        return vec![refused(wish, "it fits too many memories: forget them one by one")];
    }
    named.into_iter().map(|memory| tombstone(desk, wish, memory)).collect()
}

fn tombstone(desk: &mut Desk, wish: &ForgetWish, memory: Memory) -> Decision {
    let id = memory.id;
    desk.put(Memory { status: Status::Forgotten, ..memory }, "the person asked to forget it");
    Decision {
        verdict: Verdict::Delete { memory: id },
        text: wish.what.clone(),
        reason: "the person asked to forget it".to_owned(),
        causes: std::collections::BTreeSet::new(),
        neighbours: vec![id],
        messages: vec![wish.message],
    }
}

fn refused(wish: &ForgetWish, why: &str) -> Decision {
    Decision {
        verdict: Verdict::Drop,
        text: wish.what.clone(),
        reason: format!("a wish to forget was not followed: {why}"),
        causes: std::collections::BTreeSet::new(),
        neighbours: Vec::new(),
        messages: vec![wish.message],
    }
}

/// What people call a property, beside its own name.
fn synonyms(attribute: &str) -> &'static str {
    match attribute {
        "residence" => "address home live city town place",
        "employer" | "job_title" => "job work employer company occupation",
        "partner" => "husband wife girlfriend boyfriend spouse",
        "allergy" => "allergies allergic",
        "birthday" | "age" => "birthday birth age old",
        _ => "",
    }
}

fn terms_of(text: &str) -> std::collections::BTreeSet<dreamkeeper_domain::text::TermHash> {
    let mut terms = std::collections::BTreeSet::new();
    words(text, |word| {
        if !is_stop_word(word) && !EMPTY_WORDS.contains(&word) {
            terms.insert(term_hash(word));
        }
    });
    terms
}
