//! The operators of a filter, and which values each key takes under them.

use dreamkeeper_domain::filter::{Field, Test};
use dreamkeeper_domain::limits;
use serde_json::Value;
use uuid::Uuid;

use super::field::{Shape, shape};
use super::{kind_of, shown};
use crate::error::Problem;
use crate::moment::Moment;

/// The operators, for whoever used another one.
pub(super) const OPERATORS: &str = "eq, ne, in, gt, gte, lt, lte or contains";

/// The test of one operator with its value.
pub(super) fn parse(field: &Field, operator: &str, value: &Value) -> Result<Test, Problem> {
    let shape = shape(field);
    let fail = |problem: String| Problem::new(shown(operator), problem);
    if !fits(shape, operator) {
        return Err(fail(unfit(shape, operator)));
    }
    let test = match operator {
        "eq" => Test::Eq(scalar_or_null(shape, value).map_err(fail)?),
        "ne" => Test::Ne(scalar_or_null(shape, value).map_err(fail)?),
        "in" => Test::In(list(shape, value).map_err(fail)?),
        "gt" => Test::Gt(scalar(shape, value).map_err(fail)?),
        "gte" => Test::Gte(scalar(shape, value).map_err(fail)?),
        "lt" => Test::Lt(scalar(shape, value).map_err(fail)?),
        "lte" => Test::Lte(scalar(shape, value).map_err(fail)?),
        "contains" => Test::Contains(scalar(shape, value).map_err(fail)?),
        other => return Err(fail(format!("`{}` is no operator: expected {OPERATORS}", shown(other)))),
    };
    Ok(test)
}

/// Whether an operator means something for such values; an unknown one is told by `parse`.
fn fits(shape: Shape, operator: &str) -> bool {
    match operator {
        "gt" | "gte" | "lt" | "lte" => matches!(shape, Shape::Time | Shape::Free),
        "contains" => matches!(shape, Shape::Words | Shape::Set | Shape::Free),
        "in" => shape != Shape::Flag,
        _ => true,
    }
}

fn unfit(shape: Shape, operator: &str) -> String {
    let allowed = match shape {
        Shape::Words | Shape::Set => "eq, ne, in or contains",
        Shape::Id | Shape::Word(_) => "eq, ne or in",
        Shape::Time => "eq, ne, in, gt, gte, lt or lte",
        Shape::Flag => "eq or ne",
        Shape::Free => OPERATORS,
    };
    format!("`{operator}` means nothing for this key: expected {allowed}")
}

fn list(shape: Shape, value: &Value) -> Result<Vec<Value>, String> {
    let Value::Array(items) = value else {
        return Err(format!("expected a list of values, found {}", kind_of(value)));
    };
    let max = limits::FILTER_VALUES_MAX;
    if items.is_empty() || items.len() > max {
        return Err(format!("{} values: expected 1 to {max}", items.len()));
    }
    items.iter().map(|item| scalar(shape, item)).collect()
}

/// A value, or `null` for "has none".
fn scalar_or_null(shape: Shape, value: &Value) -> Result<Value, String> {
    if value.is_null() { Ok(Value::Null) } else { scalar(shape, value) }
}

/// One value of the key's own type, in the one form in which records are compared with it.
fn scalar(shape: Shape, value: &Value) -> Result<Value, String> {
    if let Value::String(text) = value
        && text.len() > limits::FILTER_VALUE_BYTES_MAX
    {
        let max = limits::FILTER_VALUE_BYTES_MAX;
        return Err(format!("{} bytes, at most {max} are allowed", text.len()));
    }
    match (shape, value) {
        (Shape::Words | Shape::Set, Value::String(_))
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Free, Value::Bool(_) | Value::Number(_) | Value::String(_)) => Ok(value.clone()),
        (Shape::Id, Value::String(text)) => match Uuid::try_parse(text) {
            Ok(id) => Ok(Value::String(id.hyphenated().to_string())),
            Err(_) => Err(format!("`{}` is not an identifier: expected a UUID", shown(text))),
        },
        (Shape::Word(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(value.clone()),
        (Shape::Word(words), Value::String(text)) => {
            Err(format!("`{}` is not allowed: expected {}", shown(text), words.join(", ")))
        }
        (Shape::Time, Value::String(text)) => match text.parse::<Moment>() {
            Ok(moment) => Ok(Value::String(moment.0.to_string())),
            Err(error) => Err(error.to_string()),
        },
        (shape, value) => Err(format!("expected {}, found {}", name(shape), kind_of(value))),
    }
}

fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Words | Shape::Set | Shape::Word(_) => "a text",
        Shape::Id => "a UUID as text",
        Shape::Time => "a time as text",
        Shape::Flag => "true or false",
        Shape::Free => "a text, a number, true or false",
    }
}
