//! `ls` and `cat`: what there is.

use clap::Args;
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::page::List;
use dreamkeeper_api::topic::{ListedTopic, Topic};

use super::StoreArguments;
use crate::client::Client;
use crate::commands::arguments::moment;
use crate::commands::show;
use crate::output::Out;
use crate::output::failure::Failure;
use crate::output::text::{bytes, printable};
use crate::output::time;

/// Which topics are listed.
#[derive(Debug, Args)]
pub(in crate::commands) struct Ls {
    /// The folder; all of the store unless told.
    #[arg(default_value = "/", hide_default_value = true)]
    folder: String,
    /// Whatever stands below, however deep.
    #[arg(long, short = 'R')]
    recursive: bool,
    /// As it was at that moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Which topic is printed.
#[derive(Debug, Args)]
pub(in crate::commands) struct Cat {
    /// The topic's path or id.
    path: String,
    /// As it was at that moment.
    #[arg(long, value_name = "TIME", value_parser = moment, conflicts_with = "version")]
    as_of: Option<Moment>,
    /// A version's number.
    #[arg(long, value_name = "NUMBER")]
    version: Option<u32>,
    #[command(flatten)]
    store: StoreArguments,
}

impl Ls {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let folder = if self.folder.ends_with('/') { self.folder } else { format!("{}/", self.folder) };
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut query = vec![("prefix", folder.clone()), ("one_level", (!self.recursive).to_string())];
            query.push(("limit", "1000".to_owned()));
            query.extend(self.as_of.map(|at| ("as_of", at.0.to_string())));
            query.extend(after.map(|after| ("after", after)));
            let page = client.topics(&id, query).await?;
            items.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if out.json {
            return out.document(&List { items });
        }
        if items.is_empty() {
            out.line("No topics.")?;
        }
        items.iter().try_for_each(|item| line(out, item))?;
        Ok(())
    }
}

fn line(out: &mut Out, item: &ListedTopic) -> std::io::Result<()> {
    let paint = out.paint;
    match item {
        ListedTopic::Folder(folder) => out.line(paint.strong(printable(folder))),
        ListedTopic::Topic(topic) => {
            let told = [
                printable(&topic.path),
                paint.faint(bytes(u64::from(topic.size_bytes))),
                paint.faint(format!("version {}", topic.number)),
                paint.faint(time::moment(topic.updated_at.0, None)),
                show::origin_mark(paint, topic.origin).unwrap_or_default(),
            ];
            out.facts(0, told)
        }
    }
}

impl Cat {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let Some(number) = self.version else {
            let query = self.as_of.map(|at| ("as_of", at.0.to_string())).into_iter().collect();
            let topic = client.topic(&id, &self.path, query).await?;
            return print(out, &topic);
        };
        let query = vec![("from", number.to_string()), ("to", number.to_string())];
        let version = client.diff_topic(&id, &self.path, query).await?.to;
        let version = client.topic_version(&id, &version.id.to_string()).await?;
        if out.json {
            return out.document(&version);
        }
        match &version.content {
            Some(content) => Ok(out.raw(content)?),
            None => {
                let what = format!("version {number} of `{}` has no content", printable(&self.path));
                Err(Failure::new(what, "it records a removal, or was redacted; see `topics log`").into())
            }
        }
    }
}

/// The content alone, byte for byte, so that a script can read it.
fn print(out: &mut Out, topic: &Topic) -> anyhow::Result<()> {
    if out.json {
        return out.document(topic);
    }
    let content = topic.content.clone().unwrap_or_default();
    // On a terminal text of strangers must not drive it.
    if out.interactive { Ok(out.raw(&printable(&content))?) } else { Ok(out.raw(&content)?) }
}
