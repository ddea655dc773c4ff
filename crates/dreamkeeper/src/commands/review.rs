//! `review`: goes through what a dream proposes, change by change: accept, reject, edit, see the evidence, skip.

mod editor;

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use dreamkeeper_api::dream::{
    AcceptChangesRequest, AdoptRequest, Change, EditChangeRequest, RejectChangesRequest, Review,
};

use super::Context;
use super::dream::show_adopted;
use super::show;
use crate::client::{Client, Need};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::text::count;

const HELP: &str = "a accept   r reject   e edit   v see the evidence   s skip   q quit   ? this";

/// Which dream, and answers that are given beforehand.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without answers on the command line it asks for each change that waits, like `git add -p`.

Examples:
  dreamkeeper review
  dreamkeeper review 019a5b7e-3c00-7000-8000-0123456789ab --accept 1 --accept 3 --reject-rest --adopt"
)]
pub(super) struct Arguments {
    /// The dream's id; the latest whose changes wait unless told.
    id: Option<String>,
    /// Accept this change; repeat it for more.
    #[arg(long, value_name = "NUMBER")]
    accept: Vec<u32>,
    /// Accept all that wait.
    #[arg(long)]
    accept_rest: bool,
    /// Reject this change; repeat it for more.
    #[arg(long, value_name = "NUMBER")]
    reject: Vec<u32>,
    /// Reject all that wait.
    #[arg(long, conflicts_with = "accept_rest")]
    reject_rest: bool,
    /// Why they are rejected.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Give this change the words of --with; it waits again.
    #[arg(long, value_name = "NUMBER", requires = "with")]
    edit: Option<u32>,
    /// The file with the words.
    #[arg(long, value_name = "FILE", requires = "edit")]
    with: Option<PathBuf>,
    /// Show what this change rests on.
    #[arg(long, value_name = "NUMBER")]
    evidence: Option<u32>,
    /// Adopt what is accepted, at the end.
    #[arg(long)]
    adopt: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let done = self.with_client(&client, &mut context.out).await;
        client.close().await;
        done
    }

    async fn with_client(self, client: &Client, out: &mut Out) -> anyhow::Result<Ending> {
        let Some(id) = self.dream(client).await? else {
            out.line("Nothing waits for review.")?;
            return Ok(Ending::Done);
        };
        let is_told = !self.accept.is_empty()
            || !self.reject.is_empty()
            || self.accept_rest
            || self.reject_rest
            || self.edit.is_some()
            || self.evidence.is_some()
            || self.adopt;
        if is_told {
            self.answer(client, out, &id).await?;
        } else {
            Asking { client, out, id: &id }.through().await?;
        }
        if self.adopt {
            let adopted = client.adopt_dream(&id, &AdoptRequest::default()).await?;
            return show_adopted(out, &adopted);
        }
        if is_told && self.evidence.is_none() {
            let found = client.dream_changes(&id).await?;
            if out.json {
                out.document(&found)?;
            } else {
                show::dream::whole(out, &found.dream, &found.changes)?;
            }
        }
        Ok(Ending::Done)
    }

    async fn dream(&self, client: &Client) -> anyhow::Result<Option<String>> {
        if let Some(id) = &self.id {
            return Ok(Some(id.clone()));
        }
        let page = client.dreams(&[("status", "completed".to_owned()), ("limit", "50".to_owned())]).await?;
        for dream in page.items {
            let id = dream.id.to_string();
            if !waiting(client, &id).await?.is_empty() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    async fn answer(&self, client: &Client, out: &mut Out, id: &str) -> anyhow::Result<()> {
        if let Some((number, file)) = self.edit.zip(self.with.as_ref()) {
            let content = std::fs::read_to_string(file).map_err(|error| {
                let help = "give a file in UTF-8 that can be read";
                Failure::misused(format!("{}: {error}", file.display()), help)
            })?;
            edit(client, id, number, content).await?;
        }
        if let Some(number) = self.evidence {
            let change = client.dream_change(id, number).await?;
            if out.json {
                out.document(&change)?;
            } else {
                show::dream::change(out, &change)?;
                show::dream::evidence(out, &change)?;
            }
        }
        if !self.accept.is_empty() {
            client.accept_changes(id, &AcceptChangesRequest { changes: self.accept.clone() }).await?;
        }
        if !self.reject.is_empty() {
            reject(client, id, (self.reject.clone(), self.reason.clone())).await?;
        }
        let rest = if self.accept_rest || self.reject_rest { waiting(client, id).await? } else { Vec::new() };
        if self.accept_rest && !rest.is_empty() {
            client.accept_changes(id, &AcceptChangesRequest { changes: rest }).await?;
        } else if self.reject_rest && !rest.is_empty() {
            reject(client, id, (rest, self.reason.clone())).await?;
        }
        Ok(())
    }
}

async fn waiting(client: &Client, id: &str) -> anyhow::Result<Vec<u32>> {
    let changes = client.dream_changes(id).await?.changes;
    let waits = changes.iter().filter(|change| change.review == Review::Waiting);
    Ok(waits.map(|change| change.number).collect())
}

async fn reject(
    client: &Client,
    id: &str,
    (changes, reason): (Vec<u32>, Option<String>),
) -> anyhow::Result<()> {
    client.reject_changes(id, &RejectChangesRequest { changes, reason }).await?;
    Ok(())
}

/// Gives the first topic that a change writes other content.
async fn edit(client: &Client, id: &str, number: u32, content: String) -> anyhow::Result<Change> {
    let change = client.dream_change(id, number).await?;
    let Some((path, _)) = written(&change) else {
        let what = format!("change {number} writes no topic");
        return Err(Failure::misused(what, "accept or reject it").into());
    };
    client.edit_change(id, number, &EditChangeRequest { path, content }).await
}

/// Path and content of the first topic that a change writes.
fn written(change: &Change) -> Option<(String, String)> {
    let mut written = change.effects.iter().filter(|effect| !effect.is_relied_on);
    written.find_map(|effect| {
        effect.path_after.clone().zip(effect.after.clone().filter(|_| effect.topic.is_some()))
    })
}

/// A review by questions.
struct Asking<'a> {
    client: &'a Client,
    out: &'a mut Out,
    id: &'a str,
}

impl Asking<'_> {
    async fn through(&mut self) -> anyhow::Result<()> {
        let numbers = waiting(self.client, self.id).await?;
        let total = numbers.len();
        let mut accepted_count = 0;
        for (place, number) in numbers.into_iter().enumerate() {
            let change = self.client.dream_change(self.id, number).await?;
            self.out.line(self.out.paint.strong(format!("Change {} of {total}", place + 1)))?;
            show::dream::change(self.out, &change)?;
            match self.one(change).await? {
                Answer::Accepted => accepted_count += 1,
                Answer::Passed => {}
                Answer::Quit => break,
            }
        }
        if accepted_count == 0 {
            self.out.line("Nothing was accepted.")?;
            return Ok(());
        }
        let question = format!("Adopt {} now? [y/n] ", count(accepted_count, "accepted change"));
        if self.ask(&question)?.is_some_and(|answer| answer == "y" || answer == "yes") {
            let adopted = self.client.adopt_dream(self.id, &AdoptRequest::default()).await?;
            show_adopted(self.out, &adopted)?;
        } else {
            self.out.line(format!("`dreamkeeper dream adopt {}` writes them.", self.id))?;
        }
        Ok(())
    }

    async fn one(&mut self, mut change: Change) -> anyhow::Result<Answer> {
        let number = change.summary.number;
        loop {
            let Some(answer) = self.ask("Accept it? [a,r,e,v,s,q,?] ")? else { return Ok(Answer::Quit) };
            match answer.as_str() {
                "a" | "y" => {
                    let request = AcceptChangesRequest { changes: vec![number] };
                    self.client.accept_changes(self.id, &request).await?;
                    return Ok(Answer::Accepted);
                }
                "r" | "n" => {
                    reject(self.client, self.id, (vec![number], None)).await?;
                    return Ok(Answer::Passed);
                }
                "e" => {
                    if let Some(edited) = self.edited(&change).await? {
                        change = edited;
                        show::dream::change(self.out, &change)?;
                    }
                }
                "v" => show::dream::evidence(self.out, &change)?,
                "s" => return Ok(Answer::Passed),
                "q" => return Ok(Answer::Quit),
                _ => self.out.line(HELP)?,
            }
        }
    }

    /// The change with what the person made of it in their editor; an edit that may not stand is told.
    async fn edited(&mut self, change: &Change) -> anyhow::Result<Option<Change>> {
        let Some((path, content)) = written(change) else {
            self.out.line("It writes no topic: accept or reject it.")?;
            return Ok(None);
        };
        self.out.flush()?;
        let content = editor::edited(&content)?;
        let request = EditChangeRequest { path, content };
        match self.client.edit_change(self.id, change.summary.number, &request).await {
            Ok(change) => Ok(Some(change)),
            Err(error) => {
                self.out.line(format!("{error:#}"))?;
                Ok(None)
            }
        }
    }

    /// An answer; `None` when nobody answers any more.
    fn ask(&mut self, question: &str) -> anyhow::Result<Option<String>> {
        self.out.flush()?;
        write!(std::io::stderr(), "{question}")?;
        let mut answer = String::new();
        let bytes = std::io::stdin().lock().read_line(&mut answer)?;
        Ok((bytes > 0).then(|| answer.trim().to_lowercase()))
    }
}

enum Answer {
    Accepted,
    Passed,
    Quit,
}
