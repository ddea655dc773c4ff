//! Every earlier schema is brought to the current one, with what a program of that time wrote.
//!
//! With schema `n` comes its fixture, `migrations/fixtures/*_000n.sql`; name it below and nothing else is
//! to be done.

use std::path::Path;

use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{
    DreamQuery, EventQuery, HeldQuery, MemoryQuery, StoreQuery, TopicVersionQuery,
};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::{DataDir, Options};

/// The fixture of each schema, in order.
static SPACE_FIXTURES: [&str; 5] = [
    include_str!("../../migrations/fixtures/space_0001.sql"),
    include_str!("../../migrations/fixtures/space_0002.sql"),
    include_str!("../../migrations/fixtures/space_0003.sql"),
    include_str!("../../migrations/fixtures/space_0004.sql"),
    include_str!("../../migrations/fixtures/space_0005.sql"),
];
static CONTROL_FIXTURES: [&str; 1] = [include_str!("../../migrations/fixtures/control_0001.sql")];

/// The space that the fixtures are of.
fn fixture_space() -> SpaceId {
    SpaceId::from_uuid(Uuid::from_u128(0x019b_8d62_7a80_7000_8000_0000_0000_f1f1))
}

/// A file as a program of that schema left it.
fn make_old(path: &Path, schema: &Schema, (version, fixture): (u32, &str)) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut conn = Connection::open(path).unwrap();
    migrate(&mut conn, schema, version).unwrap();
    conn.execute_batch(fixture).unwrap();
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
}

#[test]
fn every_schema_has_its_fixture() {
    assert_eq!(SPACE_FIXTURES.len(), SPACE.steps.len());
    assert_eq!(CONTROL_FIXTURES.len(), CONTROL.steps.len());
}

#[tokio::test]
async fn every_earlier_space_is_read_whole() {
    for (version, fixture) in (1..).zip(SPACE_FIXTURES) {
        let directory = TempDir::new().unwrap();
        let id = fixture_space();
        make_old(&directory.path().join(format!("spaces/{id}.db")), &SPACE, (version, fixture));
        let data = DataDir::open(directory.path(), Options::default()).unwrap();
        let space = data.store().space(id).await.unwrap();
        assert_eq!(space.check().await.unwrap(), Vec::<String>::new(), "from schema {version}");
        let session = space.session_by_key(&Scope::user("ana"), "chat").await.unwrap().unwrap();
        let turns = space.turns(session.id, 0, 10).await.unwrap();
        assert_eq!(
            turns.iter().map(|turn| turn.text()).collect::<Vec<_>>(),
            ["I moved to Porto in May.", ""]
        );
        let query = MemoryQuery { statuses: Status::ALL.to_vec(), limit: 10, ..MemoryQuery::default() };
        let memories: Vec<Memory> = space.list_memories(&query).await.unwrap().items;
        let texts: Vec<_> = memories.iter().map(|memory| memory.text.as_str()).collect();
        assert_eq!(texts, ["", "Ana has lived in Porto since May"]);
        assert_eq!(space.memory_versions(memories[1].id).await.unwrap().len(), 2);
        assert_eq!(space.state_versions(&session.scope, "plan").await.unwrap().len(), 2);
        let passages = space.passages(&SegmentKey::User("ana".into()), None, 10).await.unwrap();
        assert_eq!(passages.len(), 3);
        assert_eq!(space.audit(0, 10).await.unwrap().len(), 2);
        let text = ["ana has lived in porto since may".to_owned()];
        let found = space.memories_by_text(&Scope::user("ana"), &text).await.unwrap();
        assert_eq!(found, memories[1..], "from schema {version}");
        let sentence = ["ana lives in porto".to_owned()];
        assert_eq!(space.served(&Scope::user("ana"), &sentence).await.unwrap(), sentence);
        assert_eq!(space.usefulness(&[memories[1].id]).await.unwrap()[0].served_count, 1);
    }
}

#[tokio::test]
async fn what_schema_3_learned_is_read_whole() {
    let directory = TempDir::new().unwrap();
    let id = fixture_space();
    make_old(&directory.path().join(format!("spaces/{id}.db")), &SPACE, (3, SPACE_FIXTURES[2]));
    let data = DataDir::open(directory.path(), Options::default()).unwrap();
    let space = data.store().space(id).await.unwrap();
    let events = space.list_events(&EventQuery { limit: 10, ..EventQuery::default() }).await.unwrap().items;
    let states: Vec<_> = events.iter().map(|event| event.state).collect();
    assert_eq!(states, [EventState::Pending, EventState::Succeeded]);
    assert_eq!(events[1].report.decisions[0].text, "Ana keeps a boat");
    let held = space.list_held(&HeldQuery { limit: 10, ..HeldQuery::default() }).await.unwrap().items;
    assert_eq!(held[0].candidate.text, "Ana keeps a boat");
    assert_eq!(space.summaries(&Scope::user("ana"), 10).await.unwrap()[0].text, "Ana moved.");
    assert_eq!(space.spending(jiff::civil::date(2026, 1, 5)).await.unwrap().tokens, 200);
}

#[tokio::test]
async fn what_schema_4_noted_is_read_whole() {
    let directory = TempDir::new().unwrap();
    let id = fixture_space();
    make_old(&directory.path().join(format!("spaces/{id}.db")), &SPACE, (4, SPACE_FIXTURES[3]));
    let data = DataDir::open(directory.path(), Options::default()).unwrap();
    let space = data.store().space(id).await.unwrap();
    let stores = space.topic_stores(&StoreQuery { limit: 10, ..StoreQuery::default() }).await.unwrap().items;
    assert_eq!(stores[0].name, "house");
    let topic = space.topic_at(stores[0].id, "/tea.md").await.unwrap().unwrap();
    assert_eq!((topic.head.number, topic.content.as_str()), (2, "- Ana drinks tea."));
    let query = TopicVersionQuery { limit: 10, ..TopicVersionQuery::default() };
    let versions = space.topic_versions(&query).await.unwrap().items;
    let redacted: Vec<_> = versions.iter().map(|version| version.redacted.is_some()).collect();
    assert_eq!(redacted, [false, false, false, true]);
    assert_eq!(space.working_files(stores[0].id).await.unwrap()[0].base, topic.head.hash);
    assert_eq!(space.named_moments().await.unwrap()[0].name, "before Porto");
    let dreams = space.dreams(&DreamQuery { limit: 10, ..DreamQuery::default() }).await.unwrap().items;
    assert_eq!(space.dreamt(&dreams[0].target.key(), &dreams[0].sessions).await.unwrap(), dreams[0].sessions);
    assert_eq!(space.proposed_changes(dreams[0].id).await.unwrap()[0].evidence[0].quote, "I moved to Porto");
    assert_eq!(space.dream_schedules().await.unwrap()[0].name, "nightly");
}

#[tokio::test]
async fn every_earlier_control_file_is_read_whole() {
    for (version, fixture) in (1..).zip(CONTROL_FIXTURES) {
        let directory = TempDir::new().unwrap();
        make_old(&directory.path().join("control.db"), &CONTROL, (version, fixture));
        let control = DataDir::open(directory.path(), Options::default()).unwrap().control();
        assert_eq!(control.spaces().await.unwrap()[0].id, fixture_space(), "from schema {version}");
        assert_eq!(control.key_by_hash(&[7; 32]).await.unwrap().unwrap().name, "laptop");
    }
}

#[test]
fn a_step_that_fails_leaves_the_schema_before_it() {
    static STEPS: [Step; 2] =
        [Step::sql("CREATE TABLE one (x)"), Step::sql("CREATE TABLE two (x); CREATE TABLE one (x)")];
    let schema = Schema { name: "test", application_id: 1, steps: &STEPS };
    let mut conn = Connection::open_in_memory().unwrap();
    migrate(&mut conn, &schema, schema.version()).unwrap_err();
    assert_eq!(version(&conn).unwrap(), 1);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}
