//! In-process: the same router without a network, in the operator's name.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, Response};
use dreamkeeper::Dreamkeeper;
use dreamkeeper_api::learn::Learn;
use dreamkeeper_engine::Principal;
use dreamkeeper_http::{Caller, HttpOptions, router};
use tower::ServiceExt;

/// The header by which a command tells the owner which space it works in; the owner reads it on its socket
/// only, where nobody but the operator can write.
pub(crate) const SPACE_HEADER: HeaderName = HeaderName::from_static("dreamkeeper-space");

/// The header by which a command that writes tells the owner to make the space when there is none.
pub(crate) const MAKE_SPACE_HEADER: HeaderName = HeaderName::from_static("dreamkeeper-make-space");
/// How long a command learns from what it queued, and how often it looks whether that is done.
const QUEUE_WAIT: Duration = Duration::from_secs(5);
const QUEUE_LOOK: Duration = Duration::from_millis(10);

/// A directory that this process has open.
pub(crate) struct InProcess {
    keeper: Dreamkeeper,
    principal: Principal,
    router: Router,
}

impl InProcess {
    /// Speaks as whoever runs this process.
    pub(crate) fn new(keeper: Dreamkeeper) -> Self {
        let principal = keeper.principal().clone();
        Self::in_the_name_of(keeper, principal)
    }

    /// Speaks in another name: the demo lets its two people write for themselves.
    pub(crate) fn in_the_name_of(keeper: Dreamkeeper, principal: Principal) -> Self {
        let router = router(keeper.engine().clone(), HttpOptions::default());
        Self { keeper, principal, router }
    }

    /// The same, with appends that do not say learned from so.
    pub(crate) fn learning(mut self, learn: Learn) -> Self {
        let options = HttpOptions { learn, ..HttpOptions::default() };
        self.router = router(self.keeper.engine().clone(), options);
        self
    }

    /// Learns from what waits, for at most [`QUEUE_WAIT`]; what is left waits for a server.
    pub(super) async fn settle_queue(&self) {
        let engine = self.keeper.engine();
        let idle = async {
            while let Ok(queue) = engine.queue_stats(&self.principal).await
                && queue.pending_count + queue.running_count > 0
            {
                tokio::time::sleep(QUEUE_LOOK).await;
            }
        };
        let _ended = tokio::time::timeout(QUEUE_WAIT, engine.work(idle)).await;
    }

    pub(super) async fn send(&self, mut request: Request<Body>) -> anyhow::Result<Response<Body>> {
        request.extensions_mut().insert(Caller::Operator(self.principal.clone()));
        // The router's error type is `Infallible`: every failure is an answer.
        let response = self.router.clone().oneshot(request).await?;
        Ok(response)
    }

    pub(super) async fn close(&self) {
        self.keeper.close().await;
    }
}

/// Tells the owner which space is meant.
pub(super) fn name_space(request: &mut Request<Body>, (space, may_make): (&str, bool)) -> anyhow::Result<()> {
    let value = HeaderValue::from_bytes(space.as_bytes())?;
    request.headers_mut().insert(SPACE_HEADER, value);
    if may_make {
        request.headers_mut().insert(MAKE_SPACE_HEADER, HeaderValue::from_static("true"));
    }
    Ok(())
}
