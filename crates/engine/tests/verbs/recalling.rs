//! What recall tells beside what it serves: what memory is no authority on.

use dreamkeeper_domain::authority::Matter;
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::recall::RecallRequest;
use dreamkeeper_engine::{NewMemory, NewMessage};

use crate::house::{append, house};

#[tokio::test]
async fn amounts_identities_and_permissions_are_not_authoritative() {
    let house = house().await;
    let said = NewMessage::text(Role::User, "The boat shed costs 900 euros a month, says Bo.");
    house.engine.append(&house.operator, append("s", vec![said])).await.unwrap();
    for text in ["Bo may approve repairs of the boat shed.", "The boat shed is painted green."] {
        let new = NewMemory::new(Kind::Fact, text, Scope::user("ana"));
        house.engine.remember(&house.operator, new).await.unwrap();
    }
    let request = RecallRequest::new("What about the boat shed?", Scope::user("ana"));
    let recall = house.engine.recall(&house.operator, request).await.unwrap();
    assert_eq!(recall.conversation[0].matters, [Matter::Amount]);
    let told = |start: &str| {
        let found = recall.memories.iter().find(|found| found.memory.text.starts_with(start));
        found.expect("both memories belong").matters.clone()
    };
    assert_eq!((told("Bo may"), told("The boat")), (vec![Matter::Permission], Vec::new()));
    for line in
        ["; not authoritative on amount: The boat shed costs", ", not authoritative on permission] Bo may"]
    {
        assert!(recall.text.contains(line), "{line}: {}", recall.text);
    }
    assert_eq!(recall.text.matches("not authoritative").count(), 2);
}
