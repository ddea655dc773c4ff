//! Erasing: what is gone is gone from every read, for good.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome, Write};
use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{Owner, StoredPassage};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::version::Operation;
use serde_json::json;

use super::reading::{Asked, everything};
use super::{StorePlace, apply, open, refuse, told};
use crate::ScriptedEmbedder;
use crate::builders::{
    MemoryBuilder, a_memory, a_message, a_receipt, a_scope, a_served, a_session, an_actor, changes, minute,
};
use crate::naive_index::all_passages;

/// A message, a memory that quotes it, a state key, and a receipt that served all three.
struct Story {
    session: Session,
    message: Message,
    memory: Memory,
    bystander: Memory,
    receipt: Receipt,
    asked: Asked,
}

/// Words that stand in the message and wherever it is quoted, and nowhere else.
const SAID: &str = "zanzibar";
/// Words that stand in the memory's versions and reasons, and nowhere else.
const KEPT: &str = "marzipan";
/// Words that stand in the state key's values and reasons, and nowhere else.
const SET: &str = "gobsmack";
/// Words of another message that are quoted beside the first one's, and are never erased.
const STAYS: &str = "tuktuk";

async fn tell(space: &dyn SpaceStore) -> Story {
    let embedder = ScriptedEmbedder::default();
    let scope = a_scope("ana", &["home"]);
    let session = a_session(scope.clone());
    let message = a_message(&format!("I sailed to {SAID}")).in_session(&session).client_id("c-1");
    let kept = message.clone().build();
    let first = a_memory(&format!("Ana likes {KEPT}")).scope(scope.clone()).resting_on(&kept).pinned();
    let memory = first
        .with(|memory| {
            memory.aliases = vec![format!("{KEPT} lover")];
            memory.categories = [format!("{KEPT} things")].into();
            memory.metadata = serde_json::Map::from_iter([(KEPT.to_owned(), json!({"a": [KEPT]}))]);
        })
        .build();
    // Rests on two messages, of which one stays.
    let other = a_message(&format!("and home by {STAYS}")).in_session(&session);
    let bystander = a_memory("Ana sails").scope(scope.clone()).resting_on(&kept);
    let bystander = bystander.resting_on(&other.clone().build()).build();
    let set = |value: &str| Write::PutState {
        scope: scope.clone(),
        key: "plan".into(),
        value: Some(json!({ "plan": value })),
        expected: Expected::Any,
        reason: Some(format!("because of {value}")),
    };
    let create = |memory: &Memory| MemoryBuilder::from(memory.clone()).write_embedded(&embedder);
    let said = [message.write_embedded(&embedder), other.write_embedded(&embedder)];
    let writes = said.into_iter().chain([create(&memory), create(&bystander), set(SET)]);
    apply(space, changes().open(&session).writes(writes)).await;

    // Each gets a second version, so that there is a past to erase too.
    let mut next = MemoryBuilder::next(&memory, minute(1)).text(&format!("Ana loves {KEPT}"));
    next = next.with(|memory| memory.evidence.truncate(1));
    let reworded = Write::PutMemory {
        memory: Box::new(next.clone().build()),
        expected: Expected::Version(1),
        operation: Operation::Update,
        reason: Some(format!("she said {KEPT}")),
        passages: Some(crate::builders::memory_passages(&next.clone().build(), Some(&embedder))),
    };
    let followed = MemoryBuilder::next(&bystander, minute(1)).text("Ana sails far");
    let receipt = receipt(&scope, &kept, &next.clone().build());
    let further = [
        reworded,
        followed.clone().write_next(Operation::Update),
        set(&format!("{SET} more")),
        Write::PutReceipt(Box::new(receipt.clone())),
    ];
    apply(space, changes().at(minute(1)).writes(further)).await;
    let asked = Asked {
        messages: vec![kept.id],
        memories: vec![memory.id, bystander.id],
        state: vec![(scope, "plan".into())],
        receipts: vec![receipt.id],
        moments: vec![minute(0), minute(1), minute(2)],
    };
    Story { session, message: kept, memory: next.build(), bystander: followed.build(), receipt, asked }
}

fn receipt(scope: &Scope, message: &Message, memory: &Memory) -> Receipt {
    let mut kept = a_served(ServedSubject::Memory { id: memory.id, version: 2 }, &memory.text);
    kept.evidence = memory.evidence.clone();
    let said = a_served(ServedSubject::Message(message.id), &message.text());
    let set = a_served(ServedSubject::State { key: "plan".into(), version: 2 }, SET);
    a_receipt(scope.clone(), vec![kept, said, set])
}

async fn read(space: &dyn SpaceStore, story: &Story) -> String {
    format!("{:?}", everything(space, &story.asked).await)
}

/// Whether the words stand in the answer of any read.
fn holds(answers: &str, words: &str) -> bool {
    answers.to_lowercase().contains(words)
}

async fn passages_of(space: &dyn SpaceStore, story: &Story, owner: Owner) -> Vec<StoredPassage> {
    let mut found = told(all_passages(space, &story.session.scope.segment()).await);
    found.retain(|stored| stored.passage.owner == owner);
    found
}

/// Its text, aliases, categories, metadata, quotes, reasons; in every version, list, snapshot and receipt.
pub async fn an_erased_memory_leaves_no_content_in_any_read(place: &dyn StorePlace) {
    let space = open(place).await;
    let story = tell(&*space).await;
    let id = story.memory.id;
    let before = read(&*space, &story).await;
    assert!(holds(&before, KEPT) && holds(&before, SAID) && holds(&before, SET), "there is content to erase");
    let held = passages_of(&*space, &story, Owner::Memory(id)).await.len();
    assert_eq!(held, 2, "one passage for each version");

    let erasure = Write::EraseMemory { id, reason: Some("asked to".into()) };
    let outcomes = apply(&*space, changes().at(minute(2)).write(erasure)).await;
    assert_eq!(outcomes, [Outcome::Erased { passage_count: 2 }]);
    let after = read(&*space, &story).await;
    assert!(!holds(&after, KEPT), "nothing of the memory is left:\n{after}");
    assert!(holds(&after, SAID) && holds(&after, SET), "nothing else is gone");
    assert_eq!(passages_of(&*space, &story, Owner::Memory(id)).await, []);

    let left = told(space.memories(&[id], None).await);
    let [memory] = &left[..] else { panic!("an erased memory keeps its place") };
    assert_eq!((memory.status, memory.text.as_str(), memory.version), (Status::Erased, "", 3));
    assert!(memory.evidence.is_empty() && memory.metadata.is_empty());
    assert_eq!((memory.created_at, memory.updated_at), (minute(0), minute(2)));
    let versions = told(space.memory_versions(id).await);
    let told_of = versions.iter().map(|version| (version.number, version.operation, version.at));
    let expected = [
        (1, Operation::Create, minute(0)),
        (2, Operation::Update, minute(1)),
        (3, Operation::Erase, minute(2)),
    ];
    assert!(told_of.eq(expected), "numbers, operations and times stay: {versions:?}");
    assert!(versions.iter().all(|version| version.content.is_none() && version.actor == an_actor()));
    assert_eq!(versions[2].reason.as_deref(), Some("asked to"));
    let bystander = told(space.memories(&[story.bystander.id], None).await);
    assert_eq!(bystander, std::slice::from_ref(&story.bystander), "another memory is as it was");
}

/// Its parts, and quotes of it in the evidence of memories, their versions and receipts.
pub async fn an_erased_message_leaves_no_content_in_any_read(place: &dyn StorePlace) {
    let space = open(place).await;
    let story = tell(&*space).await;
    let erasure = Write::EraseMessage { id: story.message.id, reason: Some("asked to".into()) };
    let outcomes = apply(&*space, changes().at(minute(2)).write(erasure)).await;
    assert_eq!(outcomes, [Outcome::Erased { passage_count: 1 }]);
    let after = read(&*space, &story).await;
    assert!(!holds(&after, SAID), "nothing of the message is left:\n{after}");
    assert!(holds(&after, KEPT) && holds(&after, SET), "nothing else is gone");
    assert_eq!(passages_of(&*space, &story, Owner::Message(story.message.id)).await, []);
    assert_eq!(passages_of(&*space, &story, Owner::Memory(story.memory.id)).await.len(), 2);

    let turns = told(space.turns(story.session.id, 0, 10).await);
    let [message, _] = &turns[..] else { panic!("an erased message keeps its place: {turns:?}") };
    assert!(message.erased && message.parts.is_empty());
    assert_eq!((message.id, message.ordinal), (story.message.id, 0));
    let place = |message: &Message| (message.scope.clone(), message.role, message.at, message.recorded_at);
    assert_eq!(place(message), place(&story.message));
    let quotes = async |id| -> Vec<String> {
        let memory = told(space.memories(&[id], None).await).remove(0);
        memory.evidence.into_iter().map(|evidence| evidence.quote).filter(|quote| !quote.is_empty()).collect()
    };
    assert_eq!(quotes(story.memory.id).await, [""; 0]);
    assert_eq!(quotes(story.bystander.id).await, [format!("and home by {STAYS}")], "other quotes stay");
    let session = told(space.session(story.session.id).await).expect("the session is there");
    assert_eq!(session.message_count, 2, "erased ones are counted");
    let memories = told(space.memories(&[story.memory.id], None).await);
    assert_eq!(
        (&memories[0].text, memories[0].version),
        (&story.memory.text, 2),
        "the memory's own words stay"
    );
    let next = a_message("and then?").in_session(&story.session);
    let outcomes = apply(&*space, changes().write(next.write())).await;
    assert!(matches!(outcomes[0], Outcome::Appended { ordinal: 2, .. }), "its place is not given again");
}

/// Its values and reasons, in every version and receipt.
pub async fn an_erased_state_key_leaves_no_content_in_any_read(place: &dyn StorePlace) {
    let space = open(place).await;
    let story = tell(&*space).await;
    let (scope, key) = story.asked.state[0].clone();
    let other = a_scope("bo", &[]);
    apply(&*space, changes().state(&other, &key, Some(json!("his")), Expected::Absent)).await;
    let erasure = Write::EraseState { scope: scope.clone(), key: key.clone(), reason: None };
    let outcomes = apply(&*space, changes().at(minute(2)).write(erasure)).await;
    assert!(matches!(outcomes[0], Outcome::Erased { .. }), "{outcomes:?}");
    let after = read(&*space, &story).await;
    assert!(!holds(&after, SET), "nothing of the values is left:\n{after}");
    assert!(holds(&after, KEPT) && holds(&after, SAID), "nothing else is gone");
    assert_eq!(told(space.list_state(&scope).await), []);
    let versions = told(space.state_versions(&scope, &key).await);
    assert!(versions.iter().all(|version| version.content.is_none()), "{versions:?}");
    let told_of: Vec<_> = versions.iter().map(|version| (version.number, version.operation)).collect();
    assert_eq!(told_of, [(1, Operation::Create), (2, Operation::Update), (3, Operation::Erase)]);
    let his = told(space.state(&other, &key).await).expect("another scope's entry stays");
    assert_eq!(his.value, Some(json!("his")));
}

/// Neither by a new version nor by a repetition; and not as the past of a moment.
pub async fn what_was_erased_does_not_come_back(place: &dyn StorePlace) {
    let space = open(place).await;
    let story = tell(&*space).await;
    let erase_memory = Write::EraseMemory { id: story.memory.id, reason: None };
    let erase_message = Write::EraseMessage { id: story.message.id, reason: None };
    apply(&*space, changes().at(minute(2)).writes([erase_memory, erase_message])).await;
    let erased = told(space.memories(&[story.memory.id], None).await).remove(0);

    for expected in [Expected::Any, Expected::Version(3), Expected::Absent] {
        let write = Write::PutMemory {
            memory: Box::new(Memory { version: 4, ..story.memory.clone() }),
            expected,
            operation: Operation::Restore,
            reason: None,
            passages: Some(Vec::new()),
        };
        let error = refuse(&*space, changes().at(minute(3)).write(write)).await;
        assert!(matches!(error, ApplyError::Erased { .. }), "with {expected:?}: {error:?}");
    }
    assert_eq!(told(space.memories(&[story.memory.id], None).await), [erased]);

    // A transcript that is imported again tells the message again, under its client id.
    let again = a_message(&story.message.text()).in_session(&story.session).client_id("c-1").write();
    let answer = space.apply(changes().at(minute(3)).write(again).build()).await;
    let passed_over = matches!(
        answer.as_ref().map(|applied| &applied.outcomes[..]),
        Ok([Outcome::Duplicate { .. }]) | Err(ApplyError::Erased { .. })
    );
    assert!(passed_over, "{answer:?}");
    let after = read(&*space, &story).await;
    assert!(!holds(&after, SAID) && !holds(&after, KEPT), "{after}");
}

/// A recall that was answered before the erase may keep its receipt after it.
pub async fn a_receipt_written_after_an_erase_holds_none_of_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut story = tell(&*space).await;
    let (scope, key) = story.asked.state[0].clone();
    let erasures = [
        (Write::EraseMessage { id: story.message.id, reason: None }, [SAID].as_slice()),
        (Write::EraseMemory { id: story.memory.id, reason: None }, &[SAID, KEPT]),
        (Write::EraseState { scope: scope.clone(), key: key.clone(), reason: None }, &[SAID, KEPT, SET]),
    ];
    for (erasure, gone) in erasures {
        apply(&*space, changes().at(minute(2)).write(erasure)).await;
        let mut late = receipt(&scope, &story.message, &story.memory);
        let mut beside =
            a_served(ServedSubject::Memory { id: story.bystander.id, version: 2 }, "Ana sails far");
        beside.evidence = story.bystander.evidence.clone();
        late.items.push(beside);
        // The scope that was asked for may be wider than the entry's.
        late.scope = a_scope("ana", &[]);
        story.asked.receipts.push(late.id);
        apply(&*space, changes().at(minute(3)).write(Write::PutReceipt(Box::new(late.clone())))).await;
        let after = read(&*space, &story).await;
        for words in [SAID, KEPT, SET] {
            assert_eq!(holds(&after, words), !gone.contains(&words), "{words}:\n{after}");
        }
        let kept = told(space.receipt(late.id).await).expect("the receipt is there");
        assert_eq!(kept.items.len(), 4, "what was served is still told");
        assert_eq!(kept.items[3].quote, "Ana sails far", "another memory's words stay");
        assert!(kept.items[3].evidence[1].quote.contains(STAYS), "another message's too");
    }
    // The key's next value is not the one that was erased, and another scope's never was.
    apply(&*space, changes().state(&scope, &key, Some(json!("new")), Expected::Absent)).await;
    let set = |version| a_served(ServedSubject::State { key: key.clone(), version }, "new");
    let (next, bos) = (a_receipt(scope, vec![set(4)]), a_receipt(a_scope("bo", &[]), vec![set(1)]));
    for written in [next, bos] {
        apply(&*space, changes().write(Write::PutReceipt(Box::new(written.clone())))).await;
        assert_eq!(told(space.receipt(written.id).await), Some(written));
    }
}

/// Whoever read the message before the erase may write a memory that quotes it after.
pub async fn a_memory_version_written_after_an_erase_holds_none_of_its_quotes(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut story = tell(&*space).await;
    let erasure = Write::EraseMessage { id: story.message.id, reason: None };
    apply(&*space, changes().at(minute(2)).write(erasure)).await;
    let next = MemoryBuilder::next(&story.bystander, minute(3)).text("Ana sails on");
    let new = a_memory("Ana travels").scope(story.session.scope.clone()).resting_on(&story.message);
    story.asked.memories.push(new.clone().build().id);
    let writes = [next.write_next(Operation::Update), new.write()];
    apply(&*space, changes().at(minute(3)).writes(writes)).await;
    let after = read(&*space, &story).await;
    assert!(!holds(&after, SAID), "nothing of the message is back:\n{after}");
    let evidence = told(space.memories(&[story.bystander.id], None).await).remove(0).evidence;
    assert_eq!(evidence.len(), 2, "that it rests on the message stays");
    assert!(evidence[1].quote.contains(STAYS), "other quotes stay");
}

/// A job may run twice.
pub async fn erasing_twice_changes_nothing(place: &dyn StorePlace) {
    let space = open(place).await;
    let story = tell(&*space).await;
    let (scope, key) = story.asked.state[0].clone();
    let erasures = [
        Write::EraseMemory { id: story.memory.id, reason: None },
        Write::EraseMessage { id: story.message.id, reason: None },
        Write::EraseState { scope: scope.clone(), key: key.clone(), reason: None },
    ];
    apply(&*space, changes().at(minute(2)).writes(erasures.clone())).await;
    let state = async || {
        let versions = told(space.memory_versions(story.memory.id).await);
        let memories = told(space.memories(&[story.memory.id, story.bystander.id], None).await);
        let messages = told(space.messages(&[story.message.id]).await);
        let receipt = told(space.receipt(story.receipt.id).await);
        (versions, memories, messages, receipt, told(space.state_versions(&scope, &key).await))
    };
    let before = state().await;
    for erasure in erasures {
        match space.apply(changes().at(minute(3)).write(erasure).build()).await {
            Ok(applied) => assert_eq!(applied.outcomes, [Outcome::Erased { passage_count: 0 }]),
            Err(error) => assert!(matches!(error, ApplyError::Erased { .. }), "{error:?}"),
        }
    }
    assert_eq!(state().await, before);
}

/// There is nothing to erase, and the caller has the wrong id.
pub async fn erasing_the_unknown_is_refused(place: &dyn StorePlace) {
    let space = open(place).await;
    tell(&*space).await;
    let unknown = [
        Write::EraseMemory { id: MemoryId::new(minute(0), [9; 10]), reason: None },
        Write::EraseMessage { id: MessageId::new(minute(0), [9; 10]), reason: None },
        Write::EraseState { scope: a_scope("ana", &[]), key: "plan".into(), reason: None },
    ];
    for erasure in unknown {
        let error = refuse(&*space, changes().write(erasure.clone())).await;
        assert!(matches!(error, ApplyError::NotFound { .. }), "{erasure:?}: {error:?}");
    }
}
