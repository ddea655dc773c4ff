//! Known sessions: which session a scope's key names, remembered, so that an append need not ask the store first.
//!
//! A session's id, key, scope and nature never change and a session is never removed, so what is remembered stays
//! right; its counts grow with the appends that pass here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;

/// Sessions that are remembered; more are looked up in the store again.
const SESSIONS_MAX: usize = 4_096;

type Named = (SpaceId, Scope, String);

#[derive(Debug, Clone, Default)]
pub(crate) struct KnownSessions(Arc<Mutex<HashMap<Named, Session>>>);

impl KnownSessions {
    /// The session that a key names in the scope of a request, when it was appended to before.
    pub(crate) fn get(&self, space: SpaceId, scope: &Scope, key: &str) -> Option<Session> {
        self.lock().get(&(space, scope.clone(), key.to_owned())).cloned()
    }

    /// Remembers a session as an append to it left it.
    pub(crate) fn keep(&self, space: SpaceId, scope: Scope, session: Session) {
        let Some(key) = session.key.clone() else { return };
        let mut known = self.lock();
        if known.len() >= SESSIONS_MAX {
            // An import of many sessions must not search all of them for the oldest at each new one.
            known.clear();
        }
        let named = known.entry((space, scope, key)).or_insert_with(|| session.clone());
        // Of two appends at one moment the later one counts.
        if named.message_count <= session.message_count {
            *named = session;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Named, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
