//! Locks: what is decided about one user's memories is decided by one batch at a time, so that two of them cannot
//! add the same memory twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::scope::Scope;
use tokio::sync::OwnedMutexGuard;

type Key = (SpaceId, Scope);

/// One lock for each owner of memories that is being decided about.
#[derive(Default)]
pub(crate) struct ScopeLocks {
    known: Mutex<HashMap<Key, Weak<tokio::sync::Mutex<()>>>>,
}

impl ScopeLocks {
    /// Waits until nobody else decides about the memories of this user, agent, app and run.
    pub(crate) async fn hold(&self, space: SpaceId, scope: &Scope) -> OwnedMutexGuard<()> {
        let key = (space, Scope { labels: std::collections::BTreeSet::new(), ..scope.clone() });
        let lock = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(|_, lock| lock.strong_count() > 0);
            let lock = known.get(&key).and_then(Weak::upgrade).unwrap_or_default();
            known.insert(key, Arc::downgrade(&lock));
            lock
        };
        lock.lock_owned().await
    }
}
