//! A wish to forget takes what it means, in whatever words, and nothing else.

use dreamkeeper_domain::memory::Status;

use crate::house::{house, said};

/// What a person said, what they then ask, and which memories are forgotten.
async fn check(sayings: &[&str], wish: &str, expected: &[&str]) {
    let house = house(None).await;
    for (place, text) in sayings.iter().enumerate() {
        house.learn(&format!("s{place}"), vec![said("2026-01-05T10:00:00Z", text)]).await;
    }
    let before = house.active().await.len();
    let event = house.learn("later", vec![said("2026-02-05T10:00:00Z", wish)]).await;
    let forgotten = house.memories(&[Status::Forgotten]).await;
    let mut forgotten: Vec<String> = forgotten.into_iter().map(|memory| memory.text).collect();
    forgotten.sort();
    assert_eq!(forgotten, expected, "{wish}: {:?}", event.report);
    assert_eq!(
        house.active().await.len(),
        before - expected.len(),
        "{wish}: nothing else goes, nothing comes"
    );
}

#[tokio::test]
async fn it_is_known_by_its_property_and_value_whatever_the_words() {
    let said = ["I moved to Berlin last May.", "I like tea.", "My brother lives in Berlin."];
    check(&said, "Forget that I live in Berlin.", &["User moved to Berlin last May"]).await;
    let said = ["I've been vegan since 2019.", "My sister is vegan."];
    check(&said, "Please forget that I'm vegan.", &["User has been vegan since 2019"]).await;
}

#[tokio::test]
async fn it_is_known_by_what_people_call_a_property() {
    let said = ["I work at Siemens.", "I like hiking.", "I live in Porto."];
    check(&said, "Forget my job.", &["User works at Siemens"]).await;
    check(&said, "Please delete my address.", &["User lives in Porto"]).await;
    check(&said, "Forget where I work.", &["User works at Siemens"]).await;
}

#[tokio::test]
async fn what_is_about_somebody_else_stays() {
    let said =
        ["I work at Siemens.", "My brother works at Siemens.", "My sister has asthma.", "I have asthma."];
    check(&said, "Forget that I work at Siemens.", &["User works at Siemens"]).await;
    check(&said, "Forget my sister's illness.", &["User's sister has asthma"]).await;
    check(&said, "Forget my brother's job.", &["User's brother works at Siemens"]).await;
}

#[tokio::test]
async fn what_does_not_match_stays() {
    let said = ["I live in Porto.", "I like tea.", "I work at Siemens."];
    check(&said, "Forget that I live in Lisbon.", &[]).await;
    check(&said, "Forget my phone number.", &[]).await;
    check(&said, "Forget that I like coffee.", &[]).await;
    check(&["I don't eat pork."], "Forget that I eat pork.", &[]).await;
}
