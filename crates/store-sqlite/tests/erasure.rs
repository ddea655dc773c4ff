//! What was erased is in no file any more: the files are searched for its bytes.
//!
//! SQLite moves records between pages as they grow, and may leave a copy in the unused middle of a page
//! that was split; so the second test makes many records grow and shrink before it erases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::receipt::ServedSubject;
use dreamkeeper_domain::version::Operation;
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::builders::{
    ChangeSetBuilder, MemoryBuilder, a_memory, a_message, a_named_session, a_receipt, a_scope, a_served,
    a_space, changes, minute,
};
use dreamkeeper_testkit::{ScriptedEmbedder, SeededEntropy};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tempfile::TempDir;

async fn open(directory: &Path) -> Arc<dyn SpaceStore> {
    let options = Options { idle: Duration::from_millis(20), ..Options::default() };
    DataDir::open(directory, options).unwrap().store().space(a_space()).await.unwrap()
}

async fn apply(space: &dyn SpaceStore, changes: ChangeSetBuilder) {
    space.apply(changes.build()).await.unwrap();
}

/// Which of the words stand in any file under the directory, logs and all.
fn found(directory: &Path, words: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, words));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        found.extend(words.iter().filter(|word| text.contains(word.as_str())).cloned());
    }
    found
}

/// Whether a file still says that its pages are to be written anew.
fn scrub_is_owed(directory: &Path) -> bool {
    let mut files = std::fs::read_dir(directory.join("spaces")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|extension| extension == "db")).unwrap();
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let owed = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'scrub_owed')";
    conn.query_row(owed, [], |row| row.get(0)).unwrap()
}

fn erase_message(id: MessageId) -> Write {
    Write::EraseMessage { id, reason: None }
}

fn erase_memory(id: MemoryId) -> Write {
    Write::EraseMemory { id, reason: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_an_erasure_is_answered_its_content_is_in_no_file() {
    let directory = TempDir::new().unwrap();
    let space = open(directory.path()).await;
    let words =
        ["velvet-otter-17", "copper-lantern-23", "quiet-harbour-31", "amber-kettle-47"].map(str::to_owned);
    let [said, remembered, reworded, state] = &words;
    let session = a_named_session(a_scope("ana", &[]), "chat");
    let message = a_message(&format!("My word is {said}. ").repeat(400)).in_session(&session);
    let memory = a_memory(remembered).scope(session.scope.clone()).resting_on(&message.clone().build());
    let memory = memory.with(|memory| memory.aliases = vec![remembered.clone()]);
    let (message_id, first) = (message.clone().build().id, memory.clone().build());
    let next = MemoryBuilder::next(&first, minute(1)).text(reworded);
    let served = a_served(ServedSubject::Memory { id: first.id, version: 1 }, remembered);
    let quoted = a_served(ServedSubject::Message(message_id), said);
    let shown = a_served(ServedSubject::State { key: "plan".into(), version: 1 }, state);
    let receipt = Write::PutReceipt(Box::new(a_receipt(session.scope.clone(), vec![served, quoted, shown])));
    let set = changes().open(&session).writes([message.write(), memory.write(), receipt]);
    apply(&*space, set.state(&session.scope, "plan", Some(json!(state)), Expected::Absent)).await;
    apply(&*space, changes().write(next.write_next(Operation::Update))).await;
    assert_eq!(found(directory.path(), &words).len(), words.len(), "the search finds what is there");

    let (scope, key) = (session.scope.clone(), "plan".to_owned());
    let erase_state = Write::EraseState { scope, key, reason: None };
    let writes = [erase_message(message_id), erase_memory(first.id), erase_state];
    apply(&*space, changes().at(minute(2)).writes(writes)).await;
    assert_eq!(found(directory.path(), &words), BTreeSet::new());
    assert_eq!(space.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_idle_moment_no_page_keeps_a_copy_either() {
    let directory = TempDir::new().unwrap();
    let space = open(directory.path()).await;
    let mut churn = Churn {
        entropy: SeededEntropy::new(7),
        words: Vec::new(),
        memories: Vec::new(),
        messages: Vec::new(),
    };
    churn.write(&*space).await;
    let (erased, kept) = churn.words.split_at(churn.words.len() / 2);
    let all: Vec<String> = churn.words.clone();
    assert_eq!(found(directory.path(), &all).len(), all.len(), "the search finds what is there");
    let half = churn.memories.len() / 2;
    for place in 0..half {
        let writes = [erase_memory(churn.memories[place]), erase_message(churn.messages[place])];
        apply(&*space, changes().at(minute(9_000)).writes(writes)).await;
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while scrub_is_owed(directory.path()) {
        assert!(Instant::now() < deadline, "an idle writer writes its pages anew");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(found(directory.path(), erased), BTreeSet::new());
    assert_eq!(found(directory.path(), kept).len(), kept.len(), "what was not erased is there");
    assert_eq!(space.check().await.unwrap(), Vec::<String>::new());
}

/// Records of many sizes that grow and shrink, each with a word of its own.
struct Churn {
    entropy: SeededEntropy,
    words: Vec<String>,
    memories: Vec<MemoryId>,
    messages: Vec<MessageId>,
}

impl Churn {
    async fn write(&mut self, space: &dyn SpaceStore) {
        let session = a_named_session(a_scope("ana", &[]), "chat");
        apply(space, changes().open(&session)).await;
        let mut current = Vec::new();
        for number in 0..150 {
            let word = format!("marked-{number:04}-word");
            let message = a_message(&self.text(&word)).in_session(&session);
            let memory = a_memory(&self.text(&word)).scope(session.scope.clone()).at(minute(number));
            let said: Message = message.clone().build();
            self.messages.push(said.id);
            self.memories.push(memory.clone().build().id);
            current.push((word.clone(), memory.clone().build()));
            self.words.push(word);
            let embedder = ScriptedEmbedder::default();
            apply(
                space,
                changes().writes([message.write_embedded(&embedder), memory.write_embedded(&embedder)]),
            )
            .await;
        }
        for round in 0..600 {
            let place = self.entropy.below(current.len());
            let (word, memory) = &current[place];
            let next = MemoryBuilder::next(memory, minute(1_000 + round)).text(&self.text(word));
            let next = (word.clone(), next.build());
            apply(space, changes().write(MemoryBuilder::from(next.1.clone()).write_next(Operation::Update)))
                .await;
            current[place] = next;
        }
    }

    fn text(&self, word: &str) -> String {
        let filling = "and so on ".repeat(self.entropy.below(120));
        format!("{filling}{word} {filling}")
    }
}
