//! Memories and state of an import: written once, found again by where they came from.

use std::collections::HashMap;

use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_api::memory::{ForgetRequest, Memory, MemoryPatch};
use dreamkeeper_api::state::SetStateRequest;
use dreamkeeper_api::words::Status;
use dreamkeeper_domain::id::MemoryId;
use serde_json::json;

use super::found::{ImportedMemory, ImportedState};
use super::known::Known;
use super::quotes::Quotes;
use super::report::Report;
use crate::client::{ApiFailure, Client};

/// Under which metadata keys a memory says where it came from, and with which words.
pub(super) const SOURCE_ID: &str = "imported_id";
const SOURCE_HASH: &str = "imported_hash";

/// What was learnt about memories so far.
#[derive(Default)]
pub(super) struct Remembering {
    /// What earlier imports wrote.
    known: Known,
    /// Finds the messages that memories quote.
    pub(super) quotes: Quotes,
    /// The memory here of each source id.
    here: HashMap<String, MemoryId>,
    /// Written as active, replaced where they come from: set aside unless their successor comes too.
    orphans: HashMap<MemoryId, ()>,
}

impl Remembering {
    /// Writes a memory, unless it is there.
    pub(super) async fn memory(
        &mut self,
        client: &Client,
        imported: ImportedMemory,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let hash = format!("{:016x}", fingerprint(&imported.memory.text));
        let scope = imported.memory.scope.clone();
        if let Some(there) = self.known.find(client, &scope, &imported.source_id).await? {
            self.here.insert(imported.source_id.clone(), there.id);
            return refresh(client, &there, imported, &hash, report).await;
        }
        let mut new = imported.memory;
        new.evidence = self.quotes.resolve(client, &imported.evidence).await?;
        for _lost in new.evidence.len()..imported.evidence.len() {
            report.skip("quotes whose message did not come along");
        }
        new.metadata.insert(SOURCE_ID.to_owned(), json!(imported.source_id));
        new.metadata.insert(SOURCE_HASH.to_owned(), json!(hash));
        let replaced = match &imported.supersedes {
            Some(source_id) => self.here.get(source_id).copied(),
            None => None,
        };
        let memory = match replaced {
            Some(old) => {
                self.orphans.remove(&old);
                client.supersede(&old.to_string(), &new).await?
            }
            None => client.remember(&new).await?,
        };
        let id = memory.id.to_string();
        match imported.status {
            Status::Active | Status::Erased => {}
            Status::Superseded => drop(self.orphans.insert(memory.id, ())),
            Status::Archived => drop(client.update(&id, &archive()).await?),
            Status::Forgotten => drop(client.forget(&id, &ForgetRequest::default()).await?),
        }
        self.known.add(&scope, &imported.source_id, memory.id);
        self.here.insert(imported.source_id, memory.id);
        report.imported.memories += 1;
        Ok(())
    }

    /// Sets a state value, unless the key has one.
    pub(super) async fn state(
        client: &Client,
        imported: ImportedState,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let ImportedState { key, scope, value } = imported;
        match client.state(&scope, &key).await {
            Ok(entry) if entry.value.as_ref() == Some(&value) => report.already_there.state += 1,
            Ok(_) => report.skip("state keys that have another value here"),
            Err(error) if ApiFailure::code_of(&error) == Some(ErrorCode::NotFound) => {
                let reason = Some("imported".to_owned());
                let request = SetStateRequest { value, expected_version: None, reason };
                client.set_state(&scope, &key, &request).await?;
                report.imported.state += 1;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Sets aside what was replaced by something that did not come along.
    pub(super) async fn finish(&mut self, client: &Client) -> anyhow::Result<()> {
        for (id, ()) in self.orphans.drain() {
            client.update(&id.to_string(), &archive()).await?;
        }
        Ok(())
    }
}

/// Follows a source that changed; what was changed here since stays as it is.
async fn refresh(
    client: &Client,
    there: &Memory,
    imported: ImportedMemory,
    hash: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let known = there.metadata.get(SOURCE_HASH).and_then(|hash| hash.as_str());
    if known.is_none_or(|known| known == hash) || there.status != Status::Active {
        report.already_there.memories += 1;
        return Ok(());
    }
    let mut metadata = there.metadata.clone();
    metadata.insert(SOURCE_HASH.to_owned(), json!(hash));
    let patch = MemoryPatch {
        text: Some(imported.memory.text),
        metadata: Some(metadata),
        reason: Some("its source changed".to_owned()),
        ..MemoryPatch::default()
    };
    client.update(&there.id.to_string(), &patch).await?;
    report.updated.memories += 1;
    Ok(())
}

fn archive() -> MemoryPatch {
    MemoryPatch { status: Some(Status::Archived), ..MemoryPatch::default() }
}

/// FNV-1a with 64 bits: tells whether a source still has the same words.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
