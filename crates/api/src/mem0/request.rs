//! Bodies of mem0's requests, read leniently where their clients differ and strictly where it matters.

use dreamkeeper_domain::scope::Scope;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Problem;

/// What is to be remembered, and of whom.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Add {
    /// One text, one message or a list of messages.
    pub messages: Value,
    /// The person.
    pub user_id: Option<String>,
    /// The agent.
    pub agent_id: Option<String>,
    /// The application.
    pub app_id: Option<String>,
    /// The run.
    pub run_id: Option<String>,
    /// The ids, where a client keeps them here.
    pub filters: Option<Value>,
    /// The caller's own data; kept with `infer: false` only.
    pub metadata: Option<Map<String, Value>>,
    /// Whether to learn from the messages; their words are kept as they are otherwise.
    pub infer: Option<bool>,
    /// When it was said, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// The last day on which it is served; kept with `infer: false` only.
    pub expiration_date: Option<String>,
}

/// Ids of which at least one must be given.
///
/// # Errors
/// None is given.
pub fn named(scope: Scope, whose: &str) -> Result<Scope, Problem> {
    if scope.is_empty() {
        let problem = "names nobody: give at least one of user_id, agent_id, app_id or run_id";
        return Err(Problem::new(whose, problem));
    }
    Ok(scope)
}

impl Add {
    /// For whom.
    ///
    /// # Errors
    /// Nobody is named.
    pub fn scope(&self) -> Result<Scope, Problem> {
        let scope = Scope {
            user: self.user_id.clone(),
            agent: self.agent_id.clone(),
            app: self.app_id.clone(),
            run: self.run_id.clone(),
            ..Scope::default()
        };
        match &self.filters {
            Some(filters) if scope.is_empty() => named(super::filter::read(filters)?.scope, "filters"),
            _ => named(scope, "request"),
        }
    }

    /// Role and words of each message.
    ///
    /// # Errors
    /// There is none, or one without words.
    pub fn said(&self) -> Result<Vec<(String, String)>, Problem> {
        let all: &[Value] = match &self.messages {
            Value::Array(all) => all.as_slice(),
            Value::Null => &[],
            one => std::slice::from_ref(one),
        };
        if all.is_empty() {
            return Err(Problem::new("messages", "is empty: give at least one message"));
        }
        let said = |(at, message): (usize, &Value)| match message {
            Value::String(text) => Ok(("user".to_owned(), text.clone())),
            message => {
                let role = message["role"].as_str().unwrap_or("user").to_owned();
                let words = words(&message["content"]);
                let missing = || Problem::new(format!("messages[{at}].content"), "has no text");
                words.map(|words| (role, words)).ok_or_else(missing)
            }
        };
        all.iter().enumerate().map(said).collect()
    }
}

/// The text of a content: the whole of it, or its parts that are text.
fn words(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        one => one["text"].as_str().map(str::to_owned),
    }
}

/// A question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    /// The question, in words.
    pub query: String,
    /// For whom, and what else must hold.
    pub filters: Value,
    /// At most this many.
    pub top_k: Option<usize>,
    /// The same, as some clients call it; some send both.
    pub limit: Option<usize>,
    /// The lowest score that is served, 0 to 1.
    pub threshold: Option<f32>,
    /// Whether expired memories are served.
    pub show_expired: Option<bool>,
}

/// Which memories to list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct List {
    /// For whom, and what else must hold.
    pub filters: Value,
    /// Whether expired memories are listed.
    pub show_expired: Option<bool>,
}
