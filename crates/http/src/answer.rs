//! What an endpoint answers.

use axum::Json;

use crate::failure::Failure;

/// A JSON body, or a row of the error table.
pub(crate) type Answer<T> = Result<Json<T>, Failure>;

/// A JSON body.
pub(crate) fn json<T>(value: impl Into<T>) -> Answer<T> {
    Ok(Json(value.into()))
}
