//! Topics written: paths, sizes, hashes, what changes nothing, origins, who may.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::limits::TOPIC_BYTES_MAX;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{NewTopic, TopicEdit, TopicUpdate, TopicWriting};
use dreamkeeper_testkit::builders::hash_of;

use crate::topics::{Notes, at, new, notes};

fn is_invalid(error: &VerbError, field: &str) -> bool {
    matches!(error, VerbError::Invalid { field: found, .. } if found == field)
}

async fn number(notes: &Notes, path: &str) -> u32 {
    notes.read(path).await.expect("there").head.number
}

#[tokio::test]
async fn a_topic_reads_back_byte_for_byte_with_its_hash() {
    let notes = notes().await;
    let content = "# Tea\r\n\tgreen \u{301}\n\n";
    let made = notes.create("/drinks/tea.md", content).await;
    assert_eq!((made.content.as_str(), made.head.hash), (content, hash_of(content)));
    assert_eq!(made.head.size as usize, content.len());
    assert_eq!(notes.read("/drinks/tea.md").await, Ok(made));
    assert!(notes.create("/empty", "").await.content.is_empty(), "an empty content is one");
}

#[tokio::test]
async fn a_path_is_unique_and_case_counts() {
    let notes = notes().await;
    let first = notes.create("/tea.md", "x").await;
    let error = notes.try_create("/tea.md", "y").await.unwrap_err();
    let VerbError::Apply(ApplyError::PathTaken { path, topic }) = &error else { panic!("{error}") };
    assert_eq!((path.as_str(), *topic), ("/tea.md", first.head.id));
    notes.create("/Tea.md", "z").await;
    let error = notes.update("/Tea.md", (None, Some("/tea.md")), None).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::PathTaken { .. })), "{error}");
    for bad in ["tea.md", "/", "/a//b", "/../a", "/e\u{301}"] {
        let error = notes.try_create(bad, "x").await.unwrap_err();
        assert!(is_invalid(&error, "path"), "{bad}: {error}");
    }
}

#[tokio::test]
async fn a_content_has_at_most_so_many_bytes() {
    let notes = notes().await;
    let most = "é".repeat(TOPIC_BYTES_MAX / 2);
    notes.create("/most", &most).await;
    let error = notes.try_create("/more", &format!("{most}x")).await.unwrap_err();
    assert!(is_invalid(&error, "content"), "{error}");
    let edit = TopicEdit { old: "é".to_owned(), new: "éé".to_owned(), all: true, ..TopicEdit::default() };
    let house = &notes.house;
    let error = house.engine.edit_topic(&house.local, notes.store.id, &at("/most"), edit).await.unwrap_err();
    assert!(is_invalid(&error, "content"), "{error}");
}

#[tokio::test]
async fn a_hash_says_what_must_be_there() {
    let notes = notes().await;
    let topic = notes.create("/tea.md", "green").await;
    let stale = Some(hash_of("black"));
    let error = notes.update("/tea.md", (Some("white"), None), stale).await.unwrap_err();
    let VerbError::ContentChanged { found, .. } = error else { panic!("{error}") };
    assert_eq!(found, topic.head.hash);
    // What is there already is written already.
    let same = notes.update("/tea.md", (Some("green"), None), stale).await.expect("nothing to do");
    assert!(!same.changed);
    let done = notes.update("/tea.md", (Some("white"), None), Some(found)).await.expect("written");
    assert_eq!((done.changed, done.topic.head.number), (true, 2));
    assert!(matches!(notes.delete("/tea.md", stale).await, Err(VerbError::ContentChanged { .. })));
    assert_eq!(notes.read("/tea.md").await.expect("still there").content, "white");
    notes.delete("/tea.md", Some(hash_of("white"))).await.expect("removed");
    assert!(matches!(notes.read("/tea.md").await, Err(VerbError::NotFound { what: "topic", .. })));
}

#[tokio::test]
async fn what_changes_nothing_makes_no_version() {
    let notes = notes().await;
    notes.create("/tea.md", "green").await;
    notes.update("/tea.md", (Some("green"), Some("/tea.md")), None).await.expect("read");
    notes.update("/tea.md", (None, None), None).await.expect("read");
    assert!(!notes.write("/tea.md", "green").await.changed);
    assert_eq!(number(&notes, "/tea.md").await, 1);
}

#[tokio::test]
async fn a_renamed_topic_keeps_its_id_and_can_change_its_content_at_once() {
    let notes = notes().await;
    let topic = notes.create("/tea.md", "green").await;
    let moved = notes.update("/tea.md", (Some("black"), Some("/drinks/tea.md")), None).await.expect("moved");
    assert_eq!((moved.topic.head.id, moved.topic.head.created_at), (topic.head.id, topic.head.created_at));
    assert_eq!(notes.read("/drinks/tea.md").await.expect("there").content, "black");
    assert!(notes.read("/tea.md").await.is_err());
    notes.create("/tea.md", "free again").await;
}

#[tokio::test]
async fn an_edit_needs_a_text_that_occurs_once() {
    let notes = notes().await;
    notes.create("/tea.md", "green tea, black tea\n").await;
    let house = &notes.house;
    let named = at("/tea.md");
    let edit = |old: &str, all| {
        let edit = TopicEdit { old: old.to_owned(), new: "mate".to_owned(), all, ..TopicEdit::default() };
        house.engine.edit_topic(&house.local, notes.store.id, &named, edit)
    };
    for old in ["tea", "coffee", ""] {
        let error = edit(old, false).await.unwrap_err();
        assert!(is_invalid(&error, "old"), "{old}: {error}");
    }
    assert_eq!(edit("black tea", false).await.expect("once").topic.content, "green tea, mate\n");
    notes.write("/tea.md", "tea tea").await;
    assert_eq!(edit("tea", true).await.expect("all").topic.content, "mate mate");
}

#[tokio::test]
async fn the_lowest_origin_of_all_that_was_written_stays() {
    let notes = notes().await;
    let house = &notes.house;
    let by = |origin, raise| TopicWriting { origin: Some(origin), raise, note: TopicNote::default() };
    let topic = NewTopic { writing: by(Origin::Operator, false), ..new("/tea.md", "green") };
    let made = house.engine.create_topic(&house.local, notes.store.id, topic).await.expect("made");
    assert_eq!(made.head.origin, Origin::User, "the ceiling of a local caller");
    let write = |origin, raise, content: &str| TopicUpdate {
        content: Some(content.to_owned()),
        writing: by(origin, raise),
        ..TopicUpdate::default()
    };
    let (id, named) = (notes.store.id, at("/tea.md"));
    let low = write(Origin::External, false, "green\nfrom a page");
    let low = house.engine.update_topic(&house.local, id, &named, low).await.expect("written");
    assert_eq!(low.topic.head.origin, Origin::External);
    let over = write(Origin::User, false, "all new");
    let over = house.engine.update_topic(&house.local, id, &named, over).await.expect("written");
    assert_eq!(over.topic.head.origin, Origin::External, "words may have been kept");
    let raise = write(Origin::User, true, "all new");
    let refused = house.engine.update_topic(&house.local, id, &named, raise.clone()).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
    let raised = house.engine.update_topic(&house.operator, id, &named, raise).await.expect("vouched for");
    assert_eq!((raised.changed, raised.topic.head.origin), (true, Origin::User));
}

#[tokio::test]
async fn who_may_only_read_writes_nothing() {
    let notes = notes().await;
    notes.create("/tea.md", "green").await;
    let house = &notes.house;
    let mut reader = house.local.clone();
    reader.permissions = [dreamkeeper_domain::key::Permission::Read].into();
    let (id, engine) = (notes.store.id, &house.engine);
    assert!(engine.topic(&reader, id, &at("/tea.md"), None).await.is_ok());
    let writes = [
        engine.create_topic(&reader, id, new("/a", "")).await.map(drop),
        engine.write_topic(&reader, id, new("/tea.md", "")).await.map(drop),
        engine.update_topic(&reader, id, &at("/tea.md"), TopicUpdate::default()).await.map(drop),
        engine.edit_topic(&reader, id, &at("/tea.md"), TopicEdit::default()).await.map(drop),
        engine.delete_topic(&reader, id, &at("/tea.md"), Default::default()).await,
        engine.archive_topic_store(&reader, id).await.map(drop),
        engine.delete_topic_store(&reader, id).await.map(drop),
        engine.restore_topic(&reader, (id, &at("/tea.md")), None, TopicWriting::default()).await.map(drop),
        engine.refresh_topic_index(&reader, id, TopicWriting::default()).await.map(drop),
    ];
    for written in writes {
        assert!(matches!(written, Err(VerbError::Forbidden { .. })), "{written:?}");
    }
}
