//! Lent: words of tools and outsiders that recalls have served to a user and agent. An assistant that repeats them in a
//! later session repeats the tool, whatever session it is in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{PortError, SpaceStore};
use dreamkeeper_domain::receipt::ServedItem;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_language::screen::echo::Source;

/// Users and agents that are kept in memory; of others the receipts are read again.
const OWNERS_MAX: usize = 1_024;

/// What was served of tools and outsiders.
#[derive(Clone, Default)]
pub(super) struct Lent {
    pub(super) external: Source,
    pub(super) tool: Source,
    words: usize,
}

impl Lent {
    /// Adds words; answers whether there was room.
    fn add(&mut self, origin: Origin, words: &str) -> bool {
        self.words += words.split_whitespace().count();
        if self.words > limits::ECHO_SERVED_WORDS_MAX {
            return false;
        }
        match origin {
            Origin::External => self.external.add(words),
            Origin::Tool => self.tool.add(words),
            Origin::Assistant | Origin::User | Origin::Operator => {}
        }
        true
    }
}

/// A space, and a user and an agent in it.
type Owner = (SpaceId, Option<String>, Option<String>);

/// What is known of one owner.
#[derive(Default)]
struct Account {
    /// `None` where nothing of low origin was served.
    lent: Option<Arc<Lent>>,
    /// Whether the receipts on disk were read.
    is_read: bool,
    /// Served since, and perhaps not on disk yet.
    fresh: Vec<(Origin, String)>,
}

/// What was lent to whom.
#[derive(Clone, Default)]
pub(super) struct Lending {
    accounts: Arc<Mutex<HashMap<Owner, Account>>>,
}

impl Lending {
    /// Notes what a recall under this scope has served.
    pub(super) fn note(&self, space: SpaceId, scope: &Scope, items: &[ServedItem]) {
        let low = items.iter().filter(|item| item.origin <= Origin::Tool && !item.quote.is_empty());
        let low: Vec<(Origin, String)> = low.map(|item| (item.origin, item.quote.clone())).collect();
        if low.is_empty() {
            return;
        }
        let mut accounts = self.lock();
        let account = accounts.entry(owner(space, scope)).or_default();
        if account.is_read {
            let lent = Arc::make_mut(account.lent.get_or_insert_default());
            // Without room for more, the latest are read from disk again; these come first then.
            account.is_read = low.iter().all(|(origin, words)| lent.add(*origin, words));
        }
        if !account.is_read {
            account.fresh.extend(low);
        }
    }

    /// What was lent to the user and agent of a scope, and to the user alone.
    pub(super) async fn to(
        &self,
        id: SpaceId,
        space: &dyn SpaceStore,
        scope: &Scope,
    ) -> Result<Vec<Arc<Lent>>, PortError> {
        let mut lent: Vec<Arc<Lent>> = self.of(id, space, scope).await?.into_iter().collect();
        if scope.user.is_some() && scope.agent.is_some() {
            let of_user = Scope { agent: None, ..scope.clone() };
            lent.extend(self.of(id, space, &of_user).await?);
        }
        Ok(lent)
    }

    async fn of(
        &self,
        id: SpaceId,
        space: &dyn SpaceStore,
        scope: &Scope,
    ) -> Result<Option<Arc<Lent>>, PortError> {
        let owner = owner(id, scope);
        if let Some(account) = self.lock().get(&owner).filter(|account| account.is_read) {
            return Ok(account.lent.clone());
        }
        let stored = space.served_of_low_origin(scope, limits::ECHO_RECEIPTS_MAX).await?;
        let mut accounts = self.lock();
        if accounts.len() >= OWNERS_MAX && !accounts.contains_key(&owner) {
            // Any of them is as likely as another to be asked for next; fresh words may not be on disk yet.
            let idle =
                accounts.iter().find(|(_, account)| account.fresh.is_empty()).map(|(owner, _)| owner.clone());
            if let Some(idle) = idle {
                accounts.remove(&idle);
            }
        }
        let account = accounts.entry(owner).or_default();
        let mut lent = Lent::default();
        let fresh = std::mem::take(&mut account.fresh);
        let words = fresh.iter().rev().chain(&stored);
        let kept = words.take_while(|(origin, words)| lent.add(*origin, words)).count();
        account.lent = (kept > 0).then(|| Arc::new(lent));
        account.is_read = true;
        Ok(account.lent.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Owner, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn owner(space: SpaceId, scope: &Scope) -> Owner {
    (space, scope.user.clone(), scope.agent.clone())
}
