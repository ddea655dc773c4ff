//! Back from the typed filter to its JSON: what a receipt recorded is told in the words it was asked in.

use dreamkeeper_domain::filter::{Field, Filter, Test};
use serde_json::{Map, Value};

use super::FilterExpression;

impl From<&Filter> for FilterExpression {
    fn from(filter: &Filter) -> Self {
        Self(write(filter))
    }
}

fn write(filter: &Filter) -> Value {
    match filter {
        Filter::And(all) => one("and", Value::Array(all.iter().map(write).collect())),
        Filter::Or(any) => one("or", Value::Array(any.iter().map(write).collect())),
        Filter::Not(filter) => one("not", write(filter)),
        Filter::Where(field, test) => {
            let (operator, value) = tested(test);
            one(&key(field), one(operator, value))
        }
    }
}

fn one(key: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value)]))
}

fn tested(test: &Test) -> (&'static str, Value) {
    match test {
        Test::Eq(value) => ("eq", value.clone()),
        Test::Ne(value) => ("ne", value.clone()),
        Test::In(values) => ("in", Value::Array(values.clone())),
        Test::Gt(value) => ("gt", value.clone()),
        Test::Gte(value) => ("gte", value.clone()),
        Test::Lt(value) => ("lt", value.clone()),
        Test::Lte(value) => ("lte", value.clone()),
        Test::Contains(value) => ("contains", value.clone()),
    }
}

fn key(field: &Field) -> String {
    let word = match field {
        Field::Id => "id",
        Field::Type => "type",
        Field::User => "user",
        Field::Agent => "agent",
        Field::App => "app",
        Field::Run => "run",
        Field::Session => "session",
        Field::Role => "role",
        Field::Author => "author",
        Field::Origin => "origin",
        Field::Kind => "kind",
        Field::Status => "status",
        Field::Labels => "labels",
        Field::Categories => "categories",
        Field::At => "at",
        Field::CreatedAt => "created_at",
        Field::UpdatedAt => "updated_at",
        Field::ExpiresAt => "expires_at",
        Field::Pinned => "pinned",
        Field::Metadata(path) => return format!("metadata.{}", path.join(".")),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_reads_back_as_the_same_filter() {
        let filters = [
            json!({"kind": "preference"}),
            json!({"at": {"gte": "2026-01-01T00:00:00Z", "lt": "2026-02-01T00:00:00Z"}, "pinned": true}),
            json!({"or": [{"labels": {"contains": "travel"}}, {"not": {"role": {"in": ["user", "tool"]}}}]}),
            json!({"and": [{"metadata.cup.size": {"ne": "small"}}, {"metadata.stars": {"gt": 3}}]}),
        ];
        for written in filters {
            let filter = FilterExpression(written.clone()).parse().unwrap();
            assert_eq!(FilterExpression::from(&filter).parse().unwrap(), filter, "{written}");
        }
    }
}
