//! What a listener can set.

use std::collections::BTreeSet;
use std::time::Duration;

use dreamkeeper_api::learn::Learn;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::limits;
use tokio::sync::watch;

use crate::metrics::Metrics;

/// How the surface treats requests that come over a network.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// The space that callers without a key reach as long as no key was ever made. Give it only where the
    /// listener is bound to loopback; with `None` every network request needs a key.
    pub local_space: Option<SpaceId>,
    /// Host names, without port, under which the server may be reached beside loopback's.
    pub allowed_hosts: BTreeSet<String>,
    /// Origins, such as `https://agents.example`, whose pages may call beside the server's own.
    pub allowed_origins: BTreeSet<String>,
    /// Bytes of a request body.
    pub body_bytes_max: usize,
    /// Requests worked on at one time, long maintenance excepted; more are refused with 503.
    pub requests_at_once_max: usize,
    /// How long a request may take, long maintenance excepted.
    pub timeout: Duration,
    /// How appends that do not say are learned from.
    pub learn: Learn,
    /// Becomes true when the server stops, so that streams end.
    pub stopped: watch::Receiver<bool>,
    /// What is counted for `/metrics`.
    pub metrics: Metrics,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            local_space: None,
            allowed_hosts: BTreeSet::new(),
            allowed_origins: BTreeSet::new(),
            body_bytes_max: limits::BODY_BYTES_MAX,
            requests_at_once_max: limits::REQUESTS_AT_ONCE_MAX,
            timeout: Duration::from_secs(limits::REQUEST_SECONDS_MAX),
            learn: Learn::Later,
            stopped: watch::channel(false).1,
            metrics: Metrics::default(),
        }
    }
}
