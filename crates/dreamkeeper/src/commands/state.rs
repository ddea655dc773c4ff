//! `state`: JSON values under keys, set by someone and guessed by nobody.

use dreamkeeper_api::history::Version;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::state::{SetStateRequest, StateEntry};
use serde_json::Value;

use super::arguments::{ScopeArguments, words};
use super::{Context, show};
use crate::client::{ApiFailure, Need};
use crate::output::Out;
use crate::output::failure::Ending;
use crate::output::paint::Ink;
use crate::output::text::printable;
use crate::output::time::moment;

/// What is done with state.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print the value of a key.
    Get {
        key: String,
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// Set a key to a JSON value; a text that is no JSON is taken as it stands.
    Set {
        key: String,
        /// The value; - reads it from stdin.
        value: String,
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// List keys under a scope.
    List {
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// Show every version of a key.
    History {
        key: String,
        #[command(flatten)]
        scope: ScopeArguments,
    },
    /// Remove a key; its history stays.
    Remove {
        key: String,
        #[command(flatten)]
        scope: ScopeArguments,
        #[command(flatten)]
        change: ChangeArguments,
    },
}

/// On what a change depends, and why it is made.
#[derive(Debug, clap::Args)]
pub(super) struct ChangeArguments {
    /// Refuse unless the key is at this version; 0 for a key that is not there.
    #[arg(long, value_name = "VERSION")]
    expect: Option<u32>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let need = if matches!(self, Self::Set { .. }) { Need::MayCreate } else { Need::Existing };
        let client = context.client(need).await?;
        let out = &mut context.out;
        match self {
            Self::Get { key, scope } => {
                let entry = client.state(&scope.into(), &key).await?;
                if out.json {
                    out.document(&entry)?;
                } else {
                    // The value alone, so that a script can read it.
                    out.document(&entry.value)?;
                }
            }
            Self::Set { key, value, scope, change } => {
                let text = words(value)?;
                let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
                let request =
                    SetStateRequest { value, expected_version: change.expect, reason: change.reason };
                let entry = client.set_state(&scope.into(), &key, &request).await?;
                changed(out, &entry)?;
            }
            Self::List { scope } => {
                let entries = client.list_state(&Scope::from(scope)).await?;
                if out.json {
                    out.document(&entries)?;
                } else if entries.items.is_empty() {
                    out.line("No state.")?;
                } else {
                    entries.items.iter().try_for_each(|entry| item(out, entry))?;
                }
            }
            Self::History { key, scope } => {
                let versions = client.state_history(&scope.into(), &key).await?;
                if out.json {
                    out.document(&versions)?;
                } else {
                    versions.items.iter().try_for_each(|version| one_version(out, version))?;
                }
            }
            Self::Remove { key, scope, change } => {
                let scope = scope.into();
                let removed = client.remove_state(&scope, &key, change.expect, change.reason).await;
                let entry = removed.map_err(|error| match ApiFailure::code_of(&error) {
                    Some(dreamkeeper_api::error::ErrorCode::NotFound) => {
                        error.context(format!("state key `{key}`"))
                    }
                    Some(_) | None => error,
                })?;
                changed(out, &entry)?;
            }
        }
        client.close().await;
        Ok(Ending::Done)
    }
}

fn changed(out: &mut Out, entry: &StateEntry) -> anyhow::Result<()> {
    if out.json {
        return out.document(entry);
    }
    let done = if entry.value.is_some() { "set" } else { "removed" };
    out.line(format!("`{}` is {done}: version {}", printable(&entry.key), entry.version))?;
    Ok(())
}

fn item(out: &mut Out, entry: &StateEntry) -> std::io::Result<()> {
    let paint = out.paint;
    let told = [
        paint.strong(printable(&entry.key)),
        paint.faint(format!("version {}", entry.version)),
        paint.faint(format!("by {}", show::actor(&entry.actor))),
        paint.faint(moment(entry.updated_at.0, None)),
        paint.faint(show::scope(&entry.scope)),
    ];
    out.facts(0, told)?;
    let value = entry.value.as_ref().map(ToString::to_string).unwrap_or_default();
    out.block(2, None, &value)
}

fn one_version(out: &mut Out, version: &Version) -> std::io::Result<()> {
    let paint = out.paint;
    let told = [
        format!("{} {}", paint.strong(format!("v{}", version.number)), show::wire_word(&version.operation)),
        show::actor(&version.actor),
        paint.faint(moment(version.at.0, None)),
        version.reason.as_ref().map(|reason| paint.ink(Ink::Quote, printable(reason))).unwrap_or_default(),
    ];
    out.facts(0, told)?;
    let value = version.content.as_ref().map(|content| content.get("value").unwrap_or(content));
    match value {
        Some(Value::Null) | None => Ok(()),
        Some(value) => out.block(4, None, &value.to_string()),
    }
}
