//! `learn`: from sessions that are recorded already; tells what came of it.

use std::collections::BTreeMap;

use dreamkeeper_api::event::Event;
use dreamkeeper_api::learn::{LearnRequest, Queued};
use dreamkeeper_api::session::Session;
use dreamkeeper_api::words::{EventState, Verdict};
use serde::Serialize;

use super::arguments::ScopeArguments;
use super::{Context, show};
use crate::client::{Client, Need};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::progress;
use crate::output::text::count;

/// Sessions of one page, where all are learned from.
const PAGE_COUNT: usize = 200;

/// Which sessions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper learn --session house --wait
  dreamkeeper learn --all --user ana

Learning from a message twice changes nothing the second time.")]
pub(super) struct Arguments {
    /// The session: its id, or its key.
    #[arg(long, value_name = "ID|KEY", required_unless_present = "all", conflicts_with = "all")]
    session: Option<String>,
    /// Every session under the scope; waits for each.
    #[arg(long)]
    all: bool,
    /// From this message on.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    from: u32,
    /// Wait until it is done and show every decision.
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    scope: ScopeArguments,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let done =
            if self.all { self.every(&client, context).await } else { self.one(&client, context).await };
        client.close().await;
        done
    }

    async fn one(self, client: &Client, context: &mut Context) -> anyhow::Result<Ending> {
        let named = self.session.clone().unwrap_or_default();
        let session = find(client, &named, self.scope.into()).await?;
        // Without a server nobody would work on it after this process.
        let request = LearnRequest { from: self.from, wait: self.wait || client.is_owner() };
        let queued = client.learn(&session, request).await?;
        let account = Account::of(&queued.learned);
        let out = &mut context.out;
        if out.json {
            out.document(&Answer { queued, account })?;
            return Ok(Ending::Done);
        }
        if !request.wait {
            out.line(format!(
                "{} queued; `dreamkeeper events list` tells what comes of it.",
                count(queued.events.len() as u64, "event")
            ))?;
            return Ok(Ending::Done);
        }
        for event in &queued.learned {
            show::learning::event_lines(out, event)?;
        }
        account.show(context)
    }

    async fn every(self, client: &Client, context: &mut Context) -> anyhow::Result<Ending> {
        let scope = self.scope.into();
        let mut sessions: Vec<Session> = Vec::new();
        let mut after = None;
        loop {
            let page = client.sessions(&scope, after.as_deref(), PAGE_COUNT).await?;
            sessions.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        // The oldest first, as they were said.
        sessions.reverse();
        let total = sessions.iter().map(|session| u64::from(session.message_count)).sum();
        let bar = progress::bar(total, "messages", context.out.json);
        bar.set_message("learning");
        let mut account = Account::default();
        for session in &sessions {
            let request = LearnRequest { from: self.from, wait: true };
            let queued = client.learn(&session.id.to_string(), request).await?;
            account.add(&queued.learned);
            bar.inc(u64::from(session.message_count));
        }
        bar.finish_and_clear();
        if context.out.json {
            context.out.document(&account)?;
            return Ok(account.ending());
        }
        context.out.line(format!("Learned from {}:", count(sessions.len() as u64, "session")))?;
        account.show(context)
    }
}

/// The id of a session that is named by id or key.
async fn find(client: &Client, named: &str, scope: dreamkeeper_api::scope::Scope) -> anyhow::Result<String> {
    if named.parse::<dreamkeeper_domain::id::SessionId>().is_ok() {
        return Ok(named.to_owned());
    }
    let mut after = None;
    loop {
        let page = client.sessions(&scope, after.as_deref(), PAGE_COUNT).await?;
        if let Some(found) = page.items.iter().find(|session| session.key.as_deref() == Some(named)) {
            return Ok(found.id.to_string());
        }
        after = page.next;
        if after.is_none() {
            let what = format!("there is no session `{named}` here");
            return Err(Failure::new(what, "`dreamkeeper list sessions` shows ids and keys").into());
        }
    }
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    queued: Queued,
    account: Account,
}

/// What learning came to.
#[derive(Debug, Default, Serialize)]
pub(super) struct Account {
    turns_read: u64,
    turns_learned_from: u64,
    skipped: BTreeMap<String, u64>,
    decisions: BTreeMap<Verdict, u64>,
    waiting_count: u64,
    failed_count: u64,
    errors: Vec<String>,
}

impl Account {
    fn of(events: &[Event]) -> Self {
        let mut account = Self::default();
        account.add(events);
        account
    }

    pub(super) fn add(&mut self, events: &[Event]) {
        for event in events {
            match event.state {
                EventState::Pending | EventState::Running => self.waiting_count += 1,
                EventState::Failed => self.failed_count += 1,
                EventState::Succeeded => {}
            }
            if let Some(error) = event.error.as_ref().filter(|error| !self.errors.contains(error)) {
                self.errors.push(error.clone());
            }
            let Some(report) = &event.report else { continue };
            self.turns_read += u64::from(report.turns_read);
            self.turns_learned_from += u64::from(report.turns_learned_from);
            for (why, count) in &report.skipped {
                *self.skipped.entry(why.clone()).or_default() += u64::from(*count);
            }
            for decision in &report.decisions {
                *self.decisions.entry(decision.verdict).or_default() += 1;
            }
        }
    }

    fn ending(&self) -> Ending {
        if self.failed_count + self.waiting_count > 0 { Ending::Failed } else { Ending::Done }
    }

    fn show(&self, context: &mut Context) -> anyhow::Result<Ending> {
        context.out.gap()?;
        self.lines(&mut context.out, 0)?;
        Ok(self.ending())
    }

    /// What it came to, in a few lines.
    pub(super) fn lines(&self, out: &mut Out, indent: usize) -> std::io::Result<()> {
        let margin = " ".repeat(indent);
        let turns = format!(
            "{margin}{} read, {} learned from",
            count(self.turns_read, "turn"),
            crate::output::text::digits(self.turns_learned_from)
        );
        out.line(turns)?;
        let line = |counts: Vec<String>| counts.join(", ");
        let decided = self.decisions.iter().map(|(verdict, count)| {
            format!("{} {}", show::wire_word(verdict).replace('_', "-"), crate::output::text::digits(*count))
        });
        let decided = line(decided.collect());
        out.line(format!("{margin}  decided  {}", if decided.is_empty() { "nothing" } else { &decided }))?;
        let skipped = self.skipped.iter().map(|(why, count)| format!("{} {count}", why.replace('_', " ")));
        let skipped = line(skipped.collect());
        if !skipped.is_empty() {
            out.block(indent + 2, None, &format!("skipped  {skipped}"))?;
        }
        if self.waiting_count + self.failed_count > 0 {
            out.line(format!(
                "{margin}  {} wait to be tried again, {} failed",
                self.waiting_count, self.failed_count
            ))?;
            for error in &self.errors {
                out.block(indent + 4, None, error)?;
            }
        }
        Ok(())
    }
}
