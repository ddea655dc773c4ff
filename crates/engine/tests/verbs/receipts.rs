//! Receipts where the disk does not take them.

use dreamkeeper_domain::ports::PortErrorKind;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::recall::RecallRequest;

use crate::house::house;

#[tokio::test]
async fn no_receipt_is_promised_while_none_can_be_written() {
    let house = house().await;
    let ask = || async {
        let question = RecallRequest::new("What about the walnut tree?", Scope::user("ana"));
        let receipt = house.engine.recall(&house.operator, question).await.unwrap().receipt;
        // Until it is written or lost.
        house.engine.close().await;
        receipt
    };
    let written = ask().await.unwrap();
    house.store.refuse_writes(Some(PortErrorKind::Full));
    // Nobody could know it of the first.
    let lost = ask().await.unwrap();
    assert_eq!((ask().await, ask().await), (None, None));
    house.store.refuse_writes(None);
    let again = ask().await.unwrap();
    for (receipt, there) in [(written, true), (lost, false), (again, true)] {
        assert_eq!(house.engine.why(&house.operator, receipt).await.is_ok(), there);
    }
}

#[tokio::test]
async fn an_engine_without_receipts_hands_none_out() {
    let house = house().await;
    let engine = house.engine.clone().without_receipts();
    let question = RecallRequest::new("What about the walnut tree?", Scope::user("ana"));
    assert_eq!(engine.recall(&house.operator, question).await.unwrap().receipt, None);
}
