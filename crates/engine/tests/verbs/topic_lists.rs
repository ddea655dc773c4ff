//! Lists of topics: prefixes, one level at a time, views, pages, moments.

use dreamkeeper_domain::limits::TOPIC_PAGE_FULL_MAX;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{ListTopics, ListedTopic, TopicPage};

use crate::topics::{Notes, notes};

const PATHS: [&str; 7] = ["/B", "/a", "/a-1", "/a/b/c", "/a/b/d", "/a/e", "/a0"];

async fn filled() -> Notes {
    let notes = notes().await;
    for path in PATHS.iter().rev() {
        notes.create(path, path).await;
    }
    notes
}

async fn page(notes: &Notes, list: ListTopics) -> TopicPage {
    notes.house.engine.list_topics(&notes.house.local, list).await.expect("listed")
}

fn shown(page: &TopicPage) -> Vec<String> {
    let told = |entry: &ListedTopic| match entry {
        ListedTopic::Topic { head, .. } => head.path.clone(),
        ListedTopic::Folder(folder) => folder.clone(),
    };
    page.items.iter().map(told).collect()
}

#[tokio::test]
async fn topics_are_listed_in_the_order_of_their_bytes() {
    let notes = filled().await;
    let list = ListTopics::of(notes.store.id);
    assert_eq!(shown(&page(&notes, list.clone()).await), PATHS);
    let below = ListTopics { prefix: Some("/a/".to_owned()), ..list.clone() };
    assert_eq!(shown(&page(&notes, below).await), ["/a/b/c", "/a/b/d", "/a/e"]);
    let open = ListTopics { prefix: Some("/a".to_owned()), ..list };
    let error = notes.house.engine.list_topics(&notes.house.local, open).await.unwrap_err();
    assert!(matches!(&error, VerbError::Invalid { field, .. } if field == "prefix"), "{error}");
}

#[tokio::test]
async fn one_level_shows_folders_once_however_small_the_pages_are() {
    let notes = filled().await;
    let list = ListTopics { one_level: true, ..ListTopics::of(notes.store.id) };
    let expected = ["/B", "/a", "/a-1", "/a/", "/a0"];
    assert_eq!(shown(&page(&notes, list.clone()).await), expected);
    for limit in 1..=3 {
        let mut found = Vec::new();
        let mut next = ListTopics { limit: Some(limit), ..list.clone() };
        loop {
            let page = page(&notes, next.clone()).await;
            assert!(!page.items.is_empty(), "no page is empty");
            found.extend(shown(&page));
            match page.next {
                Some(after) => next.after = Some(after),
                None => break,
            }
        }
        assert_eq!(found, expected, "pages of {limit}");
    }
    let below = ListTopics { prefix: Some("/a/".to_owned()), ..list };
    assert_eq!(shown(&page(&notes, below).await), ["/a/b/", "/a/e"]);
}

#[tokio::test]
async fn contents_come_when_asked_for_on_smaller_pages() {
    let notes = notes().await;
    for at in 0..=TOPIC_PAGE_FULL_MAX {
        notes.create(&format!("/{at:03}"), "x").await;
    }
    let list = ListTopics::of(notes.store.id);
    let basic = page(&notes, list.clone()).await;
    assert_eq!((basic.items.len(), basic.next), (TOPIC_PAGE_FULL_MAX + 1, None));
    assert!(basic.items.iter().all(|entry| matches!(entry, ListedTopic::Topic { content: None, .. })));
    let full = page(&notes, ListTopics { full: true, limit: Some(100), ..list }).await;
    assert_eq!((full.items.len(), full.next.as_deref()), (TOPIC_PAGE_FULL_MAX, Some("/019")));
    let has =
        |entry: &ListedTopic| matches!(entry, ListedTopic::Topic { content: Some(text), .. } if text == "x");
    assert!(full.items.iter().all(has));
}

#[tokio::test]
async fn a_list_as_of_a_moment_shows_what_was_there_then() {
    let notes = notes().await;
    notes.write("/a", "one").await;
    notes.write("/b", "two").await;
    let then = notes.read("/b").await.expect("there").head.updated_at;
    notes.delete("/a", None).await.expect("removed");
    notes.update("/b", (Some("three"), Some("/c")), None).await.expect("moved");
    let list = ListTopics { as_of: Some(then), full: true, ..ListTopics::of(notes.store.id) };
    let found = page(&notes, list).await;
    assert_eq!(shown(&found), ["/a", "/b"]);
    let named = crate::topics::at("/b");
    let engine = &notes.house.engine;
    let topic =
        engine.topic(&notes.house.local, notes.store.id, &named, Some(then)).await.expect("was there");
    assert_eq!(topic.content, "two");
    assert_eq!(shown(&page(&notes, ListTopics::of(notes.store.id)).await), ["/c"]);
}
