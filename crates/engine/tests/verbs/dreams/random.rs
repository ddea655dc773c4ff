//! Random histories: whatever was written, adopting and rolling back is the identity on bytes, ids and origins, no claim
//! is lost without a word, and what one dream adopted the next leaves alone.

use dreamkeeper_domain::dream::{ChangeReview, ClaimFate};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_engine::dream::{OnCollision, WhichChanges};
use proptest::prelude::*;

use super::shelf::Shelf;

const LINES: [&str; 14] = [
    "# Part\n",
    "## Other part\n",
    "- Ana likes green tea with Bo.\n",
    "- Ana really likes green tea with Bo\n",
    "- Bo lives in Porto with Ana.\n",
    "- Bo lives in Rome.\n",
    "- Ana lives in Rome.\n",
    "- The rent is 900 euros.\n",
    "- The rent is 950 euros.\n",
    "Ana met Bo last week. The pump is loud at night. ",
    "- It is closed until 1 March 2026.\n",
    "See [it](/a.md) and [more](/b/c.md).\n",
    "\n",
    "no end",
];
const PATHS: [&str; 5] = ["/a.md", "/b/c.md", "/2026-01-02.md", "/MEMORY.md", "/archive/a.md"];

#[derive(Debug, Clone)]
enum Step {
    Write(usize, Vec<usize>, bool),
    Remove(usize),
    Dream(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..PATHS.len(), proptest::collection::vec(0..LINES.len(), 0..9), any::<bool>())
            .prop_map(|(path, lines, low)| Step::Write(path, lines, low)),
        1 => (0..PATHS.len()).prop_map(Step::Remove),
        2 => any::<bool>().prop_map(Step::Dream),
    ]
}

async fn dream(shelf: &Shelf, keeps: bool) {
    let before = shelf.contents().await;
    let dreamt = shelf.dream().await;
    assert_eq!(shelf.contents().await, before, "a dream writes only its proposal");
    for change in &dreamt.changes {
        assert_eq!(change.review, ChangeReview::Waiting, "a rule proposed what may not stand: {change:#?}");
        let is_lost = |fate: &ClaimFate| matches!(fate, ClaimFate::Dropped { .. });
        assert!(!change.claims.iter().any(|claim| is_lost(&claim.fate)), "{change:#?}");
    }
    if dreamt.changes.is_empty() {
        return;
    }
    let adopted = shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    let after = shelf.contents().await;
    for (path, (id, _, origin)) in &after {
        let was = before.values().find(|(other, ..)| other == id);
        assert!(was.is_none_or(|(_, _, was)| origin <= was), "{path} was raised");
    }
    let back = shelf.roll_back(&adopted.dream, OnCollision::Refuse).await;
    assert!(back.done, "{back:?}");
    assert_eq!(shelf.contents().await, before, "rolled back");
    if keeps {
        shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
        assert_eq!(shelf.contents().await, after, "adopted again");
    }
}

async fn history(steps: Vec<Step>) {
    let shelf = Shelf::new().await;
    for step in steps {
        match step {
            Step::Write(path, lines, low) => {
                let content: String = lines.into_iter().map(|line| LINES[line]).collect();
                let origin = if low { Origin::Tool } else { Origin::User };
                shelf.write_as(PATHS[path], &content, origin).await;
            }
            Step::Remove(path) if shelf.contents().await.contains_key(PATHS[path]) => {
                shelf.remove(PATHS[path]).await;
            }
            Step::Remove(_) => {}
            Step::Dream(keeps) => dream(&shelf, keeps).await,
        }
    }
    dream(&shelf, true).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn rolling_back_undoes_adopting(steps in proptest::collection::vec(step(), 1..10)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(history(steps));
    }
}
