//! Parameters of this wire: ids in the path, and a query with brackets, `?beta=true` and pages.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use dreamkeeper_api::anthropic::cursor::Cursor;
use dreamkeeper_api::anthropic::id::{Prefixed, WireId};
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_api::error::{ErrorCode, Problem};
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::words::TopicOperation;
use dreamkeeper_domain::id::{KeyId, SessionId, TopicId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::topic::ContentHash;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The one id of a path.
pub(super) struct IdInPath<T>(pub(super) T);

/// The two ids of a path.
pub(super) struct IdsInPath<A, B>(pub(super) A, pub(super) B);

/// What is no id names no record: their clients make again what they find missing.
fn id<T: Prefixed>(text: &str) -> Result<T, Failure> {
    let named = text.parse().map(|WireId(id)| id);
    named.map_err(|_| {
        let shown: String = text.chars().take(64).collect();
        Failure::new(ErrorCode::NotFound, format!("there is no {} `{shown}` here: check the id", T::NOUN))
    })
}

impl<T: Prefixed, S: Send + Sync> FromRequestParts<S> for IdInPath<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new("path", error.body_text()))?;
        id(&text).map(Self)
    }
}

impl<A: Prefixed, B: Prefixed, S: Send + Sync> FromRequestParts<S> for IdsInPath<A, B> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new("path", error.body_text()))?;
        Ok(Self(id(&first)?, id(&second)?))
    }
}

/// The query: `beta` counts for nothing, `name[]` is `name`, anything unknown is refused.
pub(super) struct WireQuery<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for WireQuery<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        read(query).map(Self).map_err(Into::into)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let problem = |problem: String| Problem::new("query", problem);
    let pairs: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|error| problem(error.to_string()))?;
    let pairs = pairs.into_iter().filter(|(name, _)| name != "beta");
    let pairs = pairs.map(|(name, value)| match name.strip_suffix("[]") {
        Some(plain) => (plain.to_owned(), value),
        None => (name, value),
    });
    let plain =
        serde_html_form::to_string(pairs.collect::<Vec<_>>()).map_err(|error| problem(error.to_string()))?;
    let deserializer = serde_html_form::Deserializer::from_bytes(plain.as_bytes());
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        Problem::new(if path == "." { "query".to_owned() } else { path }, error.inner().to_string())
    })
}

/// How many entries a page has. Their bound is lower than ours, which the engine checks.
pub(super) fn page_count(limit: Option<usize>, view: View) -> Result<usize, Problem> {
    let most = limits::TOPIC_PAGE_MAX;
    let count = limit.unwrap_or(limits::TOPIC_PAGE_DEFAULT);
    if !(1..=most).contains(&count) {
        return Err(Problem::new("limit", format!("{count}: give 1 to {most}")));
    }
    Ok(if view.is_full() { count.min(limits::TOPIC_PAGE_FULL_MAX) } else { count })
}

/// No parameter at all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// Whether contents come along.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ViewQuery {
    pub(super) view: Option<View>,
}

/// Which stores.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StoresQuery {
    pub(super) include_archived: bool,
    #[serde(rename = "created_at[gte]")]
    pub(super) created_from: Option<Moment>,
    #[serde(rename = "created_at[lte]")]
    pub(super) created_to: Option<Moment>,
    pub(super) limit: Option<usize>,
    pub(super) page: Option<Cursor>,
}

/// How far below a prefix a list goes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Depth {
    /// Everything.
    #[default]
    All,
    /// One level; what is deeper is told as its folder.
    OneLevel,
}

impl<'de> Deserialize<'de> for Depth {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "0" => Ok(Self::All),
            "1" => Ok(Self::OneLevel),
            other => {
                let shown: String = other.chars().take(64).collect();
                Err(serde::de::Error::custom(format!("`{shown}`: give 0 for all or 1 for one level")))
            }
        }
    }
}

/// Which memories.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MemoriesQuery {
    pub(super) path_prefix: Option<String>,
    pub(super) depth: Depth,
    pub(super) view: Option<View>,
    pub(super) limit: Option<usize>,
    pub(super) page: Option<Cursor>,
}

/// What a deletion expects.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DeleteMemoryQuery {
    pub(super) expected_content_sha256: Option<ContentHash>,
}

/// Which versions; every given test must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct VersionsQuery {
    pub(super) memory_id: Option<WireId<TopicId>>,
    pub(super) operation: Option<TopicOperation>,
    pub(super) session_id: Option<WireId<SessionId>>,
    pub(super) api_key_id: Option<WireId<KeyId>>,
    pub(super) service_account_id: Option<String>,
    #[serde(rename = "created_at[gte]")]
    pub(super) created_from: Option<Moment>,
    #[serde(rename = "created_at[lte]")]
    pub(super) created_to: Option<Moment>,
    pub(super) view: Option<View>,
    pub(super) limit: Option<usize>,
    pub(super) page: Option<Cursor>,
}
