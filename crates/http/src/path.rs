//! Path parameters: parsed at the edge, so that a verb sees ids only.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use dreamkeeper_api::error::Problem;
use dreamkeeper_domain::id::{DreamId, InvalidId};

use crate::failure::Failure;

/// The one parameter of an endpoint's path.
pub(crate) struct PathParameter<T>(pub(crate) T);

/// The two parameters of an endpoint's path.
pub(crate) struct PathParameters<A, B>(pub(crate) A, pub(crate) B);

impl<A, B, S> FromRequestParts<S> for PathParameters<A, B>
where
    A: FromStr<Err: Display>,
    B: FromStr<Err: Display>,
    S: Send + Sync,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new("path", error.body_text()))?;
        let first = first.parse().map_err(|error: A::Err| Problem::new("id", error.to_string()))?;
        let second = second.parse().map_err(|error: B::Err| Problem::new("path", error.to_string()))?;
        Ok(Self(first, second))
    }
}

impl<T, S> FromRequestParts<S> for PathParameter<T>
where
    T: FromStr<Err: Display>,
    S: Send + Sync,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new("path", error.body_text()))?;
        text.parse().map(Self).map_err(|error: T::Err| Problem::new("id", error.to_string()).into())
    }
}

/// A change of a dream, by the dream's id and its own number.
pub(crate) struct ChangePath {
    pub(crate) dream: DreamId,
    pub(crate) number: u32,
}

impl<S: Send + Sync> FromRequestParts<S> for ChangePath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path((dream, number)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new("path", error.body_text()))?;
        let dream = dream.parse().map_err(|error: InvalidId| Problem::new("id", error.to_string()))?;
        let number = number.parse().map_err(|_| {
            Problem::new("number", format!("`{number}` is no number of a change: expected 1, 2, 3 …"))
        })?;
        Ok(Self { dream, number })
    }
}
