//! Serving: one TCP listener for everybody, one socket for the operator, one end for both. A directory that
//! can only be read has no place for the socket: it is served without, and commands read it themselves.
//!
//! On SIGINT or SIGTERM nothing new is accepted; requests under way may finish within the configured time;
//! then what recalls left to write is written and the directory is let go.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use dreamkeeper::Dreamkeeper;
use dreamkeeper_engine::{Principal, VerbError};
use dreamkeeper_http::{Caller, HttpOptions, Metrics, refusal, router};
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::socket::OwnerSocket;
use super::worker::Worker;
use crate::client::{MAKE_SPACE_HEADER, SPACE_HEADER};
use crate::config::Config;
use crate::output::failure::Failure;

/// A server that listens.
pub(crate) struct Listening {
    /// Where it listens; the port that was given where 0 was asked for.
    pub(crate) address: SocketAddr,
    /// Whether callers need a key.
    pub(crate) needs_keys: bool,
    /// Whether the data directory can only be read.
    pub(crate) read_only: bool,
}

/// Serves until a signal comes. `announce` is called once, when everything listens.
pub(crate) async fn serve(
    config: &Config,
    announce: impl FnOnce(&Listening) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut stop_signals = StopSignals::new()?;
    let keeper = super::open(config, true).await.map_err(super::open_failure)?;
    let has_keys = keeper.engine().has_live_keys().await?;
    let listen = config.server.listen;
    if !listen.ip().is_loopback() && !has_keys {
        let what = format!("{listen} can be reached from other machines and there is no key");
        let help = "make one with `dreamkeeper key create NAME`, or listen on 127.0.0.1";
        return Err(Failure::misused(what, help).into());
    }
    let tcp = TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(format!("{listen} cannot be listened on: {error}"), "choose another with --listen")
    })?;
    let address = tcp.local_addr()?;
    let (socket, unix) = owner_socket(&keeper)?.unzip();
    let (stop, stopped) = watch::channel(false);
    let metrics = Metrics::default();
    let options = HttpOptions {
        local_space: listen.ip().is_loopback().then_some(keeper.principal().space),
        allowed_hosts: config.server.hosts.iter().cloned().collect(),
        allowed_origins: config.server.origins.iter().cloned().collect(),
        timeout: config.server.request_timeout,
        learn: config.learn.default,
        stopped: stopped.clone(),
        metrics: metrics.clone(),
        ..HttpOptions::default()
    };
    let routes = router(keeper.engine().clone(), options);
    // What can only be read cannot be learned from.
    let worker = (!keeper.is_read_only())
        .then(|| Worker::start(keeper.engine().clone(), metrics, (stopped.clone(), config.maintain.every)));
    let network =
        axum::serve(tcp, network_routes(routes.clone())).with_graceful_shutdown(wait(stopped.clone()));
    let operator = operators(unix, operator_routes(routes, keeper.clone()), stopped);
    announce(&Listening { address, needs_keys: has_keys, read_only: keeper.is_read_only() })?;
    tracing::info!(%address, data = %config.data.dir.display(), pid = std::process::id(), "serving");
    let both = async { tokio::try_join!(network.into_future(), operator) };
    let served = stop_when_told(&mut stop_signals, stop, config.server.shutdown_timeout, both).await;
    drop(socket);
    if let Some(worker) = worker {
        worker.end(config.server.shutdown_timeout).await;
    }
    keeper.close().await;
    tracing::info!("stopped");
    served
}

/// The operator's socket, where the directory has room for one.
fn owner_socket(keeper: &Dreamkeeper) -> Result<Option<(OwnerSocket, UnixListener)>, Failure> {
    if keeper.is_read_only() {
        return Ok(None);
    }
    let directory = keeper.directory();
    OwnerSocket::bind(directory).map(Some).map_err(|error| {
        let what = format!("no socket can be made in {}: {error}", directory.display());
        Failure::new(what, "put the data directory on a local disk, under a path of fewer than 90 bytes")
    })
}

/// Serves the operator where there is a socket.
async fn operators(
    listener: Option<UnixListener>,
    routes: Router,
    stopped: watch::Receiver<bool>,
) -> std::io::Result<()> {
    match listener {
        Some(listener) => axum::serve(listener, routes).with_graceful_shutdown(wait(stopped)).await,
        None => Ok(()),
    }
}

/// Runs the listeners until a signal, then lets them drain within the time there is.
async fn stop_when_told(
    signals: &mut StopSignals,
    stop: watch::Sender<bool>,
    drain: Duration,
    listeners: impl Future<Output = std::io::Result<((), ())>>,
) -> anyhow::Result<()> {
    tokio::pin!(listeners);
    tokio::select! {
        ended = &mut listeners => return Ok(ended.map(drop)?),
        name = signals.next() => tracing::info!(signal = name, "stopping: requests under way may finish"),
    }
    // The listeners hold the other end as long as they run.
    let _ended = stop.send(true);
    tokio::select! {
        ended = &mut listeners => ended?,
        () = tokio::time::sleep(drain) => {
            tracing::warn!("requests were cut off: they took longer than server.shutdown_timeout_ms");
            return Ok(());
        }
        name = signals.next() => {
            tracing::warn!(signal = name, "requests were cut off: told twice to stop");
            return Ok(());
        }
    };
    Ok(())
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end too.
    let _gone = stopped.wait_for(|stopped| *stopped).await;
}

fn network_routes(routes: Router) -> Router {
    async fn from_network(mut request: Request, next: Next) -> Response {
        request.extensions_mut().insert(Caller::Network);
        next.run(request).await
    }
    routes.layer(from_fn(from_network))
}

fn operator_routes(routes: Router, keeper: Dreamkeeper) -> Router {
    async fn from_operator(State(keeper): State<Dreamkeeper>, mut request: Request, next: Next) -> Response {
        let space = request.headers().get(SPACE_HEADER).cloned();
        let may_make = request.headers().contains_key(MAKE_SPACE_HEADER);
        match operator(&keeper, space, may_make).await {
            Ok(principal) => {
                request.extensions_mut().insert(Caller::Operator(principal));
                next.run(request).await
            }
            Err(error) => match error.downcast::<VerbError>() {
                Ok(error) => refusal(error),
                Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
            },
        }
    }
    routes.layer(from_fn_with_state(keeper, from_operator))
}

/// The operator in the space that the command works in.
async fn operator(
    keeper: &Dreamkeeper,
    space: Option<HeaderValue>,
    may_make: bool,
) -> anyhow::Result<Principal> {
    let Some(name) = space else { return Ok(keeper.principal().clone()) };
    let name = std::str::from_utf8(name.as_bytes())?;
    let engine = keeper.engine();
    let space = if may_make { engine.open_space(name).await? } else { engine.find_space(name).await? };
    Ok(Principal { space, ..keeper.principal().clone() })
}

/// The signals that end a server.
struct StopSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}
