//! Show: how memories, messages, answers and receipts are laid out for people.

pub(super) mod dream;
mod focus;
pub(super) mod learning;
pub(super) mod memory;
pub(super) mod message;
pub(super) mod recall;
pub(super) mod receipt;
pub(super) mod score;

use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::{Actor, Origin};
use serde::Serialize;

use crate::output::paint::{Ink, Paint};

/// The word that the wire uses for a value of a closed set.
pub(super) fn wire_word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

/// Who did it: a name, with what kind of party where that is not plain.
pub(super) fn actor(actor: &Actor) -> String {
    match wire_word(&actor.kind).as_str() {
        "operator" => actor.name.clone(),
        kind => format!("{kind} {}", actor.name),
    }
}

/// For whom, in a few words; empty where it is for everybody.
pub(super) fn scope(scope: &Scope) -> String {
    let ids = [("user", &scope.user), ("agent", &scope.agent), ("app", &scope.app), ("run", &scope.run)];
    let ids = ids.into_iter().filter_map(|(name, id)| Some(format!("{name} {}", id.as_ref()?)));
    let labels = scope.labels.iter().map(|label| format!("#{label}"));
    ids.chain(labels).collect::<Vec<_>>().join(" ")
}

/// A mark on what was not written by a person; what a stranger wrote is to be noticed.
pub(super) fn origin_mark(paint: Paint, origin: Origin) -> Option<String> {
    match origin {
        Origin::User | Origin::Operator => None,
        Origin::Assistant => Some(paint.faint("said by the assistant")),
        Origin::Tool => Some(paint.ink(Ink::Warn, "from a tool")),
        Origin::External => Some(paint.ink(Ink::Warn, "from outside")),
    }
}
