//! `propose`: hands in a candidate; whether it is remembered is decided like everything that is learned.

use dreamkeeper_api::candidate::{NewCandidate, ProposeRequest};
use dreamkeeper_api::evidence::EvidenceRef;
use dreamkeeper_api::words::Kind;
use dreamkeeper_domain::id::MessageId;

use super::Context;
use super::arguments::{ScopeArguments, word, words};
use crate::client::Need;
use crate::output::failure::{Ending, Failure};

/// What is proposed.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What would be remembered; - reads it from stdin.
    text: String,
    #[command(flatten)]
    scope: ScopeArguments,
    /// preference, fact, event, relationship, goal, procedure, instruction or open_question.
    #[arg(long, value_parser = word::<Kind>)]
    kind: Option<Kind>,
    /// The words that it rests on, verbatim; without any it waits in quarantine.
    #[arg(long, value_name = "WORDS", requires = "message")]
    quote: Option<String>,
    /// The message that says so: its id.
    #[arg(long, value_name = "ID", requires = "quote")]
    message: Option<String>,
    /// The phrase of time in the quote that says when.
    #[arg(long, value_name = "PHRASE")]
    time: Option<String>,
    /// A topic it would be filed under; repeat it for more.
    #[arg(long = "category", value_name = "TOPIC")]
    categories: Vec<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let evidence = match (self.message, self.quote) {
            (Some(message), Some(quote)) => {
                let message: MessageId = message.parse().map_err(|_| {
                    Failure::misused(
                        format!("`{message}` is no message's id"),
                        "`dreamkeeper list messages` shows ids",
                    )
                })?;
                vec![EvidenceRef { message, quote, span: None }]
            }
            _ => Vec::new(),
        };
        let candidate = NewCandidate {
            text: words(self.text)?,
            kind: self.kind.unwrap_or(Kind::Fact),
            scope: self.scope.into(),
            evidence,
            slot: None,
            entities: Vec::new(),
            relations: Vec::new(),
            time: self.time,
            importance: None,
            categories: self.categories.into_iter().collect(),
        };
        let client = context.client(Need::MayCreate).await?;
        let proposed = client.propose(&ProposeRequest { candidates: vec![candidate] }).await;
        client.settle_queue().await;
        client.close().await;
        let proposed = proposed?;
        if context.out.json {
            context.out.document(&proposed)?;
            return Ok(Ending::Done);
        }
        for event in &proposed.events {
            context
                .out
                .line(format!("Proposed: `dreamkeeper events show {event}` tells what became of it."))?;
        }
        Ok(Ending::Done)
    }
}
