//! Read: the texts that passages were cut from, each with what stands for it.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::id::{MemoryId, SessionId, TopicId};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq};
use dreamkeeper_domain::ports::{Holding, PortError, PortErrorKind, SpaceStore};

use super::versions;
use crate::passages::{Cut, cut_message};

/// One text: a message's, or that of one version of a memory or topic which brought passages.
pub(super) struct Text {
    pub(super) owner: Owner,
    pub(super) version: u32,
    /// The owner's latest version.
    pub(super) seen: u32,
    /// What its passages should be.
    pub(super) cut: Vec<Cut>,
    /// What they are.
    pub(super) held: Vec<(PassageSeq, Option<Passage>)>,
}

/// One page of texts.
#[derive(Default)]
pub(super) struct Page {
    pub(super) texts: Vec<Text>,
    pub(super) owner_count: u64,
    /// Owners that cannot be read, in sentences.
    pub(super) problems: Vec<String>,
}

/// The texts of a page of holdings.
pub(super) async fn texts(space: &dyn SpaceStore, holdings: Vec<Holding>) -> Result<Page, PortError> {
    let mut page = Page::default();
    let mut said = Vec::new();
    let mut remembered: BTreeMap<MemoryId, Vec<Holding>> = BTreeMap::new();
    let mut noted: BTreeMap<TopicId, Vec<Holding>> = BTreeMap::new();
    for holding in holdings {
        match holding.owner {
            Owner::Message(id) => said.push((id, holding)),
            Owner::Memory(id) => remembered.entry(id).or_default().push(holding),
            Owner::Topic(id) => noted.entry(id).or_default().push(holding),
        }
    }
    page.owner_count = (said.len() + remembered.len() + noted.len()) as u64;
    messages(space, said, &mut page).await?;
    for (id, holdings) in remembered {
        match space.memory_versions(id).await {
            Ok(versions) => page.texts.extend(versions::of_memory(id, &versions, holdings)),
            Err(error) => page.problems.push(unreadable(format!("memory {id}"), error)?),
        }
    }
    for (id, holdings) in noted {
        match versions::of_topic(space, id, holdings).await {
            Ok(texts) => page.texts.extend(texts),
            Err(error) => page.problems.push(unreadable(format!("topic {id}"), error)?),
        }
    }
    Ok(page)
}

async fn messages(
    space: &dyn SpaceStore,
    said: Vec<(dreamkeeper_domain::id::MessageId, Holding)>,
    page: &mut Page,
) -> Result<(), PortError> {
    let ids: Vec<_> = said.iter().map(|(id, _)| *id).collect();
    let mut found: BTreeMap<_, Message> = BTreeMap::new();
    match space.messages(&ids).await {
        Ok(messages) => found.extend(messages.into_iter().map(|message| (message.id, message))),
        // One that cannot be read must not hide the others.
        Err(error) if error.kind == PortErrorKind::Corrupt => {
            for id in ids {
                match space.messages(&[id]).await {
                    Ok(messages) => found.extend(messages.into_iter().map(|message| (message.id, message))),
                    Err(error) => page.problems.push(unreadable(format!("message {id}"), error)?),
                }
            }
        }
        Err(error) => return Err(error),
    }
    let temporary = temporary_sessions(space, found.values()).await?;
    for (id, holding) in said {
        // An erased one may hold nothing; the store's own check tells where it does.
        let Some(message) = found.get(&id).filter(|message| !message.erased) else { continue };
        let cut = if temporary.contains(&message.session) { Vec::new() } else { cut_message(message) };
        page.texts.push(Text { owner: holding.owner, version: 0, seen: 0, cut, held: holding.passages });
    }
    Ok(())
}

/// The temporary sessions among those of the messages: what they say is found nowhere.
async fn temporary_sessions(
    space: &dyn SpaceStore,
    messages: impl Iterator<Item = &Message>,
) -> Result<BTreeSet<SessionId>, PortError> {
    let sessions: BTreeSet<SessionId> = messages.map(|message| message.session).collect();
    let mut temporary = BTreeSet::new();
    for id in sessions {
        if space.session(id).await?.is_some_and(|session| session.temporary) {
            temporary.insert(id);
        }
    }
    Ok(temporary)
}

/// A sentence about a record that cannot be read; any other failure ends the work.
fn unreadable(record: String, error: PortError) -> Result<String, PortError> {
    if error.kind != PortErrorKind::Corrupt {
        return Err(error);
    }
    Ok(format!("the passages of {record} cannot be made anew: {error}"))
}
