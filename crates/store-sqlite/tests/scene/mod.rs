//! What the crash tests write: ChangeSets whose parts can all be told from a number, so that after a crash
//! every one can be found whole or not at all.
//!
//! A task writes its ChangeSets one after the other. So after a crash a task's ChangeSets must be exactly
//! the first `n` that it began, where `n` is at least how many were acknowledged, and at most one more.

use dreamkeeper_domain::changeset::{ChangeSet, Expected, Write};
use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId, SpaceId};
use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::ports::{PortError, SpaceStore};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_testkit::ScriptedEmbedder;
use dreamkeeper_testkit::builders::{a_memory, a_message, a_named_session, changes, minute};
use serde_json::json;
use uuid::Uuid;

/// The space that crash tests write to.
pub(crate) fn space_id() -> SpaceId {
    SpaceId::from_uuid(Uuid::from_u128(0x5ACE))
}

/// One task of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task {
    /// Which run of many in one file.
    pub(crate) run: u32,
    /// Which of the run's tasks.
    pub(crate) number: u32,
}

impl Task {
    /// The task's `number`th ChangeSet: messages with passages and vectors, a memory that rests on the first
    /// of them, a state key, and now and then the erasure of the memory before.
    pub(crate) fn change_set(self, number: u32) -> ChangeSet {
        let embedder = ScriptedEmbedder::default();
        let session = self.session();
        let messages = (0..message_count(number)).map(|place| self.message(&session, number, place));
        let messages: Vec<_> = messages.collect();
        let first = messages[0].clone().build();
        let memory = a_memory(&format!("What was said in {number}")).scope(self.scope()).resting_on(&first);
        let memory = memory.with(|memory| memory.id = self.memory_id(number));
        let mut set = changes()
            .at(minute(i64::from(number)))
            .idempotent(&format!("{self:?} {number}"), 1)
            .open(&session)
            .writes(messages.into_iter().map(|message| message.write_embedded(&embedder)))
            .write(memory.write_embedded(&embedder))
            .state(&self.scope(), &self.key(number), Some(json!(number)), Expected::Absent);
        if erases_the_one_before(number) {
            set = set.write(Write::EraseMemory { id: self.memory_id(number - 1), reason: None });
        }
        set.build()
    }

    /// What is wrong with what a crash left of the task, when `acknowledged` ChangeSets were answered.
    pub(crate) async fn check(self, space: &dyn SpaceStore, acknowledged: u32) -> Result<(), String> {
        let there = self.count(space).await?;
        if there < acknowledged {
            return Err(format!("{self:?}: {acknowledged} were acknowledged, {there} are there"));
        }
        if there > acknowledged + 1 {
            return Err(format!("{self:?}: only {acknowledged} were acknowledged, yet {there} are there"));
        }
        self.check_messages(space, there).await?;
        self.check_memories(space, there).await
    }

    /// How many ChangeSets are there, by their state keys; each must have one, without a gap.
    pub(crate) async fn count(self, space: &dyn SpaceStore) -> Result<u32, String> {
        let mut count = 0;
        for entry in space.list_state(&self.scope()).await.map_err(told)? {
            count =
                count.max(entry.value.as_ref().and_then(serde_json::Value::as_u64).unwrap_or(0) as u32 + 1);
        }
        for number in 0..count {
            let entry = space.state(&self.scope(), &self.key(number)).await.map_err(told)?;
            entry.ok_or_else(|| format!("{self:?}: {number} is gone, {} is there", count - 1))?;
        }
        Ok(count)
    }

    async fn check_messages(self, space: &dyn SpaceStore, there: u32) -> Result<(), String> {
        let session = space.session_by_key(&self.scope(), &self.session_key()).await.map_err(told)?;
        let Some(session) = session else {
            return if there == 0 { Ok(()) } else { Err(format!("{self:?}: its session is gone")) };
        };
        let expected: Vec<(MessageId, String)> = (0..there)
            .flat_map(|number| (0..message_count(number)).map(move |place| (number, place)))
            .map(|(number, place)| {
                let message = self.message(&session, number, place).build();
                (message.id, message.text())
            })
            .collect();
        let mut found = Vec::new();
        while let Some(turns) = next_turns(space, &session, found.len() as u32).await? {
            found.extend(turns);
        }
        if found == expected && session.message_count as usize == expected.len() {
            return Ok(());
        }
        Err(format!("{self:?}: {there} ChangeSets, but {} of {} messages", found.len(), expected.len()))
    }

    async fn check_memories(self, space: &dyn SpaceStore, there: u32) -> Result<(), String> {
        for number in 0..=there {
            let found = space.memories(&[self.memory_id(number)], None).await.map_err(told)?;
            let status = found.first().map(|memory| memory.status);
            let erased = number + 1 < there && erases_the_one_before(number + 1);
            let expected = match (number < there, erased) {
                (false, _) => None,
                (true, false) => Some(Status::Active),
                (true, true) => Some(Status::Erased),
            };
            if status != expected {
                return Err(format!("{self:?}: memory {number} of {there} is {status:?}, not {expected:?}"));
            }
        }
        Ok(())
    }

    fn message(
        self,
        session: &Session,
        number: u32,
        place: u32,
    ) -> dreamkeeper_testkit::builders::MessageBuilder {
        let id = self.id(2, number * 16 + place);
        a_message(&format!("Message {place} of {number} by {self:?}, said while the lamp was on."))
            .in_session(session)
            .client_id(&format!("{number}.{place}"))
            .with(|message| message.id = MessageId::from_uuid(id))
    }

    fn scope(self) -> Scope {
        Scope { agent: Some(format!("task {}", self.number)), ..Scope::user(format!("run {}", self.run)) }
    }

    fn session(self) -> Session {
        let id = SessionId::from_uuid(self.id(1, 0));
        Session { id, ..a_named_session(self.scope(), &self.session_key()) }
    }

    fn session_key(self) -> String {
        format!("task {}", self.number)
    }

    fn key(self, number: u32) -> String {
        format!("change {number:05}")
    }

    fn memory_id(self, number: u32) -> MemoryId {
        MemoryId::from_uuid(self.id(3, number))
    }

    fn id(self, kind: u8, number: u32) -> Uuid {
        let parts = [u128::from(self.run) << 80, u128::from(self.number) << 64, u128::from(kind) << 32];
        Uuid::from_u128(parts.iter().sum::<u128>() + u128::from(number))
    }
}

fn message_count(number: u32) -> u32 {
    1 + number * 7 % 5
}

fn erases_the_one_before(number: u32) -> bool {
    number % 4 == 3
}

async fn next_turns(
    space: &dyn SpaceStore,
    session: &Session,
    from: u32,
) -> Result<Option<Vec<(MessageId, String)>>, String> {
    let turns = space.turns(session.id, from, u32::MAX).await.map_err(told)?;
    for (ordinal, message) in (from..).zip(&turns) {
        if message.ordinal != ordinal {
            return Err(format!("ordinal {} stands where {ordinal} belongs", message.ordinal));
        }
    }
    let turns: Vec<_> = turns.iter().map(|message| (message.id, message.text())).collect();
    Ok((!turns.is_empty()).then_some(turns))
}

/// The store's own check must find nothing either.
pub(crate) async fn check_space(space: &dyn SpaceStore) -> Result<(), String> {
    let wrong = space.check().await.map_err(told)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn told(error: PortError) -> String {
    error.to_string()
}
