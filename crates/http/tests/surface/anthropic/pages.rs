//! Pages: prefixes, depth, limits and cursors.

use serde_json::{Value, json};

use super::{STORES, Wire, is, refused, text, wire};

/// What a list of memories tells on all its pages: paths, and folders.
async fn walk(wire: &Wire, query: &str) -> Vec<String> {
    let mut told = Vec::new();
    let mut page = String::new();
    loop {
        let list = wire.server.get(format!("{}/memories?{query}{page}", wire.store)).ok().await;
        let data = list["data"].as_array().unwrap();
        told.extend(data.iter().map(|entry| text(&entry["path"]).to_owned()));
        match list["next_page"].as_str() {
            None => return told,
            Some(next) => {
                assert!(!data.is_empty(), "their clients stop at an empty page");
                assert!(next.starts_with("page_"), "{next}");
                page = format!("&page={next}");
            }
        }
    }
}

#[tokio::test]
async fn memories_are_listed_by_whole_segments_and_folders_count_as_entries() {
    let wire = wire().await;
    for path in ["/notes/b/c.md", "/z.md", "/notes-archive/a.md", "/notes/a.md", "/notes/b/d.md", "/m.md"] {
        wire.memory(path, path).await;
    }
    let all = ["/m.md", "/notes-archive/a.md", "/notes/a.md", "/notes/b/c.md", "/notes/b/d.md", "/z.md"];
    let level = ["/m.md", "/notes-archive/", "/notes/", "/z.md"];
    for limit in [1, 2, 3, 100] {
        assert_eq!(walk(&wire, &format!("limit={limit}")).await, all);
        assert_eq!(walk(&wire, &format!("limit={limit}&depth=0")).await, all);
        assert_eq!(walk(&wire, &format!("limit={limit}&depth=1")).await, level);
        assert_eq!(walk(&wire, &format!("limit={limit}&path_prefix=/notes/")).await, all[2..5]);
    }
    assert_eq!(walk(&wire, "path_prefix=/notes/&depth=1").await, ["/notes/a.md", "/notes/b/"]);
    assert_eq!(walk(&wire, "path_prefix=/nothing/").await, Vec::<String>::new());
    let list = wire.server.get(format!("{}/memories?depth=1", wire.store)).ok().await;
    assert_eq!(list["data"][1], json!({"type": "memory_prefix", "path": "/notes-archive/"}));
    for query in ["depth=2", "depth=-1", "path_prefix=/notes", "path_prefix=notes/", "limit=0", "limit=101"] {
        let answered = wire.server.get(format!("{}/memories?{query}", wire.store)).send().await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{query}");
    }
}

#[tokio::test]
async fn a_page_has_20_entries_unless_told_and_never_more_with_contents() {
    let wire = wire().await;
    for number in 0..25 {
        wire.memory(&format!("/{number:02}.md"), "x").await;
    }
    let count = async |path: String| {
        let page: Value = wire.server.get(path).ok().await;
        (page["data"].as_array().unwrap().len(), page["next_page"].is_string())
    };
    for list in ["memories", "memory_versions"] {
        let path = |query: &str| format!("{}/{list}?{query}", wire.store);
        assert_eq!(count(path("")).await, (20, true), "{list}");
        assert_eq!(count(path("limit=100")).await, (25, false), "{list}");
        assert_eq!(count(path("limit=100&view=full")).await, (20, true), "{list}");
        assert_eq!(count(path("limit=3&view=full")).await, (3, true), "{list}");
    }
    assert_eq!(walk(&wire, "limit=100&view=full").await.len(), 25);
}

#[tokio::test]
async fn stores_are_listed_newest_first_between_inclusive_times() {
    let wire = wire().await;
    for name in ["second", "third"] {
        wire.later();
        wire.server.post(STORES, json!({"name": name})).ok().await;
    }
    let names = async |query: &str| {
        let page = wire.server.get(format!("{STORES}?{query}")).ok().await;
        let data = page["data"].as_array().unwrap();
        data.iter().map(|store| text(&store["name"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["third", "second", "House"]);
    assert_eq!(names("created_at[gte]=2026-03-02T09:00:01Z").await, ["third", "second"]);
    assert_eq!(names("created_at[lte]=2026-03-02T09:00:01Z").await, ["second", "House"]);
    let first = wire.server.get(format!("{STORES}?limit=2")).ok().await;
    assert_eq!(names(&format!("limit=2&page={}", text(&first["next_page"]))).await, ["House"]);
    for query in ["page=2", "page=page_zz", "limit=many", "include_archived=maybe", "name=House"] {
        let answered = wire.server.get(format!("{STORES}?{query}")).send().await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{query}");
    }
}
