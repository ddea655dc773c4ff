//! `[server]`: where and how `dreamkeeper serve` answers.

use std::net::{Ipv6Addr, SocketAddr};
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
        let hosts: Vec<String> = values.get("server.hosts")?;
        if let Some(host) = hosts.iter().find(|host| !is_host(host)) {
            let host = dreamkeeper::without_credentials(host);
            let problem =
                format!("`{host}` is no host's name: write it without http:// and port, as memory.lan");
            return Err(values.refuse("server.hosts", problem));
        }
        let origins: Vec<String> = values.get("server.origins")?;
        if let Some(origin) = origins.iter().find(|origin| !is_origin(origin)) {
            let origin = dreamkeeper::without_credentials(origin);
            let problem =
                format!("`{origin}` is no origin: write it as https://app.example.org, without a path");
            return Err(values.refuse("server.origins", problem));
        }
        Ok(Self {
            listen,
            hosts,
            origins,
            request_timeout: values.duration("server.request_timeout_ms")?,
            shutdown_timeout: values.duration("server.shutdown_timeout_ms")?,
        })
    }
}

/// A name or an address as a `Host` header holds it, without the port; IPv6 in brackets.
fn is_host(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Some(address) = inside {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.split('.').all(is_label)
}

/// What a browser sends as `Origin`: scheme, host, and a port that is not the usual one.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_scheme =
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_scheme && is_host(host) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// `localhost` is the one name that means the same address everywhere; others would need the network.
fn parse_address(text: &str) -> Option<SocketAddr> {
    let text = text.strip_prefix("localhost").map_or(text.to_owned(), |port| format!("127.0.0.1{port}"));
    text.parse().ok()
}
