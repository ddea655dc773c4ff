//! Space: one file's records behind the port. Writing goes to the writer thread, reading to the readers.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet};
use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId, SessionId, SpaceId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::{
    AuditEntry, Holding, LooseEnds, MemoryPage, MemoryQuery, Page, PortError, PortErrorKind, SegmentSummary,
    SessionQuery, Snapshot, SnapshotQuery, SpaceStats, SpaceStore, Surroundings,
};
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;
use rusqlite::params;

use crate::error::Failure;
use crate::open::{Access, DatabaseFile};
use crate::owner::OwnerLock;
use crate::readers::Readers;
use crate::rows::id_bytes;
use crate::writer::Writer;
use crate::{backup, check, read};

/// The name under which `meta` keeps the space's id.
const SPACE_ID: &str = "space";

/// One open space.
#[derive(Debug)]
pub(crate) struct Space {
    file: DatabaseFile,
    pub(crate) readers: Arc<Readers>,
    /// Where writing is not possible: the refusal that every write gets. Declared before the ownership, so
    /// that the writer has stopped when that ends.
    writer: Result<Writer, PortError>,
    _owner: Option<Arc<OwnerLock>>,
}

impl Space {
    /// Opens the file of a space, made when there is none. Blocks.
    pub(crate) fn open(
        mut file: DatabaseFile,
        id: SpaceId,
        owner: Option<Arc<OwnerLock>>,
    ) -> Result<Self, PortError> {
        let key = id_bytes(id.as_uuid());
        file.prepare(|conn| {
            conn.execute("INSERT INTO meta (name, value) VALUES (?1, ?2)", params![SPACE_ID, key]).map(drop)
        })?;
        check_space(&file, id)?;
        let writer = match file.access {
            Access::ReadWrite => file.readable_when_full(Writer::start)?,
            Access::ReadOnly => Err(file.read_only()),
        };
        let readers = Arc::new(Readers::new(file.clone()));
        Ok(Self { file, readers, writer, _owner: owner })
    }
}

/// A file that was copied to another space's name would answer for that space.
fn check_space(file: &DatabaseFile, id: SpaceId) -> Result<(), PortError> {
    let found = id_in(file)?;
    if found == id {
        return Ok(());
    }
    let message =
        format!("{} holds space {found}, not {id}: it was not touched; rename it back", file.path.display());
    Err(PortError::new(PortErrorKind::Corrupt, message))
}

/// The space that a file says it holds.
pub(crate) fn id_in(file: &DatabaseFile) -> Result<SpaceId, PortError> {
    let doing = "recognising";
    let read = |conn: &rusqlite::Connection| -> Result<[u8; 16], Failure> {
        Ok(conn.query_row("SELECT value FROM meta WHERE name = ?1", [SPACE_ID], |row| row.get(0))?)
    };
    let conn = file.probe().map_err(|error| Failure::from(error).into_port(doing, &file.path))?;
    let found = read(&conn).map_err(|failure| failure.into_port(doing, &file.path))?;
    Ok(SpaceId::from_uuid(uuid::Uuid::from_bytes(found)))
}

#[async_trait]
impl SpaceStore for Space {
    async fn apply(&self, changes: ChangeSet) -> Result<Applied, ApplyError> {
        match &self.writer {
            Ok(writer) => writer.apply(changes).await,
            Err(refusal) => Err(refusal.clone().into()),
        }
    }

    async fn session(&self, id: SessionId) -> Result<Option<Session>, PortError> {
        self.readers.read("reading a session", move |conn| read::sessions::by_id(conn, id)).await
    }

    async fn session_by_key(&self, scope: &Scope, key: &str) -> Result<Option<Session>, PortError> {
        let (scope, key) = (scope.clone(), key.to_owned());
        self.readers.read("reading a session", move |conn| read::sessions::by_key(conn, &scope, &key)).await
    }

    async fn current_session(&self, scope: &Scope) -> Result<Option<Session>, PortError> {
        let scope = scope.clone();
        self.readers.read("reading a session", move |conn| read::sessions::current(conn, &scope)).await
    }

    async fn sessions(&self, query: &SessionQuery) -> Result<Page<Session>, PortError> {
        let query = query.clone();
        self.readers.read("listing sessions", move |conn| read::sessions::list(conn, &query)).await
    }

    async fn messages(&self, ids: &[MessageId]) -> Result<Vec<Message>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading messages", move |conn| read::messages::by_ids(conn, &ids)).await
    }

    async fn surroundings(&self, ids: &[MessageId], reach: u32) -> Result<Surroundings, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading turns", move |conn| read::surroundings::read(conn, &ids, reach)).await
    }

    async fn turns(&self, session: SessionId, from: u32, to: u32) -> Result<Vec<Message>, PortError> {
        self.readers.read("reading turns", move |conn| read::messages::turns(conn, session, from..to)).await
    }

    async fn memories(&self, ids: &[MemoryId], as_of: Option<Timestamp>) -> Result<Vec<Memory>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading memories", move |conn| read::memories::by_ids(conn, &ids, as_of)).await
    }

    async fn list_memories(&self, query: &MemoryQuery) -> Result<MemoryPage, PortError> {
        let query = query.clone();
        self.readers.read("listing memories", move |conn| read::memories::list(conn, &query)).await
    }

    async fn owners(
        &self,
        scope: &Scope,
        filter: &Filter,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Owner>, PortError> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.readers
            .read("finding owners", move |conn| read::owners::find(conn, (&scope, &filter), as_of))
            .await
    }

    async fn memory_versions(&self, id: MemoryId) -> Result<Vec<Version>, PortError> {
        self.readers.read("reading versions", move |conn| read::memories::versions(conn, id)).await
    }

    async fn state(&self, scope: &Scope, key: &str) -> Result<Option<StateEntry>, PortError> {
        let (scope, key) = (scope.clone(), key.to_owned());
        self.readers.read("reading state", move |conn| read::state::one(conn, &scope, &key)).await
    }

    async fn list_state(&self, scope: &Scope) -> Result<Vec<StateEntry>, PortError> {
        let scope = scope.clone();
        let limit = dreamkeeper_domain::limits::PAGE_COUNT_MAX;
        self.readers.read("listing state", move |conn| read::state::list(conn, &scope, (None, limit))).await
    }

    async fn state_keys(&self, scope: &Scope) -> Result<Vec<(Scope, String)>, PortError> {
        let scope = scope.clone();
        let limit = dreamkeeper_domain::limits::PAGE_COUNT_MAX;
        self.readers.read("listing state", move |conn| read::state::keys(conn, &scope, limit)).await
    }

    async fn state_versions(&self, scope: &Scope, key: &str) -> Result<Vec<Version>, PortError> {
        let (scope, key) = (scope.clone(), key.to_owned());
        self.readers.read("reading versions", move |conn| read::state::versions(conn, &scope, &key)).await
    }

    async fn snapshot(&self, query: &SnapshotQuery) -> Result<Snapshot, PortError> {
        let query = query.clone();
        self.readers.read("reading a snapshot", move |conn| read::snapshot::take(conn, &query)).await
    }

    async fn receipt(&self, id: ReceiptId) -> Result<Option<Receipt>, PortError> {
        self.readers.read("reading a receipt", move |conn| read::receipts::by_id(conn, id)).await
    }

    async fn segments(&self) -> Result<Vec<SegmentSummary>, PortError> {
        self.readers.read("listing segments", read::passages::segments).await
    }

    async fn passages(
        &self,
        segment: &SegmentKey,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError> {
        let key = segment.encode();
        self.readers
            .read("loading passages", move |conn| read::passages::of_segment(conn, &key, (after, limit)))
            .await
    }

    async fn stale_passages(
        &self,
        embedder: &EmbedderIdentity,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError> {
        let embedder = embedder.clone();
        self.readers
            .read("finding stale passages", move |conn| {
                read::passages::stale(conn, &embedder, (after, limit))
            })
            .await
    }

    async fn holdings(&self, after: Option<Owner>, limit: usize) -> Result<Vec<Holding>, PortError> {
        self.readers.read("comparing passages", move |conn| read::holdings::after(conn, after, limit)).await
    }

    async fn loose_ends(&self) -> Result<LooseEnds, PortError> {
        self.readers.read("comparing passages", read::holdings::loose_ends).await
    }

    async fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>, PortError> {
        self.readers.read("reading the audit", move |conn| read::audit::after(conn, after, limit)).await
    }

    async fn idle_temporary_sessions(
        &self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionId>, PortError> {
        let read = move |conn: &_| read::sessions::idle_temporary(conn, before, limit);
        self.readers.read("listing temporary sessions", read).await
    }

    async fn maintained_at(&self) -> Result<Option<Timestamp>, PortError> {
        self.readers.read("reading when it was maintained", read::stats::maintained_at).await
    }

    async fn stats(&self, embedder: &EmbedderIdentity) -> Result<SpaceStats, PortError> {
        let (embedder, disk_bytes) = (embedder.clone(), self.file.bytes_on_disk());
        let counts = move |conn: &_| read::stats::count(conn, &embedder);
        let stats = self.readers.read("counting", counts).await?;
        Ok(SpaceStats { disk_bytes, ..stats })
    }

    async fn check(&self) -> Result<Vec<String>, PortError> {
        self.readers.read("checking", check::check).await
    }

    async fn backup(&self, to: &Path, progress: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<(), PortError> {
        backup::copy(&self.readers, to, progress).await
    }
}
