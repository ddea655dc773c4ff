//! Review and adoption: change by change, in one step, on a base that still stands.

use dreamkeeper_domain::dream::{ChangeKind, DreamOutput};
use dreamkeeper_domain::dream::{ChangeReview, DreamMaker};
use dreamkeeper_domain::ports::TopicVersionQuery;
use dreamkeeper_domain::topic::TopicOperation;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::dream::{NewDream, WhichChanges};

use super::shelf::{Dreamt, Shelf};

const TWO: &str =
    "# Log\n- The old pump is loud at night.\n- The old pump is loud at night.\n- It rained last month.\n";

async fn two_changes() -> (Shelf, Dreamt) {
    let shelf = Shelf::new().await;
    shelf.write("/log.md", TWO).await;
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told().len(), 2, "{:?}", dreamt.told());
    (shelf, dreamt)
}

#[tokio::test]
async fn accepted_changes_of_one_topic_make_one_version() {
    let (shelf, dreamt) = two_changes().await;
    let house = &shelf.house;
    house.engine.accept_changes(&house.operator, dreamt.dream.id, &[1, 2]).await.unwrap();
    let adopted = shelf.adopt(&dreamt.dream, WhichChanges::Accepted).await;
    assert_eq!(adopted.changes, [1, 2]);
    assert_eq!(
        shelf.read("/log.md").await,
        "# Log\n- The old pump is loud at night.\n- It rained last month (2026-02).\n"
    );
    let topic = shelf.topic("/log.md").await;
    assert_eq!(topic.head.number, 2);
    let query = TopicVersionQuery { topic: Some(topic.head.id), limit: 10, ..TopicVersionQuery::default() };
    let version = shelf.space.topic_versions(&query).await.unwrap().items.remove(0);
    assert_eq!((version.operation, version.note.dream), (TopicOperation::Modified, Some(dreamt.dream.id)));
    assert_eq!(version.at, adopted.dream.adoptions[0].at);
}

#[tokio::test]
async fn changes_can_be_adopted_one_after_another() {
    let (shelf, dreamt) = two_changes().await;
    shelf.adopt(&dreamt.dream, WhichChanges::Numbers(vec![2])).await;
    let adopted = shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!((adopted.changes.as_slice(), adopted.dream.adoptions.len()), ([1].as_slice(), 2));
    assert_eq!(
        shelf.read("/log.md").await,
        "# Log\n- The old pump is loud at night.\n- It rained last month (2026-02).\n"
    );
}

#[tokio::test]
async fn what_was_rejected_stays_out_and_is_not_proposed_again() {
    let (shelf, dreamt) = two_changes().await;
    let house = &shelf.house;
    let why = (&[1][..], Some("it is loud".to_owned()));
    house.engine.reject_changes(&house.operator, dreamt.dream.id, why).await.unwrap();
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!(shelf.read("/log.md").await, TWO.replace("last month", "last month (2026-02)"));
    shelf.write("/other.md", "- a new thing\n").await;
    assert_eq!(shelf.dream().await.told(), []);
}

#[tokio::test]
async fn a_changed_base_refuses_its_changes_and_the_rest_go_on() {
    let (shelf, dreamt) = two_changes().await;
    shelf.write("/log.md", &format!("{TWO}- and more\n")).await;
    let house = &shelf.house;
    let refused = house.engine.adopt_dream(&house.operator, dreamt.dream.id, WhichChanges::Remaining).await;
    let Err(VerbError::Invalid { problem, .. }) = refused else { panic!("{refused:?}") };
    assert!(problem.contains("`/log.md` is not as it was"), "{problem}");
    assert_eq!(shelf.read("/log.md").await, format!("{TWO}- and more\n"));
    let shelf = Shelf::new().await;
    shelf.write("/a.md", TWO).await;
    shelf.write("/b.md", "- It snowed last month.\n").await;
    let dreamt = shelf.dream().await;
    shelf.write("/b.md", "- It snowed last month, a lot.\n").await;
    let adopted = shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!((adopted.changes.len(), adopted.refused.len()), (2, 1));
}

#[tokio::test]
async fn an_edit_is_the_persons_own_and_still_checked() {
    let (shelf, dreamt) = two_changes().await;
    let house = &shelf.house;
    let words = "# Log\n- The pump is loud.\n- It rained last month.\n".to_owned();
    let edited = house
        .engine
        .edit_change(&house.operator, (dreamt.dream.id, 1), ("/log.md", words.clone()))
        .await
        .unwrap();
    assert_eq!(edited.change.maker, DreamMaker::Person(house.operator.actor.clone()));
    assert_eq!(edited.change.review, ChangeReview::Waiting);
    let huge = "- x\n".repeat(30_000);
    let refused = house.engine.edit_change(&house.operator, (dreamt.dream.id, 1), ("/log.md", huge)).await;
    assert!(matches!(refused, Err(VerbError::Invalid { .. })), "{refused:?}");
    shelf.adopt(&dreamt.dream, WhichChanges::Numbers(vec![1])).await;
    assert_eq!(shelf.read("/log.md").await, words);
}

#[tokio::test]
async fn only_who_may_approve_adopts() {
    let (shelf, dreamt) = two_changes().await;
    let house = &shelf.house;
    let id = dreamt.dream.id;
    let refused = house.engine.adopt_dream(&house.local, id, WhichChanges::Remaining).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
    let refused = house.engine.accept_changes(&house.local, id, &[1]).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
    let new = NewDream { output: DreamOutput::UpdateExisting, ..NewDream::over(shelf.target()) };
    let refused = house.engine.dream(&house.local, new).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
    assert_eq!(shelf.read("/log.md").await, TWO);
}

#[tokio::test]
async fn kinds_that_need_no_review_are_adopted_at_once() {
    let shelf = Shelf::new().await;
    shelf.write("/log.md", TWO).await;
    let new = NewDream { auto: vec![ChangeKind::Redate], ..NewDream::over(shelf.target()) };
    let dreamt = shelf.dream_over(new).await;
    assert_eq!(shelf.read("/log.md").await, TWO.replace("last month", "last month (2026-02)"));
    assert_eq!(dreamt.dream.adoptions.len(), 1);
    assert_eq!(dreamt.changes.iter().filter(|change| change.review == ChangeReview::Waiting).count(), 1);
}
