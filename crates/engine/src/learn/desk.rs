//! Desk: the memories that one batch of decisions looks at and changes, before anything is written.
//!
//! A later candidate of the batch sees what an earlier one changed; every memory gets at most one new version.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::version::Operation;

use crate::memory_change::Change;

/// One memory on the desk.
#[derive(Clone)]
struct Sheet {
    before: Option<Memory>,
    now: Memory,
    reason: Option<String>,
}

/// The memories that are being decided about.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    sheets: BTreeMap<MemoryId, Sheet>,
}

impl Desk {
    /// Lays a stored memory on the desk; one that lies there already stays as it is.
    pub(crate) fn lay(&mut self, memory: &Memory) {
        self.sheets.entry(memory.id).or_insert_with(|| Sheet {
            before: Some(memory.clone()),
            now: memory.clone(),
            reason: None,
        });
    }

    /// Every memory on the desk as it stands now.
    pub(crate) fn memories(&self) -> impl Iterator<Item = &Memory> {
        self.sheets.values().map(|sheet| &sheet.now)
    }

    /// Those that this batch made or changed.
    pub(crate) fn touched(&self) -> impl Iterator<Item = &Memory> {
        self.sheets.values().filter(|sheet| sheet.before.as_ref() != Some(&sheet.now)).map(|sheet| &sheet.now)
    }

    /// A memory as it stands now.
    pub(crate) fn get(&self, id: MemoryId) -> Option<&Memory> {
        self.sheets.get(&id).map(|sheet| &sheet.now)
    }

    /// Puts a memory as it is to stand; the reason goes into its version.
    pub(crate) fn put(&mut self, memory: Memory, reason: &str) {
        let id = memory.id;
        let before = self.sheets.remove(&id).and_then(|sheet| sheet.before);
        self.sheets.insert(id, Sheet { before, now: memory, reason: Some(reason.to_owned()) });
    }

    /// What is to be written: one change for each memory that differs, new ones last, so that the audit
    /// tells first what they replace.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for Sheet { before, now, reason } in self.sheets.into_values() {
            if before.as_ref() == Some(&now) {
                continue;
            }
            let operation = operation(before.as_ref(), &now);
            let list = if before.is_some() { &mut old } else { &mut new };
            list.push(Change { before, memory: now, operation, reason });
        }
        old.append(&mut new);
        old
    }
}

fn operation(before: Option<&Memory>, now: &Memory) -> Operation {
    match (before.map(|memory| memory.status), now.status) {
        (None, _) => Operation::Create,
        (Some(Status::Active | Status::Archived), Status::Superseded) => Operation::Supersede,
        (Some(Status::Active | Status::Archived | Status::Superseded), Status::Forgotten) => {
            Operation::Forget
        }
        (Some(Status::Superseded | Status::Forgotten), Status::Active) => Operation::Restore,
        (Some(_), _) => Operation::Update,
    }
}
