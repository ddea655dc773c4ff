//! `export --git`: every version of a store as a commit of a new repository, with its actor and time, so that
//! `git log -p` tells the history. The `git` program reads the commits; we only write them down.

mod commits;

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use dreamkeeper_api::topic::TopicVersion;
use serde_json::json;

use super::StoreArguments;
use crate::client::Client;
use crate::output::Out;
use crate::output::failure::Failure;
use crate::output::text::count;
use commits::Commits;

/// Where to.
#[derive(Debug, Args)]
pub(in crate::commands) struct Export {
    /// The new repository; a directory that is empty or not there.
    #[arg(long, value_name = "DIR", required = true)]
    git: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
}

impl Export {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let store = client.topic_store(&id).await?;
        let versions = oldest_first(client, &id).await?;
        let into = &self.git;
        if std::fs::read_dir(into).is_ok_and(|mut entries| entries.next().is_some()) {
            let help = "name a directory that is empty or not there yet";
            return Err(Failure::misused(format!("{} is not empty", into.display()), help).into());
        }
        std::fs::create_dir_all(into)?;
        git(into, &["init", "--quiet", "--initial-branch=main"])?;
        let mut importer = command(into, &["fast-import", "--quiet", "--date-format=raw"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| no_git(&error))?;
        let pipe = importer.stdin.take().ok_or_else(|| failed("fast-import"))?;
        let mut commits = Commits::new(BufWriter::new(pipe), &versions);
        for version in &versions {
            // Contents come one by one: a store's history may be larger than memory.
            let whole = client.topic_version(&id, &version.id.to_string()).await?;
            commits.write(&whole)?;
        }
        commits.end()?.flush()?;
        if !importer.wait()?.success() {
            return Err(failed("fast-import").into());
        }
        if !versions.is_empty() {
            git(into, &["reset", "--quiet", "--hard", "main"])?;
        }
        if out.json {
            return out.document(&json!({"store": store.id, "path": into, "commit_count": versions.len()}));
        }
        let commits = count(versions.len() as u64, "commit");
        Ok(out.line(format!("{commits} in {}; see `git -C {} log -p`", into.display(), into.display()))?)
    }
}

/// Every version of the store without its content.
async fn oldest_first(client: &Client, store: &str) -> anyhow::Result<Vec<TopicVersion>> {
    let mut versions = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut query = vec![("limit", "100".to_owned())];
        query.extend(after.map(|after| ("after", after)));
        let page = client.topic_versions(store, query).await?;
        versions.extend(page.items);
        after = page.next;
        if after.is_none() {
            versions.reverse();
            // Where several were recorded at one moment, numbers tell the order within a topic.
            versions.sort_by_key(|version| (version.at, version.number));
            return Ok(versions);
        }
    }
}

/// The program in the repository, deaf to whatever the caller's environment says of other ones.
fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory).args(["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"]);
    command.args(arguments).stdout(Stdio::null());
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command
}

fn git(directory: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let ended =
        command(directory, arguments).stdin(Stdio::null()).status().map_err(|error| no_git(&error))?;
    if ended.success() { Ok(()) } else { Err(failed(arguments[0]).into()) }
}

fn no_git(error: &std::io::Error) -> Failure {
    let help = "install git 2.28 or newer and have it on the PATH";
    Failure::new(format!("the program `git` cannot be started: {error}"), help)
}

fn failed(what: &str) -> Failure {
    Failure::new(format!("`git {what}` failed"), "see what it said above; remove the directory and try again")
}
