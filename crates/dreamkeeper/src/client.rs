//! Client: how every command speaks the native REST API, whoever owns the data directory.
//!
//! Where a process owns it, requests go through the socket in it; where none does, this process opens the
//! directory itself and calls the same router without a network. A command cannot tell the two apart.

mod answer;
mod in_process;
mod socket;
mod stream;
mod topics;
mod verbs;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use dreamkeeper::{Dreamkeeper, OpenError};
use dreamkeeper_domain::ports::PortErrorKind;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use answer::ApiFailure;
pub(crate) use in_process::{InProcess, MAKE_SPACE_HEADER, SPACE_HEADER};
pub(crate) use socket::SOCKET_FILE;
pub(crate) use stream::{EventStream, Streamed};

use crate::config::Config;
use crate::lifecycle;
use crate::output::failure::Failure;

/// How often a busy directory is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(40);

/// What a command needs of the data directory, and of the space in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// It must be there: a mistyped path or name is told, not made.
    Existing,
    /// It is made when there is none.
    MayCreate,
}

/// Speaks the native REST API.
#[derive(Clone)]
pub(crate) struct Client {
    transport: Arc<Transport>,
}

enum Transport {
    Owner(socket::Socket),
    InProcess(Box<InProcess>),
}

impl Client {
    /// Finds the owner of the configured directory, or becomes it.
    pub(crate) async fn connect(config: &Config, need: Need) -> anyhow::Result<Self> {
        let directory = &config.data.dir;
        if need == Need::Existing && !directory.join("control.db").exists() {
            let what = format!("there is no data directory at {}", directory.display());
            let help = "name another with --data, or make one with `dreamkeeper add`, `import` or `serve`";
            return Err(Failure::new(what, help).into());
        }
        let may_make = need == Need::MayCreate;
        let deadline = Instant::now() + config.data.owner_wait;
        loop {
            if let Some(socket) = socket::Socket::find(directory, (&config.data.space, may_make)).await? {
                return Ok(Self { transport: Arc::new(Transport::Owner(socket)) });
            }
            match lifecycle::open(config, may_make).await {
                Ok(keeper) => {
                    let transport = InProcess::new(keeper).learning(config.learn.default);
                    return Ok(Self::in_process(transport));
                }
                Err(OpenError::Store(error)) if error.kind == PortErrorKind::Owned => {
                    if Instant::now() >= deadline {
                        return Err(busy(directory, config.data.owner_wait).into());
                    }
                }
                Err(error) => return Err(lifecycle::open_failure(error).into()),
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
    }

    /// Speaks to a directory that this process has open.
    pub(crate) fn in_process(transport: InProcess) -> Self {
        Self { transport: Arc::new(Transport::InProcess(Box::new(transport))) }
    }

    /// Whether this process has the directory open itself: nobody else learns from what waits.
    pub(crate) fn is_owner(&self) -> bool {
        matches!(&*self.transport, Transport::InProcess(_))
    }

    /// Where this process has the directory open, learns from what waits for a moment; a server does it by itself.
    pub(crate) async fn settle_queue(&self) {
        match &*self.transport {
            Transport::Owner(_) => {}
            Transport::InProcess(transport) => transport.settle_queue().await,
        }
    }

    /// Writes what is left to write, when the directory is ours.
    pub(crate) async fn close(&self) {
        match &*self.transport {
            Transport::Owner(_) => {}
            Transport::InProcess(transport) => transport.close().await,
        }
    }

    /// Asks for a record.
    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        answer::read(self.send(Method::GET, path, None::<&()>).await?).await
    }

    /// Sends a request of any method with a JSON body.
    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        answer::read(self.send(method, path, Some(body)).await?).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> anyhow::Result<Response<Body>> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(serde_json::to_vec(body)?)
            }
            None => Body::empty(),
        };
        let request = request.body(body)?;
        match &*self.transport {
            Transport::Owner(socket) => socket.send(request).await,
            Transport::InProcess(transport) => transport.send(request).await,
        }
    }
}

fn busy(directory: &Path, waited: Duration) -> Failure {
    let who = match Dreamkeeper::owner(directory) {
        Some(pid) => format!("process {pid}"),
        None => "another process".to_owned(),
    };
    let seconds = waited.as_secs_f64();
    let what = format!("{} is in use by {who}, which still had it after {seconds:.1} s", directory.display());
    let help = "wait until that command is done, or keep `dreamkeeper serve` running: then commands share it";
    Failure::new(what, help)
}
