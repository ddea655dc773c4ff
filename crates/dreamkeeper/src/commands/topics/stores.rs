//! `store`: stores of topics themselves.

use clap::Args;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::topic::{NewTopicStore, TopicStore, TopicStorePatch};

use super::StoreArguments;
use crate::client::Client;
use crate::commands::arguments::ScopeArguments;
use crate::commands::show;
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::printable;
use crate::output::time::moment;

/// What is done with stores.
#[derive(Debug, clap::Subcommand)]
pub(in crate::commands) enum Command {
    /// List stores, newest first.
    List(List),
    /// Make a store.
    Create(Create),
    /// Change a store's name or description.
    Update(Update),
    /// Make a store read-only for good; its topics leave recall.
    Archive(StoreArguments),
    /// Hide a store; its content is destroyed 30 days later.
    Delete(StoreArguments),
    /// Bring a deleted store back.
    Undelete {
        /// The store's id.
        id: String,
    },
}

/// Which stores.
#[derive(Debug, Args)]
pub(in crate::commands) struct List {
    /// Archived ones too.
    #[arg(long)]
    archived: bool,
    /// The `next` of the page before.
    #[arg(long, value_name = "NEXT")]
    after: Option<String>,
    #[command(flatten)]
    scope: ScopeArguments,
}

/// Which store.
#[derive(Debug, Args)]
pub(in crate::commands) struct Create {
    /// What people call it.
    name: String,
    /// What it is for.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    description: String,
    #[command(flatten)]
    scope: ScopeArguments,
}

/// What changes.
#[derive(Debug, Args)]
pub(in crate::commands) struct Update {
    /// Another name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Another description.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

impl Command {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let store = match self {
            Self::List(list) => return list.run(client, out).await,
            Self::Create(create) => {
                let new = NewTopicStore {
                    name: create.name,
                    description: create.description,
                    scope: create.scope.into(),
                    ..NewTopicStore::default()
                };
                client.create_topic_store(&new).await?
            }
            Self::Update(update) => {
                let patch = TopicStorePatch {
                    name: update.name,
                    description: update.description,
                    ..TopicStorePatch::default()
                };
                client.update_topic_store(&update.store.find(client).await?, &patch).await?
            }
            Self::Archive(store) => client.change_topic_store(&store.find(client).await?, "archive").await?,
            Self::Delete(store) => client.delete_topic_store(&store.find(client).await?).await?,
            Self::Undelete { id } => client.change_topic_store(&id, "undelete").await?,
        };
        if out.json { out.document(&store) } else { Ok(line(out, &store)?) }
    }
}

impl List {
    async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let mut further = vec![("archived", self.archived.to_string())];
        further.extend(self.after.map(|after| ("after", after)));
        let page = client.topic_stores(&Scope::from(self.scope), further).await?;
        if out.json {
            return out.document(&page);
        }
        if page.items.is_empty() {
            out.line("No stores.")?;
        }
        page.items.iter().try_for_each(|store| line(out, store))?;
        if let Some(next) = &page.next {
            out.line(out.paint.faint(format!("more: --after {next}")))?;
        }
        Ok(())
    }
}

fn line(out: &mut Out, store: &TopicStore) -> std::io::Result<()> {
    let paint = out.paint;
    let standing = match (store.archived_at, store.deleted_at) {
        (_, Some(_)) => paint.ink(Ink::Bad, "deleted"),
        (Some(_), None) => paint.ink(Ink::Warn, "archived"),
        (None, None) => String::new(),
    };
    let told = [
        paint.strong(printable(&store.name)),
        standing,
        paint.faint(show::scope(&store.scope)),
        paint.faint(moment(store.created_at.0, None)),
        paint.faint(store.id.to_string()),
    ];
    out.facts(0, told)?;
    if store.description.is_empty() { Ok(()) } else { out.block(2, None, &store.description) }
}
