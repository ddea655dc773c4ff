//! `graph`: who stands how to whom, as lines; or the names that memories are found by.

use super::arguments::ScopeArguments;
use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::paint::Ink;
use crate::output::table::{Table, numbers, words};
use crate::output::text::printable;

/// Whose relations.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A person or thing.
    #[arg(required_unless_present = "names")]
    name: Option<String>,
    /// List the names instead, the most named first.
    #[arg(long, conflicts_with = "name")]
    names: bool,
    #[command(flatten)]
    scope: ScopeArguments,
    /// Relations, or names.
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
    limit: usize,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let scope = self.scope.clone().into();
        let out = &mut context.out;
        let Some(name) = &self.name else {
            let names = client.names(&scope, self.limit).await;
            client.close().await;
            let names = names?;
            if out.json {
                out.document(&names)?;
                return Ok(Ending::Done);
            }
            let mut table = Table::new([numbers("memories"), words("name")]);
            for name in &names.items {
                table.row([name.memory_count.to_string(), printable(&name.name)]);
            }
            out.table(&table)?;
            return Ok(Ending::Done);
        };
        let edges = client.relations(&scope, name, self.limit).await;
        client.close().await;
        let edges = edges?;
        if out.json {
            out.document(&edges)?;
            return Ok(Ending::Done);
        }
        if edges.items.is_empty() {
            out.line(format!("No relations of {}.", printable(name)))?;
        }
        for edge in &edges.items {
            let relation = &edge.relation;
            let predicate = out.paint.ink(Ink::Accent, printable(&relation.predicate));
            out.line(format!(
                "{} —{predicate}→ {}",
                printable(&relation.subject),
                printable(&relation.object)
            ))?;
            let told = [
                out.paint.faint(show::memory::validity(&edge.memory.validity).unwrap_or_default()),
                out.paint.faint(printable(&edge.memory.text)),
                out.paint.faint(edge.memory.id.to_string()),
            ];
            out.facts(2, told)?;
        }
        Ok(Ending::Done)
    }
}
