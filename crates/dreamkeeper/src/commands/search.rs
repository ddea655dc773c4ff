//! `search`: finds what belongs to a question, with scores and quotes; silent where nothing does.

use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::recall::{Include, RecallRequest};
use dreamkeeper_api::words::{Origin, Section};
use dreamkeeper_domain::time::Zone;

use super::Context;
use super::arguments::{ScopeArguments, filter, moment, origin, word, words};
use super::show::recall::{View, answer};
use crate::client::Need;
use crate::output::failure::Ending;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper search \"What can Ana not eat?\" --user ana
  dreamkeeper search \"rent\" --valid-at 2025-08-01 --explain
  dreamkeeper search \"trip\" --filter '{\"kind\": \"event\", \"at\": {\"gte\": \"2025-06-01T00:00:00Z\"}}'")]
pub(super) struct Arguments {
    /// The question, in words; - reads it from stdin.
    query: String,
    #[command(flatten)]
    scope: ScopeArguments,
    /// Items at most.
    #[arg(long, short = 'n', value_name = "COUNT")]
    limit: Option<usize>,
    /// Tokens that the text for a prompt may take.
    #[arg(long, value_name = "TOKENS")]
    budget: Option<usize>,
    /// Show the nearest however far they are.
    #[arg(long)]
    all: bool,
    /// Show the parts of every score.
    #[arg(long)]
    explain: bool,
    /// Print only the fenced text that goes into a prompt.
    #[arg(long)]
    prompt: bool,
    /// The lowest origin let through: user (default), assistant, tool or external.
    #[arg(long, value_parser = origin, value_name = "ORIGIN")]
    min_origin: Option<Origin>,
    /// Answer with what was recorded at that time.
    #[arg(long, value_parser = moment, value_name = "TIME")]
    as_of: Option<Moment>,
    /// Answer with what was true at that time.
    #[arg(long, value_parser = moment, value_name = "TIME")]
    valid_at: Option<Moment>,
    /// Serve these too: superseded, expired, archived, forgotten.
    #[arg(long, value_delimiter = ',', value_parser = word::<Include>, value_name = "STATUS")]
    include: Vec<Include>,
    /// Only these: summaries (otherwise left out), state, pinned, memories, open_questions, conversation.
    #[arg(long, value_delimiter = ',', value_parser = word::<Section>, value_name = "SECTION")]
    sections: Vec<Section>,
    /// A further test, as JSON, for memories, pins and messages; not for state.
    #[arg(long, value_parser = filter, value_name = "JSON")]
    filter: Option<FilterExpression>,
    /// The zone in which phrases such as "last May" are read.
    #[arg(long, value_parser = zone, value_name = "ZONE")]
    zone: Option<Zone>,
    /// Turns shown before and after a message, 0 to 5.
    #[arg(long, value_name = "COUNT")]
    neighbours: Option<u32>,
    /// Leave ranking signals out, to see what they are worth.
    #[arg(long, value_delimiter = ',', value_name = "SIGNAL")]
    without: Vec<String>,
    /// Leave no receipt.
    #[arg(long)]
    no_receipt: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let (explain, prompt) = (self.explain, self.prompt);
        let request = self.request()?;
        let client = context.client(Need::Existing).await?;
        let recall = client.recall(&request).await;
        client.close().await;
        let recall = recall?;
        let out = &mut context.out;
        if out.json {
            out.document(&recall)?;
            return Ok(Ending::Done);
        }
        if prompt {
            out.line(recall.text.trim_end())?;
            return Ok(Ending::Done);
        }
        let view = View {
            question: &request.query,
            indent: 0,
            explain,
            neighbours: true,
            quote_lines_max: 6,
            standing: true,
            headings: true,
        };
        answer(out, view, &recall)?;
        if let Some(receipt) = recall.receipt {
            let told = out.paint.faint(format!("dreamkeeper why {receipt}"));
            out.line(told)?;
        }
        Ok(Ending::Done)
    }

    fn request(self) -> std::io::Result<RecallRequest> {
        let sections = (!self.sections.is_empty()).then(|| self.sections.into_iter().collect());
        Ok(RecallRequest {
            filter: self.filter,
            min_origin: self.min_origin,
            as_of: self.as_of,
            valid_at: self.valid_at,
            include: self.include,
            sections,
            limit: self.limit,
            token_budget: self.budget,
            all: self.all,
            zone: self.zone,
            neighbours: self.neighbours,
            explain: self.explain,
            receipt: !self.no_receipt,
            without: self.without.into_iter().collect(),
            ..RecallRequest::new(words(self.query)?, self.scope.into())
        })
    }
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::new(text).map_err(|error| error.to_string())
}
