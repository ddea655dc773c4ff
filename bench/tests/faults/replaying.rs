//! What we served is not evidence, even when a model takes it for news.

use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::recall::RecallRequest;

use crate::house::{WAYS, house, item, proposing};

#[tokio::test]
async fn served_text_that_comes_back_is_not_learned_again() {
    for way in WAYS {
        let house = house(way, proposing(vec![item("I live in Lisbon", "I live in Lisbon")])).await;
        house.hear("one", &[(Role::User, "I live in Lisbon")]).await;
        let mut request = RecallRequest::new("Where do I live? Lisbon?", Scope::user("ana"));
        request.all = true;
        let recall = house.engine.recall(&house.operator, request).await.expect("recalled");
        assert_eq!(recall.memories.len(), 1);
        let receipt = recall.receipt.expect("a receipt");
        house.engine.why(&house.operator, receipt).await.expect("the receipt is kept");
        let before = house.memories(&dreamkeeper_domain::memory::Status::ALL).await;

        let pasted = format!("Here is what you know:\n{}\nThanks", recall.text);
        let event = house.hear("two", &[(Role::User, &pasted)]).await;
        assert_eq!(house.memories(&dreamkeeper_domain::memory::Status::ALL).await, before, "{event:?}");
        house.holds("our fenced block pasted in", &event).await;

        let event = house.hear("three", &[(Role::User, "I live in Lisbon.")]).await;
        assert_eq!(house.memories(&dreamkeeper_domain::memory::Status::ALL).await, before, "{event:?}");
        house.holds("a served memory said under the user's role", &event).await;
    }
}
