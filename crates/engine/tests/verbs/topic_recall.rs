//! Topics in recall: passages that belong, under the floor, gone with their store, told in receipts.

use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::receipt::{Section, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::recall::{Recall, RecallRequest};
use dreamkeeper_engine::topics::{NewTopic, TopicWriting};

use crate::topics::{Notes, new, notes};

const QUESTION: &str = "How long does the oven preheat?";

async fn filled() -> Notes {
    let notes = notes().await;
    notes.write("/kitchen.md", "# Kitchen\n- the oven must preheat for ten minutes\n- the tap drips\n").await;
    notes.write("/garden.md", "Water the tomatoes every evening.\n").await;
    notes
}

async fn recall(notes: &Notes, request: RecallRequest) -> Recall {
    notes.house.engine.recall(&notes.house.local, request).await.expect("recalled")
}

async fn quotes(notes: &Notes, question: &str) -> Vec<String> {
    let recalled = recall(notes, RecallRequest::new(question, Scope::user("ana"))).await;
    recalled.topics.into_iter().map(|topic| topic.quote).collect()
}

#[tokio::test]
async fn the_passage_that_belongs_is_served_and_no_other() {
    let notes = filled().await;
    let recalled = recall(&notes, RecallRequest::new(QUESTION, Scope::user("ana"))).await;
    let [found] = &recalled.topics[..] else { panic!("{:?}", recalled.topics) };
    assert_eq!(found.quote, "# Kitchen\n- the oven must preheat for ten minutes");
    assert_eq!((found.head.path.as_str(), recalled.silence), ("/kitchen.md", None));
    assert!(recalled.text.contains("## Topics\n- [/kitchen.md] # Kitchen\n"), "{}", recalled.text);
    assert!(quotes(&notes, "Who is the president of Peru?").await.is_empty());
    let other = recall(&notes, RecallRequest::new(QUESTION, Scope::user("bo"))).await;
    assert!(other.topics.is_empty() && other.silence.is_some());
}

#[tokio::test]
async fn topics_take_no_place_of_what_was_asked_for_alone() {
    let notes = filled().await;
    let without = RecallRequest {
        sections: [Section::Memories, Section::Conversation].into(),
        ..RecallRequest::new(QUESTION, Scope::user("ana"))
    };
    assert!(recall(&notes, without).await.topics.is_empty());
    let one = RecallRequest { limit: 1, ..RecallRequest::new(QUESTION, Scope::user("ana")) };
    assert_eq!(recall(&notes, one).await.topics.len(), 1, "nothing else wants the place");
}

#[tokio::test]
async fn a_rewritten_removed_or_archived_topic_is_found_no_more() {
    let notes = filled().await;
    notes.write("/kitchen.md", "# Kitchen\nnothing to know\n").await;
    assert!(quotes(&notes, QUESTION).await.is_empty());
    notes.write("/kitchen.md", "the oven must preheat for ten minutes").await;
    assert_eq!(quotes(&notes, QUESTION).await.len(), 1);
    notes.delete("/kitchen.md", None).await.expect("removed");
    assert!(quotes(&notes, QUESTION).await.is_empty());
    notes.write("/oven.md", "the oven must preheat for ten minutes").await;
    assert_eq!(quotes(&notes, QUESTION).await.len(), 1);
    let (house, id) = (&notes.house, notes.store.id);
    house.engine.delete_topic_store(&house.local, id).await.expect("hidden");
    assert!(quotes(&notes, QUESTION).await.is_empty());
    house.engine.undelete_topic_store(&house.local, id).await.expect("back");
    assert_eq!(quotes(&notes, QUESTION).await.len(), 1);
    house.engine.archive_topic_store(&house.local, id).await.expect("archived");
    assert!(quotes(&notes, QUESTION).await.is_empty());
}

#[tokio::test]
async fn what_was_known_then_is_found_as_of_then() {
    let notes = filled().await;
    let then = notes.read("/kitchen.md").await.expect("there").head.updated_at;
    notes.write("/kitchen.md", "nothing to know").await;
    let request = RecallRequest { as_of: Some(then), ..RecallRequest::new(QUESTION, Scope::user("ana")) };
    let recalled = recall(&notes, request).await;
    assert_eq!((recalled.topics.len(), recalled.topics[0].head.number), (1, 1));
}

#[tokio::test]
async fn the_floor_holds_and_marks_what_an_assistant_wrote() {
    let notes = notes().await;
    let house = &notes.house;
    for (path, origin) in [("/page.md", Origin::External), ("/agent.md", Origin::Assistant)] {
        let writing = TopicWriting { origin: Some(origin), raise: false, note: TopicNote::default() };
        let topic = NewTopic { writing, ..new(path, "the oven must preheat for ten minutes") };
        house.engine.create_topic(&house.local, notes.store.id, topic).await.expect("made");
    }
    let paths = async |min_origin| {
        let request = RecallRequest { min_origin, ..RecallRequest::new(QUESTION, Scope::user("ana")) };
        let recalled = recall(&notes, request).await;
        let mut paths: Vec<String> = recalled.topics.iter().map(|topic| topic.head.path.clone()).collect();
        paths.sort();
        (paths, recalled.text)
    };
    let (usual, text) = paths(Origin::User).await;
    assert_eq!(usual, ["/agent.md"]);
    assert!(text.contains("[/agent.md, by assistant]"), "{text}");
    assert_eq!(paths(Origin::External).await.0, ["/agent.md", "/page.md"]);
    assert!(paths(Origin::Operator).await.0.is_empty());
}

#[tokio::test]
async fn a_receipt_tells_the_version_until_it_is_redacted() {
    let notes = filled().await;
    let first = notes.read("/kitchen.md").await.expect("there");
    let recalled = recall(&notes, RecallRequest::new(QUESTION, Scope::user("ana"))).await;
    let receipt = recalled.receipt.expect("left");
    let house = &notes.house;
    let item = async || {
        let why = house.engine.why(&house.local, receipt).await.expect("told");
        why.receipt.items.into_iter().next().expect("one was served")
    };
    let served = item().await;
    assert_eq!(served.subject, ServedSubject::Topic { id: first.head.id, number: 1 });
    assert_eq!((served.section, served.quote.is_empty()), (Section::Topics, false));
    notes.write("/kitchen.md", "nothing to know").await;
    house
        .engine
        .redact_topic_version(&house.operator, notes.store.id, first.head.version)
        .await
        .expect("redacted");
    assert!(item().await.quote.is_empty());
}
