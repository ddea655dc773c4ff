//! Bodies: JSON only, bounded in size and depth before it is read, told by field where it is wrong.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use dreamkeeper_api::error::{ErrorCode, Problem};
use dreamkeeper_domain::limits;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::router::Surface;

/// A body that must be there.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A body that may be left out, for endpoints that need nothing told.
pub(crate) struct OptionalJsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Surface> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, surface: &Surface) -> Result<Self, Failure> {
        check_content_type(request.headers())?;
        let bytes = read(request, surface.options.body_bytes_max).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Surface> for OptionalJsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, surface: &Surface) -> Result<Self, Failure> {
        let declared = check_content_type(request.headers());
        let bytes = read(request, surface.options.body_bytes_max).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        declared?;
        parse(&bytes).map(Self)
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Failure> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|value| value.split(';').next()).map(str::trim);
    match essence {
        Some(essence) if essence.eq_ignore_ascii_case("application/json") => Ok(()),
        other => {
            let found: String = other.unwrap_or("none").chars().take(64).collect();
            let message = format!("the body's type is `{found}`: expected application/json");
            Err(Failure::new(ErrorCode::UnsupportedMediaType, message))
        }
    }
}

async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("the body has more than {bytes_max} bytes");
        Failure::new(ErrorCode::BodyTooLarge, message)
    };
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|value| value.parse::<u64>().ok()).is_some_and(|bytes| bytes > bytes_max as u64) {
        return Err(too_large());
    }
    to_bytes(request.into_body(), bytes_max).await.map_err(|error| {
        let cut_off = std::error::Error::source(&error).is_some_and(|source| source.is::<LengthLimitError>());
        if cut_off { too_large() } else { Failure::new(ErrorCode::MalformedJson, "the body was cut off") }
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("the body is no UTF-8 after byte {}", error.valid_up_to());
        Failure::new(ErrorCode::InvalidUtf8, message)
    })?;
    check_depth(text)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        told(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| told(".", &error))?;
    Ok(value)
}

fn told(path: &str, error: &serde_json::Error) -> Failure {
    use serde_json::error::Category;
    match error.classify() {
        Category::Data => {
            let field = if path == "." { "body" } else { path };
            Problem::new(field, error.to_string()).into()
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Failure::new(ErrorCode::MalformedJson, format!("the body is no JSON: {error}"))
        }
    }
}

/// Refuses nesting over the bound before anything recurses into it.
fn check_depth(text: &str) -> Result<(), Failure> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits::JSON_DEPTH_MAX {
            let message = format!("the body is nested deeper than {}", limits::JSON_DEPTH_MAX);
            return Err(Failure::new(ErrorCode::JsonTooDeep, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_texts() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(check_depth(&nested(limits::JSON_DEPTH_MAX)).is_ok());
        assert!(check_depth(&nested(limits::JSON_DEPTH_MAX + 1)).is_err());
        assert!(check_depth(&format!("\"{}\"", "[".repeat(100))).is_ok());
        assert!(check_depth(&format!(r#""\\\"{}""#, "[".repeat(100))).is_ok());
        assert!(check_depth(&"[]".repeat(100)).is_ok());
    }
}
