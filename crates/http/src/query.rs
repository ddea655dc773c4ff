//! Query parameters: the scope of a question and a list's page; unknown ones are refused.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::words::{DreamStatus, EventState, HeldStatus};
use dreamkeeper_domain::id::{SessionId, StoreId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::scope::Scope;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::failure::Failure;
pub(crate) use topics::{
    DiffQuery, ListStoresQuery, ListTopicsQuery, LogQuery, RemoveTopicQuery, TopicQuery, VersionsQuery,
};

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

mod topics;

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

/// Which learning events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
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
    /// Only those of this session.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) session: Option<SessionId>,
    /// Only those that stand so: `pending`, `running`, `succeeded` or `failed`; may be given several times.
    #[param(value_type = Vec<String>)]
    pub(crate) state: Vec<EventState>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(EventsQuery);

/// Which held candidates.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct QuarantineQuery {
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
    /// Only those that stand so: `waiting`, `released` or `rejected`.
    #[param(value_type = Option<String>)]
    pub(crate) status: Option<HeldStatus>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(QuarantineQuery);

/// Which dreams.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DreamsQuery {
    /// Only those over this store and nothing else.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) store: Option<StoreId>,
    /// Only those that stand so: `pending`, `running`, `completed`, `failed` or `canceled`; may be given several times.
    #[param(value_type = Vec<String>)]
    pub(crate) status: Vec<DreamStatus>,
    /// Whether archived ones are listed too.
    pub(crate) archived: bool,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}

/// Whose relations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RelationsQuery {
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
    /// The person or thing.
    #[param(example = "Ana")]
    pub(crate) name: String,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(RelationsQuery);

/// For whom names are listed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NamesQuery {
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
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(NamesQuery);

/// Records on one page, as asked or as usual.
pub(crate) fn page_count(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(limits::PAGE_COUNT_DEFAULT) {
        count @ 1..=limits::PAGE_COUNT_MAX => Ok(count),
        count => {
            let problem = format!("{count} is not allowed: expected 1 to {}", limits::PAGE_COUNT_MAX);
            Err(Problem::new("limit", problem))
        }
    }
}
