//! The SQLite store keeps the contracts that every store keeps.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{ControlStore, SpaceStore, Store};
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::contract::control::ControlPlace;
use dreamkeeper_testkit::contract::store::StorePlace;
use dreamkeeper_testkit::contract::{control, store};
use tempfile::TempDir;

/// A data directory of its own.
struct Place {
    directory: TempDir,
    count: AtomicU64,
}

fn fresh() -> Place {
    Place { directory: TempDir::new().unwrap(), count: AtomicU64::new(0) }
}

impl Place {
    fn data(&self) -> DataDir {
        DataDir::open(&self.directory.path().join("data"), Options::default()).unwrap()
    }
}

#[async_trait]
impl StorePlace for Place {
    async fn open(&self) -> Arc<dyn Store> {
        self.data().store()
    }

    fn new_path(&self) -> PathBuf {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        self.directory.path().join(format!("copy-{count}.db"))
    }

    async fn open_copy(&self, copy: &Path, space: SpaceId) -> Arc<dyn SpaceStore> {
        // A backup is restored by giving it the space's name in a data directory.
        let restored = copy.with_extension("restored");
        std::fs::create_dir_all(restored.join("spaces")).unwrap();
        std::fs::copy(copy, restored.join(format!("spaces/{space}.db"))).unwrap();
        let data = DataDir::open(&restored, Options::default()).unwrap();
        data.store().space(space).await.unwrap()
    }
}

#[async_trait]
impl ControlPlace for Place {
    async fn open(&self) -> Arc<dyn ControlStore> {
        self.data().control()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sqlite_store_keeps_the_contract_of_stores() {
    store::run_all(fresh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sqlite_store_keeps_the_contract_of_control_stores() {
    control::run_all(fresh).await;
}
