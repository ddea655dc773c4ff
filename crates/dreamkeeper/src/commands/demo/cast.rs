//! The cast: who speaks in the demo. All of them work on one directory; versions name who did what.

use std::sync::Arc;
use std::time::Instant;

use dreamkeeper::domain::actor::Actor;
use dreamkeeper::domain::ports::Clock;
use dreamkeeper::{Dreamkeeper, engine::Principal};
use jiff::{SignedDuration, Timestamp};

use crate::client::{Client, InProcess};

/// The people of the story, and who runs it.
pub(super) struct Cast {
    /// Who runs the demo.
    pub(super) host: Client,
    keeper: Dreamkeeper,
}

impl Cast {
    pub(super) fn new(keeper: Dreamkeeper) -> Self {
        let host = Client::in_process(InProcess::new(keeper.clone()));
        Self { host, keeper }
    }

    /// A client in whose versions that name stands.
    pub(super) fn client(&self, name: &str) -> Client {
        let principal = Principal { actor: Actor::operator(name), ..self.keeper.principal().clone() };
        Client::in_process(InProcess::in_the_name_of(self.keeper.clone(), principal))
    }

    pub(super) async fn close(&self) {
        self.host.close().await;
    }
}

/// A clock that starts when the story is told: "last May" is the May before that day, in any year.
pub(super) struct StoryClock {
    begins: Timestamp,
    since: Instant,
}

impl StoryClock {
    pub(super) fn starting_at(begins: Timestamp) -> Arc<dyn Clock> {
        Arc::new(Self { begins, since: Instant::now() })
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.since.elapsed()).unwrap_or_default();
        self.begins.checked_add(elapsed).unwrap_or(self.begins)
    }
}
