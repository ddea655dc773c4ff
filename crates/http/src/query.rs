//! Query parameters: the scope of a question and a list's page; unknown ones are refused.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use dreamkeeper_api::error::Problem;
use dreamkeeper_domain::scope::Scope;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::failure::Failure;

/// The parameters of an endpoint.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let deserializer =
            serde_html_form::Deserializer::from_bytes(parts.uri.query().unwrap_or_default().as_bytes());
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let path = error.path().to_string();
            let field = if path == "." { "query".to_owned() } else { path };
            Problem::new(field, error.inner().to_string()).into()
        })
    }
}

/// Gives a parameter type the scope that its fields spell out. The fields are repeated in each because
/// serde cannot refuse unknown fields of a flattened struct (serde-rs/serde#1547).
macro_rules! scoped {
    ($name:ident) => {
        impl $name {
            /// The scope that the parameters spell out.
            pub(crate) fn scope(&self) -> Scope {
                Scope {
                    user: self.user.clone(),
                    agent: self.agent.clone(),
                    app: self.app.clone(),
                    run: self.run.clone(),
                    labels: self.label.iter().cloned().collect(),
                }
            }
        }
    };
}

/// For whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScopeQuery {
    /// The person.
    pub(crate) user: Option<String>,
    /// The agent.
    pub(crate) agent: Option<String>,
    /// The application.
    pub(crate) app: Option<String>,
    /// The run.
    pub(crate) run: Option<String>,
    /// A label; may be given several times.
    pub(crate) label: Vec<String>,
}
scoped!(ScopeQuery);

/// For whom, and which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScopePageQuery {
    /// The person.
    pub(crate) user: Option<String>,
    /// The agent.
    pub(crate) agent: Option<String>,
    /// The application.
    pub(crate) app: Option<String>,
    /// The run.
    pub(crate) run: Option<String>,
    /// A label; may be given several times.
    pub(crate) label: Vec<String>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(ScopePageQuery);

/// For whom, and what a removal expects.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveStateQuery {
    /// The person.
    pub(crate) user: Option<String>,
    /// The agent.
    pub(crate) agent: Option<String>,
    /// The application.
    pub(crate) app: Option<String>,
    /// The run.
    pub(crate) run: Option<String>,
    /// A label; may be given several times.
    pub(crate) label: Vec<String>,
    /// The version that the caller has seen; refused with 409 when it is not the current one.
    pub(crate) expected_version: Option<u32>,
    /// Why.
    pub(crate) reason: Option<String>,
}
scoped!(RemoveStateQuery);

/// Which turns of a session.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TurnsQuery {
    /// The first place, from 0.
    pub(crate) from: u32,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}

/// Which part of the audit.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only entries after this number.
    pub(crate) after: u64,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
