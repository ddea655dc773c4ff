//! Control: spaces and keys in `control.db`. Few and small: one connection, each write its own commit.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use dreamkeeper_domain::id::{KeyId, SpaceId};
use dreamkeeper_domain::key::{Key, KeyHash, Permission};
use dreamkeeper_domain::ports::{ControlStore, PortError, PortErrorKind, SpaceRecord};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Failure, lost_work};
use crate::open::{Access, DatabaseFile};
use crate::owner::OwnerLock;
use crate::rows::{Moment, from_json, id_bytes, to_json, uuid_at};

/// The control file of a data directory.
#[derive(Debug)]
pub(crate) struct SqliteControl {
    file: DatabaseFile,
    conn: Arc<Mutex<Connection>>,
    /// What writes are refused with, where they are not possible.
    refusal: Option<PortError>,
    _owner: Option<Arc<OwnerLock>>,
}

impl SqliteControl {
    /// Opens the file, made when there is none. Blocks.
    pub(crate) fn open(mut file: DatabaseFile, owner: Option<Arc<OwnerLock>>) -> Result<Self, PortError> {
        file.prepare(|_| Ok(()))?;
        let opened = match file.access {
            Access::ReadWrite => file.readable_when_full(DatabaseFile::writer)?,
            Access::ReadOnly => Err(file.read_only()),
        };
        let (conn, refusal) = match opened {
            Ok(conn) => (conn, None),
            Err(refusal) => (file.reader()?, Some(refusal)),
        };
        Ok(Self { file, conn: Arc::new(Mutex::new(conn)), refusal, _owner: owner })
    }

    async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, PortError> {
        match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => self.run(doing, work).await,
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, PortError> {
        let (conn, path) = (Arc::clone(&self.conn), self.file.path.clone());
        let run = move || {
            let conn = conn.lock().unwrap_or_else(PoisonError::into_inner);
            work(&conn).map_err(|failure| failure.into_port(doing, &path))
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| lost_work(doing).caused_by(error))?
    }
}

#[async_trait]
impl ControlStore for SqliteControl {
    async fn spaces(&self) -> Result<Vec<SpaceRecord>, PortError> {
        let list = |conn: &Connection| {
            let mut statement =
                conn.prepare_cached("SELECT id, name, created_at FROM space ORDER BY name")?;
            let spaces = statement.query_map([], space)?.collect::<Result<_, _>>()?;
            Ok(spaces)
        };
        self.run("listing spaces", list).await
    }

    async fn create_space(&self, record: SpaceRecord) -> Result<SpaceRecord, PortError> {
        let create = move |conn: &Connection| {
            let (id, at) = (id_bytes(record.id.as_uuid()), Moment(record.created_at));
            conn.prepare_cached(
                "INSERT INTO space (id, name, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
            )?
            .execute(params![id, record.name, at])?;
            let mut statement =
                conn.prepare_cached("SELECT id, name, created_at FROM space WHERE name = ?1")?;
            Ok(statement.query_row([&record.name], space)?)
        };
        self.write("making a space", create).await
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        let list = |conn: &Connection| {
            let sql = format!("SELECT {KEY_COLUMNS} FROM key ORDER BY created_at DESC, row DESC");
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                keys.push(key(row)?);
            }
            Ok(keys)
        };
        self.run("listing keys", list).await
    }

    async fn create_key(&self, key: Key) -> Result<(), PortError> {
        self.write("making a key", move |conn| insert_key(conn, &key)).await
    }

    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<Key>, PortError> {
        let hash = *hash;
        let find = move |conn: &Connection| {
            let sql = format!("SELECT {KEY_COLUMNS} FROM key WHERE hash = ?1");
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query([hash])?;
            rows.next()?.map(key).transpose()
        };
        self.run("finding a key", find).await
    }

    async fn revoke_key(&self, id: KeyId, at: Timestamp) -> Result<bool, PortError> {
        let revoke = move |conn: &Connection| {
            let key = id_bytes(id.as_uuid());
            conn.prepare_cached("UPDATE key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL")?
                .execute(params![key, Moment(at)])?;
            let there = conn
                .prepare_cached("SELECT 1 FROM key WHERE id = ?1")?
                .query_row([key], |_| Ok(()))
                .optional()?;
            Ok(there.is_some())
        };
        self.write("revoking a key", revoke).await
    }
}

fn space(row: &Row<'_>) -> rusqlite::Result<SpaceRecord> {
    Ok(SpaceRecord {
        id: SpaceId::from_uuid(uuid_at(row, 0)?),
        name: row.get(1)?,
        created_at: row.get::<_, Moment>(2)?.0,
    })
}

const KEY_COLUMNS: &str =
    "id, space, name, prefix, hash, permissions, ceiling, created_at, expires_at, revoked_at";

fn key(row: &Row<'_>) -> Result<Key, Failure> {
    let permissions: String = row.get(5)?;
    let ceiling: String = row.get(6)?;
    Ok(Key {
        id: KeyId::from_uuid(uuid_at(row, 0)?),
        space: SpaceId::from_uuid(uuid_at(row, 1)?),
        name: row.get(2)?,
        prefix: row.get(3)?,
        hash: row.get(4)?,
        permissions: from_json::<BTreeSet<Permission>>(&permissions, "permissions")?,
        ceiling: ceiling.parse().map_err(|error| Failure::corrupt(format!("a key's ceiling: {error}")))?,
        created_at: row.get::<_, Moment>(7)?.0,
        expires_at: row.get::<_, Option<Moment>>(8)?.map(|moment| moment.0),
        revoked_at: row.get::<_, Option<Moment>>(9)?.map(|moment| moment.0),
    })
}

fn insert_key(conn: &Connection, key: &Key) -> Result<(), Failure> {
    let inserted = conn
        .prepare_cached(
            "INSERT INTO key (id, space, name, prefix, hash, permissions, ceiling, created_at, expires_at, \
             revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            id_bytes(key.id.as_uuid()),
            id_bytes(key.space.as_uuid()),
            key.name,
            key.prefix,
            key.hash,
            to_json(&key.permissions)?,
            key.ceiling.as_str(),
            Moment(key.created_at),
            key.expires_at.map(Moment),
            key.revoked_at.map(Moment),
        ])?;
    if inserted == 1 {
        return Ok(());
    }
    let message = format!("key {} is there already: make a new one", key.id);
    Err(Failure::Refused(PortError::new(PortErrorKind::Refused, message).into()))
}
