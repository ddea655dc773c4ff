//! Versions of topics: who, when, what, differences, blame, bringing back, redacting.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::ports::TopicVersionQuery;
use dreamkeeper_domain::topic::{TopicOperation, TopicVersion};
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{ListVersions, TopicRef, TopicWriting, VersionRef};
use jiff::SignedDuration;

use crate::topics::{Notes, at, notes};

async fn versions(notes: &Notes, tests: TopicVersionQuery) -> Vec<TopicVersion> {
    let list = ListVersions { tests, limit: None };
    let engine = &notes.house.engine;
    engine.list_topic_versions(&notes.house.local, notes.store.id, list).await.expect("listed").items
}

/// A topic that was written, reworded, moved and removed.
async fn history() -> Notes {
    let notes = notes().await;
    notes.write("/tea.md", "# Tea\ngreen\n").await;
    notes.write("/tea.md", "# Tea\ngreen\nblack\n").await;
    notes.house.clock.advance(SignedDuration::from_secs(1));
    notes.update("/tea.md", (None, Some("/drinks/tea.md")), None).await.expect("moved");
    notes.delete("/drinks/tea.md", None).await.expect("removed");
    notes
}

#[tokio::test]
async fn every_change_is_a_version_newest_first_and_outlives_the_topic() {
    use TopicOperation::{Created, Deleted, Modified};
    let notes = history().await;
    let all = versions(&notes, TopicVersionQuery::default()).await;
    let told: Vec<_> = all.iter().map(|version| (version.number, version.operation)).collect();
    assert_eq!(told, [(4, Deleted), (3, Modified), (2, Modified), (1, Created)]);
    let last = &all[0];
    assert_eq!((last.path.as_deref(), &last.content, last.hash), (Some("/drinks/tea.md"), &None, None));
    assert!(all.iter().all(|version| version.actor == notes.house.local.actor));
    let deleted = TopicVersionQuery { operation: Some(Deleted), ..TopicVersionQuery::default() };
    assert_eq!(versions(&notes, deleted).await.len(), 1);
    let by = TopicVersionQuery { actor: Some(notes.house.local.actor.to_string()), ..Default::default() };
    assert_eq!(versions(&notes, by).await.len(), 4);
    let between = TopicVersionQuery { from: Some(all[2].at), to: Some(all[1].at), ..Default::default() };
    assert_eq!(versions(&notes, between).await.len(), 2, "both bounds are inclusive");
}

#[tokio::test]
async fn a_difference_is_told_between_any_two() {
    let notes = history().await;
    let (house, id, named) = (&notes.house, notes.store.id, at("/drinks/tea.md"));
    let diff = |from, to| house.engine.diff_topic(&house.local, id, &named, (from, to));
    let number = VersionRef::Number;
    let added = diff(Some(number(1)), Some(number(3))).await.expect("both are there");
    assert_eq!((added.inserted_count, added.removed_count), (1, 0));
    assert!(added.unified.contains("+black"), "{}", added.unified);
    let first = diff(None, Some(number(1))).await.expect("the first");
    assert!(first.from.is_none() && first.unified.starts_with("--- /dev/null"), "{}", first.unified);
    let last = diff(None, None).await.expect("the removal");
    assert_eq!((last.to.number, last.removed_count), (4, 3));
    let error = diff(None, Some(number(9))).await.unwrap_err();
    assert!(matches!(error, VerbError::NotFound { what: "topic version", .. }), "{error}");
}

#[tokio::test]
async fn blame_names_the_version_that_brought_each_line() {
    let notes = notes().await;
    notes.write("/tea.md", "# Tea\ngreen\n").await;
    notes.write("/tea.md", "# Tea\nwhite\ngreen\n").await;
    notes.write("/tea.md", "# Tea\nwhite\ngreen\nwhite").await;
    let house = &notes.house;
    let blame = house.engine.blame_topic(&house.local, notes.store.id, &at("/tea.md")).await.expect("told");
    let told: Vec<(&str, u32)> =
        blame.lines.iter().map(|line| (line.text.as_str(), blame.versions[line.version].number)).collect();
    assert_eq!(told, [("# Tea", 1), ("white", 2), ("green", 1), ("white", 3)]);
}

#[tokio::test]
async fn a_version_is_brought_back_as_a_new_one() {
    let notes = history().await;
    let (house, id, named) = (&notes.house, notes.store.id, at("/drinks/tea.md"));
    let restore =
        |version| house.engine.restore_topic(&house.local, (id, &named), version, TopicWriting::default());
    let back = restore(None).await.expect("as it was before it was removed");
    assert_eq!((back.topic.head.number, back.topic.content.as_str()), (5, "# Tea\ngreen\nblack\n"));
    let first = restore(Some(VersionRef::Number(1))).await.expect("the first");
    assert_eq!(first.topic.content, "# Tea\ngreen\n");
    assert!(!restore(Some(VersionRef::Number(1))).await.expect("it is so already").changed);
    let error = restore(Some(VersionRef::Number(4))).await.unwrap_err();
    assert!(matches!(error, VerbError::Invalid { .. }), "a removal says nothing: {error}");
    assert_eq!(notes.read("/drinks/tea.md").await.expect("there").head.number, 6);
}

#[tokio::test]
async fn a_removed_topic_whose_path_is_taken_stays_removed() {
    let notes = history().await;
    let topic = versions(&notes, TopicVersionQuery::default()).await[0].topic;
    notes.create("/drinks/tea.md", "another").await;
    let house = &notes.house;
    let named = TopicRef::Id(topic);
    let writing = TopicWriting::default();
    let error = house.engine.restore_topic(&house.local, (notes.store.id, &named), None, writing).await;
    assert!(matches!(error, Err(VerbError::Apply(ApplyError::PathTaken { .. }))), "{error:?}");
}

#[tokio::test]
async fn a_redacted_version_says_nothing_and_the_current_one_cannot_be() {
    let notes = notes().await;
    notes.write("/tea.md", "my password is x").await;
    notes.write("/tea.md", "no password").await;
    let all = versions(&notes, TopicVersionQuery::default()).await;
    let (house, id) = (&notes.house, notes.store.id);
    let redact =
        |principal, version: &TopicVersion| house.engine.redact_topic_version(principal, id, version.id);
    let refused = redact(&house.local, &all[1]).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "agents cannot redact: {refused:?}");
    let head = redact(&house.operator, &all[0]).await;
    assert!(matches!(head, Err(VerbError::Apply(ApplyError::HeadVersion(_)))), "{head:?}");
    let gone = redact(&house.operator, &all[1]).await.expect("emptied");
    assert_eq!((&gone.path, &gone.content, gone.hash, gone.size), (&None, &None, None, None));
    assert_eq!(gone.redacted.as_ref().map(|redaction| &redaction.actor), Some(&house.operator.actor));
    house.clock.advance(SignedDuration::from_secs(9));
    assert_eq!(redact(&house.operator, &all[1]).await, Ok(gone), "again changes nothing");
    notes.delete("/tea.md", None).await.expect("removed");
    redact(&house.operator, &all[0]).await.expect("the last content of a removed topic can be emptied");
    let writing = TopicWriting::default();
    let topic = TopicRef::Id(all[0].topic);
    let back = house.engine.restore_topic(&house.local, (id, &topic), None, writing).await;
    assert!(matches!(back, Err(VerbError::Invalid { .. })), "{back:?}");
}
