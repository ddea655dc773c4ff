//! The README's requests, sent as they stand there: what a reader copies works.

use axum::http::Method;
use serde_json::Value;

use crate::server::server;

const README: &str = include_str!("../../../../README.md");

/// Path and body of each `curl` in a fenced block, in order. A body stands between single quotes and may go
/// over several lines.
fn requests(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in text.split("```").skip(1).step_by(2) {
        for command in block.split("curl ").skip(1) {
            let (_, after) = command.split_once("localhost:7077").expect("a request to our own port");
            let path = after.split_whitespace().next().unwrap();
            let body =
                command.split_once(" -d '").map(|(_, body)| body.split_once('\'').expect("a closed quote"));
            found.push((path.to_owned(), body.map(|(body, _)| body.to_owned()).unwrap_or_default()));
        }
    }
    found
}

#[tokio::test]
async fn every_request_of_the_readme_is_answered() {
    let server = server().await;
    let requests = requests(README);
    assert!(requests.len() >= 2, "the README shows how to write and how to ask");
    let mut answers: Vec<Value> = Vec::new();
    for (path, body) in &requests {
        let method = if body.is_empty() { Method::GET } else { Method::POST };
        let call = server.call(method, path).header("content-type", "application/json").body(body.clone());
        let answered = call.send().await;
        assert_eq!(answered.status, 200, "{path} {body}: {}", answered.text);
        answers.push(answered.json());
    }
    // What the first one writes, the last one finds.
    let found = answers.last().unwrap()["conversation"][0]["quote"].as_str().unwrap_or_default().to_owned();
    assert!(requests[0].1.contains(&found) && found.contains("Porto"), "{answers:?}");
}

#[test]
fn a_request_is_read_with_its_whole_body() {
    let text = "x\n```\ncurl -s localhost:7077/a -d '{\n \"b\": 1}'\n\ncurl localhost:7077/c\n```\ncurl no\n";
    let pair = |path: &str, body: &str| (path.to_owned(), body.to_owned());
    assert_eq!(requests(text), [pair("/a", "{\n \"b\": 1}"), pair("/c", "")]);
}
