//! `load`, `tool` and `index`: what agents do with topics.

use clap::Args;
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::topic::{LoadTopicsRequest, ToolRequest};
use dreamkeeper_api::words::Origin;

use super::StoreArguments;
use super::write::written;
use crate::client::Client;
use crate::commands::arguments::{moment, origin, words};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::text::printable;

/// For which task.
#[derive(Debug, Args)]
pub(in crate::commands) struct Load {
    /// The task at hand, in words; without one the latest changed topics come first.
    task: Option<String>,
    /// Tokens that the text may take.
    #[arg(long, value_name = "COUNT", default_value_t = 2000)]
    tokens: usize,
    /// The lowest origin let through; user unless told.
    #[arg(long, value_parser = origin, value_name = "ORIGIN")]
    min_origin: Option<Origin>,
    /// As it was at that moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    as_of: Option<Moment>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Which call.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  dreamkeeper topics tool '{\"command\":\"view\",\"path\":\"/memories\"}'

Ends with 1 where the tool's answer is an error.")]
pub(in crate::commands) struct Tool {
    /// The input, as the model gave it; - reads it from stdin.
    input: String,
    /// Whose words it brings, when not the assistant's.
    #[arg(long, value_parser = origin, value_name = "ORIGIN")]
    origin: Option<Origin>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Of which store.
#[derive(Debug, Args)]
pub(in crate::commands) struct Index {
    #[command(flatten)]
    store: StoreArguments,
}

impl Load {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let request = LoadTopicsRequest {
            task: self.task,
            min_origin: self.min_origin,
            as_of: self.as_of,
            token_budget: Some(self.tokens),
        };
        let loaded = client.load_topics(&id, &request).await?;
        if out.json {
            return out.document(&loaded);
        }
        Ok(out.raw(&printable(&loaded.text))?)
    }
}

impl Tool {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<Ending> {
        let text = words(self.input)?;
        let input = serde_json::from_str(&text).map_err(|error| {
            let help = "give the tool call's input, such as {\"command\":\"view\",\"path\":\"/memories\"}";
            Failure::misused(format!("the input is no command: {error}"), help)
        })?;
        let id = self.store.find_or_make(client).await?;
        let request = ToolRequest { input, origin: self.origin, session: None, reason: None };
        let answer = client.memory_tool(&id, &request).await?;
        if out.json {
            out.document(&answer)?;
        } else {
            out.line(printable(&answer.content))?;
        }
        Ok(if answer.is_error { Ending::Failed } else { Ending::Done })
    }
}

impl Index {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        written(out, &client.refresh_topic_index(&id).await?)
    }
}
