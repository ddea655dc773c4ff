//! Quotes: finds the messages that imported memories rest on, by session and id as the source names them.

use std::collections::HashMap;

use dreamkeeper_api::evidence::EvidenceRef;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;

use super::transcript::QuoteLine;
use crate::client::Client;

/// Messages whose ids are kept at a time: a few megabytes.
const KEPT_COUNT_MAX: usize = 50_000;

/// Sessions of this import, and the ids of the messages in those that were quoted last.
#[derive(Default)]
pub(super) struct Quotes {
    sessions: HashMap<(String, dreamkeeper_domain::scope::Scope), SessionId>,
    messages: HashMap<SessionId, HashMap<String, MessageId>>,
    kept_count: usize,
}

impl Quotes {
    /// Notes where messages were written.
    pub(super) fn note(&mut self, session: Option<(String, Scope, SessionId)>) {
        let Some((key, scope, id)) = session else { return };
        self.sessions.insert((key, scope.into()), id);
        // It may have more messages now.
        if let Some(messages) = self.messages.remove(&id) {
            self.kept_count -= messages.len();
        }
    }

    /// The quotes whose messages are here.
    pub(super) async fn resolve(
        &mut self,
        client: &Client,
        quotes: &[QuoteLine],
    ) -> anyhow::Result<Vec<EvidenceRef>> {
        let mut found = Vec::with_capacity(quotes.len());
        for quote in quotes {
            let session = (quote.session.clone(), quote.scope.clone().into());
            let Some(session) = self.sessions.get(&session).copied() else { continue };
            if let Some(message) = self.messages_of(client, session).await?.get(&quote.id) {
                let (message, quote, span) = (*message, quote.quote.clone(), Some(quote.span));
                found.push(EvidenceRef { message, quote, span });
            }
        }
        Ok(found)
    }

    async fn messages_of(
        &mut self,
        client: &Client,
        session: SessionId,
    ) -> anyhow::Result<&HashMap<String, MessageId>> {
        if !self.messages.contains_key(&session) {
            if self.kept_count > KEPT_COUNT_MAX {
                self.messages.clear();
                self.kept_count = 0;
            }
            let listed = list(client, session).await?;
            self.kept_count += listed.len();
            self.messages.insert(session, listed);
        }
        Ok(&self.messages[&session])
    }
}

/// The messages of a session by the ids under which an export names them.
async fn list(client: &Client, session: SessionId) -> anyhow::Result<HashMap<String, MessageId>> {
    let (mut ids, mut from) = (HashMap::new(), 0);
    loop {
        let page = client.turns(&session.to_string(), from, PAGE_COUNT_MAX).await?.items;
        from += PAGE_COUNT_MAX as u32;
        let is_last = page.len() < PAGE_COUNT_MAX;
        ids.extend(
            page.into_iter()
                .map(|message| (message.client_id.unwrap_or_else(|| message.id.to_string()), message.id)),
        );
        if is_last {
            return Ok(ids);
        }
    }
}
