//! `[server]`: where and how `dreamkeeper serve` answers.

use std::net::SocketAddr;
use std::time::Duration;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "server.listen",
        "\"127.0.0.1:7077\"",
        "The address and port. On loopback the server needs no keys; any other address refuses to\n\
         start until `dreamkeeper key create` has made one. Flag: --listen.",
    ),
    Key::new(
        "server.hosts",
        "[]",
        "Names under which clients may call this server, beside its address and localhost:\n\
         [\"memory.example.org\"]. A request with another Host header is refused, so that a web page\n\
         cannot reach a local server through a name of its own.",
    ),
    Key::new(
        "server.origins",
        "[]",
        "Web origins whose pages may call this server: [\"https://app.example.org\"].",
    ),
    Key::new(
        "server.request_timeout_ms",
        "60000",
        "How long one request may take. Long work (reindex, doctor, backup) is not bound by it.",
    ),
    Key::new(
        "server.shutdown_timeout_ms",
        "10000",
        "How long requests under way may go on after SIGINT or SIGTERM.",
    ),
];

/// Where and how the server answers.
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) hosts: Vec<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) request_timeout: Duration,
    pub(crate) shutdown_timeout: Duration,
}

impl Server {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let listen: String = values.get("server.listen")?;
        let listen = parse_address(&listen).ok_or_else(|| {
            values.refuse(
                "server.listen",
                "expected an address and a port, such as 127.0.0.1:7077 or [::1]:7077",
            )
        })?;
        Ok(Self {
            listen,
            hosts: values.get("server.hosts")?,
            origins: values.get("server.origins")?,
            request_timeout: Duration::from_millis(values.get("server.request_timeout_ms")?),
            shutdown_timeout: Duration::from_millis(values.get("server.shutdown_timeout_ms")?),
        })
    }
}

/// `localhost` is the one name that means the same address everywhere; others would need the network.
fn parse_address(text: &str) -> Option<SocketAddr> {
    let text = text.strip_prefix("localhost").map_or(text.to_owned(), |port| format!("127.0.0.1{port}"));
    text.parse().ok()
}
