//! `log`, `diff`, `blame`, `restore` and `redact`: topics through time.

use std::io::Write;

use clap::Args;
use dreamkeeper_api::topic::{RestoreTopicRequest, TopicVersion};
use dreamkeeper_api::words::TopicOperation;

use super::StoreArguments;
use super::write::written;
use crate::client::Client;
use crate::commands::show;
use crate::output::Out;
use crate::output::failure::Failure;
use crate::output::paint::Ink;
use crate::output::text::{pad, printable};
use crate::output::time::{day, moment};

/// Whose versions are told.
#[derive(Debug, Args)]
pub(in crate::commands) struct Log {
    /// The topic's path or id; every topic of the store unless told.
    path: Option<String>,
    /// Versions to tell.
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
    limit: usize,
    /// The `next` of the page before.
    #[arg(long, value_name = "NEXT")]
    after: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Between which versions.
#[derive(Debug, Args)]
pub(in crate::commands) struct Diff {
    /// The topic's path or id.
    path: String,
    /// The earlier version; the one before the later one unless told.
    from: Option<String>,
    /// The later version; the latest unless told.
    to: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Whose lines.
#[derive(Debug, Args)]
pub(in crate::commands) struct Blame {
    /// The topic's path or id.
    path: String,
    #[command(flatten)]
    store: StoreArguments,
}

/// What comes back.
#[derive(Debug, Args)]
pub(in crate::commands) struct Restore {
    /// The topic's path or id.
    path: String,
    /// The version's number; the one before the latest unless told.
    version: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Which version.
#[derive(Debug, Args)]
pub(in crate::commands) struct Redact {
    /// The topic's path or id.
    path: String,
    /// The version's number.
    number: u32,
    /// Do not ask.
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    store: StoreArguments,
}

impl Log {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let mut query = vec![("limit", self.limit.to_string())];
        query.extend(self.after.map(|after| ("after", after)));
        let page = match &self.path {
            Some(path) => client.topic_log(&id, path, query).await?,
            None => client.topic_versions(&id, query).await?,
        };
        if out.json {
            return out.document(&page);
        }
        page.items.iter().try_for_each(|version| line(out, version))?;
        if let Some(next) = &page.next {
            out.line(out.paint.faint(format!("more: --after {next}")))?;
        }
        Ok(())
    }
}

fn line(out: &mut Out, version: &TopicVersion) -> std::io::Result<()> {
    let paint = out.paint;
    let ink = match version.operation {
        TopicOperation::Created => Ink::Good,
        TopicOperation::Modified => Ink::Accent,
        TopicOperation::Deleted => Ink::Bad,
    };
    let path = version.path.as_deref().map_or_else(|| "redacted".to_owned(), printable);
    let told = [
        format!(
            "{} {}",
            paint.strong(format!("v{}", version.number)),
            paint.ink(ink, show::wire_word(&version.operation))
        ),
        path,
        show::actor(&version.actor),
        paint.faint(moment(version.at.0, None)),
        show::origin_mark(paint, version.origin).unwrap_or_default(),
        version.reason.as_ref().map(|reason| paint.ink(Ink::Quote, printable(reason))).unwrap_or_default(),
    ];
    out.facts(0, told)
}

impl Diff {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let bounds = [("from", self.from), ("to", self.to)];
        let query = bounds.into_iter().filter_map(|(name, version)| Some((name, version?))).collect();
        let diff = client.diff_topic(&id, &self.path, query).await?;
        if out.json {
            return out.document(&diff);
        }
        if diff.unified.is_empty() {
            out.line("The contents are the same.")?;
        }
        for line in diff.unified.lines() {
            let ink = match line.as_bytes().first() {
                Some(b'+') => Some(Ink::Good),
                Some(b'-') => Some(Ink::Bad),
                Some(b'@') => Some(Ink::Accent),
                _ => None,
            };
            let line = printable(line);
            out.line(ink.map_or(line.clone(), |ink| out.paint.ink(ink, &line)))?;
        }
        Ok(())
    }
}

impl Blame {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let blame = client.blame_topic(&id, &self.path).await?;
        if out.json {
            return out.document(&blame);
        }
        let told = |version: &TopicVersion| {
            format!("v{} {} {}", version.number, show::actor(&version.actor), day(version.at.0, None))
        };
        let heads: Vec<String> = blame.versions.iter().map(told).collect();
        let width = heads.iter().map(|head| crate::output::text::width_of(head)).max().unwrap_or(0);
        for line in &blame.lines {
            let head = heads.get(line.version).map(String::as_str).unwrap_or_default();
            let head = out.paint.faint(pad(head, width));
            out.line(format!("{head}  {}", printable(&line.text)))?;
        }
        Ok(())
    }
}

impl Restore {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let request = RestoreTopicRequest { version: self.version, reason: self.reason, session: None };
        written(out, &client.restore_topic((&id, &self.path), &request).await?)
    }
}

impl Redact {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let number = self.number.to_string();
        let query = vec![("from", number.clone()), ("to", number)];
        let version = client.diff_topic(&id, &self.path, query).await?.to;
        let what = format!("version {} of `{}`", self.number, printable(&self.path));
        if !self.yes && !confirmed(out, &what)? {
            out.line("Nothing was redacted.")?;
            return Ok(());
        }
        let version = client.redact_topic_version(&id, &version.id.to_string()).await?;
        if out.json {
            return out.document(&version);
        }
        Ok(out.line(format!("What {what} said is gone for good."))?)
    }
}

fn confirmed(out: &mut Out, what: &str) -> anyhow::Result<bool> {
    if !out.interactive {
        let help = "say --yes where nobody can be asked";
        return Err(Failure::misused(format!("redacting {what} cannot be undone"), help).into());
    }
    out.flush()?;
    write!(std::io::stderr(), "Destroy what {what} said for good? Type yes: ")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
