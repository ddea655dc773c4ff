//! Receipts.

use dreamkeeper_domain::id::ReceiptId;
use dreamkeeper_domain::receipt::Receipt;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Failure;
use crate::rows::{from_json, id_bytes};

/// A receipt.
pub(crate) fn by_id(conn: &Connection, id: ReceiptId) -> Result<Option<Receipt>, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM receipt WHERE id = ?1")?;
    let content: Option<String> =
        statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
    content.map(|json| from_json(&json, "a receipt")).transpose()
}
