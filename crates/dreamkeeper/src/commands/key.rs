//! `key`: makes, lists and revokes credentials of the space.

use dreamkeeper_api::key::{Key, NewKeyRequest};
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::words::{Origin, Permission};
use serde_json::json;

use super::Context;
use super::arguments::{moment, origin, word};
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::paint::Ink;
use crate::output::table::{Table, words};
use crate::output::time::{day, moment as shown};

/// What is done with keys.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a key; its secret is shown once.
    Create {
        /// What the key is for.
        name: String,
        /// What its holder may do: read, propose, write, approve, erase, admin.
        #[arg(long, value_delimiter = ',', default_value = "read,write", value_parser = word::<Permission>)]
        scopes: Vec<Permission>,
        /// The highest origin its holder can declare: user, assistant, tool or external.
        #[arg(long, default_value = "user", value_parser = origin, value_name = "ORIGIN")]
        ceiling: Origin,
        /// When it stops working by itself.
        #[arg(long, value_name = "TIME", value_parser = moment)]
        expires: Option<Moment>,
    },
    /// List keys, newest first.
    List,
    /// Revoke a key at once and for good.
    Revoke {
        /// The key's id, as `key list` shows it.
        id: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        match self {
            Self::Create { name, scopes, ceiling, expires } => {
                let permissions = scopes.into_iter().collect();
                create(context, NewKeyRequest { name, permissions, ceiling, expires_at: expires }).await
            }
            Self::List => list(context).await,
            Self::Revoke { id } => revoke(context, &id).await,
        }
    }
}

async fn create(context: &mut Context, request: NewKeyRequest) -> anyhow::Result<Ending> {
    let client = context.client(Need::MayCreate).await?;
    let made = client.create_key(&request).await?;
    client.close().await;
    let out = &mut context.out;
    if out.json {
        out.document(&made)?;
        return Ok(Ending::Done);
    }
    out.line(format!("Key `{}` may {}.", made.key.name, permissions(&made.key)))?;
    out.gap()?;
    out.line(format!("  {}", out.paint.ink(Ink::Accent, &made.secret)))?;
    out.gap()?;
    out.line("Keep it now: it is not shown again. Clients send it as `Authorization: Bearer dk_…`.")?;
    out.line(out.paint.faint(format!("Revoke it with `dreamkeeper key revoke {}`.", made.key.id)))?;
    Ok(Ending::Done)
}

async fn list(context: &mut Context) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    let keys = client.keys().await?;
    client.close().await;
    let out = &mut context.out;
    if out.json {
        out.document(&keys)?;
        return Ok(Ending::Done);
    }
    if keys.items.is_empty() {
        out.line("No keys. On loopback none is needed; `dreamkeeper key create NAME` makes one.")?;
        return Ok(Ending::Done);
    }
    let mut table = Table::new([
        words("id"),
        words("begins"),
        words("may"),
        words("ceiling"),
        words("made"),
        words("status"),
        words("name"),
    ]);
    for key in &keys.items {
        let status = match (&key.revoked_at, &key.expires_at) {
            (Some(at), _) => out.paint.ink(Ink::Bad, format!("revoked {}", day(at.0, None))),
            (None, Some(at)) => format!("until {}", day(at.0, None)),
            (None, None) => out.paint.ink(Ink::Good, "live"),
        };
        let ceiling = json!(key.ceiling).as_str().unwrap_or_default().to_owned();
        let made = day(key.created_at.0, None);
        table.row([
            key.id.to_string(),
            format!("{}…", key.prefix),
            permissions(key),
            ceiling,
            made,
            status,
            key.name.clone(),
        ]);
    }
    out.table(&table)?;
    Ok(Ending::Done)
}

async fn revoke(context: &mut Context, id: &str) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    client.revoke_key(id).await?;
    let keys = client.keys().await?;
    client.close().await;
    let revoked = keys.items.into_iter().find(|key| key.id.to_string() == id);
    if context.out.json {
        context.out.document(&revoked)?;
    } else {
        let at = revoked.and_then(|key| key.revoked_at).map(|at| format!(" at {}", shown(at.0, None)));
        context.out.line(format!("Revoked{}: it opens nothing any more.", at.unwrap_or_default()))?;
    }
    Ok(Ending::Done)
}

fn permissions(key: &Key) -> String {
    let words: Vec<String> = key
        .permissions
        .iter()
        .map(|permission| json!(permission).as_str().unwrap_or_default().to_owned())
        .collect();
    words.join(", ")
}
