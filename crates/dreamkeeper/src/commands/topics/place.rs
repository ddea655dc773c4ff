//! Place: which store a command means. One that is the only one need not be named.

use clap::Args;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::topic::{NewTopicStore, TopicStore};

use crate::client::Client;
use crate::output::failure::Failure;
use crate::output::text::printable;

/// The store that a first write makes.
const FIRST_STORE: &str = "notes";

/// In which store.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Store")]
pub(in crate::commands) struct StoreArguments {
    /// The store's name or id; may be left out where there is one only.
    #[arg(long, short = 's', value_name = "NAME")]
    store: Option<String>,
}

impl StoreArguments {
    /// The id of the store that is there.
    pub(super) async fn find(&self, client: &Client) -> anyhow::Result<String> {
        match self.found(client).await? {
            Some(store) => Ok(store.id.to_string()),
            None => {
                let help = "`dreamkeeper topics write` makes the first one, `topics store create` more";
                Err(Failure::new("there is no store of topics yet", help).into())
            }
        }
    }

    /// The same, and one is made where there is none at all.
    pub(super) async fn find_or_make(&self, client: &Client) -> anyhow::Result<String> {
        if let Some(store) = self.found(client).await? {
            return Ok(store.id.to_string());
        }
        let new = NewTopicStore { name: FIRST_STORE.to_owned(), ..NewTopicStore::default() };
        Ok(client.create_topic_store(&new).await?.id.to_string())
    }

    async fn found(&self, client: &Client) -> anyhow::Result<Option<TopicStore>> {
        let named = self.store.as_deref();
        if let Some(id) = named.filter(|named| named.parse::<dreamkeeper_domain::id::StoreId>().is_ok()) {
            return client.topic_store(id).await.map(Some);
        }
        let mut stores = all(client).await?;
        match named {
            Some(name) => stores.retain(|store| store.name == name),
            // Who names none means one that can be written, where there is one.
            None if stores.iter().any(|store| store.archived_at.is_none()) => {
                stores.retain(|store| store.archived_at.is_none());
            }
            None => {}
        }
        match (stores.len(), named) {
            (0, Some(name)) => {
                let what = format!("there is no store `{}`", printable(name));
                Err(Failure::new(what, "see `dreamkeeper topics store list`").into())
            }
            (0 | 1, _) => Ok(stores.pop()),
            (_, Some(name)) => Err(several(&format!("stores are called `{}`", printable(name)), &stores)),
            (_, None) => Err(several("stores are here", &stores)),
        }
    }
}

async fn all(client: &Client) -> anyhow::Result<Vec<TopicStore>> {
    let mut stores = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let further = [Some(("archived", "true".to_owned())), after.map(|after| ("after", after))];
        let page = client.topic_stores(&Scope::default(), further.into_iter().flatten().collect()).await?;
        stores.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(stores);
        }
    }
}

fn several(what: &str, stores: &[TopicStore]) -> anyhow::Error {
    let told: Vec<String> =
        stores.iter().take(8).map(|store| format!("`{}` ({})", printable(&store.name), store.id)).collect();
    Failure::misused(
        format!("{} {what}", stores.len()),
        format!("name one with --store: {}", told.join(", ")),
    )
    .into()
}
