//! Redacting: what one version of a topic held goes for good; who made it, and when, stays.

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::id::{TopicId, TopicVersionId};
use rusqlite::{OptionalExtension, Row, params};

use super::passages::Places;
use super::{Applying, not_found};
use crate::error::Failure;
use crate::rows::{Moment, id_bytes, to_json, uuid_at};

/// A version that is to be redacted.
struct There {
    row: i64,
    number: u32,
    topic: TopicId,
    places: Places,
    is_redacted: bool,
    is_head: bool,
    content: Option<String>,
}

impl Applying<'_> {
    pub(super) fn redact_topic_version(&mut self, id: TopicVersionId) -> Result<Outcome, Failure> {
        let sql = "SELECT v.row, v.number, v.segment, v.passage_from, v.passage_to, t.id, \
                   v.redacted_at IS NOT NULL, t.path IS NOT NULL AND t.number = v.number, v.content \
                   FROM topic_version v JOIN topic t ON t.row = v.topic WHERE v.id = ?1";
        let found = self.conn.prepare_cached(sql)?.query_row([id_bytes(id.as_uuid())], read).optional()?;
        let there = found.ok_or_else(|| not_found(format!("version {id}")))?;
        if there.is_redacted {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        if there.is_head {
            return Err(ApplyError::HeadVersion(id).into());
        }
        self.erased = true;
        let passage_count = self.remove_passages(there.places)?;
        // A reason may repeat what the version held.
        self.conn
            .prepare_cached(
                "UPDATE topic_version SET path = NULL, hash = NULL, size = NULL, content = NULL, reason = NULL, \
                 passage_from = 0, passage_to = 0, redacted_at = ?2, redacted_by = ?3 WHERE row = ?1",
            )?
            .execute(params![there.row, Moment(self.changes.at), to_json(&self.changes.actor)?])?;
        self.erase_topic_in_receipts(there.topic, |number| number == there.number)?;
        self.empty_changes_of_topic(there.topic, |change| {
            change.tells(there.topic, there.number, there.content.as_deref())
        })?;
        Ok(Outcome::Erased { passage_count })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<There> {
    Ok(There {
        row: row.get(0)?,
        number: row.get(1)?,
        places: Places { segment: row.get(2)?, from: row.get(3)?, to: row.get(4)? },
        topic: TopicId::from_uuid(uuid_at(row, 5)?),
        is_redacted: row.get(6)?,
        is_head: row.get(7)?,
        content: row.get(8)?,
    })
}
