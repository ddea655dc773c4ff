//! `add`: writes a memory in your own words, or appends what was said with `--role`.

use dreamkeeper_api::learn::Learn;
use dreamkeeper_api::message::{AppendRequest, NewMessage, SessionRef};
use dreamkeeper_api::moment::{Moment, SaidAt};
use dreamkeeper_api::words::{Origin, Role, Via};

use super::arguments::{MemoryArguments, ScopeArguments, moment, origin, word, words};
use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// What is added.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper add \"Ana is allergic to walnuts.\" --user ana --kind fact --pin
  dreamkeeper add \"The boiler man comes on Friday.\" --user ana --role user --author Ana")]
pub(super) struct Arguments {
    /// The words; - reads them from stdin.
    text: String,
    #[command(flatten)]
    scope: ScopeArguments,
    #[command(flatten)]
    memory: MemoryArguments,
    /// Who really authored it, when that is less than you: assistant, tool or external.
    #[arg(long, value_parser = origin, value_name = "ORIGIN")]
    origin: Option<Origin>,
    /// Append a message instead: user, assistant, tool or system.
    #[arg(long, value_parser = word::<Role>, help_heading = "Message")]
    role: Option<Role>,
    /// The speaker's name.
    #[arg(long, value_name = "NAME", requires = "role", help_heading = "Message")]
    author: Option<String>,
    /// The session's key; the scope's current session unless told.
    #[arg(long, value_name = "KEY", requires = "role", help_heading = "Message")]
    session: Option<String>,
    /// Your own id of the message: appending it again changes nothing.
    #[arg(long, value_name = "ID", requires = "role", help_heading = "Message")]
    id: Option<String>,
    /// When it was said; now unless told.
    #[arg(long, value_name = "TIME", requires = "role", value_parser = moment, help_heading = "Message")]
    at: Option<Moment>,
    /// Learn from it later (by a server's worker), now, or off [default: learn.default].
    #[arg(long, value_name = "WHEN", requires = "role", value_parser = word::<Learn>, help_heading = "Message")]
    learn: Option<Learn>,
    /// The session leaves nothing: it is not learned from or found, and is erased when quiet.
    #[arg(long, requires = "session", help_heading = "Message")]
    temporary: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        match self.role {
            Some(role) => self.append(role, context).await,
            None => self.remember(context).await,
        }
    }

    async fn remember(self, context: &mut Context) -> anyhow::Result<Ending> {
        let mut new = self.memory.memory(words(self.text)?, self.scope.into());
        new.origin = self.origin;
        let client = context.client(Need::MayCreate).await?;
        let memory = client.remember(&new).await;
        client.close().await;
        let memory = memory?;
        if context.out.json {
            context.out.document(&memory)?;
        } else {
            show::memory::item(&mut context.out, 0, "Remembered:", &memory)?;
            let id = context.out.paint.faint(memory.id.to_string());
            context.out.line(id)?;
        }
        Ok(Ending::Done)
    }

    async fn append(self, role: Role, context: &mut Context) -> anyhow::Result<Ending> {
        let message = NewMessage {
            id: self.id,
            author: self.author,
            origin: self.origin,
            at: self.at.map(|at| SaidAt::from(at.0)),
            ..NewMessage::text(role, words(self.text)?)
        };
        let request = AppendRequest {
            session: self.session.map_or(SessionRef::Current, SessionRef::Key),
            scope: self.scope.into(),
            messages: vec![message],
            via: Via::Live,
            idempotency_key: None,
            learn: self.learn,
            temporary: self.temporary,
        };
        let client = context.client(Need::MayCreate).await?;
        let appended = client.append(&request).await;
        let waits = appended.as_ref().is_ok_and(|appended| !appended.events.is_empty());
        if waits && self.learn != Some(Learn::Now) {
            client.settle_queue().await;
        }
        client.close().await;
        let appended = appended?;
        if context.out.json {
            context.out.document(&appended)?;
            return Ok(Ending::Done);
        }
        for message in &appended.messages {
            let done = if message.duplicate { "Was there already" } else { "Appended" };
            let session = appended.session;
            context.out.line(format!("{done}: message {} of session {session}", message.ordinal))?;
            let id = context.out.paint.faint(message.id.to_string());
            context.out.line(id)?;
        }
        for event in &appended.learned {
            show::learning::event_lines(&mut context.out, event)?;
        }
        if appended.learned.is_empty() && !appended.events.is_empty() {
            let told = "waits to be learned from: a server does, or `dreamkeeper learn --session`";
            context.out.line(context.out.paint.faint(told))?;
        }
        Ok(Ending::Done)
    }
}
