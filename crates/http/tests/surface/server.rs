//! One server over fakes, and requests to it in a readable line.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response};
use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ChangeSet, Write};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{Clock, Embedder, Store};
use dreamkeeper_engine::{Engine, NewKey, NewKeySecret, Parts, Principal};
use dreamkeeper_http::{Caller, HttpOptions, Metrics, router};
use dreamkeeper_testkit::{FrozenClock, MemoryStore, NaiveIndex, ScriptedEmbedder, SeededEntropy};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;

pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) space: SpaceId,
    pub(crate) metrics: Metrics,
    router: Router,
}

/// A server on loopback without keys.
pub(crate) async fn server() -> Server {
    server_with(|_| {}).await
}

/// A server whose options a test changes.
pub(crate) async fn server_with(change: impl FnOnce(&mut HttpOptions)) -> Server {
    server_over(Arc::new(ScriptedEmbedder::default()), change).await
}

/// A server over an embedder of a test's own.
pub(crate) async fn server_over(
    embedder: Arc<dyn Embedder>,
    change: impl FnOnce(&mut HttpOptions),
) -> Server {
    let clock = Arc::new(FrozenClock::at("2026-03-02T09:00:00Z"));
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::new(Parts {
        store: store.clone(),
        control: store.clone(),
        index: Arc::new(NaiveIndex),
        embedder,
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(11)),
    });
    let space = engine.open_space("default").await.unwrap();
    // Streams end at once: a test reads answers whole.
    let (_, stopped) = ended();
    let mut options = HttpOptions { local_space: Some(space), stopped, ..HttpOptions::default() };
    change(&mut options);
    let metrics = options.metrics.clone();
    let router = router(engine.clone(), options);
    Server { engine, store, clock, space, metrics, router }
}

/// A server that has been told to stop.
fn ended() -> (watch::Sender<bool>, watch::Receiver<bool>) {
    watch::channel(true)
}

impl Server {
    pub(crate) fn operator(&self) -> Principal {
        Principal::operator(self.space, "tester")
    }

    /// Writes what no route writes.
    pub(crate) async fn write(&self, writes: Vec<Write>) {
        let actor = Actor::system("tester");
        let changes = ChangeSet { idempotency: None, actor, at: self.clock.now(), writes };
        self.store.space(self.space).await.unwrap().apply(changes).await.unwrap();
    }

    /// A key of that space with those permissions.
    pub(crate) async fn key_of(&self, space: SpaceId, permissions: &[Permission]) -> NewKeySecret {
        let new = NewKey {
            name: "test".into(),
            permissions: permissions.iter().copied().collect(),
            ceiling: Origin::User,
            expires_at: None,
        };
        self.engine.create_key(&Principal::operator(space, "tester"), new).await.unwrap()
    }

    pub(crate) fn call(&self, method: Method, path: impl AsRef<str>) -> Call {
        let mut headers = HeaderMap::new();
        headers.insert("host", "127.0.0.1:7077".parse().unwrap());
        Call {
            router: self.router.clone(),
            operator: self.operator(),
            method,
            path: path.as_ref().to_owned(),
            headers,
            caller: Some(Caller::Network),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(&self, path: impl AsRef<str>) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: impl AsRef<str>, body: Value) -> Call {
        self.call(Method::POST, path).json(&body)
    }
}

/// One request in the making.
#[derive(Clone)]
pub(crate) struct Call {
    router: Router,
    operator: Principal,
    method: Method,
    path: String,
    headers: HeaderMap,
    caller: Option<Caller>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn without_header(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn with_key(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    pub(crate) fn by_operator(mut self) -> Self {
        self.caller = Some(Caller::Operator(self.operator.clone()));
        self
    }

    /// As a listener that tells nothing of who calls.
    pub(crate) fn without_caller(mut self) -> Self {
        self.caller = None;
        self
    }

    async fn response(self) -> Response<Body> {
        let mut request =
            Request::builder().method(self.method).uri(self.path).body(Body::from(self.body)).unwrap();
        *request.headers_mut() = self.headers;
        self.caller.map(|caller| request.extensions_mut().insert(caller));
        self.router.oneshot(request).await.unwrap()
    }

    /// An answer that is read as it comes.
    pub(crate) async fn stream(self) -> Streaming {
        let response = self.response().await;
        assert_eq!(response.status(), 200);
        Streaming(response.into_body())
    }

    pub(crate) async fn send(self) -> Answered {
        let response = self.response().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answered { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// The body of an answer that something was taken on.
    pub(crate) async fn accepted(self) -> Value {
        let answered = self.send().await;
        assert_eq!(answered.status, 202, "{}", answered.text);
        answered.json()
    }

    /// The body of an answer that is a success.
    pub(crate) async fn ok(self) -> Value {
        let what = format!("{} {}", self.method, self.path);
        let answered = self.send().await;
        assert_eq!(answered.status, 200, "{what}: {}", answered.text);
        answered.json()
    }
}

/// An answer that is read as it comes.
pub(crate) struct Streaming(Body);

impl Streaming {
    /// Everything up to and with a text.
    pub(crate) async fn until(mut self, awaited: &str) -> String {
        let mut text = String::new();
        while !text.contains(awaited) {
            let frame = self.0.frame().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
        text
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}
