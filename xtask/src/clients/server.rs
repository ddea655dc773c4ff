//! A server of this build on a free port, with data of its own that goes when it does.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

pub(super) struct Server {
    child: Child,
    data: PathBuf,
    url: String,
}

impl Server {
    /// Starts one and waits until it listens.
    pub(super) fn start(executable: &Path) -> Result<Self> {
        let data = std::env::temp_dir().join(format!("dreamkeeper-clients-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        let mut child = Command::new(executable)
            .args(["serve", "--listen", "127.0.0.1:0", "--json", "--data"])
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", executable.display()))?;
        let stdout = child.stdout.take().context("the server's output is piped")?;
        let mut said = serde_json::Deserializer::from_reader(BufReader::new(stdout)).into_iter::<Value>();
        let said = said.next().context("the server said nothing")?.context("the server did not start")?;
        let url = said["url"].as_str().context("the server tells no address")?.to_owned();
        Ok(Self { child, data, url })
    }

    /// Its data directory, for commands that need its owner.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}
