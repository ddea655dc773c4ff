//! Vectors: passages get new ones when an embedder answers late or has changed.

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::passage::{EmbedderIdentity, PassageSeq, Vector};
use rusqlite::params;

use super::Applying;
use crate::error::Failure;
use crate::rows::vector_bytes;

impl Applying<'_> {
    pub(super) fn put_vectors(
        &mut self,
        embedder: &EmbedderIdentity,
        vectors: &[(PassageSeq, Vector)],
    ) -> Result<Outcome, Failure> {
        let embedder = self.embedder_row(embedder)?;
        // A passage is found by its seq under whichever embedder it has now; there are few.
        let mut statement = self.conn.prepare_cached(
            "UPDATE passage SET embedder = ?1, vector = ?3 WHERE place = \
             (SELECT place FROM (SELECT 0 AS row UNION ALL SELECT row FROM embedder) AS known \
              CROSS JOIN passage ON passage.embedder = known.row AND passage.seq = ?2)",
        )?;
        for (seq, vector) in vectors {
            // No row is an erased passage: its late vector must not come back.
            statement.execute(params![embedder, seq.0, vector_bytes(vector)])?;
        }
        Ok(Outcome::Done)
    }
}
