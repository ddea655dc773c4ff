//! The fakes run the contract suites that the real adapters run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{ControlStore, PortErrorKind, SpaceStore, Store};
use dreamkeeper_testkit::contract::control::ControlPlace;
use dreamkeeper_testkit::contract::store::StorePlace;
use dreamkeeper_testkit::contract::{control, embedder, index, store};
use dreamkeeper_testkit::{MemoryStore, NaiveIndex, ScriptedEmbedder};

#[derive(Default)]
struct Place(MemoryStore);

#[async_trait]
impl StorePlace for Place {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.0.clone())
    }

    fn new_path(&self) -> PathBuf {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        PathBuf::from(format!("/nowhere/copy-{}", COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    async fn open_copy(&self, copy: &Path, _space: SpaceId) -> Arc<dyn SpaceStore> {
        self.0.open_copy(copy).expect("the backup was made")
    }

    fn refuse_writes(&self, kind: Option<PortErrorKind>) -> bool {
        self.0.refuse_writes(kind);
        true
    }
}

#[async_trait]
impl ControlPlace for Place {
    async fn open(&self) -> Arc<dyn ControlStore> {
        Arc::new(self.0.clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_store_keeps_the_contract_of_stores() {
    store::run_all(Place::default).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_store_keeps_the_contract_of_control_stores() {
    control::run_all(Place::default).await;
}

#[tokio::test]
async fn the_scripted_embedder_keeps_the_contract_of_embedders() {
    embedder::run_all(|| Arc::new(ScriptedEmbedder::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_naive_index_keeps_the_contract_of_indexes() {
    index::run_all(|| Arc::new(NaiveIndex)).await;
}
