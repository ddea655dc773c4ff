//! Echo: an assistant's words that were taken from a tool's or an outsider's text carry that text's origin
//! (invariant 2). Without it, poison that a model repeats would come back under the model's name. Compared is what
//! was said before in the session, and what recalls have served the same user and agent of such texts ([`lent`]).

mod lent;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreamkeeper_domain::id::{SessionId, SpaceId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::message::{Message, Role};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{PortError, SpaceStore};
use dreamkeeper_domain::receipt::ServedItem;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_language::screen::echo::{Source, is_echo};

use lent::Lent;

/// Sessions that are kept in memory; others are read again from the store.
const SESSIONS_MAX: usize = 1_024;

/// What was said in one session, as far as echoes are concerned.
#[derive(Default)]
struct Sources {
    /// Outsiders' texts, and tools'.
    external: Source,
    tool: Source,
    /// The person's own.
    own: Source,
    /// Whether there is anything to echo.
    has_low: bool,
}

impl Sources {
    /// Notes a message; answers the origin that it has beside what was said before it.
    fn hear(&mut self, message: &Message, lent: &[Arc<Lent>]) -> Origin {
        let text = message.text();
        let mut origin = message.origin;
        if message.role == Role::Assistant && (self.has_low || !lent.is_empty()) {
            let repeats = |said: &Source, of: fn(&Lent) -> &Source| {
                is_echo(&text, said, &self.own) || lent.iter().any(|lent| is_echo(&text, of(lent), &self.own))
            };
            if origin > Origin::External && repeats(&self.external, |lent| &lent.external) {
                origin = Origin::External;
            } else if origin > Origin::Tool && repeats(&self.tool, |lent| &lent.tool) {
                origin = Origin::Tool;
            }
        }
        match origin {
            Origin::External => self.external.add(&text),
            Origin::Tool => self.tool.add(&text),
            Origin::User | Origin::Operator => self.own.add(&text),
            Origin::Assistant => {}
        }
        self.has_low |= origin <= Origin::Tool;
        origin
    }
}

/// What is known of a session: its sources, or that there is nothing to echo in it.
type Known = Option<Arc<Mutex<Sources>>>;

/// The sessions of which is known what could be echoed in them; `None` for one without any such text.
#[derive(Clone, Default)]
pub(crate) struct Echoes {
    sessions: Arc<Mutex<HashMap<SessionId, Known>>>,
    lent: lent::Lending,
}

impl Echoes {
    /// Notes what a recall has served of tools and outsiders.
    pub(crate) fn note_served(&self, space: SpaceId, scope: &Scope, items: &[ServedItem]) {
        self.lent.note(space, scope, items);
    }

    /// Lowers the origins of new messages that echo what a tool or an outsider said before in their session, or what
    /// a recall has served of such texts.
    pub(crate) async fn bind(
        &self,
        (id, space): (SpaceId, &dyn SpaceStore),
        session: &Session,
        messages: &mut [Message],
    ) -> Result<(), PortError> {
        let answers = messages.iter().any(|message| message.role == Role::Assistant);
        let lent = if answers { self.lent.to(id, space, &session.scope).await? } else { Vec::new() };
        // What the person said themselves must be known wherever something is compared.
        let brings_low = !lent.is_empty() || messages.iter().any(|message| message.origin <= Origin::Tool);
        let known = self.lock().get(&session.id).cloned();
        let sources = match known {
            Some(Some(sources)) => sources,
            Some(None) if !brings_low => return Ok(()),
            None if session.message_count == 0 && !brings_low => {
                self.keep(session.id, None);
                return Ok(());
            }
            Some(None) | None => match self.load(space, session, brings_low).await? {
                Some(sources) => sources,
                None => return Ok(()),
            },
        };
        let mut sources = sources.lock().unwrap_or_else(PoisonError::into_inner);
        for message in messages {
            message.origin = sources.hear(message, &lent);
        }
        Ok(())
    }

    /// Reads what was said in a session lately.
    async fn load(
        &self,
        space: &dyn SpaceStore,
        session: &Session,
        brings_low: bool,
    ) -> Result<Known, PortError> {
        let from = session.message_count.saturating_sub(limits::ECHO_TURNS_MAX);
        let turns = space.turns(session.id, from, session.message_count).await?;
        if !brings_low && turns.iter().all(|message| message.origin > Origin::Tool) {
            self.keep(session.id, None);
            return Ok(None);
        }
        let mut sources = Sources::default();
        for message in &turns {
            sources.hear(message, &[]);
        }
        let sources = Arc::new(Mutex::new(sources));
        self.keep(session.id, Some(sources.clone()));
        Ok(Some(sources))
    }

    fn keep(&self, session: SessionId, sources: Known) {
        let mut sessions = self.lock();
        if sessions.len() >= SESSIONS_MAX
            && let Some(oldest) = sessions.keys().min().copied()
        {
            // Ids grow with time: the session that was opened first is the least likely to go on.
            sessions.remove(&oldest);
        }
        sessions.insert(session, sources);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Known>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
