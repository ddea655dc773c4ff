//! The OpenAPI document tells every route, and nothing that is not one.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::Method;
use serde_json::Value;

use crate::seed::{seed_without_key, visits};
use crate::server::server;

const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE];

fn document() -> Value {
    serde_json::to_value(dreamkeeper_http::openapi()).unwrap()
}

/// Every operation of the document, as method and path.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = format!("{}\n", dreamkeeper_http::openapi().to_pretty_json().unwrap());
    if std::env::var_os("DREAMKEEPER_REFRESH").is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    // Not `assert_eq!`: two documents of thousands of lines tell nobody anything.
    assert!(kept == served, "docs/openapi.json is stale: run `cargo xtask openapi` and commit it");
}

#[tokio::test]
async fn every_documented_route_is_served_and_no_other_method_is() {
    let server = server().await;
    let documented = operations(&document());
    let paths: BTreeSet<&String> = documented.iter().map(|(_, path)| path).collect();
    for path in paths {
        for method in METHODS {
            let steps = path.split('/').map(|step| if step.starts_with('{') { "x" } else { step });
            let concrete = steps.collect::<Vec<_>>().join("/");
            let answered = server.call(method.clone(), concrete).send().await;
            let known = documented.contains(&(method.to_string(), path.clone()));
            let code = if answered.status < 400 { String::new() } else { answered.code() };
            assert_ne!(code, "unknown_route", "{method} {path}");
            assert_eq!(code != "method_not_allowed", known, "{method} {path}: {code}");
        }
    }
}

#[tokio::test]
async fn every_route_is_visited_by_the_matrix() {
    let server = server().await;
    let visited: BTreeSet<(String, String)> = visits(&seed_without_key(&server).await)
        .iter()
        .map(|visit| (visit.method.to_string(), visit.route.to_owned()))
        .collect();
    assert_eq!(visited, operations(&document()));
}

/// The source of every file under a folder.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_route_is_made_without_documentation() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    // A wire of somebody else's has its owner's documentation; its routes are `/v1/…`.
    found.retain(|(path, _)| !path.contains("/src/anthropic") && !path.contains("/src/mem0"));
    let endpoints: usize = found.iter().map(|(_, source)| source.matches("#[utoipa::path(").count()).sum();
    assert_eq!(endpoints, operations(&document()).len());
    for (path, source) in found {
        for bypass in [".route(", ".nest(", "axum::routing"] {
            assert!(!source.contains(bypass), "{path} makes a route with {bypass}");
        }
    }
}

#[test]
fn every_operation_is_told_whole() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name}");
            assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{name}");
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("default"), "{name}");
            for (status, response) in responses {
                let told =
                    status == "204" || response["content"].as_object().is_some_and(|all| !all.is_empty());
                assert!(told, "{name} {status}");
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let in_path: BTreeSet<&str> = parameters
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            let named: BTreeSet<&str> =
                path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(in_path, named, "{name}");
        }
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Object(entries) => {
                if let Some(Value::String(reference)) = entries.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                entries.values().for_each(|value| check(value, document));
            }
            Value::Array(items) => items.iter().for_each(|value| check(value, document)),
            _ => {}
        }
    }
    let document = document();
    check(&document, &document);
}

#[tokio::test]
async fn the_served_document_is_the_document() {
    let server = server().await;
    assert_eq!(server.get("/dk/v1/openapi.json").ok().await, document());
}
