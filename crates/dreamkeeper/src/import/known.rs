//! Known: memories that earlier imports wrote, by the id they had where they came from.
//!
//! One person's memories are listed once, when the first of theirs comes, so that an import costs what it
//! holds and not that times what is there.

use std::collections::HashMap;

use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_api::memory::{ListMemoriesRequest, Memory};
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Status;
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;

use super::remember::SOURCE_ID;
use crate::client::{ApiFailure, Client};

/// For whom, without labels.
type Whom = [Option<String>; 4];

/// Ids here by ids there, of everybody who was asked for.
#[derive(Default)]
pub(super) struct Known {
    by_whom: HashMap<Whom, HashMap<String, MemoryId>>,
}

impl Known {
    /// The memory that a source id names here for the same person, agent, app and run: its own id where the
    /// export came from here, else what it was imported as.
    pub(super) async fn find(
        &mut self,
        client: &Client,
        scope: &Scope,
        source_id: &str,
    ) -> anyhow::Result<Option<Memory>> {
        let whom = whom(scope);
        if source_id.parse::<MemoryId>().is_ok()
            && let Some(memory) = memory(client, source_id).await?
            && self::whom(&memory.scope) == whom
        {
            return Ok(Some(memory));
        }
        if !self.by_whom.contains_key(&whom) {
            let listed = list(client, &whom).await?;
            self.by_whom.insert(whom.clone(), listed);
        }
        match self.by_whom.get(&whom).and_then(|known| known.get(source_id)) {
            Some(id) => memory(client, &id.to_string()).await,
            None => Ok(None),
        }
    }

    /// Notes what was written now.
    pub(super) fn add(&mut self, scope: &Scope, source_id: &str, id: MemoryId) {
        self.by_whom.entry(whom(scope)).or_default().insert(source_id.to_owned(), id);
    }
}

fn whom(scope: &Scope) -> Whom {
    [scope.user.clone(), scope.agent.clone(), scope.app.clone(), scope.run.clone()]
}

async fn memory(client: &Client, id: &str) -> anyhow::Result<Option<Memory>> {
    match client.record(id).await {
        Ok(Record::Memory(memory)) => Ok(Some(*memory)),
        Ok(Record::Message(_) | Record::Session(_)) => Ok(None),
        Err(error) if ApiFailure::code_of(&error) == Some(ErrorCode::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Everything that was imported for somebody. A list for nobody in particular holds everybody's memories,
/// so that the ids are compared again.
async fn list(client: &Client, whom: &Whom) -> anyhow::Result<HashMap<String, MemoryId>> {
    let [user, agent, app, run] = whom.clone();
    let mut list = ListMemoriesRequest {
        scope: Scope { user, agent, app, run, ..Scope::default() },
        statuses: vec![Status::Active, Status::Superseded, Status::Archived, Status::Forgotten],
        expired: true,
        limit: Some(PAGE_COUNT_MAX),
        ..ListMemoriesRequest::default()
    };
    let mut known = HashMap::new();
    loop {
        let page = client.list_memories(&list).await?;
        for memory in page.items.into_iter().filter(|memory| self::whom(&memory.scope) == *whom) {
            if let Some(source_id) = memory.metadata.get(SOURCE_ID).and_then(|id| id.as_str()) {
                known.insert(source_id.to_owned(), memory.id);
            }
        }
        list.after = page.next;
        if list.after.is_none() {
            return Ok(known);
        }
    }
}
