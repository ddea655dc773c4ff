//! One record of each sort, and one good request to each route about them.

mod dreams;
mod topics;

use axum::http::Method;
use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::Clock;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use serde_json::{Value, json};

use crate::server::{Call, Server};

/// A word that only the seeded records hold.
pub(crate) const CANARY: &str = "xylophone";

/// An id that no record has.
pub(crate) const ABSENT: &str = "019a5b7e-3c00-7000-8000-0123456789ab";

/// The ids of the seeded records.
pub(crate) struct Seed {
    pub(crate) session: String,
    pub(crate) message: String,
    pub(crate) memory: String,
    pub(crate) receipt: String,
    pub(crate) key: String,
    pub(crate) event: String,
    /// Two candidates that wait in quarantine.
    pub(crate) held: [String; 2],
    /// A store of topics, and the first of two versions of the topic in it.
    pub(crate) topics: [String; 2],
    /// A dream with a change, one that waits for its turn, and the store that both are over.
    pub(crate) dreams: [String; 3],
}

/// Records one of each sort, as the operator of the server's space.
pub(crate) async fn seed(server: &Server) -> Seed {
    let key = server.key_of(server.space, &[Permission::Read]).await;
    Seed { key: key.key.id.to_string(), ..seed_without_key(server).await }
}

/// The same without a key, so that the server stays open to local callers.
pub(crate) async fn seed_without_key(server: &Server) -> Seed {
    let scope = json!({"user": "ana"});
    let text = format!("I play the {CANARY} on Sundays.");
    let append = json!({"scope": scope, "learn": "off", "messages": [{"role": "user", "text": text}]});
    let appended = server.post("/dk/v1/messages", append).by_operator().ok().await;
    let new = json!({"text": format!("Ana plays the {CANARY}."), "scope": scope});
    let memory = server.post("/dk/v1/memories", new).by_operator().ok().await;
    server
        .call(Method::PUT, "/dk/v1/state/instrument?user=ana")
        .json(&json!({"value": CANARY}))
        .by_operator()
        .ok()
        .await;
    let question = json!({"query": format!("Who plays the {CANARY}?"), "scope": scope, "all": true});
    let recall = server.post("/dk/v1/recall", question).by_operator().ok().await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let session = text(&appended["session"]);
    let summary = Summary {
        session: session.parse().unwrap(),
        scope: Scope::user("ana"),
        text: format!("Ana told of her {CANARY}."),
        messages: Vec::new(),
        continues: None,
        upto: 1,
        origin: Origin::User,
        proposer: Proposer::Rules,
        made_at: server.clock.now(),
    };
    server.write(vec![Write::PutSummary(Box::new(summary))]).await;
    let (event, held) = propose(server).await;
    let topics = topics::seed(server).await;
    let dreams = dreams::seed(server).await;
    Seed {
        session,
        message: text(&appended["messages"][0]["id"]),
        memory: text(&memory["id"]),
        receipt: text(&recall["receipt"]),
        key: ABSENT.to_owned(),
        event,
        held,
        topics,
        dreams,
    }
}

/// Two proposals without a quote, which wait for a person.
async fn propose(server: &Server) -> (String, [String; 2]) {
    let candidate = |text: String| json!({"text": text, "scope": {"user": "ana"}});
    let candidates = [candidate(format!("Ana tunes a {CANARY}.")), candidate("Ana sells drums.".to_owned())];
    let proposed = server.post("/dk/v1/candidates", json!({"candidates": candidates})).by_operator();
    let events = proposed.accepted().await["events"].clone();
    while server.engine.learn_round(server.space, "tester").await.unwrap().settled_count > 0 {}
    let listed = server.get("/dk/v1/quarantine?status=waiting").by_operator().ok().await;
    let id = |place: usize| listed["items"][place]["candidate"]["id"].as_str().unwrap().to_owned();
    (events[0].as_str().unwrap().to_owned(), [id(0), id(1)])
}

/// One good request to a route.
pub(crate) struct Visit {
    pub(crate) method: Method,
    /// The route as the document names it.
    pub(crate) route: &'static str,
    /// What it needs; `None` for routes that are open to everybody.
    pub(crate) permission: Option<Permission>,
    path: String,
    body: Option<Value>,
}

impl Visit {
    pub(crate) fn call(&self, server: &Server) -> Call {
        let call = server.call(self.method.clone(), &self.path);
        self.body.as_ref().map_or(call.clone(), |body| call.json(body))
    }

    /// The status of a success.
    pub(crate) fn success(&self) -> u16 {
        match (&self.method, self.route) {
            (&Method::DELETE, "/dk/v1/keys/{id}" | "/dk/v1/topic-stores/{id}/topics/{topic}") => 204,
            (&Method::POST, "/dk/v1/candidates") => 202,
            _ => 200,
        }
    }

    /// Whether it names a record by its id.
    pub(crate) fn names_a_record(&self) -> bool {
        self.route.contains("{id}") || self.route == "/dk/v1/erase"
    }
}

/// One request, its route's parameters filled in.
fn visit(
    method: Method,
    route: &'static str,
    id: &str,
    permission: Option<Permission>,
    body: Option<Value>,
) -> Visit {
    Visit {
        method,
        route,
        permission,
        path: route
            .replace("{id}", id)
            .replace("{key}", "instrument?user=ana")
            .replace("instrument?user=ana/history", "instrument/history?user=ana")
            .replace("/relations", "/relations?name=Ana"),
        body,
    }
}

/// The requests about what is learned and held.
fn learning_visits(seed: &Seed) -> Vec<Visit> {
    use Permission::{Approve, Propose, Read, Write};
    let Seed { event, held: [released, rejected], .. } = seed;
    let get = |route, id: &str| visit(Method::GET, route, id, Some(Read), None);
    let post = Method::POST;
    vec![
        visit(
            post.clone(),
            "/dk/v1/candidates",
            "",
            Some(Propose),
            Some(json!({"candidates": [{"text": "Ana hums."}]})),
        ),
        get("/dk/v1/events", ""),
        get("/dk/v1/events/{id}", event),
        visit(post.clone(), "/dk/v1/events/{id}/requeue", event, Some(Write), None),
        get("/dk/v1/events/stream", ""),
        get("/dk/v1/queue", ""),
        visit(Method::GET, "/dk/v1/quarantine", "", Some(Approve), None),
        visit(Method::GET, "/dk/v1/quarantine/{id}", released, Some(Approve), None),
        visit(post.clone(), "/dk/v1/quarantine/{id}/release", released, Some(Approve), Some(json!({}))),
        visit(post.clone(), "/dk/v1/quarantine/{id}/reject", rejected, Some(Approve), Some(json!({}))),
    ]
}

/// A good request to every route, in an order in which each can succeed.
pub(crate) fn visits(seed: &Seed) -> Vec<Visit> {
    use Permission::{Admin, Erase, Propose, Read, Write};
    let Seed { session, message, memory, receipt, key, .. } = seed;
    let get = |route, id: &str| visit(Method::GET, route, id, Some(Read), None);
    let write = |method, route, id: &str, body| visit(method, route, id, Some(Write), Some(body));
    let admin = |method, route, body| visit(method, route, key, Some(Admin), body);
    let open = |route| visit(Method::GET, route, "", None, None);
    let (scope, post) = (json!({"user": "ana"}), Method::POST);
    let text = json!({"text": "Ana plays.", "scope": scope});
    let mut visits = learning_visits(seed);
    visits.extend(topics::visits(seed));
    visits.extend(dreams::visits(seed));
    visits.extend([
        write(post.clone(), "/dk/v1/messages", "", json!({"messages": [{"role": "user", "text": "hello"}]})),
        get("/dk/v1/messages/{id}", message),
        get("/dk/v1/sessions", ""),
        get("/dk/v1/sessions/{id}", session),
        get("/dk/v1/sessions/{id}/messages", session),
        get("/dk/v1/sessions/{id}/summary", session),
        write(post.clone(), "/dk/v1/sessions/{id}/learn", session, json!({"from": 0})),
        write(post.clone(), "/dk/v1/memories", "", text.clone()),
        get("/dk/v1/memories/{id}", memory),
        get("/dk/v1/memories/{id}/history", memory),
        write(Method::PATCH, "/dk/v1/memories/{id}", memory, json!({"pinned": true})),
        visit(
            post.clone(),
            "/dk/v1/memories/{id}/feedback",
            memory,
            Some(Propose),
            Some(json!({"feedback": "helpful"})),
        ),
        write(post.clone(), "/dk/v1/memories/{id}/forget", memory, json!({})),
        write(post.clone(), "/dk/v1/memories/{id}/restore", memory, json!({})),
        write(post.clone(), "/dk/v1/memories/{id}/supersede", memory, text),
        visit(post.clone(), "/dk/v1/memories/list", "", Some(Read), Some(json!({"scope": scope}))),
        visit(post.clone(), "/dk/v1/recall", "", Some(Read), Some(json!({"query": "Who plays?"}))),
        get("/dk/v1/receipts/{id}", receipt),
        get("/dk/v1/relations", ""),
        get("/dk/v1/names", ""),
        get("/dk/v1/records/{id}", memory),
        get("/dk/v1/state", ""),
        get("/dk/v1/state/{key}", ""),
        get("/dk/v1/state/{key}/history", ""),
        write(Method::PUT, "/dk/v1/state/{key}", "", json!({"value": 1})),
        visit(Method::DELETE, "/dk/v1/state/{key}", "", Some(Write), None),
        get("/dk/v1/stats", ""),
        admin(Method::GET, "/dk/v1/audit", None),
        admin(Method::GET, "/dk/v1/keys", None),
        admin(post.clone(), "/dk/v1/keys", Some(json!({"name": "new", "permissions": ["admin"]}))),
        admin(Method::DELETE, "/dk/v1/keys/{id}", None),
        admin(post.clone(), "/dk/v1/maintenance/reindex", None),
        admin(post.clone(), "/dk/v1/maintenance/doctor", None),
        admin(post.clone(), "/dk/v1/maintenance/maintain", Some(json!({"dry_run": true}))),
        admin(post.clone(), "/dk/v1/maintenance/backup", Some(json!({"path": "/tmp/copy.db"}))),
        visit(post, "/dk/v1/erase", "", Some(Erase), Some(json!({"target": {"message": message}}))),
        open("/dk/v1/openapi.json"),
        open("/dk/v1/docs"),
        open("/healthz"),
        open("/readyz"),
        open("/metrics"),
    ]);
    visits
}
