//! Sessions: opened once, found by id, by key, and as the current one.

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::limits::SESSION_IDLE_MINUTES;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::SessionQuery;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;

use super::{StorePlace, apply, open, told};
use crate::builders::{a_message, a_named_session, a_scope, a_session, a_session_at, changes, minute};

/// Opening what is there answers with it, and later writes of the ChangeSet go there.
pub async fn a_session_is_opened_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_named_session(a_scope("ana", &["home"]), "chat");
    apply(&*space, changes().open(&first).write(a_message("one").in_session(&first).write())).await;
    let recorded = told(space.session(first.id).await).expect("the session is there");

    // The same id again, and the same key under another id and other labels.
    let namesake = a_named_session(a_scope("ana", &["work"]), "chat");
    let second = a_message("two").in_session(&namesake);
    let outcomes = apply(&*space, changes().open(&first).open(&namesake).write(second.clone().write())).await;
    let there = Outcome::Session { id: first.id, created: false };
    assert_eq!(outcomes[..2], [there.clone(), there]);
    assert!(matches!(outcomes[2], Outcome::Appended { session, ordinal: 1, .. } if session == first.id));
    assert_eq!(told(space.session(namesake.id).await), None, "the namesake was not recorded");
    let found = told(space.messages(&[second.clone().build().id]).await);
    assert_eq!(found[0].session, first.id, "the message stands in the session that was there");
    let of_first = |passage: &dreamkeeper_domain::passage::StoredPassage| {
        passage.passage.turn.is_some_and(|turn| turn.session == first.id)
    };
    let passages = told(space.passages(&first.scope.segment(), None, 10).await);
    assert!(passages.len() == 2 && passages.iter().all(of_first), "its passages too: {passages:?}");
    let now = told(space.session(first.id).await).expect("the session is there");
    assert_eq!(now, Session { message_count: 2, ..recorded }, "opening again changes nothing");
}

/// The same key of another user, agent, app or run is another session; labels make no difference.
pub async fn a_key_belongs_to_the_ids_of_a_scope(place: &dyn StorePlace) {
    let space = open(place).await;
    let ana = a_scope("ana", &[]);
    let scopes = [
        Scope::default(),
        ana.clone(),
        a_scope("bo", &[]),
        Scope { agent: Some("ana".into()), ..Scope::default() },
        Scope { agent: Some("x".into()), ..ana.clone() },
        Scope { app: Some("x".into()), ..ana.clone() },
        Scope { run: Some("x".into()), ..ana.clone() },
    ];
    let mut ids = Vec::new();
    for scope in &scopes {
        let session = a_named_session(scope.clone(), "chat");
        let outcomes = apply(&*space, changes().open(&session)).await;
        assert_eq!(outcomes, [Outcome::Session { id: session.id, created: true }]);
        ids.push(session.id);
    }
    for (scope, id) in scopes.iter().zip(ids) {
        let labelled = Scope { labels: ["any".to_owned()].into(), ..scope.clone() };
        for asked in [scope, &labelled] {
            let found = told(space.session_by_key(asked, "chat").await);
            assert_eq!(found.map(|session| session.id), Some(id), "under {asked:?}");
        }
        assert_eq!(told(space.session_by_key(scope, "Chat").await), None);
    }
}

/// Of the keyless sessions of exactly these ids, the one with the latest recorded message.
pub async fn the_current_session_is_the_latest_recorded_keyless_one(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    assert_eq!(told(space.current_session(&scope).await), None);
    let (first, second) = (a_session(scope.clone()), a_session_at(a_scope("ana", &["work"]), minute(60)));
    let named = a_named_session(scope.clone(), "chat");
    let elsewhere = a_session(Scope { run: Some("r".into()), ..scope.clone() });
    // Recorded order decides, not when things were said.
    let spoken = |session: &Session, recorded: i64, said: i64| {
        let message = a_message("hello").in_session(session).at(minute(said));
        message.with(|message| message.recorded_at = minute(recorded)).write()
    };
    let all = [&first, &second, &named, &elsewhere];
    let opened = all.into_iter().fold(changes(), |changes, session| changes.open(session));
    let writes = [spoken(&second, 61, 90), spoken(&first, 62, 10), spoken(&named, 63, 99)];
    apply(&*space, opened.writes(writes).write(spoken(&elsewhere, 64, 99))).await;
    let current = async || told(space.current_session(&scope).await).map(|session| session.id);
    assert_eq!(current().await, Some(first.id));
    apply(&*space, changes().write(spoken(&second, 65, 1))).await;
    assert_eq!(current().await, Some(second.id));
    assert_eq!(told(space.current_session(&a_scope("bo", &[])).await), None);
}

/// Two appends at once to a scope's current session both find none: the second goes where the first went,
/// until that has been idle.
pub async fn keyless_sessions_of_one_scope_at_one_time_are_one(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, work) = (a_scope("ana", &[]), a_scope("ana", &["work"]));
    let first = a_session(ana.clone());
    apply(&*space, changes().open(&first).write(a_message("one").in_session(&first).write())).await;
    let opened = async |session: &Session, recorded| {
        let message = a_message("more").in_session(session).at(recorded).write();
        let outcomes = apply(&*space, changes().open(session).write(message)).await;
        let Outcome::Session { id, created } = outcomes[0] else { panic!("{outcomes:?}") };
        assert!(matches!(outcomes[1], Outcome::Appended { session, .. } if session == id), "{outcomes:?}");
        assert_eq!((created, told(space.session(session.id).await).is_some()), (id == session.id, created));
        id
    };
    // At the same time, just before the idle time has passed, and by a clock that was read before.
    for recorded in [minute(0), minute(SESSION_IDLE_MINUTES - 1), minute(-1), minute(20)] {
        let session = a_session_at(work.clone(), recorded);
        assert_eq!(opened(&session, recorded).await, first.id, "at {recorded}");
    }
    let elsewhere = [Scope { run: Some("r".into()), ..ana.clone() }, a_scope("bo", &[])].map(a_session);
    let idle = a_session_at(ana.clone(), minute(20 + SESSION_IDLE_MINUTES));
    for (session, recorded) in elsewhere.iter().zip([minute(20); 2]).chain([(&idle, minute(90))]) {
        assert_eq!(opened(session, recorded).await, session.id, "{session:?}");
    }
    // A named one never is the current one, nor does it become it.
    let named = a_named_session(ana.clone(), "chat");
    assert_eq!(opened(&named, minute(91)).await, named.id);

    // What the same ChangeSet has written counts too: `later` is idle by its opening, not by its message.
    let later = a_session_at(ana.clone(), minute(200));
    let (open_late, after) = (minute(260), a_session_at(ana, minute(270)));
    let spoken = a_message("late").in_session(&later).at(open_late).write();
    let outcomes = apply(&*space, changes().open(&later).write(spoken).open(&after)).await;
    assert_eq!(outcomes[2], Outcome::Session { id: later.id, created: false });
    let held = told(space.session(first.id).await).expect("the session is there");
    assert_eq!(held.message_count, 5);
}

/// A session tells how many messages it holds and when the last came.
pub async fn a_session_tells_its_count_and_times(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &["home"]), "chat");
    let record = |message: &mut Message, said, recorded| {
        (message.at, message.recorded_at) = (minute(said), minute(recorded));
    };
    let first = a_message("one").in_session(&session).with(|message| record(message, -10, 0));
    let second = a_message("two").in_session(&session).with(|message| record(message, -5, 7));
    apply(&*space, changes().open(&session).writes([first.write(), second.write()])).await;
    let expected = Session {
        opened_at: minute(0),
        last_at: minute(-5),
        last_recorded_at: minute(7),
        message_count: 2,
        ..session.clone()
    };
    assert_eq!(told(space.session(session.id).await), Some(expected.clone()));
    assert_eq!(told(space.session_by_key(&session.scope, "chat").await), Some(expected));
    assert_eq!(told(space.session(SessionId::new(minute(0), [9; 10])).await), None);
}

/// Latest message first, page by page, under the scope only.
pub async fn sessions_are_listed_latest_message_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut expected = Vec::new();
    for number in 0..7_i64 {
        let recorded = minute(number * 60);
        let session = a_session_at(a_scope("ana", &[]), recorded);
        // 3, 6, 2, 5, 1, 4, 0: neither the order of opening nor its reverse; the last two meet in time.
        let said = minute((number * 4 + 3) % 7);
        let message = a_message("hello").in_session(&session).at(said);
        let write = message.with(|message| message.recorded_at = recorded).write();
        apply(&*space, changes().open(&session).write(write)).await;
        expected.push((said, session.id));
    }
    let other = a_session(a_scope("bo", &[]));
    apply(&*space, changes().open(&other).write(a_message("x").in_session(&other).write())).await;
    expected.sort_by(|a, b| b.cmp(a));
    for limit in [1, 2, 3, 7, 100] {
        let mut found = Vec::new();
        let mut query = SessionQuery { scope: a_scope("ana", &[]), after: None, limit };
        loop {
            let page = told(space.sessions(&query).await);
            assert!(page.items.len() <= limit, "a page holds at most {limit}");
            found.extend(page.items.iter().map(|session| (session.last_at, session.id)));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
            assert!(found.len() < 8, "pages come to an end");
        }
        assert_eq!(found, expected, "in pages of {limit}");
    }
}

/// Only those that still hold something, the longest quiet first.
pub async fn temporary_sessions_are_found_when_they_are_quiet(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut made = Vec::new();
    for number in 0..4_i64 {
        let plain = a_named_session(a_scope("ana", &[]), &format!("chat {number}"));
        let session = Session { temporary: number > 0, ..plain };
        let recorded = minute(10 - number);
        let message = a_message("hello").in_session(&session);
        let message = message.with(|message| message.recorded_at = recorded);
        let id = message.clone().build().id;
        apply(&*space, changes().open(&session).write(message.write())).await;
        assert_eq!(told(space.session(session.id).await).map(|there| there.temporary), Some(number > 0));
        made.push((session.id, id));
    }
    let idle = |before, limit| {
        let space = space.clone();
        async move { told(space.idle_temporary_sessions(minute(before), limit).await) }
    };
    assert_eq!(idle(7, 9).await, []);
    assert_eq!(idle(9, 9).await, [made[3].0, made[2].0]);
    assert_eq!(idle(99, 1).await, [made[3].0]);
    let erase = Write::EraseMessage { id: made[3].1, reason: None };
    apply(&*space, changes().write(erase)).await;
    assert_eq!(idle(99, 9).await, [made[2].0, made[1].0]);
}
