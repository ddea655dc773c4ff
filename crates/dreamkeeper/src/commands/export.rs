//! `export`: messages, memories with their quotes, and state as lines that `import` reads back. History is
//! not among them: `backup` keeps everything.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use dreamkeeper_api::memory::{ListMemoriesRequest, Memory};
use dreamkeeper_api::message::Message;
use dreamkeeper_api::moment::SaidAt;
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::session::Session;
use dreamkeeper_api::transcript::TranscriptLine;
use dreamkeeper_api::words::Status;
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::time::Zone;
use serde::Serialize;
use serde_json::json;

use super::Context;
use super::arguments::ScopeArguments;
use crate::client::{Client, Need};
use crate::import::{MemoryLine, QuoteLine, StateLine};
use crate::output::failure::{Ending, Failure};
use crate::output::text::count;

/// What is exported, and where to.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The new file; - is stdout.
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    scope: ScopeArguments,
}

#[derive(Default, Serialize)]
struct Written {
    messages: u64,
    memories: u64,
    state: u64,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let scope = Scope::from(self.scope);
        let client = context.client(Need::Existing).await?;
        let to_stdout = self.file.as_os_str() == "-";
        let mut writer: Box<dyn Write> = if to_stdout {
            Box::new(BufWriter::new(std::io::stdout()))
        } else {
            let mut open = std::fs::OpenOptions::new();
            open.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
            let file: File = open.open(&self.file).map_err(|error| {
                let what = format!("{} cannot be made: {error}", self.file.display());
                Failure::new(what, "name a new file, or - for stdout")
            })?;
            Box::new(BufWriter::new(file))
        };
        let exported = export(&client, &scope, &mut *writer).await;
        client.close().await;
        let written = exported?;
        writer.flush()?;
        if to_stdout {
            return Ok(Ending::Done);
        }
        if context.out.json {
            context.out.document(&json!({"path": self.file, "written": written}))?;
        } else {
            let told = format!(
                "Wrote {}, {} and {} to {}",
                count(written.messages, "message"),
                count(written.memories, "memory"),
                count(written.state, "state value"),
                self.file.display()
            );
            context.out.line(told)?;
        }
        Ok(Ending::Done)
    }
}

async fn export(client: &Client, scope: &Scope, writer: &mut dyn Write) -> anyhow::Result<Written> {
    let mut written = Written::default();
    let mut names = HashMap::new();
    for session in sessions(client, scope).await? {
        names.insert(session.id, named(&session));
        let mut from = 0;
        while from < session.message_count {
            let turns = client.turns(&session.id.to_string(), from, PAGE_COUNT_MAX).await?;
            for message in turns.items.into_iter().filter(|message| !message.erased) {
                line(writer, &message_line(&session, message))?;
                written.messages += 1;
            }
            from += PAGE_COUNT_MAX as u32;
        }
    }
    for memory in memories(client, scope).await? {
        let evidence = quotes(client, &memory, &mut names).await?;
        line(writer, &memory_line(memory, evidence))?;
        written.memories += 1;
    }
    for entry in client.list_state(scope).await?.items {
        if let Some(value) = entry.value {
            line(writer, &StateLine { state: entry.key, scope: entry.scope, value })?;
            written.state += 1;
        }
    }
    Ok(written)
}

fn line(writer: &mut dyn Write, record: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *writer, record).map_err(std::io::Error::from)?;
    writer.write_all(b"\n")?;
    Ok(())
}

/// Every session under the scope, the earliest first.
async fn sessions(client: &Client, scope: &Scope) -> anyhow::Result<Vec<Session>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = client.sessions(scope, after.as_deref(), PAGE_COUNT_MAX).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            // What is to leave nothing does not leave by an export either.
            all.retain(|session: &Session| !session.temporary);
            all.reverse();
            return Ok(all);
        }
    }
}

/// Every memory that still has content, the earliest first, so that what was replaced stands before what
/// replaced it.
async fn memories(client: &Client, scope: &Scope) -> anyhow::Result<Vec<Memory>> {
    let mut list = ListMemoriesRequest {
        scope: scope.clone(),
        statuses: vec![Status::Active, Status::Superseded, Status::Archived, Status::Forgotten],
        expired: true,
        limit: Some(PAGE_COUNT_MAX),
        ..ListMemoriesRequest::default()
    };
    let mut all = Vec::new();
    loop {
        let page = client.list_memories(&list).await?;
        all.extend(page.items);
        list.after = page.next;
        if list.after.is_none() {
            all.sort_by_key(|memory| (memory.created_at.0, memory.id));
            return Ok(all);
        }
    }
}

/// The quotes of a memory whose messages still say them, with the messages as their own lines name them.
async fn quotes(
    client: &Client,
    memory: &Memory,
    names: &mut HashMap<SessionId, (String, Scope)>,
) -> anyhow::Result<Vec<QuoteLine>> {
    let mut lines = Vec::new();
    for evidence in memory.evidence.iter().filter(|evidence| !evidence.quote.is_empty()) {
        let Record::Message(message) = client.record(&evidence.message.to_string()).await? else { continue };
        if let Entry::Vacant(vacant) = names.entry(message.session) {
            let Record::Session(session) = client.record(&message.session.to_string()).await? else {
                continue;
            };
            vacant.insert(named(&session));
        }
        let (session, scope) = names[&message.session].clone();
        let id = message.client_id.clone().unwrap_or_else(|| message.id.to_string());
        lines.push(QuoteLine { session, scope, id, quote: evidence.quote.clone(), span: evidence.span });
    }
    Ok(lines)
}

/// A session's name in the lines of its messages, and for whom it is.
fn named(session: &Session) -> (String, Scope) {
    let scope = Scope { labels: BTreeSet::new(), ..session.scope.clone() };
    (session.key.clone().unwrap_or_else(|| session.id.to_string()), scope)
}

fn message_line(session: &Session, message: Message) -> TranscriptLine {
    TranscriptLine {
        session: named(session).0,
        id: message.client_id.unwrap_or_else(|| message.id.to_string()),
        role: message.role,
        at: SaidAt::from(message.at.0),
        text: None,
        parts: Some(message.parts),
        zone: message.zone.and_then(|zone| Zone::new(&zone).ok()),
        author: message.author,
        origin: Some(message.origin),
        user: message.scope.user,
        agent: message.scope.agent,
        app: message.scope.app,
        run: message.scope.run,
        labels: message.scope.labels.into_iter().collect(),
    }
}

fn memory_line(memory: Memory, evidence: Vec<QuoteLine>) -> MemoryLine {
    MemoryLine {
        memory: memory.id.to_string(),
        kind: memory.kind,
        text: memory.text,
        scope: memory.scope,
        status: memory.status,
        origin: Some(memory.origin),
        aliases: memory.aliases,
        categories: memory.categories,
        metadata: memory.metadata,
        validity: memory.validity,
        expires_at: memory.expires_at,
        pinned: memory.pinned,
        supersedes: memory.supersedes.map(|id| id.to_string()),
        evidence,
    }
}
