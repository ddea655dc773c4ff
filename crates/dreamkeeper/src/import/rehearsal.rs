//! Rehearsal: a dry run is the real import into a copy of the space that is thrown away afterwards. So it
//! meets the same bounds and the same records, and tells what the real import then does.

use dreamkeeper::{Dreamkeeper, OpenOptions};
use dreamkeeper_api::maintenance::BackupRequest;
use tempfile::TempDir;

use crate::client::{Client, InProcess, Need};
use crate::config::Config;
use crate::lifecycle::open_failure;
use crate::output::failure::Failure;

/// A space that may be written to, because nobody will read it again.
pub(crate) struct Rehearsal {
    /// Speaks to it.
    pub(crate) client: Client,
    /// Removed with everything in it when the rehearsal ends.
    _stage: TempDir,
}

impl Rehearsal {
    /// Copies the configured space, also while a server owns it. Where there is none the copy is empty, and
    /// none is made.
    pub(crate) async fn begin(config: &Config) -> anyhow::Result<Self> {
        let stage = tempfile::Builder::new().prefix("dreamkeeper-dry-run-").tempdir().map_err(|error| {
            let what = format!("a dry run needs room for a copy of the space: {error}");
            Failure::new(what, "name a directory for temporary files with TMPDIR")
        })?;
        let (directory, space) = (stage.path().join("data"), &config.data.space);
        let opened = if config.data.dir.join("control.db").exists() {
            let copy = stage.path().join("copy.db");
            let client = Client::connect(config, Need::Existing).await?;
            let request = BackupRequest { path: copy.to_string_lossy().into_owned() };
            let copied = client.backup(&request, &mut |_| {}).await;
            client.close().await;
            copied?;
            Dreamkeeper::open_copy(&copy, &directory, space).await
        } else {
            // Vectors are of no use here, and no other machine should be asked for them.
            let options = OpenOptions { space: space.clone(), ..OpenOptions::default() };
            Dreamkeeper::open_with(&directory, options).await
        };
        let keeper = opened.map_err(open_failure)?;
        Ok(Self { client: Client::in_process(InProcess::new(keeper)), _stage: stage })
    }
}
