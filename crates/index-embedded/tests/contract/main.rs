//! The embedded index at its port: the contract suite, and what it alone promises.

mod against_naive;
mod following;
mod world;

use std::sync::Arc;

use dreamkeeper_domain::ports::PassageIndex;
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_testkit::contract::index;

fn fresh() -> Arc<dyn PassageIndex> {
    Arc::new(EmbeddedIndex::new(IndexOptions::default()))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_the_contract() {
    index::run_all(fresh).await;
}
