//! Memories: paths, contents, preconditions, what changes nothing.

use axum::http::Method;
use serde_json::{Value, json};

use super::{is, refused, text, wire};

/// SHA-256 of "x" (FIPS 180-4), as `printf x | sha256sum` tells it.
const HASH_OF_X: &str = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

#[tokio::test]
async fn a_memory_has_every_key_and_content_only_in_the_full_view() {
    let wire = wire().await;
    let made = wire.memory("/notes/tea.md", "x").await;
    let store = wire.store.rsplit('/').next().unwrap();
    let expected = |content: Value| {
        json!({
            "id": made["id"], "type": "memory", "memory_store_id": store,
            "memory_version_id": made["memory_version_id"], "path": "/notes/tea.md", "content": content,
            "content_sha256": HASH_OF_X, "content_size_bytes": 1,
            "created_at": "2026-03-02T09:00:01Z", "updated_at": "2026-03-02T09:00:01Z",
        })
    };
    assert!(text(&made["id"]).starts_with("mem_") && text(&made["memory_version_id"]).starts_with("memver_"));
    assert_eq!(made, expected(Value::Null), "basic on create");
    let path = wire.of(&made);
    assert_eq!(wire.server.get(&path).ok().await, expected(json!("x")), "full on retrieve");
    assert_eq!(wire.server.get(format!("{path}?view=basic")).ok().await, expected(Value::Null));
    let list = async |query: &str| wire.server.get(format!("{}/memories?{query}", wire.store)).ok().await;
    assert_eq!(list("").await, json!({"data": [expected(Value::Null)], "next_page": null}), "basic on list");
    assert_eq!(list("view=full").await["data"][0], expected(json!("x")));
    let create = format!("{}/memories?view=full", wire.store);
    assert_eq!(wire.server.post(create, json!({"path": "/b", "content": "y"})).ok().await["content"], "y");
    let same = wire.server.post(format!("{path}?view=full"), json!({"content": "x"})).ok().await;
    assert_eq!(same, expected(json!("x")), "full on update when asked for");
    let wrong = wire.server.get(format!("{path}?view=whole")).send().await;
    assert_eq!(refused(&wrong), is(400, "invalid_request_error"));
}

#[tokio::test]
async fn paths_are_absolute_plain_composed_and_bounded_in_bytes() {
    let wire = wire().await;
    let create = async |path: String| {
        let new = json!({"path": path, "content": ""});
        wire.server.post(format!("{}/memories", wire.store), new).send().await
    };
    let good = ["/a", "/A", "/.hidden", "/a b/ä.md", "/a/b", "/ünïcode/日本"];
    for path in good.map(str::to_owned).into_iter().chain([format!("/{}", "x".repeat(1_023))]) {
        let made = create(path.clone()).await;
        assert_eq!((made.status, text(&made.json()["path"])), (200, path.as_str()));
    }
    let bad = [
        "",
        "/",
        "a",
        "/a/",
        "//a",
        "/a//b",
        "/.",
        "/a/../b",
        "/a/./b",
        "/a\u{0}b",
        "/a\nb",
        "/a\u{200b}",
        "/a\u{2028}b",
        "/a\u{2029}b",
        "/a\u{308}",
    ];
    for path in bad.map(str::to_owned).into_iter().chain([format!("/{}", "é".repeat(512))]) {
        let answered = create(path.clone()).await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{path:?}");
    }
}

#[tokio::test]
async fn contents_are_kept_byte_for_byte_up_to_102_400_bytes() {
    let wire = wire().await;
    let raw = "e\u{301}\r\n\u{feff}\u{0}end";
    let made = wire.memory("/raw", raw).await;
    assert_eq!(wire.server.get(wire.of(&made)).ok().await["content"], raw, "no normalisation");
    assert_eq!(wire.memory("/empty", "").await["content_size_bytes"], 0);
    assert_eq!(wire.memory("/full", &"é".repeat(51_200)).await["content_size_bytes"], 102_400);
    let over = json!({"path": "/over", "content": format!("{}x", "é".repeat(51_200))});
    let create = wire.server.post(format!("{}/memories", wire.store), over.clone()).send().await;
    assert_eq!(refused(&create), is(400, "invalid_request_error"));
    let update = wire.update(&made, json!({"content": over["content"]})).await;
    assert_eq!(refused(&update), is(400, "invalid_request_error"));
    let absent = wire.server.post(format!("{}/memories", wire.store), json!({"path": "/none"}));
    assert_eq!(refused(&absent.send().await), is(400, "invalid_request_error"), "content is required");
}

#[tokio::test]
async fn a_taken_path_tells_by_whom_on_create_and_rename() {
    let wire = wire().await;
    let first = wire.memory("/a.md", "x").await;
    let second = wire.memory("/b.md", "x").await;
    let new = json!({"path": "/a.md", "content": "other"});
    let create = wire.server.post(format!("{}/memories", wire.store), new).send().await;
    let rename = wire.update(&second, json!({"path": "/a.md"})).await;
    for answered in [create, rename] {
        assert_eq!(refused(&answered), is(409, "memory_path_conflict_error"));
        let error = &answered.json()["error"];
        assert_eq!(
            (&error["conflicting_memory_id"], &error["conflicting_path"]),
            (&first["id"], &json!("/a.md"))
        );
    }
    assert_eq!(wire.server.get(wire.of(&first)).ok().await["content"], "x", "never overwritten");
}

#[tokio::test]
async fn an_update_can_rename_rewrite_or_both_by_post_or_patch() {
    let wire = wire().await;
    let made = wire.memory("/a.md", "x").await;
    let renamed = wire.update(&made, json!({"path": "/b.md"})).await.json();
    assert_eq!((&renamed["id"], &renamed["path"]), (&made["id"], &json!("/b.md")));
    assert_eq!(renamed["content_sha256"], HASH_OF_X);
    wire.later();
    let both = json!({"path": "/c.md", "content": "y", "precondition": null});
    let patched = wire.server.call(Method::PATCH, wire.of(&made)).json(&both).ok().await;
    assert_eq!((&patched["path"], &patched["content_size_bytes"]), (&json!("/c.md"), &json!(1)));
    assert_eq!(patched["created_at"], "2026-03-02T09:00:01Z");
    assert_eq!(patched["updated_at"], "2026-03-02T09:00:03Z");
    let unknown = wire.update(&made, json!({"contents": "z"})).await;
    assert_eq!(refused(&unknown), is(400, "invalid_request_error"));
}

#[tokio::test]
async fn a_precondition_guards_an_update_unless_it_is_done_already() {
    let wire = wire().await;
    let made = wire.memory("/a.md", "x").await;
    let on = |hash: &str| json!({"type": "content_sha256", "content_sha256": hash});
    let stale = on(&"0".repeat(64));
    let failed = wire.update(&made, json!({"content": "y", "precondition": stale})).await;
    assert_eq!(refused(&failed), is(409, "memory_precondition_failed_error"));
    assert_eq!(wire.server.get(wire.of(&made)).ok().await["content"], "x");
    let done = wire.update(&made, json!({"content": "x", "precondition": stale})).await;
    assert_eq!(done.status, 200, "what is stored is what was asked for");
    let passed = wire.update(&made, json!({"content": "y", "precondition": on(HASH_OF_X)})).await;
    assert_eq!(passed.status, 200);
    let bad =
        [json!({"type": "content_sha256"}), json!({"type": "etag"}), on("XY"), on(&HASH_OF_X.to_uppercase())];
    for precondition in bad {
        let answered = wire.update(&made, json!({"content": "z", "precondition": precondition})).await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{precondition}");
    }
}

#[tokio::test]
async fn what_changes_nothing_makes_no_version() {
    let wire = wire().await;
    let made = wire.memory("/a.md", "x").await;
    for patch in [json!({"content": "x"}), json!({"path": "/a.md"}), json!({}), json!({"content": null})] {
        let same = wire.update(&made, patch).await;
        assert_eq!((same.status, same.json()), (200, made.clone()));
    }
    assert_eq!(wire.versions("").await.len(), 1);
}

#[tokio::test]
async fn a_deletion_is_guarded_by_the_hash() {
    let wire = wire().await;
    let made = wire.memory("/a.md", "x").await;
    let path = wire.of(&made);
    let wrong = wire.delete(format!("{path}?expected_content_sha256={}", "0".repeat(64))).await;
    assert_eq!(refused(&wrong), is(409, "memory_precondition_failed_error"));
    let malformed = wire.delete(format!("{path}?expected_content_sha256=abc")).await;
    assert_eq!(refused(&malformed), is(400, "invalid_request_error"));
    assert_eq!(wire.server.get(&path).ok().await["content"], "x");
    let gone = wire.delete(format!("{path}?expected_content_sha256={HASH_OF_X}")).await;
    assert_eq!((gone.status, gone.json()), (200, json!({"id": made["id"], "type": "memory_deleted"})));
    for answered in [wire.server.get(&path).send().await, wire.delete(&path).await] {
        assert_eq!(refused(&answered), is(404, "not_found_error"));
    }
    assert_eq!(refused(&wire.update(&made, json!({"content": "y"})).await), is(404, "not_found_error"));
    assert_ne!(wire.memory("/a.md", "x").await["id"], made["id"], "made anew, it is another memory");
}
