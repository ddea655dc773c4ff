//! What rules find, and what they leave alone.

use dreamkeeper_domain::dream::{ChangeKind, ClaimFate, DreamOutcome};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_engine::dream::WhichChanges;

use super::shelf::Shelf;

/// Names are known by how a store writes them.
const NAMES: &str =
    "- Yesterday's talk was with Ana and Bo and Caro.\n- The cake is from Ana, Bo and Caro.\n";

async fn tidied(shelf: &Shelf, expected: &[(ChangeKind, &str)]) {
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told(), expected);
    if !expected.is_empty() {
        let adopted = shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
        assert_eq!((adopted.changes.len(), adopted.refused), (expected.len(), Vec::new()));
    }
}

#[tokio::test]
async fn a_claim_that_is_said_twice_stays_once() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write("/a.md", "# People\n- Ana likes the green tea.\n- The kettle is broken again.\n").await;
    shelf
        .write(
            "/b.md",
            "# Talks\n- Bo is away.\n- Ana really likes green tea\n- The kettle is broken again.\n",
        )
        .await;
    tidied(&shelf, &[(ChangeKind::Merge, "`/b.md`: “Ana really likes green tea” is said in `/a.md` too")])
        .await;
    assert_eq!(shelf.read("/b.md").await, "# Talks\n- Bo is away.\n- The kettle is broken again.\n");
    assert_eq!(shelf.read("/a.md").await.lines().count(), 3);
}

#[tokio::test]
async fn the_one_of_higher_origin_stays_and_keeps_its_origin() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write_as("/tool.md", "- Ana likes green tea\n- Bo is away\n", Origin::Tool).await;
    shelf.write("/own.md", "- Ana likes green tea\n").await;
    tidied(&shelf, &[(ChangeKind::Merge, "`/tool.md`: “Ana likes green tea” is said in `/own.md` too")])
        .await;
    let contents = shelf.contents().await;
    assert_eq!((contents["/own.md"].2, contents["/tool.md"].2), (Origin::User, Origin::Tool));
}

#[tokio::test]
async fn what_only_looks_alike_is_left_alone() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write("/lists.md", "# Ana\n- likes very green tea\n# Bo\n- likes very green tea\n# Steps\n1. Stir the pot well\n2. Stir the pot well\n").await;
    shelf.write("/2026-03-01.md", "- Ana went to the market with Bo.\n- Caro called Ana recently.\n").await;
    shelf.write("/2026-03-02.md", "- Ana went to the market with Bo.\n- Caro called Ana recently.\n").await;
    shelf.write("/todo.md", "- [ ] call the plumber back\n- [x] call the plumber back\n").await;
    tidied(&shelf, &[]).await;
}

#[tokio::test]
async fn a_topic_that_is_there_twice_goes_and_links_follow() {
    let shelf = Shelf::new().await;
    shelf.write("/tea.md", "# Tea\n- Water at 80 degrees.\n").await;
    shelf.write("/copy/tea.md", "# Tea\n- Water at 80 degrees.\n").await;
    shelf.write("/kitchen.md", "See [tea](/copy/tea.md) for the pot.\n").await;
    tidied(&shelf, &[(ChangeKind::Merge, "`/copy/tea.md` is `/tea.md` once more")]).await;
    assert_eq!(shelf.read("/kitchen.md").await, "See [tea](/tea.md) for the pot.\n");
    assert!(!shelf.contents().await.contains_key("/copy/tea.md"));
}

#[tokio::test]
async fn of_one_valued_properties_the_later_value_holds() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write("/old.md", "- Ana lives in Porto.\n- Bo lives in Rome.\n- The rent is 900 euros.\n").await;
    shelf.write("/new.md", "- Ana lives in Lisbon.\n- The rent is 950 euros.\n").await;
    tidied(&shelf, &[(ChangeKind::Supersede, "`/old.md`: “Ana lives in Porto.” holds no longer")]).await;
    assert_eq!(
        shelf.read("/old.md").await,
        "- Bo lives in Rome.\n- The rent is 900 euros.\n",
        "two flats may be meant"
    );
    shelf.write("/flat.md", "# Flat\n- The rent is 900 euros.\n").await;
    shelf.write("/flat.md", "# Flat\n- The rent is 900 euros.\n- The rent is 950 euros.\n").await;
    tidied(&shelf, &[(ChangeKind::Supersede, "`/flat.md`: “The rent is 900 euros.” holds no longer")]).await;
    assert_eq!(shelf.read("/flat.md").await, "# Flat\n- The rent is 950 euros.\n");
}

#[tokio::test]
async fn a_tool_contradicts_no_person() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write("/own.md", "- Ana lives in Porto.\n").await;
    shelf.write_as("/tool.md", "- Ana lives in Lisbon.\n", Origin::Tool).await;
    tidied(&shelf, &[]).await;
}

#[tokio::test]
async fn relative_dates_are_anchored_to_when_they_were_written() {
    let shelf = Shelf::new().await;
    // Written on 3 March 2026, a Tuesday.
    shelf.write("/log.md", "- Ana ran a race last Saturday.\n- Standup is every Friday.\n- The song \"Last Friday Night\" played.\n").await;
    // The line stays as it was written on the 3rd.
    shelf
        .write(
            "/log.md",
            "- Ana ran a race last Saturday.\n- Standup is every Friday.\n- Bo came yesterday.\n",
        )
        .await;
    shelf.write("/2026-02-01.md", "Ana moves next month.\n").await;
    shelf.house.clock.advance(jiff::SignedDuration::from_hours(24 * 30));
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told().len(), 3, "{:?}", dreamt.told());
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!(
        shelf.read("/log.md").await,
        "- Ana ran a race last Saturday (2026-02-28).\n- Standup is every Friday.\n- Bo came yesterday (2026-03-03).\n"
    );
    assert_eq!(shelf.read("/2026-02-01.md").await, "Ana moves next month (2026-03).\n");
    shelf.write("/other.md", "- nothing to see\n").await;
    tidied(&shelf, &[]).await;
}

#[tokio::test]
async fn an_edited_line_is_dated_only_where_both_moments_agree() {
    let shelf = Shelf::new().await;
    shelf
        .write("/log.md", "- Ana saw the docter yesterday in town.\n- Bo sold the old red car last year.\n")
        .await;
    shelf
        .write("/log.md", "- Ana saw the doctor yesterday in town.\n- Bo sold the old blue car last year.\n")
        .await;
    tidied(
        &shelf,
        &[(ChangeKind::Redate, "`/log.md`: last year is 2025 in “Bo sold the old blue car last year.”")],
    )
    .await;
}

#[tokio::test]
async fn what_says_itself_that_it_is_over_moves_to_the_archive() {
    let shelf = Shelf::new().await;
    shelf.write("/office.md", "# Office\n- The lift is closed until 5 March 2026.\n- Bo was here until 1 March 2026.\n- Door code: 12\n").await;
    tidied(&shelf, &[]).await;
    shelf.house.clock.advance(jiff::SignedDuration::from_hours(24 * 10));
    tidied(&shelf, &[(ChangeKind::Archive, "`/office.md`: one line is set aside")]).await;
    assert_eq!(
        shelf.read("/office.md").await,
        "# Office\n- Bo was here until 1 March 2026.\n- Door code: 12\n"
    );
    assert_eq!(shelf.read("/archive/office.md").await, "- The lift is closed until 5 March 2026.\n");
}

#[tokio::test]
async fn what_was_stated_in_three_sessions_is_lifted_and_what_was_said_once_is_not() {
    let shelf = Shelf::new().await;
    shelf.write("/MEMORY.md", "# Notes\n").await;
    for session in ["one", "two", "three"] {
        shelf.say(session, Role::User, "No, use pnpm, not npm. And make the button blue.").await;
        shelf.say(session, Role::Assistant, "Always use tabs.").await;
    }
    shelf.say("one", Role::User, "Always answer in French.").await;
    shelf.say("one", Role::User, "Always answer in French.").await;
    shelf.say("four", Role::User, "Always answer in French.").await;
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told(), [(ChangeKind::Create, "`/conventions.md`: “Use pnpm, not npm.”")]);
    let change = &dreamt.changes[0];
    assert_eq!((change.evidence.len(), &change.claims[0].fate), (3, &ClaimFate::Added));
    assert!(change.evidence.iter().all(|quote| quote.quote == "No, use pnpm, not npm."));
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!(shelf.read("/conventions.md").await, "- Use pnpm, not npm.\n");
    assert_eq!(shelf.read("/MEMORY.md").await, "# Notes\n- [Conventions](/conventions.md)\n");
    shelf.say("five", Role::User, "Use pnpm, not npm!").await;
    shelf.say("six", Role::User, "Please always answer in French.").await;
    tidied(&shelf, &[(ChangeKind::Edit, "`/conventions.md`: “Always answer in French.”")]).await;
}

#[tokio::test]
async fn dead_links_and_a_stale_index_are_mended() {
    let shelf = Shelf::new().await;
    shelf.write("/gone.md", "- a thing that goes\n").await;
    shelf.write("/new/tea.md", "# Tea\n").await;
    shelf.write("/MEMORY.md", "# Notes\nMine.\n- [Gone](/gone.md) — old\n").await;
    shelf.write("/a.md", "See [tea](/old/tea.md), [it](/gone.md) and [never](/never.md).\n").await;
    shelf.remove("/gone.md").await;
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.told().len(), 2, "{:?}", dreamt.told());
    shelf.adopt(&dreamt.dream, WhichChanges::Remaining).await;
    assert_eq!(shelf.read("/a.md").await, "See [tea](/new/tea.md), it and [never](/never.md).\n");
    assert!(
        shelf.read("/MEMORY.md").await.starts_with("# Notes\nMine.\n- [a]"),
        "{}",
        shelf.read("/MEMORY.md").await
    );
}

#[tokio::test]
async fn an_oversized_topic_is_split_by_its_headings() {
    let shelf = Shelf::new().await;
    let part = |name: &str| {
        format!(
            "## {name}\n{}",
            (0..400).map(|line| format!("- {name} has the thing with number {line}\n")).collect::<String>()
        )
    };
    shelf.write("/big.md", &format!("# Big\nAbout it.\n{}{}", part("One"), part("Two"))).await;
    tidied(&shelf, &[(ChangeKind::Split, "`/big.md` becomes 3 topics")]).await;
    assert_eq!(shelf.read("/big.md").await, "# Big\nAbout it.\n- [One](/big/one.md)\n- [Two](/big/two.md)\n");
    assert_eq!(shelf.read("/big/one.md").await, part("One"));
}

#[tokio::test]
async fn a_second_dream_over_the_same_does_nothing_and_says_so() {
    let shelf = Shelf::new().await;
    shelf.write("/names.md", NAMES).await;
    shelf.write("/a.md", "- Ana likes green tea\n").await;
    shelf.write("/b.md", "- Ana likes green tea\n- Bo likes coffee\n").await;
    let first = shelf.dream().await;
    assert_eq!((first.told().len(), first.dream.usage.worked_count), (1, 3));
    let second = shelf.dream().await;
    assert_eq!((second.told().len(), second.dream.usage.worked_count), (0, 0));
    assert!(
        matches!(second.dream.outcome, Some(DreamOutcome::DidNothing { .. })),
        "{:?}",
        second.dream.outcome
    );
    shelf.write("/c.md", "- Bo likes coffee\n").await;
    let third = shelf.dream().await;
    assert_eq!(third.told(), [(ChangeKind::Merge, "`/c.md`: “Bo likes coffee” is said in `/b.md` too")]);
    assert_eq!(third.dream.usage.worked_count, 1, "what waits in an earlier dream is not proposed again");
    assert!(third.dream.diary.contains("1 changes of earlier dreams wait"), "{}", third.dream.diary);
}
