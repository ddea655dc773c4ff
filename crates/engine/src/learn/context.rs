//! Context: what is read together: the new messages, the turns before them, the session's summary.

use std::collections::BTreeSet;

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::message::{Message, Part, Role};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::time::Zone;
use dreamkeeper_language::screen::served;
use dreamkeeper_language::time::Anchor;

use super::settings::LearnSettings;
use super::timeline::Said;
use crate::VerbError;

/// One message as learning reads it.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// The message.
    pub(crate) message: Message,
    /// Its text with the same bytes in the same places, except that what nobody said (calls of tools, text that
    /// we served) is blank.
    pub(crate) text: String,
    /// When and where it was said.
    pub(crate) anchor: Anchor,
}

impl Turn {
    pub(crate) fn new(message: Message, zone: &Zone) -> Self {
        let zone = message.zone.as_ref().unwrap_or(zone).rules();
        let anchor = Anchor { at: message.at, zone };
        let text = said_text(&message);
        Self { message, text, anchor }
    }

    /// Why rules do not read this turn at all.
    pub(crate) fn unread_by_rules(&self) -> Option<&'static str> {
        match (self.message.role, self.message.origin) {
            (Role::System, _) => Some("system"),
            (Role::Tool, _) => Some("tool"),
            (Role::Assistant, _) => Some("assistant"),
            (Role::User, Origin::Tool | Origin::External) => Some("low_origin"),
            (Role::User, Origin::Assistant) => Some("assistant"),
            (Role::User, Origin::User | Origin::Operator) if self.text.trim().is_empty() => Some("empty"),
            (Role::User, Origin::User | Origin::Operator) => None,
        }
    }

    /// The speaker's own name for `user`, where it is known: several people may speak in one scope.
    pub(crate) fn named(&self, name: &str) -> String {
        match &self.message.author {
            Some(author) if name == "user" => author.clone(),
            Some(_) | None => name.to_owned(),
        }
    }

    /// Where it stands in time.
    pub(crate) fn said(&self) -> Said {
        Said { at: self.message.at, session: self.message.session, ordinal: self.message.ordinal }
    }
}

/// What is read together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// The turns, in order: those before, then the new ones.
    pub(crate) turns: Vec<Turn>,
    /// How many of them are from before.
    pub(crate) earlier_count: usize,
    /// The session's summary.
    pub(crate) summary: Option<Summary>,
}

impl Context {
    pub(crate) fn new_turns(&self) -> &[Turn] {
        &self.turns[self.earlier_count..]
    }

    /// The names of those who speak. A name that came through a tool is nobody's.
    pub(crate) fn people(&self) -> BTreeSet<&str> {
        let speaks = |turn: &&Turn| turn.message.origin >= Origin::Assistant;
        self.turns.iter().filter(speaks).filter_map(|turn| turn.message.author.as_deref()).collect()
    }

    pub(crate) fn turn(&self, id: MessageId) -> Option<&Turn> {
        self.turns.iter().find(|turn| turn.message.id == id)
    }

    /// Gathers the messages with the turns before the first of them. Erased ones are left out.
    pub(crate) async fn gather(
        space: &dyn SpaceStore,
        ids: &[MessageId],
        settings: &LearnSettings,
        with_earlier: bool,
    ) -> Result<Self, VerbError> {
        let mut messages = space.messages(ids).await?;
        messages.sort_by_key(|message| (message.session, message.ordinal));
        let Some(first) = messages.first() else { return Ok(Self::default()) };
        let (session, ordinal) = (first.session, first.ordinal);
        let count = settings.context_turns.min(limits::PAGE_COUNT_MAX) as u32;
        let earlier = if with_earlier && ordinal > 0 {
            space.turns(session, ordinal.saturating_sub(count), ordinal).await?
        } else {
            Vec::new()
        };
        let summary = if with_earlier { space.summary(session).await? } else { None };
        let turn = |message: Message| (!message.erased).then(|| Turn::new(message, &settings.zone));
        let mut turns: Vec<Turn> = earlier.into_iter().filter_map(turn).collect();
        let earlier_count = turns.len();
        turns.extend(messages.into_iter().filter_map(turn));
        Ok(Self { turns, earlier_count, summary })
    }
}

/// The text of a message with everything blank that its speaker did not say.
fn said_text(message: &Message) -> String {
    let mut text = String::new();
    for part in &message.parts {
        if !text.is_empty() {
            text.push('\n');
        }
        let rendered = dreamkeeper_domain::message::render(std::slice::from_ref(part));
        match part {
            Part::Text { .. } | Part::Image { .. } => text.push_str(&rendered),
            Part::ToolResult { .. } if message.role == Role::Tool => text.push_str(&rendered),
            Part::ToolCall { .. } | Part::ToolResult { .. } => text.push_str(&" ".repeat(rendered.len())),
        }
    }
    for span in served::fenced_spans(&text) {
        let (start, end) = (span.start as usize, span.end as usize);
        text.replace_range(start..end, &" ".repeat(end - start));
    }
    text
}
