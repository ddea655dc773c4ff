//! Commits: versions as the input of `git fast-import` (<https://git-scm.com/docs/git-fast-import>).

use std::collections::BTreeMap;
use std::io::{self, Write};

use dreamkeeper_api::topic::TopicVersion;
use dreamkeeper_api::words::TopicOperation;
use dreamkeeper_domain::id::TopicId;
use dreamkeeper_topics::{TopicPath, disk_names};

use crate::commands::show;

/// Writes versions down, oldest first.
pub(super) struct Commits<W> {
    writer: W,
    /// The file of every path that a topic ever had.
    files: BTreeMap<String, String>,
    /// Where each live topic stands.
    places: BTreeMap<TopicId, String>,
    /// Whose content stands at each path: two topics may change places in one step.
    owners: BTreeMap<String, TopicId>,
}

impl<W: Write> Commits<W> {
    pub(super) fn new(writer: W, versions: &[TopicVersion]) -> Self {
        let paths: Vec<TopicPath> =
            versions.iter().filter_map(|version| version.path.as_ref()?.parse().ok()).collect();
        let named = disk_names(&paths).into_iter();
        let files = named.map(|(path, file)| (path.to_string(), file)).collect();
        Self { writer, files, places: BTreeMap::new(), owners: BTreeMap::new() }
    }

    pub(super) fn write(&mut self, version: &TopicVersion) -> io::Result<()> {
        let before = self.places.get(&version.topic).cloned();
        let message = message(version, before.as_deref());
        let who = identity(version);
        let writer = &mut self.writer;
        writeln!(writer, "commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {}", message.len())?;
        writer.write_all(message.as_bytes())?;
        writeln!(writer)?;
        // What was redacted says nothing of its place: the file stays as it was, unless it went away.
        let is_gone = version.operation == TopicOperation::Deleted;
        let moves = |before: &String| version.path.as_ref().is_some_and(|path| path != before);
        if let Some(before) = before.filter(|before| is_gone || moves(before)) {
            self.remove(version.topic, &before)?;
        }
        if let (Some(path), Some(content)) = (&version.path, &version.content) {
            self.put(version.topic, path, content)?;
        }
        writeln!(self.writer)
    }

    fn remove(&mut self, topic: TopicId, path: &str) -> io::Result<()> {
        self.places.remove(&topic);
        if self.owners.get(path) != Some(&topic) {
            return Ok(());
        }
        self.owners.remove(path);
        match self.files.get(path) {
            Some(file) => writeln!(self.writer, "D {}", quoted(file)),
            None => Ok(()),
        }
    }

    fn put(&mut self, topic: TopicId, path: &str, content: &str) -> io::Result<()> {
        let Some(file) = self.files.get(path) else { return Ok(()) };
        writeln!(self.writer, "M 100644 inline {}\ndata {}", quoted(file), content.len())?;
        self.writer.write_all(content.as_bytes())?;
        writeln!(self.writer)?;
        self.places.insert(topic, path.to_owned());
        self.owners.insert(path.to_owned(), topic);
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<W> {
        writeln!(self.writer, "done")?;
        Ok(self.writer)
    }
}

/// A path in double quotes with the escapes of C.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `name <kind@dreamkeeper> seconds +0000`; a name holds none of git's own marks.
fn identity(version: &TopicVersion) -> String {
    let kind = show::wire_word(&version.actor.kind);
    let plain = |character: &char| !matches!(character, '<' | '>') && !character.is_control();
    let name: String = version.actor.name.chars().filter(plain).collect();
    let name = if name.trim().is_empty() { kind.clone() } else { name.trim().to_owned() };
    // The record's zone is UTC, and git knows no time before 1970.
    format!("{name} <{kind}@dreamkeeper> {} +0000", version.at.0.as_second().max(0))
}

/// What was done, why, and what binds the commit to its version.
fn message(version: &TopicVersion, before: Option<&str>) -> String {
    let path = version.path.as_deref().unwrap_or("(redacted)");
    let done = match (version.operation, before) {
        (TopicOperation::Modified, Some(before)) if version.path.is_some() && before != path => {
            format!("renamed {before} to {path}")
        }
        (operation, _) => format!("{} {path}", show::wire_word(&operation)),
    };
    let mut message = format!("{done}\n\n");
    if let Some(reason) = &version.reason {
        message.push_str(&format!("{}\n\n", reason.trim()));
    }
    let origin = show::wire_word(&version.origin);
    let facts = [
        ("Topic", Some(version.topic.to_string())),
        ("Version", Some(format!("{} ({})", version.number, version.id))),
        ("Origin", Some(origin)),
        ("Session", version.session.map(|session| session.to_string())),
        ("Dream", version.dream.map(|dream| dream.to_string())),
    ];
    for (name, fact) in facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))) {
        message.push_str(&format!("{name}: {fact}\n"));
    }
    message
}
