//! Parameters of the routes about topics.

use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::words::TopicOperation;
use dreamkeeper_domain::id::{SessionId, TopicId};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::ContentHash;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which stores.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListStoresQuery {
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
    /// Whether archived ones are listed too.
    pub(crate) archived: bool,
    /// Only those made at or after this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) created_from: Option<Moment>,
    /// Only those made at or before this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) created_to: Option<Moment>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}
scoped!(ListStoresQuery);

/// Which topics of a store.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListTopicsQuery {
    /// Only those below this folder: `/`, or a path with a slash at its end.
    pub(crate) prefix: Option<String>,
    /// Whether what stands deeper than one level is told as its folder.
    pub(crate) one_level: bool,
    /// Whether contents come along; a page then has at most 20 entries.
    pub(crate) full: bool,
    /// As recorded at that moment; now unless told.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) as_of: Option<Moment>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    pub(crate) limit: Option<usize>,
}

/// As of when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TopicQuery {
    /// As recorded at that moment; now unless told.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) as_of: Option<Moment>,
}

/// What a removal expects, and why it is made.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveTopicQuery {
    /// The SHA-256 of the content that the caller has seen; refused with 409 when another one is there.
    #[param(value_type = Option<String>)]
    pub(crate) expected_sha256: Option<ContentHash>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The session in which it is made.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) session: Option<SessionId>,
}

/// Which versions of a store's topics; every given test must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VersionsQuery {
    /// Only those of this topic.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) topic: Option<TopicId>,
    /// Only such changes: `created`, `modified` or `deleted`.
    #[param(value_type = Option<String>)]
    pub(crate) operation: Option<TopicOperation>,
    /// Only those made in this session.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) session: Option<SessionId>,
    /// Only those made by this actor, as `kind:name`.
    pub(crate) actor: Option<String>,
    /// Only those recorded at or after this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) from: Option<Moment>,
    /// Only those recorded at or before this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    pub(crate) to: Option<Moment>,
    /// Whether contents come along.
    pub(crate) full: bool,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told. A page has at most 100.
    pub(crate) limit: Option<usize>,
}

/// Which versions of one topic.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// Whether contents come along.
    pub(crate) full: bool,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told. A page has at most 100.
    pub(crate) limit: Option<usize>,
}

/// Between which versions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DiffQuery {
    /// The earlier one's number or id; the one before the later one unless told.
    pub(crate) from: Option<String>,
    /// The later one's number or id; the latest unless told.
    pub(crate) to: Option<String>,
}
