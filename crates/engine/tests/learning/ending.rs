//! What a person says is over ends the memory that said it was so; what does not match stays.

use dreamkeeper_domain::memory::Status;

use crate::house::{House, house, said};

const JANUARY: &str = "2026-01-05T10:00:00Z";
const FEBRUARY: &str = "2026-02-05T10:00:00Z";
const MARCH: &str = "2026-03-01T10:00:00Z";

/// Hears each saying in a session of its own.
async fn heard(sayings: &[(&str, &str)]) -> House {
    let house = house(None).await;
    for (at, text) in sayings {
        house.learn(at, vec![said(at, text)]).await;
    }
    house
}

async fn texts(house: &House, status: Status) -> Vec<String> {
    let mut texts: Vec<String> =
        house.memories(&[status]).await.into_iter().map(|memory| memory.text).collect();
    texts.sort();
    texts
}

/// What is ended, and that the same comes of learning it in the other order.
async fn check(before: &str, ending: &str, active: &[&str], ended: &[&str]) {
    let (first, second) = ((JANUARY, before), (FEBRUARY, ending));
    for order in [[first, second], [second, first]] {
        let house = heard(&order).await;
        assert_eq!(texts(&house, Status::Active).await, active, "{before} / {ending}");
        assert_eq!(texts(&house, Status::Superseded).await, ended, "{before} / {ending}");
    }
}

#[tokio::test]
async fn what_is_no_longer_so_ends_the_memory_of_it() {
    check(
        "I work at Siemens.",
        "I no longer work at Siemens.",
        &["User no longer works at Siemens"],
        &["User works at Siemens"],
    )
    .await;
    check(
        "I live in Porto.",
        "I don't live in Porto anymore.",
        &["User does not live in Porto anymore"],
        &["User lives in Porto"],
    )
    .await;
    check(
        "My brother lives in Rome.",
        "My brother no longer lives in Rome.",
        &["User's brother no longer lives in Rome"],
        &["User's brother lives in Rome"],
    )
    .await;
}

#[tokio::test]
async fn quitting_leaving_selling_and_stopping_end_it_too() {
    check(
        "I work at Siemens.",
        "I quit my job at Siemens.",
        &["User quit their job at Siemens"],
        &["User works at Siemens"],
    )
    .await;
    check("I work at Siemens.", "I quit my job.", &["User quit their job"], &["User works at Siemens"]).await;
    check(
        "I own a motorbike.",
        "I sold my motorbike.",
        &["User sold their motorbike"],
        &["User owns a motorbike"],
    )
    .await;
    check(
        "I go to the gym every Monday.",
        "I stopped going to the gym.",
        &["User stopped going to the gym"],
        &["User goes to the gym every Monday"],
    )
    .await;
    check(
        "I'm dating Lucia.",
        "I broke up with Lucia.",
        &["User broke up with Lucia"],
        &["User is dating Lucia"],
    )
    .await;
}

#[tokio::test]
async fn what_does_not_match_stays() {
    let house = heard(&[
        (JANUARY, "I work at Siemens. I own a boat. I like tennis."),
        (FEBRUARY, "I no longer work at Nokia. I sold my motorbike. I gave up smoking."),
    ])
    .await;
    let active = texts(&house, Status::Active).await;
    for kept in ["User works at Siemens", "User owns a boat", "User likes tennis"] {
        assert!(active.iter().any(|text| text == kept), "{kept}: {active:?}");
    }
    assert!(house.memories(&[Status::Superseded]).await.is_empty());
}

#[tokio::test]
async fn the_end_closes_the_time_in_which_it_was_so() {
    let house = heard(&[(JANUARY, "I work at Siemens."), (MARCH, "I no longer work at Siemens.")]).await;
    let old = house.memories(&[Status::Superseded]).await.pop().expect("the old one is kept");
    assert_eq!(old.validity.to.map(|to| to.to_string()).as_deref(), Some(MARCH));
}

#[tokio::test]
async fn what_began_again_is_so_in_any_order() {
    let sayings = [
        (JANUARY, "I work at Siemens."),
        (FEBRUARY, "I no longer work at Siemens."),
        (MARCH, "I work at Siemens."),
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let house = heard(&order.map(|place| sayings[place])).await;
        assert_eq!(texts(&house, Status::Active).await, ["User works at Siemens"], "{order:?}");
        assert_eq!(texts(&house, Status::Superseded).await, ["User no longer works at Siemens"], "{order:?}");
    }
}
