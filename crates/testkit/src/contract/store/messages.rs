//! Messages: read back as written, in order, once.

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::{ApplyError, Outcome, Write};
use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::message::{Message, Part, Role};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::time::Zone;
use jiff::SignedDuration;
use serde_json::json;

use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{
    MessageBuilder, a_message, a_named_session, a_scope, a_session, changes, message_passages, minute,
};

/// Every property of a message, and every kind of part.
pub async fn acknowledged_writes_are_read_back(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &["trip"]));
    let rich = a_message("ignored").in_session(&session).label("plans").by("Ana Ñandú").with(|message| {
        message.client_id = Some("c-1".into());
        message.role = Role::Tool;
        message.origin = Origin::External;
        message.via = Via::Import;
        message.zone = Some(Zone::new("Europe/Lisbon").expect("Lisbon has a zone"));
        message.at = minute(-3) + SignedDuration::from_micros(123_456);
        message.recorded_at = minute(2) + SignedDuration::from_micros(1);
        message.parts = vec![
            Part::Text { text: "zero\u{0}byte, 猫 and \"quotes\"".into() },
            Part::ToolCall { id: "t1".into(), name: "wind".into(), arguments: json!({"at": ["Faro", 1.5]}) },
            Part::ToolResult { call: "t1".into(), content: "calm\n".into() },
            Part::Image { caption: "a red kite".into() },
        ];
    });
    let plain = a_message("plain").in_session(&session);
    let writes = [rich.clone().write(), plain.clone().write()];
    let outcomes = apply(&*space, changes().open(&session).writes(writes)).await;
    assert!(matches!(outcomes[0], Outcome::Session { created: true, id } if id == session.id));

    let rich = Message { ordinal: 0, ..rich.build() };
    let plain = Message { ordinal: 1, ..plain.build() };
    for (message, outcome) in [&rich, &plain].into_iter().zip(&outcomes[1..]) {
        let Outcome::Appended { id, session: to, ordinal, passages } = outcome else {
            panic!("an append answers Appended, not {outcome:?}");
        };
        assert_eq!((*id, *to, *ordinal), (message.id, session.id, message.ordinal));
        assert_eq!(passages.len(), message_passages(message, None).len());
    }
    let stranger = MessageId::new(minute(0), [9; 10]);
    let mut found = told(space.messages(&[plain.id, stranger, rich.id]).await);
    found.sort_by_key(|message| message.ordinal);
    assert_eq!(found, [rich.clone(), plain.clone()], "unknown ids are left out, known ones come back whole");
    assert_eq!(told(space.turns(session.id, 0, 10).await), [rich, plain]);
    assert_eq!(told(space.messages(&[]).await), []);
}

/// Many tasks append to one session at once: no ordinal is lost, none is given twice.
pub async fn ordinals_are_contiguous_under_concurrency(place: &dyn StorePlace) {
    const TASKS: usize = 16;
    const EACH: usize = 4;
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    apply(&*space, changes().open(&session)).await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let (space, session) = (space.clone(), session.clone());
        tasks.spawn(async move {
            let mut given = Vec::new();
            for turn in 0..EACH {
                let message = a_message(&format!("turn {turn} of task {task}")).in_session(&session);
                given.extend(apply(&*space, changes().write(message.write())).await);
            }
            given
        });
    }
    let mut given = BTreeSet::new();
    for outcomes in tasks.join_all().await {
        let mut before = None;
        for outcome in outcomes {
            let Outcome::Appended { id, ordinal, .. } = outcome else { panic!("{outcome:?}") };
            assert!(before < Some(ordinal), "one task's later message stands later");
            assert_eq!(told(space.messages(&[id]).await)[0].ordinal, ordinal, "as it was answered");
            before = Some(ordinal);
            given.insert(ordinal);
        }
    }
    let count = (TASKS * EACH) as u32;
    assert!(given.into_iter().eq(0..count), "every ordinal is given once");
    let turns = told(space.turns(session.id, 0, count + 1).await);
    assert!(turns.iter().map(|turn| turn.ordinal).eq(0..count));
    let session = told(space.session(session.id).await).expect("the session is there");
    assert_eq!(session.message_count, count);
}

/// Appending a client id again answers with what is there and writes nothing.
pub async fn client_ids_make_appends_idempotent(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let first = a_message("I paddle on Sundays").in_session(&session).client_id("c-1");
    apply(&*space, changes().open(&session).write(first.clone().write())).await;
    let before = told(space.turns(session.id, 0, 10).await);

    // The second telling comes later, under a fresh id, and says the same.
    let again = a_message("I paddle on Sundays").in_session(&session).client_id("c-1").at(minute(5));
    let next = a_message("and on Mondays").in_session(&session).client_id("c-2");
    let writes = [again.write(), next.clone().write(), next.with(new_id).write()];
    let outcomes = apply(&*space, changes().writes(writes)).await;
    let first = first.build();
    assert_eq!(outcomes[0], Outcome::Duplicate { id: first.id, session: session.id, ordinal: 0 });
    assert!(matches!(outcomes[1], Outcome::Appended { ordinal: 1, .. }), "{:?}", outcomes[1]);
    assert!(
        matches!(outcomes[2], Outcome::Duplicate { ordinal: 1, .. }),
        "a repetition inside one ChangeSet is one too: {:?}",
        outcomes[2]
    );
    let after = told(space.turns(session.id, 0, 10).await);
    assert_eq!(after[..1], before[..], "what was there has not changed");
    assert_eq!(after.len(), 2);
    let passages = told(space.passages(&session.scope.segment(), None, 10).await);
    assert_eq!(passages.len(), 2, "a duplicate brings no passages");
    assert_eq!(told(space.session(session.id).await).map(|session| session.message_count), Some(2));
}

/// The same client id with other content is an error, and the ChangeSet is not applied.
pub async fn a_reused_client_id_with_other_content_is_refused(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let first = a_message("I like tea").in_session(&session).client_id("c-1");
    apply(&*space, changes().open(&session).write(first.write())).await;
    let sound = a_message("unrelated").in_session(&session);
    let other = a_message("I like coffee").in_session(&session).client_id("c-1");
    let error = refuse(&*space, changes().writes([sound.write(), other.write()])).await;
    assert_eq!(error, ApplyError::ClientIdReused { client_id: "c-1".into() });
    let turns = told(space.turns(session.id, 0, 10).await);
    assert_eq!(turns.iter().map(Message::text).collect::<Vec<_>>(), ["I like tea"]);
}

/// A client id is unique in its session only.
pub async fn client_ids_of_two_sessions_never_meet(place: &dyn StorePlace) {
    let space = open(place).await;
    let one = a_named_session(a_scope("ana", &[]), "one");
    let two = a_named_session(a_scope("ana", &[]), "two");
    let message = |text, session| a_message(text).in_session(session).client_id("c-1").write();
    let writes = [message("in one", &one), message("in two", &two)];
    let outcomes = apply(&*space, changes().open(&one).open(&two).writes(writes)).await;
    for outcome in &outcomes[2..] {
        assert!(matches!(outcome, Outcome::Appended { ordinal: 0, .. }), "{outcome:?}");
    }
}

/// A message's id names one message for ever.
pub async fn a_message_id_is_used_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let first = a_message("the first").in_session(&session);
    apply(&*space, changes().open(&session).write(first.clone().write())).await;
    let second = first.clone().with(|message| message.parts = vec![Part::Text { text: "other".into() }]);
    refuse(&*space, changes().write(second.write())).await;
    assert_eq!(told(space.turns(session.id, 0, 10).await), [first.build()]);
}

/// An append names a session that is there.
pub async fn a_message_for_no_session_is_refused(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let lost = a_message("hello?").in_session(&session);
    let error = refuse(&*space, changes().write(lost.clone().write())).await;
    let ApplyError::NotFound { record } = error else { panic!("{error:?}") };
    assert!(record.contains(&session.id.to_string()), "`{record}` names the session");
    assert_eq!(told(space.messages(&[lost.build().id]).await), []);
}

/// `[from, to)`, in order, at most a page.
pub async fn turns_are_read_in_order_and_bounded(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, other) = (a_session(a_scope("ana", &[])), a_session(a_scope("bo", &[])));
    let count = PAGE_COUNT_MAX + 5;
    // Said backwards in time: the order of turns is the order of appending.
    let turn = |number: usize| a_message("turn").in_session(&session).at(minute(-(number as i64)));
    let writes: Vec<Write> = (0..count).map(|number| turn(number).write()).collect();
    apply(&*space, changes().open(&session).open(&other).writes(writes)).await;
    apply(&*space, changes().write(a_message("elsewhere").in_session(&other).write())).await;
    let ordinals = async |from, to| -> Vec<u32> {
        let turns = told(space.turns(session.id, from, to).await);
        assert!(turns.iter().all(|turn| turn.session == session.id));
        turns.iter().map(|turn| turn.ordinal).collect()
    };
    assert_eq!(ordinals(2, 5).await, [2, 3, 4]);
    assert_eq!(ordinals(0, 1).await, [0]);
    assert_eq!(ordinals(5, 5).await, [0; 0]);
    assert_eq!(ordinals(7, 3).await, [0; 0]);
    assert_eq!(ordinals(count as u32 - 1, u32::MAX).await, [count as u32 - 1]);
    assert!(ordinals(0, u32::MAX).await.into_iter().eq(0..PAGE_COUNT_MAX as u32));
}

/// Each turn once, by session and place; ids of nothing are passed over.
pub async fn surroundings_are_the_turns_within_reach(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, other) = (a_session(a_scope("ana", &[])), a_session(a_scope("bo", &[])));
    let said: Vec<_> = (0..9).map(|_| a_message("turn").in_session(&session)).collect();
    let lone = a_message("elsewhere").in_session(&other);
    let writes: Vec<Write> = said.iter().map(|message| message.clone().write()).collect();
    apply(&*space, changes().open(&session).open(&other).writes(writes).write(lone.clone().write())).await;
    let id = |place: usize| said[place].clone().build().id;
    let near = async |ids: &[MessageId], reach| -> (Vec<u32>, Vec<SessionId>) {
        let near = told(space.surroundings(ids, reach).await);
        let ordinals = near.messages.iter().map(|turn| turn.ordinal).collect();
        (ordinals, near.sessions.iter().map(|session| session.id).collect())
    };
    assert_eq!(near(&[id(4)], 0).await, (vec![4], vec![session.id]));
    assert_eq!(near(&[id(0), id(2)], 1).await, (vec![0, 1, 2, 3], vec![session.id]));
    assert_eq!(near(&[id(8), id(8)], 2).await, (vec![6, 7, 8], vec![session.id]));
    let unknown = a_message("never said").build().id;
    assert_eq!(near(&[unknown], 3).await, (vec![], vec![]));
    let (ordinals, sessions) = near(&[lone.build().id, id(5)], 1).await;
    assert_eq!((ordinals.len(), sessions.len()), (4, 2));
}

fn new_id(message: &mut Message) {
    message.id = MessageBuilder::build(a_message("")).id;
}
