//! Answers: JSON bodies, the error table's bodies, and the lines of long work.

use std::fmt;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use dreamkeeper_api::error::{ErrorBody, ErrorCode, ErrorReport};
use dreamkeeper_api::maintenance::{Progress, WorkLine};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use crate::output::failure::Failure;

/// A request that the server refused.
#[derive(Debug)]
pub(crate) struct ApiFailure {
    /// What the server said.
    pub(crate) report: ErrorReport,
}

impl ApiFailure {
    /// The code of the error table that an error carries, if the server gave it.
    pub(crate) fn code_of(error: &anyhow::Error) -> Option<ErrorCode> {
        error.downcast_ref::<Self>().map(|failure| failure.report.code)
    }
}

impl fmt::Display for ApiFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report.message)
    }
}

impl std::error::Error for ApiFailure {}

/// The body of a good answer.
pub(super) async fn read<T: DeserializeOwned>(response: Response<Body>) -> anyhow::Result<T> {
    let status = response.status();
    let bytes = response.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        return Err(refused(status, &bytes));
    }
    // An answer without content reads as `null`.
    let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
    serde_json::from_slice(bytes).map_err(|error| unreadable(&error))
}

/// The body of a good answer, to be read as it comes.
pub(super) async fn stream(response: Response<Body>) -> anyhow::Result<Body> {
    let status = response.status();
    let body = response.into_body();
    if status.is_success() { Ok(body) } else { Err(refused(status, &body.collect().await?.to_bytes())) }
}

/// The result of long work, told line by line; `progress` hears how far it is.
pub(super) async fn follow<T: DeserializeOwned>(
    response: Response<Body>,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> anyhow::Result<T> {
    let status = response.status();
    let mut body = response.into_body();
    if !status.is_success() {
        return Err(refused(status, &body.collect().await?.to_bytes()));
    }
    let mut waiting = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            waiting.extend_from_slice(&data);
        }
        while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = waiting.drain(..=end).collect();
            match serde_json::from_slice(&line).map_err(|error| unreadable(&error))? {
                WorkLine::Progress(step) => progress(step),
                WorkLine::Result(result) => return Ok(result),
                WorkLine::Error(report) => return Err(told(report)),
            }
        }
    }
    Err(Failure::new("the server stopped before it was done", "what was done stays done: run it again")
        .into())
}

fn refused(status: StatusCode, body: &[u8]) -> anyhow::Error {
    match serde_json::from_slice::<ErrorBody>(body) {
        Ok(body) => told(body.error),
        Err(_) => Failure::new(format!("the server answered {status}"), "look at the server's log").into(),
    }
}

/// The server's words as a failure of the command; the report stays reachable below it.
fn told(report: ErrorReport) -> anyhow::Error {
    let failure = Failure::new(report.message.clone(), report.advice.clone());
    anyhow::Error::new(ApiFailure { report }).context(failure)
}

fn unreadable(error: &serde_json::Error) -> anyhow::Error {
    let what = format!("the server's answer cannot be read: {error}");
    Failure::new(what, "run commands and server of the same version").into()
}
