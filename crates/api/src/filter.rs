//! The filter grammar: JSON on the wire, a typed [`Filter`] inside.
//!
//! An object's entries must all hold: `{"kind":"preference","at":{"gte":"2026-01-01T00:00:00Z"}}`; `and`,
//! `or` and `not` combine. Keys and operators come from closed lists, values have the key's type, and
//! nesting and number are bounded: what is not understood is refused, never ignored.

mod field;
mod test;
mod write;

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::limits;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::Problem;

/// A test over a record. Entries of an object must all hold; `{"and":[…]}`, `{"or":[…]}` and `{"not":{…}}`
/// combine; `{"kind":"fact"}` is short for `{"kind":{"eq":"fact"}}`. Keys: id, type, user, agent, app, run,
/// session, role, author, origin, kind, status, labels, categories, at, created_at, updated_at, expires_at,
/// pinned, `metadata.PATH`. Operators: eq, ne, in, gt, gte, lt, lte, contains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object, example = json!({"kind": "preference", "labels": {"contains": "travel"}}))]
pub struct FilterExpression(pub Value);

impl FilterExpression {
    /// The typed filter.
    ///
    /// # Errors
    /// Names the place, and lists what is allowed there.
    pub fn parse(&self) -> Result<Filter, Problem> {
        Reader { test_count: 0 }.read(&self.0, "filter", 1)
    }
}

struct Reader {
    test_count: usize,
}

impl Reader {
    fn read(&mut self, value: &Value, place: &str, depth: usize) -> Result<Filter, Problem> {
        if depth > limits::FILTER_DEPTH_MAX {
            let max = limits::FILTER_DEPTH_MAX;
            return Err(Problem::new(place, format!("is nested deeper than {max}")));
        }
        let Value::Object(entries) = value else {
            return Err(Problem::new(place, format!("expected an object, found {}", kind_of(value))));
        };
        let mut all = self.entries(entries, place, depth)?;
        match (all.pop(), all.is_empty()) {
            (None, _) => Err(Problem::new(place, "is empty: leave it out or name a key")),
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                all.push(last);
                Ok(Filter::And(all))
            }
        }
    }

    fn entries(
        &mut self,
        entries: &Map<String, Value>,
        place: &str,
        depth: usize,
    ) -> Result<Vec<Filter>, Problem> {
        let mut all = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let place = format!("{place}.{}", shown(key));
            match key.as_str() {
                "and" => all.push(Filter::And(self.list(value, &place, depth)?)),
                "or" => all.push(Filter::Or(self.list(value, &place, depth)?)),
                "not" => all.push(Filter::Not(Box::new(self.read(value, &place, depth + 1)?))),
                key => self.tests(key, value, &place, &mut all)?,
            }
        }
        Ok(all)
    }

    fn list(&mut self, value: &Value, place: &str, depth: usize) -> Result<Vec<Filter>, Problem> {
        let Value::Array(items) = value else {
            return Err(Problem::new(place, format!("expected a list of filters, found {}", kind_of(value))));
        };
        if items.is_empty() {
            return Err(Problem::new(place, "is empty: give at least one filter"));
        }
        items
            .iter()
            .enumerate()
            .map(|(index, item)| self.read(item, &format!("{place}[{index}]"), depth + 1))
            .collect()
    }

    /// The tests of one key: a bare value is `eq`, an object has one test for each operator.
    fn tests(&mut self, key: &str, value: &Value, place: &str, all: &mut Vec<Filter>) -> Result<(), Problem> {
        let field = field::parse(key).map_err(|problem| Problem::new(place, problem))?;
        let bare = Map::from_iter([("eq".to_owned(), value.clone())]);
        let tests = match value {
            Value::Object(tests) => tests,
            Value::Array(_) => {
                return Err(Problem::new(place, "a list is no value: say {\"in\": […]} to allow several"));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => &bare,
        };
        if tests.is_empty() {
            return Err(Problem::new(place, format!("has no test: expected {}", test::OPERATORS)));
        }
        for (operator, value) in tests {
            self.test_count += 1;
            if self.test_count > limits::FILTER_TESTS_MAX {
                let max = limits::FILTER_TESTS_MAX;
                return Err(Problem::new("filter", format!("has more than {max} tests")));
            }
            let test = test::parse(&field, operator, value).map_err(|problem| problem.under(place))?;
            all.push(Filter::Where(field.clone(), test));
        }
        Ok(())
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A key of the caller's, cut so that an error stays readable.
fn shown(key: &str) -> String {
    key.chars().take(64).collect()
}

#[cfg(test)]
mod tests;
