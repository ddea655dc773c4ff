//! The same sayings come to the same memories over the real store: fed twice, learned out of order across sessions,
//! and by workers and processes that die wherever they happen to be.

mod house;
mod processes;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::limits;
use dreamkeeper_engine::learn::Learn;
use dreamkeeper_testkit::SeededEntropy;
use jiff::SignedDuration;

use house::{Essence, House, SESSIONS, USERS, house};

/// Orders in which sessions are learned.
const ORDERS: usize = 20;
/// Workers that die, in all, and in one house: an event that outlives so many is still tried again.
const DEATHS: usize = 300;
const DEATHS_OF_ONE: usize = limits::EVENT_ATTEMPTS_MAX as usize - 2;
/// The longest that a worker lives before it is ended: a round takes about as long.
const LIFE_MICROS: usize = 20_000;

/// What comes of learning in the order of time, undisturbed.
async fn expected() -> BTreeSet<Essence> {
    let house = house().await;
    house.append_all(Learn::Now).await;
    let essence = house.essence().await;
    house.close().await;
    let stands = |text: &str, wanted: &str| {
        essence.iter().any(|(said, .., status)| said.contains(text) && *status == wanted)
    };
    let superseded = ["Porto", "Lisbon", "nurse"].iter().all(|text| stands(text, "superseded"));
    assert!(superseded && stands("Porto", "active") && stands("tea", "active"), "{essence:#?}");
    essence
}

#[tokio::test]
async fn what_is_fed_twice_is_learned_once() {
    let expected = expected().await;
    let house = house().await;
    house.append_all(Learn::Now).await;
    // As an agent sends it that was not told whether the first time came through.
    house.append_all(Learn::Now).await;
    assert_eq!(house.essence().await, expected, "appended twice");
    // As an operator does who wants it learned anew.
    for place in 0..SESSIONS.len() {
        house.learn(place).await;
    }
    assert_eq!(house.essence().await, expected, "learned twice");
    house.close().await;
}

#[tokio::test]
async fn sessions_may_be_learned_in_any_order() {
    let expected = expected().await;
    let chance = SeededEntropy::new(4);
    for _ in 0..ORDERS {
        let house = house().await;
        house.append_all(Learn::Off).await;
        let order = shuffled(SESSIONS.len(), &chance);
        for place in &order {
            house.learn(*place).await;
        }
        assert_eq!(house.essence().await, expected, "{order:?}");
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_may_die_anywhere() {
    let expected = expected().await;
    let chance = SeededEntropy::new(5);
    let (mut deaths, mut houses, mut holding) = (0, 0, 0);
    while deaths < DEATHS {
        let house = house().await;
        house.append_all(Learn::Later).await;
        let mut died = 0;
        while died < DEATHS_OF_ONE && house.waiting().await > 0 {
            let death = dies(&house, &chance).await;
            died += usize::from(death != Death::None);
            holding += usize::from(death == Death::Holding);
        }
        house.finish().await;
        assert_eq!(house.essence().await, expected, "house {houses}, {died} deaths");
        let events = house.events().await;
        assert!(events.iter().all(|event| event.state == EventState::Succeeded), "{events:#?}");
        assert_eq!(house.settled_count().await, events.len(), "every event is settled once");
        house.close().await;
        (deaths, houses) = (deaths + died, houses + 1);
    }
    println!("{deaths} workers died in {houses} houses, {holding} of them holding a lease");
    assert!(
        holding >= DEATHS / 3,
        "{holding} of {deaths}: most died before they had begun, or when all was done"
    );
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// It was done before its time.
    None,
    /// With nothing in its hands.
    Idle,
    /// With events that nobody else may have yet.
    Holding,
}

/// Begins a round and ends it somewhere; then its leases run out.
async fn dies(house: &House, chance: &SeededEntropy) -> Death {
    let (engine, space) = (house.engine.clone(), house.operator.space);
    let worker = format!("worker-{}", chance.draw());
    let round = tokio::spawn(async move { engine.learn_round(space, &worker).await });
    let (began, life) = (Instant::now(), Duration::from_micros(chance.below(LIFE_MICROS) as u64));
    while began.elapsed() < life {
        tokio::task::yield_now().await;
    }
    round.abort();
    let ended = round.await;
    let holds = house.running().await > 0;
    house.clock.advance(SignedDuration::from_secs(limits::LEASE_SECONDS + 1));
    match ended {
        Ok(round) => {
            round.expect("a round over a sound store");
            Death::None
        }
        Err(error) if error.is_cancelled() => {
            if holds {
                Death::Holding
            } else {
                Death::Idle
            }
        }
        Err(error) => panic!("{error}"),
    }
}

fn shuffled(count: usize, chance: &SeededEntropy) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for place in (1..count).rev() {
        order.swap(place, chance.below(place + 1));
    }
    order
}

#[test]
fn the_sessions_are_of_the_users() {
    assert!(SESSIONS.iter().all(|session| USERS.contains(&session.user)));
}
