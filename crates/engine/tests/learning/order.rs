//! The same sayings give the same memories, in whatever order their sessions are learned.

use crate::house::{house, said};
use crate::model::{item, port, proposing};

fn script() -> Vec<(&'static str, serde_json::Value)> {
    let lives = |place: &str, quote: &str| {
        item(&format!("User lives in {place}"), ("user", "residence", place), quote)
    };
    vec![
        ("in Lisbon", lives("Lisbon", "I live in Lisbon")),
        ("in Porto", lives("Porto", "I live in Porto")),
        ("in Braga", lives("Braga", "I live in Braga")),
        ("like tea", item("User likes tea", ("user", "likes", "tea"), "I like tea")),
        ("hate tea", item("User dislikes tea", ("user", "dislikes", "tea"), "I hate tea")),
    ]
}

const SESSIONS: [(&str, &str, &str); 5] = [
    ("a", "2026-01-01T10:00:00Z", "I live in Lisbon. I like tea."),
    ("b", "2026-01-11T10:00:00Z", "I live in Porto."),
    ("c", "2026-01-21T10:00:00Z", "I live in Lisbon again, I live in Lisbon."),
    ("d", "2026-01-25T10:00:00Z", "I hate tea."),
    ("e", "2026-01-31T10:00:00Z", "I live in Braga."),
];

#[tokio::test]
async fn sessions_may_be_learned_in_any_order() {
    let mut expected = None;
    for order in permutations(SESSIONS.len()) {
        let house = house(port(&proposing(script()))).await;
        for place in &order {
            let (session, at, text) = SESSIONS[*place];
            house.learn(session, vec![said(at, text)]).await;
        }
        let essence = house.essence().await;
        assert_eq!(house.active().await, ["User dislikes tea", "User lives in Braga"], "{order:?}");
        assert_eq!(&essence, expected.get_or_insert_with(|| essence.clone()), "{order:?}");
    }
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..count {
        let longer = |known: &Vec<usize>| {
            (0..count)
                .filter(|next| !known.contains(next))
                .map(|next| [known.as_slice(), &[next]].concat())
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}
