//! Caller: in whose name a request runs. Settled before a byte of its body is read.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_domain::actor::ActorKind;
use dreamkeeper_engine::{Principal, Secret, VerbError};

use crate::failure::Failure;
use crate::router::Surface;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Who stands behind a connection: an extension that the listener gives each request. A request without
/// one counts as `Network`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The operator: in this process, or over the socket in the data directory, which only its owner can
    /// open.
    Operator(Principal),
    /// Anybody, over TCP: a key says who, and on a loopback server without keys it is the local caller.
    Network,
}

/// In whose name an endpoint calls its verb.
pub(crate) struct As(pub(crate) Principal);

/// The operator, for what nobody else may do, whatever their permissions.
pub(crate) struct AsOperator(pub(crate) Principal);

/// Settles the principal, or refuses.
pub(crate) async fn authenticate(
    State(surface): State<Surface>,
    mut request: Request,
    next: Next,
) -> Response {
    match Credential::of(&request).settle(&surface).await {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

/// What a request says of who sends it.
pub(crate) struct Credential {
    bearer: Result<Option<Secret>, Failure>,
    caller: Caller,
}

impl Credential {
    /// Read before anything is waited for: a body cannot be shared.
    pub(crate) fn of(request: &Request) -> Self {
        let caller = request.extensions().get::<Caller>().cloned().unwrap_or(Caller::Network);
        Self { bearer: bearer(request.headers()), caller }
    }

    /// In whose name the request runs.
    pub(crate) async fn settle(self, surface: &Surface) -> Result<Principal, Failure> {
        principal(surface, self.bearer, self.caller).await
    }
}

/// A key that is sent counts, also where another name would be given without one: nobody gets more than
/// they asked for.
async fn principal(
    surface: &Surface,
    bearer: Result<Option<Secret>, Failure>,
    caller: Caller,
) -> Result<Principal, Failure> {
    if let Some(secret) = bearer? {
        return Ok(surface.engine.authenticate(&secret).await?);
    }
    match (caller, surface.options.local_space) {
        (Caller::Operator(principal), _) => Ok(principal),
        (Caller::Network, Some(space)) if !surface.engine.has_keys().await? => Ok(Principal::local(space)),
        (Caller::Network, _) => {
            Err(Failure::new(ErrorCode::Unauthenticated, "this server needs a key and the request has none"))
        }
    }
}

/// The key of the request: a bearer token, what mem0's clients call a token, or `x-api-key` as Anthropic's send it. A header that holds
/// anything else opens nothing, nor do two that differ.
fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, Failure> {
    let token = only(headers, &header::AUTHORIZATION)?.map(|value| match value.split_once(' ') {
        Some((scheme, token)) if is_ours(scheme) => Ok(token.trim()),
        _ => Err(Failure::from(VerbError::Unauthenticated)),
    });
    let key = only(headers, &API_KEY)?.map(str::trim);
    match (token.transpose()?, key) {
        (Some(token), Some(key)) if token != key => Err(VerbError::Unauthenticated.into()),
        (token, key) => Ok(token.or(key).map(Secret::new)),
    }
}

/// Whether a scheme carries a key.
fn is_ours(scheme: &str) -> bool {
    ["bearer", "token"].iter().any(|ours| scheme.eq_ignore_ascii_case(ours))
}

/// The one value of a header.
fn only<'headers>(headers: &'headers HeaderMap, name: &HeaderName) -> Result<Option<&'headers str>, Failure> {
    let mut given = headers.get_all(name).iter();
    match (given.next().map(HeaderValue::to_str), given.next()) {
        (None, _) => Ok(None),
        (Some(Ok(value)), None) => Ok(Some(value)),
        _ => Err(VerbError::Unauthenticated.into()),
    }
}

impl FromRequestParts<Surface> for As {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Surface) -> Result<Self, Failure> {
        // Only a route that was registered without `authenticate` gets here without a principal.
        parts.extensions.get::<Principal>().cloned().map(Self).ok_or_else(|| {
            Failure::new(ErrorCode::Unauthenticated, "nobody settled in whose name the request runs")
        })
    }
}

impl FromRequestParts<Surface> for AsOperator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, surface: &Surface) -> Result<Self, Failure> {
        let As(principal) = As::from_request_parts(parts, surface).await?;
        if principal.actor.kind == ActorKind::Operator {
            return Ok(Self(principal));
        }
        Err(Failure::new(ErrorCode::OperatorOnly, format!("{} is not the operator", principal.actor)))
    }
}
