//! Rollback: exact, also after later edits elsewhere; where both meet it is shown.

use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::dream::{OnCollision, WhichChanges};

use super::shelf::{Dreamt, Shelf};

const LOG: &str = "# Log\n- The old pump is loud at night.\n- The old pump is loud at night.\n- It rained last month.\n- end\n";

async fn adopted() -> (Shelf, Dreamt, super::shelf::Contents) {
    let shelf = Shelf::new().await;
    shelf.write("/log.md", LOG).await;
    shelf.write("/tea.md", "# Tea\n- Water at 80 degrees.\n").await;
    shelf.write("/tea-copy.md", "# Tea\n- Water at 80 degrees.\n").await;
    shelf.write("/office.md", "- The lift is closed until 10 March 2026.\n- Door is blue\n").await;
    let before = shelf.contents().await;
    shelf.house.clock.advance(jiff::SignedDuration::from_hours(24 * 10));
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told().len(), 4, "{:?}", dreamt.told());
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_ne!(shelf.contents().await, before);
    (shelf, dreamt, before)
}

#[tokio::test]
async fn everything_is_as_it_was_and_can_be_adopted_again() {
    let (shelf, dreamt, before) = adopted().await;
    let after = shelf.contents().await;
    for _ in 0..3 {
        let back = shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
        assert!(back.done && back.collisions.is_empty(), "{back:?}");
        assert_eq!(shelf.contents().await, before);
        shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
        assert_eq!(shelf.contents().await, after);
    }
}

#[tokio::test]
async fn later_edits_elsewhere_stay() {
    let (shelf, dreamt, before) = adopted().await;
    shelf.write("/new.md", "- something new\n").await;
    shelf.write("/log.md", &shelf.read("/log.md").await.replace("- end\n", "- the very end\n")).await;
    let back = shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
    assert!(back.done, "{back:?}");
    let now = shelf.contents().await;
    assert_eq!(now["/log.md"].1, LOG.replace("- end\n", "- the very end\n"));
    assert_eq!(now["/new.md"].1, "- something new\n");
    assert_eq!((&now["/tea-copy.md"], &now["/office.md"]), (&before["/tea-copy.md"], &before["/office.md"]));
}

#[tokio::test]
async fn where_both_meet_it_is_shown_and_the_caller_decides() {
    let (shelf, dreamt, before) = adopted().await;
    shelf
        .write(
            "/log.md",
            &shelf.read("/log.md").await.replace("It rained last month (2026-02).", "It poured."),
        )
        .await;
    let changed = shelf.contents().await;
    let back = shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
    assert!(!back.done && back.collisions.len() == 1, "{back:?}");
    assert_eq!(back.collisions[0].place, "/log.md");
    assert_eq!(shelf.contents().await, changed, "nothing was written");
    let back = shelf.roll_back(&dreamt.dream, OnCollision::KeepLater).await;
    assert!(back.done && back.collisions.len() == 1);
    let now = shelf.contents().await;
    assert_eq!((&now["/log.md"], &now["/tea-copy.md"]), (&changed["/log.md"], &before["/tea-copy.md"]));
    let (shelf, dreamt, before) = adopted().await;
    shelf.write("/log.md", "- all other words\n").await;
    shelf.roll_back(&dreamt.dream, OnCollision::RestoreEarlier).await;
    assert_eq!(shelf.contents().await, before);
}

#[tokio::test]
async fn a_path_that_was_taken_meanwhile_is_shown() {
    let (shelf, dreamt, _) = adopted().await;
    shelf.write("/tea-copy.md", "- my own\n").await;
    let back = shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
    assert!(!back.done && back.collisions[0].place == "/tea-copy.md", "{back:?}");
}

#[tokio::test]
async fn what_was_not_adopted_cannot_be_rolled_back() {
    let (shelf, dreamt, _) = adopted().await;
    shelf.roll_back(&dreamt.dream, OnCollision::Refuse).await;
    let house = &shelf.house;
    let again =
        house.engine.roll_back_dream(&house.operator, (dreamt.dream.id, None), OnCollision::Refuse).await;
    assert!(matches!(again, Err(VerbError::Invalid { .. })), "{again:?}");
    let again =
        house.engine.roll_back_dream(&house.operator, (dreamt.dream.id, Some(1)), OnCollision::Refuse).await;
    assert!(matches!(again, Err(VerbError::Invalid { .. })), "{again:?}");
    let refused =
        house.engine.roll_back_dream(&house.local, (dreamt.dream.id, None), OnCollision::Refuse).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
}
