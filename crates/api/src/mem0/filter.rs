//! mem0's filters: ids that must match become a scope, the rest is said in our grammar, which checks it.
//!
//! `AND`, `OR` and `NOT` nest; sibling keys are all to hold; `*` means that the record has some value. Their
//! JavaScript client sends ids in camel case.

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::scope::Scope;
use serde_json::{Map, Value, json};

use crate::error::Problem;
use crate::filter::FilterExpression;

const KEYS: &str = "AND, OR, NOT, user_id, agent_id, app_id, run_id, created_at, updated_at, timestamp, \
                    expiration_date, categories, metadata or memory_ids";

/// For whom, and a further test.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// The ids that every record must have.
    pub scope: Scope,
    /// What else must hold.
    pub filter: Option<Filter>,
}

/// Reads filters, which must name a user, agent, app or run.
///
/// # Errors
/// An unknown key or operator, a value of another type, or nobody named.
pub fn read(filters: &Value) -> Result<Asked, Problem> {
    let mut reader = Reader::default();
    let entries = reader.object(filters, "filters", 1, true)?;
    if !reader.names_somebody {
        let problem = "name nobody: give at least one of user_id, agent_id, app_id or run_id";
        return Err(Problem::new("filters", problem));
    }
    let filter = match entries.len() {
        0 => None,
        _ => Some(FilterExpression(json!({ "and": entries })).parse()?),
    };
    Ok(Asked { scope: reader.scope, filter })
}

#[derive(Default)]
struct Reader {
    scope: Scope,
    names_somebody: bool,
}

impl Reader {
    /// The tests of an object in our grammar; where `binding`, each must hold, so that ids go into the scope.
    fn object(
        &mut self,
        value: &Value,
        place: &str,
        depth: usize,
        binding: bool,
    ) -> Result<Vec<Value>, Problem> {
        if depth > limits::FILTER_DEPTH_MAX {
            let max = limits::FILTER_DEPTH_MAX;
            return Err(Problem::new(place, format!("is nested deeper than {max}")));
        }
        let Value::Object(entries) = value else {
            return Err(Problem::new(place, "expected an object"));
        };
        let mut tests = Vec::new();
        for (key, value) in entries {
            let place = format!("{place}.{}", key.chars().take(64).collect::<String>());
            match key.as_str() {
                "AND" => tests.extend(self.list(value, &place, depth, binding)?.into_iter().flatten()),
                "OR" => {
                    let any = self.list(value, &place, depth, false)?;
                    let any: Vec<Value> = any.into_iter().map(|all| json!({ "and": all })).collect();
                    tests.push(json!({ "or": any }));
                }
                "NOT" => {
                    // Whom it excludes names nobody.
                    let named = self.names_somebody;
                    let none = self.list(value, &place, depth, false)?;
                    self.names_somebody = named;
                    tests.extend(none.into_iter().map(|all| json!({ "not": { "and": all } })));
                }
                key => tests.extend(self.test(key, value, &place, binding)?),
            }
        }
        Ok(tests)
    }

    /// The objects of a list, or the one object that stands in its place.
    fn list(
        &mut self,
        value: &Value,
        place: &str,
        depth: usize,
        binding: bool,
    ) -> Result<Vec<Vec<Value>>, Problem> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let mut read = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let tests = self.object(item, &format!("{place}[{at}]"), depth + 1, binding)?;
            if tests.is_empty() && !binding {
                return Err(Problem::new(place, "has an empty filter: name a key"));
            }
            read.push(tests);
        }
        Ok(read)
    }

    fn test(
        &mut self,
        key: &str,
        value: &Value,
        place: &str,
        binding: bool,
    ) -> Result<Option<Value>, Problem> {
        let ours = match key {
            "user_id" | "userId" => return Ok(self.entity("user", value, binding)),
            "agent_id" | "agentId" => return Ok(self.entity("agent", value, binding)),
            "app_id" | "appId" => return Ok(self.entity("app", value, binding)),
            "run_id" | "runId" => return Ok(self.entity("run", value, binding)),
            "metadata" => return metadata(value, place).map(Some),
            "created_at" | "createdAt" => "created_at",
            "updated_at" | "updatedAt" => "updated_at",
            "expiration_date" | "expirationDate" => "expires_at",
            "timestamp" => "at",
            "categories" => "categories",
            "memory_ids" | "memoryIds" => "id",
            _ => return Err(Problem::new(place, format!("is no key of a filter here: expected {KEYS}"))),
        };
        Ok(Some(one(ours, value)))
    }

    /// The test of an id, unless it goes into the scope.
    fn entity(&mut self, ours: &'static str, value: &Value, binding: bool) -> Option<Value> {
        let excludes = value.get("ne").is_some();
        self.names_somebody |= !excludes && !value.is_null();
        let id = match ours {
            "user" => &mut self.scope.user,
            "agent" => &mut self.scope.agent,
            "app" => &mut self.scope.app,
            _ => &mut self.scope.run,
        };
        match value {
            Value::String(name) if binding && name != "*" && id.is_none() => {
                *id = Some(name.clone());
                None
            }
            Value::Number(number) => Some(json!({ ours: number.to_string() })),
            other => Some(one(ours, other)),
        }
    }
}

/// One key's test: a bare list allows several.
fn one(ours: &str, value: &Value) -> Value {
    match value {
        Value::Array(_) => json!({ ours: { "in": value } }),
        Value::String(any) if any == "*" => json!({ ours: { "ne": null } }),
        _ => json!({ ours: value }),
    }
}

fn metadata(value: &Value, place: &str) -> Result<Value, Problem> {
    let none = Map::new();
    let entries = value.as_object().unwrap_or(&none);
    if entries.is_empty() {
        return Err(Problem::new(place, "expected an object with a key of the metadata"));
    }
    let tests: Vec<Value> =
        entries.iter().map(|(key, value)| one(&format!("metadata.{key}"), value)).collect();
    Ok(json!({ "and": tests }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_must_match_become_the_scope() {
        for filters in
            [json!({"user_id": "ana"}), json!({"userId": "ana"}), json!({"AND": [{"user_id": "ana"}]})]
        {
            let asked = read(&filters).unwrap();
            assert_eq!(asked, Asked { scope: Scope::user("ana"), filter: None }, "{filters}");
        }
    }

    #[test]
    fn ids_of_which_one_must_match_stay_a_test() {
        let asked = read(&json!({"OR": [{"user_id": "ana"}, {"agent_id": "*"}]})).unwrap();
        assert!(asked.scope.is_empty() && asked.filter.is_some(), "{asked:?}");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for filters in [
            json!({}),
            json!("{'user_id': 'ana'}"),
            json!({"NOT": [{"user_id": "ana"}]}),
            json!({"user_id": {"ne": "ana"}}),
            json!({"user_id": null}),
            json!({"user_id": "ana", "colour": "red"}),
            json!({"user_id": "ana", "created_at": {"nin": ["2026-01-01"]}}),
            json!({"user_id": "ana", "metadata": {}}),
            json!({"user_id": "ana", "OR": [{}]}),
        ] {
            assert!(read(&filters).is_err(), "{filters}");
        }
    }
}
