//! Guard: keeps web pages away from a local server, and oversized headers away from everything.
//!
//! A page can send requests to any address, and with DNS rebinding under a host name of its own. So a
//! network request must name a host of ours, and one that names an origin must come from it or from an
//! allowed one.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_domain::limits;

use crate::caller::Caller;
use crate::failure::Failure;
use crate::options::HttpOptions;
use crate::router::Surface;

/// Names under which loopback is reached.
const LOOPBACK_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses oversized headers, and over a network foreign hosts and origins.
pub(crate) async fn guard(State(surface): State<Surface>, request: Request, next: Next) -> Response {
    match check(&surface.options, &request) {
        Err(failure) => failure.into_response(),
        Ok(None) => next.run(request).await,
        Ok(Some(origin)) => {
            let preflight = request.method() == Method::OPTIONS
                && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
            let mut response = if preflight { allowed_methods() } else { next.run(request).await };
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::VARY, HeaderValue::from_static("origin"));
            response
        }
    }
}

/// The origin of an allowed page that is not the server's own, for the answer to name.
fn check(options: &HttpOptions, request: &Request) -> Result<Option<HeaderValue>, Failure> {
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > limits::HEADER_BYTES_MAX {
        let message = format!("{bytes} bytes of headers, at most {} are allowed", limits::HEADER_BYTES_MAX);
        return Err(Failure::new(ErrorCode::HeadersTooLarge, message));
    }
    if matches!(request.extensions().get::<Caller>(), Some(Caller::Operator(_))) {
        return Ok(None);
    }
    let host = check_host(options, headers)?;
    check_origin(options, headers, host)
}

/// The request's host, with its port, when it is one of ours.
fn check_host<'headers>(
    options: &HttpOptions,
    headers: &'headers HeaderMap,
) -> Result<&'headers str, Failure> {
    let mut given = headers.get_all(header::HOST).iter();
    let host = match (given.next().map(HeaderValue::to_str), given.next()) {
        (Some(Ok(host)), None) => host,
        _ => return Err(Failure::new(ErrorCode::HostNotAllowed, "the request names no host, or several")),
    };
    let name = without_port(host);
    let known = LOOPBACK_HOSTS.iter().any(|loopback| name.eq_ignore_ascii_case(loopback))
        || options.allowed_hosts.iter().any(|allowed| name.eq_ignore_ascii_case(allowed));
    if known {
        return Ok(host);
    }
    let message = format!("`{}` is no host of this server", name.chars().take(64).collect::<String>());
    Err(Failure::new(ErrorCode::HostNotAllowed, message))
}

fn check_origin(
    options: &HttpOptions,
    headers: &HeaderMap,
    host: &str,
) -> Result<Option<HeaderValue>, Failure> {
    let mut given = headers.get_all(header::ORIGIN).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let origin = value.to_str().unwrap_or_default();
    if given.next().is_none() {
        // The server itself speaks plain HTTP; one behind TLS lists its https origin.
        if origin.strip_prefix("http://").is_some_and(|own| own.eq_ignore_ascii_case(host)) {
            return Ok(None);
        }
        if options.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)) {
            return Ok(Some(value.clone()));
        }
    }
    let shown: String = origin.chars().take(64).collect();
    Err(Failure::new(ErrorCode::OriginNotAllowed, format!("pages of `{shown}` may not call this server")))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn allowed_methods() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, idempotency-key"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: Option<&str>, origin: Option<&str>, expected: Option<ErrorCode>) {
        let options = HttpOptions {
            allowed_hosts: ["memory.example".to_owned()].into(),
            allowed_origins: ["https://agents.example".to_owned()].into(),
            ..HttpOptions::default()
        };
        let mut request = Request::new(axum::body::Body::empty());
        let headers = request.headers_mut();
        host.map(|host| headers.insert(header::HOST, host.parse().unwrap()));
        origin.map(|origin| headers.insert(header::ORIGIN, origin.parse().unwrap()));
        let refused = super::check(&options, &request).err().map(|failure| failure.into_body().error.code);
        assert_eq!(refused, expected, "{host:?} {origin:?}");
    }

    #[test]
    fn only_hosts_of_ours_are_served() {
        for host in ["localhost", "LOCALHOST:7077", "127.0.0.1:7077", "[::1]:7077", "memory.example"] {
            check(Some(host), None, None);
        }
        let foreign =
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "::1", "[::1"];
        for host in foreign {
            check(Some(host), None, Some(ErrorCode::HostNotAllowed));
        }
        check(None, None, Some(ErrorCode::HostNotAllowed));
    }

    #[test]
    fn only_pages_of_ours_may_call() {
        let host = Some("localhost:7077");
        check(host, Some("http://localhost:7077"), None);
        check(host, Some("https://agents.example"), None);
        for origin in ["http://localhost:3000", "https://localhost:7077", "http://evil.example", "null", ""] {
            check(host, Some(origin), Some(ErrorCode::OriginNotAllowed));
        }
    }
}
