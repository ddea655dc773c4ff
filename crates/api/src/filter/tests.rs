//! The grammar, by what it reads and what it refuses.

use dreamkeeper_domain::filter::{Field, Test};
use serde_json::json;

use super::*;

fn read(value: Value) -> Result<Filter, String> {
    FilterExpression(value).parse().map_err(|problem| problem.to_string())
}

fn refused(value: Value, parts: &[&str]) {
    let problem = read(value.clone()).expect_err(&value.to_string());
    for part in parts {
        assert!(problem.contains(part), "{value}: `{problem}` lacks `{part}`");
    }
}

fn kind(word: &str) -> Filter {
    Filter::Where(Field::Kind, Test::Eq(json!(word)))
}

#[test]
fn a_bare_value_is_eq_and_entries_must_all_hold() {
    assert_eq!(read(json!({"kind": "fact"})), Ok(kind("fact")));
    assert_eq!(read(json!({"kind": {"eq": "fact"}})), Ok(kind("fact")));
    let both = read(json!({"kind": "fact", "pinned": true}));
    assert_eq!(
        both,
        Ok(Filter::And(vec![kind("fact"), Filter::Where(Field::Pinned, Test::Eq(json!(true)))]))
    );
}

#[test]
fn filters_combine() {
    let read = read(json!({"or": [{"kind": "fact"}, {"not": {"and": [{"kind": "event"}]}}]}));
    let not = Filter::Not(Box::new(Filter::And(vec![kind("event")])));
    assert_eq!(read, Ok(Filter::Or(vec![kind("fact"), not])));
}

#[test]
fn times_and_ids_are_brought_to_one_form() {
    let read = read(json!({"at": {"gte": "2026-01-01T02:00:00+02:00"}}));
    let test = Test::Gte(json!("2026-01-01T00:00:00Z"));
    assert_eq!(read, Ok(Filter::Where(Field::At, test)));
    let id = super::tests::read(json!({"id": "019A5B7E3C00700080000123456789AB"}));
    let test = Test::Eq(json!("019a5b7e-3c00-7000-8000-0123456789ab"));
    assert_eq!(id, Ok(Filter::Where(Field::Id, test)));
}

#[test]
fn metadata_is_reached_by_a_path() {
    let path = Field::Metadata(vec!["trip".into(), "days".into()]);
    assert_eq!(read(json!({"metadata.trip.days": {"gt": 2}})), Ok(Filter::Where(path, Test::Gt(json!(2)))));
    refused(json!({"metadata.trip..days": 2}), &["metadata.one.two"]);
    refused(json!({"metadata": {"trip": 2}}), &["`metadata`", "metadata.<path>"]);
}

#[test]
fn unknown_keys_and_operators_are_refused_with_the_list() {
    refused(json!({"colour": "red"}), &["filter.colour", "expected id, type"]);
    refused(json!({"kind": {"like": "f"}}), &["filter.kind.like", "eq, ne, in"]);
    refused(json!({"kind": {"gt": "fact"}}), &["filter.kind.gt", "eq, ne or in"]);
    refused(json!({"id; drop table": 1}), &["is no key"]);
}

#[test]
fn values_of_another_type_are_refused() {
    refused(json!({"kind": 3}), &["filter.kind.eq", "a number"]);
    refused(json!({"kind": "feeling"}), &["`feeling`", "preference, fact"]);
    refused(json!({"pinned": "yes"}), &["true or false"]);
    refused(json!({"at": {"lt": "last May"}}), &["filter.at.lt", "RFC 3339"]);
    refused(json!({"at": {"lt": 1_770_000_000}}), &["a time as text"]);
    refused(json!({"session": "s-1"}), &["UUID"]);
    refused(json!({"labels": ["a"]}), &["\"in\""]);
    refused(json!({"labels": {"in": "a"}}), &["a list of values"]);
    refused(json!({"metadata.x": {"eq": {"deep": 1}}}), &["found an object"]);
    refused(json!({"user": {"contains": null}}), &["found null"]);
}

#[test]
fn what_is_empty_is_refused() {
    refused(json!({}), &["filter: is empty"]);
    refused(json!({"and": []}), &["filter.and: is empty"]);
    refused(json!({"kind": {}}), &["has no test"]);
    refused(json!({"kind": {"in": []}}), &["0 values"]);
    refused(json!([]), &["expected an object"]);
}

#[test]
fn nesting_number_and_size_are_bounded() {
    let deep = (0..limits::FILTER_DEPTH_MAX).fold(json!({"kind": "fact"}), |inner, _| json!({"not": inner}));
    refused(deep, &["nested deeper than 8"]);
    let many: Vec<Value> = (0..=limits::FILTER_TESTS_MAX).map(|_| json!({"kind": "fact"})).collect();
    refused(json!({"or": many}), &["more than 64 tests"]);
    let values: Vec<Value> = (0..=limits::FILTER_VALUES_MAX).map(|n| json!(n.to_string())).collect();
    refused(json!({"user": {"in": values}}), &["257 values"]);
    refused(json!({"user": "x".repeat(2_000)}), &["2000 bytes"]);
}

#[test]
fn null_asks_for_what_has_none() {
    assert_eq!(read(json!({"expires_at": null})), Ok(Filter::Where(Field::ExpiresAt, Test::Eq(Value::Null))));
}
