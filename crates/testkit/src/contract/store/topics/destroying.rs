//! Destroying: of a redacted version only the fact stays, of a purged store nothing.

use dreamkeeper_domain::changeset::{ApplyError, Outcome, Write};
use dreamkeeper_domain::dream::{ChangeReview, Effect, ProposedChange, TopicEffect, TopicSide};
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_domain::receipt::ServedSubject;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::Topic;

use super::{StorePlace, a_store, apply, open, put_dream, refuse, told, write};
use crate::builders::{
    a_dream, a_proposed_change, a_receipt, a_served, a_topic, an_actor, changes, hash_of, minute, next_topic,
    remove_topic,
};

/// Not of the version that stands; a second time changes nothing.
pub async fn redaction_takes_everything_but_the_fact(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/secret.md", "the code is 1234");
    write(&*space, &first).await;
    let redact = |version| changes().at(minute(5)).write(Write::RedactTopicVersion(version));
    let head = refuse(&*space, redact(first.head.version)).await;
    assert_eq!(head, ApplyError::HeadVersion(first.head.version));
    write(&*space, &next_topic(&first, "/plain.md", "nothing", minute(1))).await;
    apply(&*space, redact(first.head.version)).await;
    apply(&*space, redact(first.head.version)).await;
    let version = told(space.topic_version(first.head.version).await).expect("it stays");
    assert_eq!((version.path, version.content, version.hash, version.size), (None, None, None, None));
    let redacted = version.redacted.expect("it was redacted");
    assert_eq!((redacted.at, redacted.actor), (minute(5), an_actor()));
    assert_eq!(told(space.topics(&[first.head.id], Some(minute(0))).await), []);
    assert_eq!(told(space.topics(&[first.head.id], None).await).len(), 1);
}

/// And touches no other store.
pub async fn a_purged_store_leaves_nothing(place: &dyn StorePlace) {
    let space = open(place).await;
    let (store, other) = (a_store(&*space, "notes").await, a_store(&*space, "other").await);
    let (gone, stays) = (a_topic(&store, "/a.md", "one"), a_topic(&other, "/a.md", "two"));
    write(&*space, &gone).await;
    write(&*space, &stays).await;
    apply(&*space, changes().write(Write::PurgeTopicStore(store.id))).await;
    assert_eq!(told(space.topic_store(store.id).await), None);
    assert_eq!(told(space.topic_version(gone.head.version).await), None);
    assert_eq!(told(space.topics(&[gone.head.id, stays.head.id], None).await), [stays]);
    let twice = apply(&*space, changes().write(Write::PurgeTopicStore(store.id))).await;
    assert_eq!(twice, [Outcome::Erased { passage_count: 0 }]);
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// It is no current one; the version that tells of the removal can go too.
pub async fn the_last_version_of_a_removed_topic_can_be_redacted(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let topic = a_topic(&store, "/secret.md", "the code is 1234");
    write(&*space, &topic).await;
    let removal = remove_topic(&topic, minute(1));
    let Write::RemoveTopic { version: removed, .. } = removal else { unreachable!("it is a removal") };
    apply(&*space, changes().at(minute(1)).write(removal)).await;
    for version in [topic.head.version, removed] {
        let outcomes = apply(&*space, changes().write(Write::RedactTopicVersion(version))).await;
        assert_eq!(outcomes, [Outcome::Erased { passage_count: 0 }]);
        let found = told(space.topic_version(version).await).expect("it stays");
        assert_eq!((found.path, found.content), (None, None));
    }
    assert_eq!(told(space.topics(&[topic.head.id], Some(minute(0))).await), []);
    let mut back = next_topic(&topic, "/new.md", "anew", minute(2));
    back.head.number = 3;
    write(&*space, &back).await;
    assert_eq!(told(space.topics(&[topic.head.id], None).await), [back]);
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// Made from it, or of the same words; also where it is proposed again.
pub async fn what_tells_a_destroyed_version_is_emptied(place: &dyn StorePlace) {
    let space = open(place).await;
    let (store, other) = (a_store(&*space, "notes").await, a_store(&*space, "other").await);
    let first = a_topic(&store, "/a.md", "the code is 1234");
    let second = next_topic(&first, "/a.md", "nothing", minute(1));
    let elsewhere = a_topic(&other, "/a.md", "elsewhere");
    for topic in [&first, &second, &elsewhere] {
        write(&*space, topic).await;
    }
    let dream = a_dream(store.id, minute(2));
    apply(&*space, changes().write(put_dream(&dream))).await;
    let from_first = a_change(dream.id, 1, (&first, "plain"));
    let of_its_words = a_change(dream.id, 2, (&second, &first.content));
    let of_another = a_change(dream.id, 3, (&elsewhere, "also elsewhere"));
    let from_second = a_change(dream.id, 4, (&second, "plain"));
    let proposed = [from_first, of_its_words, of_another, from_second];
    let propose = || {
        let write = Write::PutProposedChanges { dream: dream.id, changes: proposed.to_vec() };
        changes().write(write)
    };
    let emptied = async || {
        let found = told(space.proposed_changes(dream.id).await);
        for (found, proposed) in found.iter().zip(&proposed) {
            let is_gone = found.title.is_empty() && found.effects.is_empty();
            assert_eq!(is_gone, matches!(found.review, ChangeReview::SetAside { .. }), "{found:?}");
            assert!(is_gone || found == proposed, "{found:?}");
        }
        found.iter().map(|change| change.effects.is_empty()).collect::<Vec<_>>()
    };
    apply(&*space, propose()).await;
    assert_eq!(emptied().await, [false; 4]);
    apply(&*space, changes().write(Write::RedactTopicVersion(first.head.version))).await;
    assert_eq!(emptied().await, [true, true, false, false]);
    apply(&*space, changes().write(Write::PurgeTopicStore(other.id))).await;
    assert_eq!(emptied().await, [true, true, true, false]);
    apply(&*space, propose()).await;
    assert_eq!(emptied().await, [true, false, true, false], "of words alone a store keeps no account");
}

/// Also of a receipt that is written after it went.
pub async fn receipts_quote_nothing_that_was_destroyed(place: &dyn StorePlace) {
    let space = open(place).await;
    let (store, other) = (a_store(&*space, "notes").await, a_store(&*space, "other").await);
    let first = a_topic(&store, "/a.md", "the code is 1234");
    let (second, elsewhere) =
        (next_topic(&first, "/a.md", "nothing", minute(1)), a_topic(&other, "/b.md", "else"));
    for topic in [&first, &second, &elsewhere] {
        write(&*space, topic).await;
    }
    let served = |topic: &Topic| {
        let subject = ServedSubject::Topic { id: topic.head.id, number: topic.head.number };
        a_served(subject, &topic.content)
    };
    let items = vec![served(&first), served(&second), served(&elsewhere)];
    let put = async || {
        let receipt = a_receipt(Scope::default(), items.clone());
        let id = receipt.id;
        apply(&*space, changes().write(Write::PutReceipt(Box::new(receipt)))).await;
        id
    };
    let quotes = async |id| {
        let receipt = told(space.receipt(id).await).expect("it was written");
        receipt.items.into_iter().map(|item| item.quote).collect::<Vec<_>>()
    };
    let early = put().await;
    assert_eq!(quotes(early).await, ["the code is 1234", "nothing", "else"]);
    apply(&*space, changes().write(Write::RedactTopicVersion(first.head.version))).await;
    apply(&*space, changes().write(Write::PurgeTopicStore(other.id))).await;
    assert_eq!(quotes(early).await, ["", "nothing", ""]);
    assert_eq!(quotes(put().await).await, ["", "nothing", ""]);
}

/// A change from a topic to another content.
fn a_change(dream: DreamId, number: u32, (topic, after): (&Topic, &str)) -> ProposedChange {
    let head = &topic.head;
    let before = TopicSide {
        path: head.path.clone(),
        number: head.number,
        hash: hash_of(&topic.content),
        content: topic.content.clone(),
        origin: head.origin,
    };
    let effect = TopicEffect {
        topic: head.id,
        before: Some(before),
        after: Some((head.path.clone(), after.to_owned())),
    };
    ProposedChange { effects: vec![Effect::Topic(effect)], ..a_proposed_change(dream, number) }
}
