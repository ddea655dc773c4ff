//! Note: a topic read for its claims: when each was written, and which day it is about where the note says so.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use dreamkeeper_domain::topic::{Topic, TopicVersion};
use dreamkeeper_language::time::Anchor;
use dreamkeeper_topics::{BlockKind, Claim, ClaimHash, ClaimKind, INDEX_PATH, blocks, claims};
use jiff::Timestamp;
use jiff::civil::Date;

use super::ARCHIVE;
use super::draft::Standing;
use crate::dream::gather::Gathered;
use crate::learn::similar::{jaccard, word_set};

/// From which share of common words on a line is the one before with other words.
const EDITED_WORDS_MIN: f32 = 0.5;

/// When a claim was written: between two moments, which are one where that is known exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

/// A topic read for its claims.
pub(super) struct Note<'g> {
    pub(super) topic: &'g Topic,
    pub(super) claims: Vec<Claim>,
    /// When each was written.
    pub(super) written: Vec<Written>,
    pub(super) is_changed: bool,
    pub(super) standing: Standing,
}

impl<'g> Note<'g> {
    pub(super) fn new(topic: &'g Topic, gathered: &'g Gathered) -> Self {
        let path = topic.head.path.as_str();
        let claims = claims(&topic.content);
        let head = Written { from: topic.head.created_at, to: topic.head.updated_at };
        let written = match gathered.versions.get(&topic.head.id) {
            Some(versions) => {
                let known = written(versions);
                claims.iter().map(|claim| known.get(&claim.hash).copied().unwrap_or(head)).collect()
            }
            None => vec![head; claims.len()],
        };
        let standing = if path == INDEX_PATH {
            Standing::Index
        } else if path.strip_prefix(ARCHIVE).is_some_and(|rest| rest.starts_with('/')) {
            Standing::Archived
        } else {
            Standing::Plain
        };
        Self { topic, claims, written, is_changed: gathered.changed.contains(&topic.head.id), standing }
    }

    pub(super) fn path(&self) -> &'g str {
        &self.topic.head.path
    }

    /// The bytes of a claim that go when it goes; `None` where something hangs on it or its place tells something: items
    /// with items below, steps that are numbered, the only sentence beside others' words.
    pub(super) fn cut(&self, claim: usize) -> Option<Range<usize>> {
        let content = &self.topic.content;
        let span = self.claims[claim].span.clone();
        match self.claims[claim].kind {
            ClaimKind::Item { indent } => {
                let below =
                    blocks(&content[span.end..]).into_iter().find(|block| block.kind != BlockKind::Blank);
                let has_below = below.is_some_and(|block| match block.kind {
                    BlockKind::Item { indent: inner } => inner > indent,
                    BlockKind::Code | BlockKind::Row => true,
                    _ => false,
                });
                let is_numbered =
                    content[span.clone()].trim_start().starts_with(|mark: char| mark.is_ascii_digit());
                (!has_below && !is_numbered).then_some(span)
            }
            ClaimKind::Sentence => {
                let after = &content[span.end..];
                let gap = after.len() - after.trim_start_matches([' ', '\t']).len();
                Some(span.start..span.end + gap)
            }
            ClaimKind::Row | ClaimKind::Code => None,
        }
    }

    /// The content with some bytes replaced; the ranges must not overlap.
    pub(super) fn with(&self, mut edits: Vec<(Range<usize>, String)>) -> String {
        edits.sort_by_key(|(span, _)| span.start);
        let content = &self.topic.content;
        let (mut new, mut at) = (String::with_capacity(content.len()), 0);
        for (span, text) in edits {
            new.push_str(&content[at..span.start]);
            new.push_str(&text);
            at = span.end;
        }
        new.push_str(&content[at..]);
        new
    }

    /// The day that a claim's note is about, where its heading, path or front matter names just one.
    pub(super) fn day(&self, claim: usize) -> Option<Date> {
        let headings = self.claims[claim].headings.iter().rev().map(String::as_str);
        let front =
            blocks(&self.topic.content).into_iter().find(|block| block.kind == BlockKind::FrontMatter);
        let front = front.map_or("", |block| &self.topic.content[block.span]);
        headings.chain([front, self.path()]).find_map(only_day)
    }

    /// The moments between which a claim was written, or the day that it is about.
    pub(super) fn anchors(&self, claim: usize, gathered: &Gathered) -> [Anchor; 2] {
        let zone = gathered.zone.rules();
        let noon = |date: Date| date.at(12, 0, 0, 0).to_zoned(zone.clone()).ok();
        if let Some(noon) = self.day(claim).and_then(noon) {
            let anchor = Anchor { at: noon.timestamp(), zone };
            return [anchor.clone(), anchor];
        }
        let written = self.written[claim];
        [Anchor { at: written.from, zone: zone.clone() }, Anchor { at: written.to, zone }]
    }
}

/// The only day in a text that is written as `2026-05-08`; `None` where there is none or are several.
fn only_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut days = BTreeSet::new();
    for at in 0..bytes.len().saturating_sub(9) {
        if (at > 0 && is_digit(at - 1)) || is_digit(at + 10) {
            continue;
        }
        days.extend(text.get(at..at + 10).and_then(|piece| piece.parse::<Date>().ok()));
    }
    if days.len() == 1 { days.first().copied() } else { None }
}

/// When each claim was written, by the versions from the oldest on. What a dream wrote, or took back, dates nothing
/// anew; a line that was edited was written between its first form and its last.
fn written(versions: &[TopicVersion]) -> BTreeMap<ClaimHash, Written> {
    let mut known: BTreeMap<ClaimHash, Written> = BTreeMap::new();
    let mut before: Vec<Claim> = Vec::new();
    for version in versions {
        let Some(content) = &version.content else { continue };
        let now = claims(content);
        let stood: BTreeSet<ClaimHash> = before.iter().map(|claim| claim.hash).collect();
        let stands: BTreeSet<ClaimHash> = now.iter().map(|claim| claim.hash).collect();
        for claim in now.iter().filter(|claim| !stood.contains(&claim.hash)) {
            let is_dreamt = version.note.dream.is_some();
            if is_dreamt && known.contains_key(&claim.hash) {
                continue;
            }
            let gone = before.iter().filter(|old| !stands.contains(&old.hash));
            let of = |old: &&Claim| jaccard(&word_set(&old.text), &word_set(&claim.text)) >= EDITED_WORDS_MIN;
            let first = gone.clone().find(of).and_then(|old| known.get(&old.hash));
            let written = match first {
                Some(first) if is_dreamt => *first,
                Some(first) => Written { from: first.from, to: version.at },
                None => Written { from: version.at, to: version.at },
            };
            known.insert(claim.hash, written);
        }
        before = now;
    }
    known
}
