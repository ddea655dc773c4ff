//! Receipts.

use dreamkeeper_domain::id::ReceiptId;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::Scope;
use rusqlite::{Connection, OptionalExtension, params};

use crate::apply::receipt::low_origin_subject;
use crate::error::Failure;
use crate::rows::{from_json, id_bytes};

/// What the latest receipts of this user and agent served of tools and outsiders.
pub(crate) fn of_low_origin(
    conn: &Connection,
    scope: &Scope,
    limit: usize,
) -> Result<Vec<(Origin, String)>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT content FROM receipt_subject JOIN receipt ON row = receipt WHERE subject = ?1 \
         ORDER BY receipt DESC LIMIT ?2",
    )?;
    let contents = statement
        .query_map(params![low_origin_subject(scope)?, limit as i64], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut served = Vec::new();
    for content in contents {
        let receipt: Receipt = from_json(&content, "a receipt")?;
        let items = receipt.items.into_iter().filter(|item| item.origin <= Origin::Tool);
        served.extend(items.filter(|item| !item.quote.is_empty()).map(|item| (item.origin, item.quote)));
    }
    Ok(served)
}

/// A receipt.
pub(crate) fn by_id(conn: &Connection, id: ReceiptId) -> Result<Option<Receipt>, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM receipt WHERE id = ?1")?;
    let content: Option<String> =
        statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
    content.map(|json| from_json(&json, "a receipt")).transpose()
}
