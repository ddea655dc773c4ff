//! `dream`: proposes what to tidy in notes and memories, adopts what was reviewed, and takes it back.

use dreamkeeper_api::dream::{
    AcceptChangesRequest, AdoptRequest, Adopted, DreamRequest, DreamTarget, OnCollision,
    RejectChangesRequest, RollbackRequest, RolledBack,
};
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::ChangeKind;
use dreamkeeper_domain::id::{SessionId, StoreId};

use super::Context;
use super::arguments::{ScopeArguments, word};
use super::show;
use crate::client::{Client, Need};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::paint::Ink;
use crate::output::table::{Table, words};
use crate::output::text::count;
use crate::output::time::moment;

/// What is done with dreams.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Dream now, and tell what is proposed.
    Run(Run),
    /// List dreams, newest first.
    List {
        /// Only those over this store of topics.
        #[arg(long, value_name = "ID")]
        store: Option<StoreId>,
        /// Archived ones too.
        #[arg(long)]
        archived: bool,
        /// The `next` of the page before.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        /// Dreams on the page.
        #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 20)]
        limit: usize,
    },
    /// Show a dream, its diary and its changes.
    Show {
        /// The dream's id.
        id: String,
    },
    /// Show what changes would write.
    Diff {
        /// The dream's id.
        id: String,
        /// Only this change.
        number: Option<u32>,
    },
    /// Let changes through, to be adopted.
    Accept {
        /// The dream's id.
        id: String,
        /// Their numbers.
        #[arg(required = true)]
        numbers: Vec<u32>,
    },
    /// Refuse changes; later dreams do not propose them again.
    Reject {
        /// The dream's id.
        id: String,
        /// Their numbers.
        #[arg(required = true)]
        numbers: Vec<u32>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Write changes in one step: the accepted ones unless told.
    Adopt {
        /// The dream's id.
        id: String,
        /// These; they count as accepted.
        numbers: Vec<u32>,
        /// All that nobody rejected; they count as accepted.
        #[arg(long, conflicts_with = "numbers")]
        all: bool,
    },
    /// Take an adoption back, byte for byte.
    Rollback {
        /// The dream's id.
        id: String,
        /// The adoption's number; the latest that stands unless told.
        #[arg(long, value_name = "NUMBER")]
        adoption: Option<u32>,
        /// Where something was changed since: refuse (default), keep_later or restore_earlier.
        #[arg(long, value_parser = word::<OnCollision>, value_name = "WHAT")]
        on_collision: Option<OnCollision>,
    },
    /// Stop a dream that is under way.
    Cancel {
        /// The dream's id.
        id: String,
    },
    /// Take a dream that ended out of the list.
    Archive {
        /// The dream's id.
        id: String,
    },
}

/// What to dream over.
#[derive(Debug, clap::Args)]
#[command(after_help = "Give a store, a scope whose memories are tidied, or both.

Examples:
  dreamkeeper dream run --store 019a5b7e-3c00-7000-8000-0123456789ab
  dreamkeeper dream run --user ana --auto redate")]
pub(super) struct Run {
    /// The store of topics.
    #[arg(long, value_name = "ID")]
    store: Option<StoreId>,
    #[command(flatten)]
    scope: ScopeArguments,
    /// A session to read; repeat it for more. The latest new ones unless told.
    #[arg(long = "session", value_name = "ID")]
    sessions: Vec<SessionId>,
    /// Adopt changes of this kind without review; repeat it for more.
    #[arg(long, value_parser = word::<ChangeKind>, value_name = "KIND")]
    auto: Vec<ChangeKind>,
    /// Adopt everything that passes the check.
    #[arg(long)]
    adopt_all: bool,
    /// Propose at most so many changes.
    #[arg(long, value_name = "COUNT")]
    changes_max: Option<u32>,
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let done = self.with(&client, &mut context.out).await;
        client.close().await;
        done
    }

    async fn with(self, client: &Client, out: &mut Out) -> anyhow::Result<Ending> {
        match self {
            Self::Run(run) => run.with(client, out).await,
            Self::List { store, archived, after, limit } => {
                let mut query = vec![("archived", archived.to_string()), ("limit", limit.to_string())];
                query.extend(store.map(|store| ("store", store.to_string())));
                query.extend(after.map(|after| ("after", after)));
                list(client, out, query).await
            }
            Self::Show { id } => {
                let found = client.dream_changes(&id).await?;
                if out.json {
                    out.document(&found)?;
                } else {
                    show::dream::whole(out, &found.dream, &found.changes)?;
                }
                Ok(Ending::Done)
            }
            Self::Diff { id, number } => differences(client, out, (&id, number)).await,
            Self::Accept { id, numbers } => {
                let found = client.accept_changes(&id, &AcceptChangesRequest { changes: numbers }).await?;
                told(out, &found, "Accepted; `dreamkeeper dream adopt` writes them.")
            }
            Self::Reject { id, numbers, reason } => {
                let request = RejectChangesRequest { changes: numbers, reason };
                let found = client.reject_changes(&id, &request).await?;
                told(out, &found, "Rejected.")
            }
            Self::Adopt { id, numbers, all } => {
                let adopted = client.adopt_dream(&id, &AdoptRequest { changes: numbers, all }).await?;
                show_adopted(out, &adopted)
            }
            Self::Rollback { id, adoption, on_collision } => {
                let on_collision = on_collision.unwrap_or_default();
                let back = client.roll_back_dream(&id, &RollbackRequest { adoption, on_collision }).await?;
                show_rolled_back(out, &back)
            }
            Self::Cancel { id } => told(out, &client.end_dream(&id, "cancel").await?, "Canceled."),
            Self::Archive { id } => told(out, &client.end_dream(&id, "archive").await?, "Archived."),
        }
    }
}

impl Run {
    async fn with(self, client: &Client, out: &mut Out) -> anyhow::Result<Ending> {
        let scope = Scope::from(self.scope);
        let scope = (scope != Scope::default()).then_some(scope);
        if self.store.is_none() && scope.is_none() {
            let help = "give --store ID, a scope such as --user ana, or both";
            return Err(Failure::misused("what is to be dreamt over?", help).into());
        }
        let request = DreamRequest {
            target: DreamTarget { store: self.store, scope },
            sessions: self.sessions,
            auto: self.auto,
            adopt_all: self.adopt_all,
            changes_max: self.changes_max,
            ..DreamRequest::default()
        };
        let dream = client.run_dream(&request).await?;
        let failed = dream.error.is_some();
        let found = client.dream_changes(&dream.id.to_string()).await?;
        if out.json {
            out.document(&found)?;
        } else {
            show::dream::whole(out, &found.dream, &found.changes)?;
            if !found.changes.is_empty() && found.dream.adoptions.is_empty() {
                out.line(out.paint.faint(format!("`dreamkeeper review {}` goes through them.", dream.id)))?;
            }
        }
        Ok(if failed { Ending::Failed } else { Ending::Done })
    }
}

fn told(out: &mut Out, document: &impl serde::Serialize, words: &str) -> anyhow::Result<Ending> {
    if out.json {
        out.document(document)?;
    } else {
        out.line(words)?;
    }
    Ok(Ending::Done)
}

async fn list(client: &Client, out: &mut Out, query: Vec<(&'static str, String)>) -> anyhow::Result<Ending> {
    let page = client.dreams(&query).await?;
    if out.json {
        out.document(&page)?;
        return Ok(Ending::Done);
    }
    if page.items.is_empty() {
        out.line("No dream yet.")?;
    }
    let mut table = Table::new([words("id"), words("when"), words("came to"), words("over")]);
    for dream in &page.items {
        let when = moment(dream.created_at.0, None);
        table.row([dream.id.to_string(), when, show::dream::outcome(dream), show::dream::target(dream)]);
    }
    out.table(&table)?;
    if let Some(next) = page.next {
        out.line(out.paint.faint(format!("more with --after {next}")))?;
    }
    Ok(Ending::Done)
}

async fn differences(
    client: &Client,
    out: &mut Out,
    (id, number): (&str, Option<u32>),
) -> anyhow::Result<Ending> {
    let numbers = match number {
        Some(number) => vec![number],
        None => client.dream_changes(id).await?.changes.iter().map(|change| change.number).collect(),
    };
    let mut changes = Vec::new();
    for number in numbers {
        changes.push(client.dream_change(id, number).await?);
    }
    if out.json {
        out.document(&changes)?;
        return Ok(Ending::Done);
    }
    for change in &changes {
        show::dream::change(out, change)?;
        out.gap()?;
    }
    Ok(Ending::Done)
}

/// What an adoption did; a part that was refused is a failure of that part.
pub(super) fn show_adopted(out: &mut Out, adopted: &Adopted) -> anyhow::Result<Ending> {
    let ending = if adopted.refused.is_empty() { Ending::Done } else { Ending::Failed };
    if out.json {
        out.document(adopted)?;
        return Ok(ending);
    }
    out.line(format!("Adopted {}.", count(adopted.changes.len() as u64, "change")))?;
    for refused in &adopted.refused {
        let words = format!("change {} was not: {}", refused.number, refused.reason);
        out.line(out.paint.ink(Ink::Warn, words))?;
    }
    out.line(out.paint.faint(format!("`dreamkeeper dream rollback {}` takes it back.", adopted.dream.id)))?;
    Ok(ending)
}

fn show_rolled_back(out: &mut Out, back: &RolledBack) -> anyhow::Result<Ending> {
    let ending = if back.done { Ending::Done } else { Ending::Failed };
    if out.json {
        out.document(back)?;
        return Ok(ending);
    }
    for met in &back.collisions {
        out.line(out.paint.ink(Ink::Warn, format!("{} was changed since:", met.place)))?;
        let (adopted, now) = (met.adopted.clone().unwrap_or_default(), met.now.clone().unwrap_or_default());
        let diff = dreamkeeper_topics::unified(&adopted, &now, ("adopted", "now"));
        for line in show::dream::diff_lines(out.paint, &diff) {
            out.line(line)?;
        }
    }
    if back.done {
        out.line(format!("Rolled back: {} as before.", count(back.restored_count as u64, "record")))?;
    } else {
        out.line("Nothing was rolled back: say --on-collision keep_later or restore_earlier.")?;
    }
    Ok(ending)
}
