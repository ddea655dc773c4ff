//! `watch`: follows what a server learns, as it decides.

use dreamkeeper_api::event::{Event, StreamedDecision};
use dreamkeeper_api::words::EventState;
use serde_json::json;

use super::{Context, show};
use crate::client::{Need, Streamed};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};

/// What is followed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With --json one line of JSON for each decision and event, under `decision`, `event` or `missed`.
It ends with the server, or with Ctrl-C."
)]
pub(super) struct Arguments {
    /// End after so many events.
    #[arg(long, value_name = "COUNT")]
    count: Option<u64>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        if client.is_owner() {
            client.close().await;
            let what = "no server runs on this data directory, so nothing is learned";
            return Err(Failure::new(what, "start one with `dreamkeeper serve`, then watch").into());
        }
        let mut stream = client.watch().await?;
        let mut left = self.count.unwrap_or(u64::MAX);
        while left > 0
            && let Some(message) = stream.next().await?
        {
            if message.name == "event" {
                left -= 1;
            }
            tell(&mut context.out, &message)?;
            context.out.flush()?;
        }
        Ok(Ending::Done)
    }
}

fn tell(out: &mut Out, message: &Streamed) -> anyhow::Result<()> {
    if out.json {
        let data: serde_json::Value = serde_json::from_str(&message.data)?;
        let line = json!({ message.name.as_str(): data });
        out.line(line.to_string())?;
        return Ok(());
    }
    match message.name.as_str() {
        "decision" => {
            let streamed: StreamedDecision = serde_json::from_str(&message.data)?;
            show::learning::decision(out, 0, &streamed.decision)?;
        }
        "event" => {
            let event: Event = serde_json::from_str(&message.data)?;
            // One that succeeded was told decision by decision.
            if event.state != EventState::Succeeded {
                show::learning::event_lines(out, &event)?;
            }
        }
        "missed" => out.line(out.paint.faint(format!("{} events were missed", message.data)))?,
        _ => {}
    }
    Ok(())
}
