//! What a redacted version, a purged store or a purged dream held is in no file any more: the files are searched
//! for its words.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::{Dream, Effect, ProposedChange, SessionQuote, TopicEffect, TopicSide};
use dreamkeeper_domain::passage::Passage;
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::builders::{
    a_dream, a_message, a_named_session, a_proposed_change, a_scope, a_space, a_topic, a_topic_store,
    changes, hash_of, minute, next_topic, put_cut_topic, put_store, topic_passages,
};
use tempfile::TempDir;

/// Which of the words stand in any file under the directory, logs and all.
fn found(directory: &Path, words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, words));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        found.extend(words.iter().filter(|word| text.contains(**word)).map(|word| (*word).to_owned()));
    }
    found
}

/// With passages, whose speaker must go too.
fn put(store: &TopicStore, topic: &Topic, speaker: &str) -> Write {
    let name = Arc::<str>::from(speaker);
    let passages = topic_passages(store, topic, None).into_iter();
    let passages = passages.map(|passage| Passage { speaker: Some(name.clone()), ..passage }).collect();
    let mut write = put_cut_topic(topic, passages);
    if let Write::PutTopic { note, .. } = &mut write {
        note.reason = Some(speaker.to_owned());
    }
    write
}

fn a_change(dream: &Dream, number: u32, topic: &Topic) -> ProposedChange {
    let before = TopicSide {
        path: topic.head.path.clone(),
        number: topic.head.number,
        hash: hash_of(&topic.content),
        content: topic.content.clone(),
        origin: topic.head.origin,
    };
    let effect = TopicEffect { topic: topic.head.id, before: Some(before), after: None };
    ProposedChange { effects: vec![Effect::Topic(effect)], ..a_proposed_change(dream.id, number) }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_destruction_is_answered_nothing_of_it_is_in_any_file() {
    let words =
        ["redactedword", "redactedpath", "reasonword", "purgedword", "purgedpath", "purgedname", "diaryword"];
    let quote = "quotedword";
    let directory = TempDir::new().unwrap();
    let options = Options { idle: Duration::from_millis(20), ..Options::default() };
    let data = DataDir::open(directory.path(), options).unwrap();
    let space = data.store().space(a_space()).await.unwrap();
    let kept = TopicStore { scope: a_scope("ana", &[]), ..a_topic_store("kept") };
    let purged = a_topic_store("purgedname");
    let first = a_topic(&kept, "/redactedpath.md", &"redactedword ".repeat(40));
    let second = next_topic(&first, "/plain.md", "plain", minute(1));
    let gone = a_topic(&purged, "/purgedpath.md", &"purgedword ".repeat(3_000));
    let dream = a_dream(kept.id, minute(1));
    let doomed = Dream { diary: "diaryword ".repeat(3_000), ..a_dream(purged.id, minute(1)) };
    let session = a_named_session(a_scope("ana", &[]), "talk");
    let message = a_message("Something was said").in_session(&session);
    let said = message.clone().build();
    let quoting = ProposedChange {
        evidence: vec![SessionQuote { message: said.id, quote: quote.to_owned() }],
        title: "It was quotedword".into(),
        ..a_proposed_change(doomed.id, 1)
    };
    let put_dream =
        |dream: &Dream| Write::PutDream { dream: Box::new(dream.clone()), expected: Expected::Any };
    let proposed = vec![a_change(&dream, 1, &first), a_change(&dream, 2, &gone)];
    let writes = [
        message.write(),
        put_store(&kept),
        put_store(&purged),
        put(&kept, &first, "reasonword"),
        put(&purged, &gone, "reasonword"),
        put_dream(&dream),
        put_dream(&doomed),
        Write::PutProposedChanges { dream: dream.id, changes: proposed },
        Write::PutProposedChanges { dream: doomed.id, changes: vec![quoting] },
        Write::NoteWorkingFiles {
            store: purged.id,
            files: vec![("/purgedpath.md".into(), Some(hash_of(&gone.content)))],
        },
    ];
    space.apply(changes().open(&session).writes(writes).build()).await.unwrap();
    space.apply(changes().at(minute(1)).write(put(&kept, &second, "plain")).build()).await.unwrap();
    let all = [&words[..], &[quote]].concat();
    assert_eq!(found(directory.path(), &all).len(), all.len(), "the search finds what is there");
    let erase = Write::EraseMessage { id: said.id, reason: None };
    space.apply(changes().at(minute(2)).write(erase).build()).await.unwrap();
    assert_eq!(found(directory.path(), &[quote]), BTreeSet::new());
    let destroy = [
        Write::RedactTopicVersion(first.head.version),
        Write::PurgeTopicStore(purged.id),
        Write::PurgeDream(doomed.id),
    ];
    space.apply(changes().at(minute(2)).writes(destroy).build()).await.unwrap();
    assert_eq!(found(directory.path(), &all), BTreeSet::new());
    assert_eq!(space.check().await.unwrap(), Vec::<String>::new());
}
