//! Two spaces never meet: another space's data changes no byte of an answer.

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use serde_json::{Value, json};

use crate::seed::{ABSENT, CANARY, Seed, seed, visits};
use crate::server::{Server, server};

/// Everything that can be read of the space of that key, as text.
async fn everything(server: &Server, secret: &str) -> String {
    let question = json!({"query": format!("Who plays the {CANARY}?"), "all": true, "receipt": false});
    let list = json!({"statuses": ["active", "superseded", "archived", "forgotten"], "expired": true});
    let calls = [
        server.get("/dk/v1/sessions"),
        server.get("/dk/v1/state"),
        server.get("/dk/v1/audit"),
        server.get("/dk/v1/keys"),
        server.post("/dk/v1/memories/list", list),
        server.post("/dk/v1/recall", question),
        server.call(Method::POST, "/dk/v1/maintenance/doctor"),
    ];
    let mut read = String::new();
    for call in calls {
        let answered = call.with_key(secret).send().await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        read.push_str(&answered.text);
        read.push('\n');
    }
    read
}

#[tokio::test]
async fn another_spaces_data_changes_no_byte_of_an_answer() {
    let server = server().await;
    let other = server.engine.open_space("other").await.unwrap();
    let key = server.key_of(other, &Permission::ALL).await;
    let secret = key.secret.reveal();
    for text in [format!("Bo heard a {CANARY} once."), "Bo likes tea.".to_owned()] {
        let new = json!({"text": text, "scope": {"user": "bo"}});
        server.post("/dk/v1/memories", new).with_key(secret).ok().await;
        let said = json!({"messages": [{"role": "user", "text": text}], "scope": {"user": "bo"}});
        server.post("/dk/v1/messages", said).with_key(secret).ok().await;
    }
    let before = everything(&server, secret).await;
    assert!(before.contains(CANARY));
    seed(&server).await;
    assert_eq!(everything(&server, secret).await, before);
}

/// An answer with every mention of an id taken out.
fn without(id: &str, text: &str) -> String {
    text.replace(id, "<id>")
}

#[tokio::test]
async fn a_foreign_id_answers_as_one_that_does_not_exist() {
    let server = server().await;
    let seed_here = seed(&server).await;
    let other = server.engine.open_space("other").await.unwrap();
    let key = server.key_of(other, &Permission::ALL).await;
    let mut absent = seed(&server).await;
    let [held, other_held] = &mut absent.held;
    let [store, version] = &mut absent.topics;
    let [dream, waiting, dreamt] = &mut absent.dreams;
    let ids = [
        &mut absent.session,
        &mut absent.message,
        &mut absent.memory,
        &mut absent.receipt,
        &mut absent.key,
        &mut absent.event,
        held,
        other_held,
        store,
        version,
        dream,
        waiting,
        dreamt,
    ];
    for id in ids {
        ABSENT.clone_into(id);
    }
    let Seed {
        session,
        message,
        memory,
        receipt,
        key: known_key,
        event,
        held: [held, other_held],
        topics,
        dreams,
    } = &seed_here;
    let ([store, version], [dream, waiting, dreamt]) = (topics, dreams);
    let ids = [
        session, message, memory, receipt, known_key, event, held, other_held, store, version, dream,
        waiting, dreamt,
    ];
    for (foreign, absent) in visits(&seed_here).into_iter().zip(visits(&absent)) {
        if !foreign.names_a_record() {
            continue;
        }
        let foreign_answer = foreign.call(&server).with_key(key.secret.reveal()).send().await;
        let absent_answer = absent.call(&server).with_key(key.secret.reveal()).send().await;
        let seen = ids.iter().fold(foreign_answer.text.clone(), |text, id| without(id, &text));
        let expected = without(ABSENT, &absent_answer.text);
        assert_eq!((foreign_answer.status, seen), (404, expected), "{} {}", foreign.method, foreign.route);
    }
}

#[tokio::test]
async fn evidence_of_another_space_is_no_evidence() {
    let server = server().await;
    let seed = seed(&server).await;
    let other = server.engine.open_space("other").await.unwrap();
    let key = server.key_of(other, &Permission::ALL).await;
    let new = |message: &str| -> Value {
        json!({"text": "Ana plays.", "evidence": [{"message": message, "quote": CANARY}]})
    };
    let call = |message: &str| server.post("/dk/v1/memories", new(message)).with_key(key.secret.reveal());
    let (foreign, absent) = (call(&seed.message).send().await, call(ABSENT).send().await);
    assert_eq!(foreign.code(), "not_found");
    assert_eq!(without(&seed.message, &foreign.text), without(ABSENT, &absent.text));
}
