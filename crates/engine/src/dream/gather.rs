//! Gather: reads what a dream is over, as it stood at one moment, and writes nothing. Sessions are read only where they
//! were asked for or belong to the target; what is erased, temporary, or was served by us is left out.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::dream::{ChangeReview, Dream, DreamFailure, DreamStatus};
use dreamkeeper_domain::id::{SessionId, TopicId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{
    DreamQuery, MemoryQuery, SessionQuery, SpaceStore, TopicQuery, TopicVersionQuery,
};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::time::Zone;
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicHead, TopicOperation, TopicVersion};
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_domain::usefulness::Usefulness;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::fingerprint::{Fingerprint, fingerprint};
use crate::VerbError;
use crate::learn::context::Turn;

/// Changes with the rules; what was seen under other rules is looked at anew.
const RULES_VERSION: u32 = 1;
/// A write that began before a snapshot may be recorded this much later under its earlier moment.
const MARGIN: SignedDuration = SignedDuration::from_secs(2 * limits::REQUEST_SECONDS_MAX as i64);
/// Earlier dreams over the target whose changes are not proposed a second time.
const EARLIER_COUNT: usize = 8;

/// Why gathering ended without a result.
pub(crate) enum Unread {
    /// The dream fails so.
    Failed(DreamFailure, String),
    /// A verb failed.
    Verb(VerbError),
}

impl<E: Into<VerbError>> From<E> for Unread {
    fn from(error: E) -> Self {
        Self::Verb(error.into())
    }
}

/// A first look: what is there, without contents.
pub(crate) struct Look {
    pub(crate) at: Timestamp,
    pub(crate) store: Option<TopicStore>,
    heads: Vec<TopicHead>,
    pub(crate) memories: Vec<Memory>,
    pub(crate) sessions: Vec<Session>,
    unseen: BTreeSet<SessionId>,
    /// The last completed dream over the target.
    pub(crate) last: Option<Dream>,
    /// What is there as one hash.
    pub(crate) seen: ContentHash,
}

/// All that a dream works on.
pub(crate) struct Gathered {
    pub(crate) at: Timestamp,
    pub(crate) zone: Zone,
    pub(crate) store: Option<TopicStore>,
    /// The topics, by path.
    pub(crate) topics: Vec<Topic>,
    /// Those that changed since the last dream over the target.
    pub(crate) changed: BTreeSet<TopicId>,
    /// Every version, oldest first, of topics that changed and have several.
    pub(crate) versions: BTreeMap<TopicId, Vec<TopicVersion>>,
    /// Paths of topics that went away.
    pub(crate) gone_paths: BTreeSet<String>,
    pub(crate) memories: Vec<Memory>,
    /// How these have fared.
    pub(crate) usefulness: Vec<Usefulness>,
    /// What was said in the sessions, as learning reads it.
    pub(crate) turns: Vec<Turn>,
    /// The sessions that no dream over the target has read.
    pub(crate) unseen: BTreeSet<SessionId>,
    /// What earlier dreams proposed that waits or was refused.
    pub(crate) settled: BTreeSet<Fingerprint>,
    /// How many changes of earlier dreams wait for a decision.
    pub(crate) waiting_count: usize,
}

/// Sees what there is: costs what the lists cost, whatever the contents are.
pub(crate) async fn look(
    space: &dyn SpaceStore,
    dream: &Dream,
    asked: &[SessionId],
    at: Timestamp,
) -> Result<Look, Unread> {
    let store = open_store(space, dream).await?;
    let heads = match &store {
        Some(store) => heads(space, store, at).await?,
        None => Vec::new(),
    };
    let memories = match &dream.target.scope {
        Some(scope) => memories(space, scope).await?,
        None => Vec::new(),
    };
    let bytes: u64 = heads.iter().map(|head| u64::from(head.size)).sum::<u64>()
        + memories.iter().map(|memory| memory.text.len() as u64).sum::<u64>();
    if bytes > limits::DREAM_INPUT_BYTES_MAX {
        let max = limits::DREAM_INPUT_BYTES_MAX;
        let message =
            format!("the target holds {bytes} bytes, a dream reads at most {max}: dream over less at once");
        return Err(Unread::Failed(DreamFailure::InputMemoryStoreTooLarge, message));
    }
    let scope = store.as_ref().map(|store| &store.scope).or(dream.target.scope.as_ref());
    let key = dream.target.key();
    let query = DreamQuery {
        target: Some(key.clone()),
        statuses: vec![DreamStatus::Completed],
        archived: true,
        limit: 1,
        ..DreamQuery::default()
    };
    let last = space.dreams(&query).await?.items.pop();
    let since = last.as_ref().and_then(|last| last.snapshot_at);
    let (sessions, unseen) = sessions(space, (&key, scope, since), asked).await?;
    let seen = seen(dream, (&heads, &memories), at);
    Ok(Look { at, store, heads, memories, sessions, unseen, last, seen })
}

impl Look {
    /// Whether the last dream saw just this.
    pub(crate) fn is_known(&self) -> bool {
        self.unseen.is_empty() && self.last.as_ref().and_then(|last| last.seen) == Some(self.seen)
    }

    /// How many topics and memories there are.
    pub(crate) fn count(&self) -> u64 {
        (self.heads.len() + self.memories.len()) as u64
    }

    /// Reads the contents.
    pub(crate) async fn read(
        self,
        space: &dyn SpaceStore,
        dream: &Dream,
        zone: &Zone,
    ) -> Result<Gathered, Unread> {
        let since = self.last.as_ref().and_then(|last| last.snapshot_at);
        let is_changed = |head: &&TopicHead| since.is_none_or(|since| head.updated_at >= since - MARGIN);
        let changed: BTreeSet<TopicId> = self.heads.iter().filter(is_changed).map(|head| head.id).collect();
        let ids: Vec<TopicId> = self.heads.iter().map(|head| head.id).collect();
        let mut topics = Vec::with_capacity(ids.len());
        for ids in ids.chunks(limits::PAGE_COUNT_MAX) {
            topics.extend(space.topics(ids, Some(self.at)).await?);
        }
        topics.sort_by(|one, other| one.head.path.cmp(&other.head.path));
        let mut versions = BTreeMap::new();
        for head in self.heads.iter().filter(|head| head.number > 1 && changed.contains(&head.id)) {
            versions.insert(head.id, versions_of(space, head.id).await?);
        }
        let gone_paths = match &self.store {
            Some(store) => gone_paths(space, store).await?,
            None => BTreeSet::new(),
        };
        let ids: Vec<_> = self.memories.iter().map(|memory| memory.id).collect();
        let usefulness = if ids.is_empty() { Vec::new() } else { space.usefulness(&ids).await? };
        let turns = turns(space, &self.sessions, zone).await?;
        let (settled, waiting_count) = settled(space, dream).await?;
        Ok(Gathered {
            at: self.at,
            zone: zone.clone(),
            store: self.store,
            topics,
            changed,
            versions,
            gone_paths,
            memories: self.memories,
            usefulness,
            turns,
            unseen: self.unseen,
            settled,
            waiting_count,
        })
    }
}

async fn open_store(space: &dyn SpaceStore, dream: &Dream) -> Result<Option<TopicStore>, Unread> {
    let Some(id) = dream.target.store else { return Ok(None) };
    match space.topic_store(id).await? {
        Some(store) if store.is_open() => Ok(Some(store)),
        Some(_) | None => {
            let message = format!("store {id} is archived, deleted or not there: dream over another one");
            Err(Unread::Failed(DreamFailure::InputMemoryStoreUnavailable, message))
        }
    }
}

async fn heads(
    space: &dyn SpaceStore,
    store: &TopicStore,
    at: Timestamp,
) -> Result<Vec<TopicHead>, VerbError> {
    let mut found: Vec<TopicHead> = Vec::new();
    loop {
        let query = TopicQuery {
            store: store.id,
            prefix: None,
            after_path: found.last().map(|head| head.path.clone()),
            as_of: Some(at),
            limit: limits::PAGE_COUNT_MAX,
        };
        let page = space.topic_heads(&query).await?;
        let is_last = page.len() < limits::PAGE_COUNT_MAX;
        found.extend(page);
        if is_last {
            return Ok(found);
        }
    }
}

/// The active memories of exactly that user, agent, app and run.
pub(super) async fn memories(space: &dyn SpaceStore, scope: &Scope) -> Result<Vec<Memory>, VerbError> {
    let mut query =
        MemoryQuery { scope: scope.clone(), limit: limits::PAGE_COUNT_MAX, ..MemoryQuery::default() };
    let mut found = Vec::new();
    loop {
        let page = space.list_memories(&query).await?;
        found.extend(page.items.into_iter().filter(|memory| owns(scope, &memory.scope)));
        query.after = page.next;
        if query.after.is_none() {
            found.sort_by_key(|memory| memory.id);
            return Ok(found);
        }
    }
}

fn owns(scope: &Scope, other: &Scope) -> bool {
    (&scope.user, &scope.agent, &scope.app, &scope.run) == (&other.user, &other.agent, &other.app, &other.run)
}

/// The sessions to read: those asked for, else the latest of the target's user that may be read, as long as one of them
/// was never dreamt over. What another user said is not read into a store that is not theirs.
async fn sessions(
    space: &dyn SpaceStore,
    (key, scope, since): (&str, Option<&Scope>, Option<Timestamp>),
    asked: &[SessionId],
) -> Result<(Vec<Session>, BTreeSet<SessionId>), Unread> {
    let mut found = Vec::new();
    if asked.is_empty() {
        let Some(scope) = scope else { return Ok((found, BTreeSet::new())) };
        let query = SessionQuery { scope: scope.clone(), after: None, limit: limits::PAGE_COUNT_MAX };
        let page = space.sessions(&query).await?;
        let may_read = |session: &Session| !session.temporary && session.scope.user == scope.user;
        found.extend(page.items.into_iter().filter(may_read));
    } else {
        for id in asked {
            found.push(asked_session(space, *id).await?);
        }
    }
    let ids: Vec<SessionId> = found.iter().map(|session| session.id).collect();
    let mut dreamt: BTreeSet<SessionId> = space.dreamt(key, &ids).await?.into_iter().collect();
    // A session that went on since then is new again.
    let went_on = |session: &&Session| since.is_none_or(|since| session.last_recorded_at >= since);
    for session in found.iter().filter(went_on) {
        dreamt.remove(&session.id);
    }
    let unseen: BTreeSet<SessionId> = ids.into_iter().filter(|id| !dreamt.contains(id)).collect();
    if asked.is_empty() {
        if unseen.is_empty() {
            return Ok((Vec::new(), unseen));
        }
        // What was read before still counts beside what is new.
        found.sort_by_key(|session| (dreamt.contains(&session.id), std::cmp::Reverse(session.last_at)));
        found.truncate(limits::DREAM_SESSIONS_MAX);
    }
    found.sort_by_key(|session| session.id);
    Ok((found, unseen))
}

async fn asked_session(space: &dyn SpaceStore, id: SessionId) -> Result<Session, Unread> {
    let unavailable = |why: &str| {
        Unread::Failed(DreamFailure::InputSessionUnavailable, format!("session {id} {why}: leave it out"))
    };
    let session = space.session(id).await?.ok_or_else(|| unavailable("is not there"))?;
    if session.temporary {
        return Err(unavailable("is temporary and leaves nothing"));
    }
    let first = space.turns(id, 0, limits::PAGE_COUNT_MAX as u32).await?;
    if !first.is_empty() && first.iter().all(|message| message.erased) {
        return Err(unavailable("was erased"));
    }
    Ok(session)
}

/// Every version of a topic, oldest first; the oldest are left out where there are more than a page holds.
async fn versions_of(space: &dyn SpaceStore, topic: TopicId) -> Result<Vec<TopicVersion>, VerbError> {
    let query = TopicVersionQuery {
        topic: Some(topic),
        limit: limits::PAGE_COUNT_MAX,
        ..TopicVersionQuery::default()
    };
    let mut versions = space.topic_versions(&query).await?.items;
    versions.sort_by_key(|version| version.number);
    Ok(versions)
}

async fn gone_paths(space: &dyn SpaceStore, store: &TopicStore) -> Result<BTreeSet<String>, VerbError> {
    let query = TopicVersionQuery {
        store: Some(store.id),
        operation: Some(TopicOperation::Deleted),
        limit: limits::PAGE_COUNT_MAX,
        ..TopicVersionQuery::default()
    };
    let gone = space.topic_versions(&query).await?.items;
    Ok(gone.into_iter().filter_map(|version| version.path).collect())
}

/// What was said, by people and models; tools' and outsiders' texts are no source of a dream.
async fn turns(space: &dyn SpaceStore, sessions: &[Session], zone: &Zone) -> Result<Vec<Turn>, VerbError> {
    let step = limits::PAGE_COUNT_MAX as u32;
    let mut found = Vec::new();
    for session in sessions {
        for from in (0..session.message_count).step_by(step as usize) {
            let messages = space.turns(session.id, from, from.saturating_add(step)).await?;
            let live = messages.into_iter().filter(|message| !message.erased);
            let turns = live.map(|message| Turn::new(message, zone));
            found.extend(turns.filter(|turn| turn.unread_by_rules().is_none()));
        }
    }
    Ok(found)
}

/// What earlier dreams over the target proposed and nobody has agreed to.
async fn settled(space: &dyn SpaceStore, dream: &Dream) -> Result<(BTreeSet<Fingerprint>, usize), VerbError> {
    let query = DreamQuery {
        target: Some(dream.target.key()),
        statuses: vec![DreamStatus::Completed],
        limit: EARLIER_COUNT,
        ..DreamQuery::default()
    };
    let (mut found, mut waiting_count) = (BTreeSet::new(), 0);
    for earlier in space.dreams(&query).await?.items {
        for change in space.proposed_changes(earlier.id).await? {
            match change.review {
                ChangeReview::Waiting | ChangeReview::Accepted { .. } => {
                    waiting_count += 1;
                    found.insert(fingerprint(&change));
                }
                ChangeReview::Rejected { .. } | ChangeReview::RolledBack { .. } => {
                    found.insert(fingerprint(&change));
                }
                ChangeReview::SetAside { .. } | ChangeReview::Adopted { .. } => {}
            }
        }
    }
    Ok((found, waiting_count))
}

/// What is there as one hash; the day belongs to it, because things expire.
fn seen(dream: &Dream, (heads, memories): (&[TopicHead], &[Memory]), at: Timestamp) -> ContentHash {
    let mut hash = Sha256::new();
    let day = at.as_second().div_euclid(86_400);
    hash.update(format!("{RULES_VERSION} {day} {:?} {:?}\n", dream.model, dream.instructions));
    for head in heads {
        hash.update(format!("{} {} {} {}\n", head.id, head.number, head.path, head.hash));
    }
    for memory in memories {
        hash.update(format!("{} {}\n", memory.id, memory.version));
    }
    ContentHash(hash.finalize().into())
}
