//! Draft: a change in the making, and the small steps that drafts are made of.

use dreamkeeper_domain::dream::{
    ChangeKind, ChangeReview, ClaimAccount, ClaimFate, DreamMaker, Effect, ProposedChange, SessionQuote,
    TopicEffect, TopicSide,
};
use dreamkeeper_domain::id::{DreamId, TopicId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_topics::{INDEX_PATH, index_line, index_without};

use super::Board;

/// What sort of topic it is for a dream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// One to work on.
    Plain,
    /// The index.
    Index,
    /// Set aside.
    Archived,
}

/// A change without a number.
pub(super) struct Draft {
    pub(super) kind: ChangeKind,
    pub(super) rule: &'static str,
    pub(super) title: String,
    pub(super) reason: String,
    pub(super) effects: Vec<TopicEffect>,
    pub(super) claims: Vec<ClaimAccount>,
    pub(super) evidence: Vec<SessionQuote>,
    pub(super) origin: Origin,
}

impl Draft {
    pub(super) fn new(kind: ChangeKind, rule: &'static str, origin: Origin) -> Self {
        Self {
            kind,
            rule,
            title: String::new(),
            reason: String::new(),
            effects: Vec::new(),
            claims: Vec::new(),
            evidence: Vec::new(),
            origin,
        }
    }

    pub(super) fn told(mut self, title: String, reason: String) -> Self {
        (self.title, self.reason) = (title, reason);
        self
    }

    pub(super) fn account(&mut self, place: &str, text: &str, fate: ClaimFate) {
        self.claims.push(ClaimAccount { place: place.to_owned(), text: text.to_owned(), fate });
    }

    /// The change; its number is given when the proposal is put together.
    pub(super) fn into_change(self, dream: DreamId) -> ProposedChange {
        ProposedChange {
            dream,
            number: 0,
            kind: self.kind,
            title: self.title,
            reason: self.reason,
            maker: DreamMaker::Rule(self.rule.to_owned()),
            effects: self.effects.into_iter().map(Effect::Topic).collect(),
            claims: self.claims,
            evidence: self.evidence,
            origin: self.origin,
            needs: Vec::new(),
            review: ChangeReview::Waiting,
        }
    }
}

/// A topic as it is before a change.
pub(super) fn side(topic: &Topic) -> TopicSide {
    TopicSide {
        path: topic.head.path.clone(),
        number: topic.head.number,
        hash: topic.head.hash,
        content: topic.content.clone(),
        origin: topic.head.origin,
    }
}

/// Other content at the same path; the same content makes it a guard: what the change relies on must still be there.
pub(super) fn rewritten(topic: &Topic, content: String) -> TopicEffect {
    TopicEffect {
        topic: topic.head.id,
        before: Some(side(topic)),
        after: Some((topic.head.path.clone(), content)),
    }
}

/// What a change relies on, unchanged.
pub(super) fn guard(topic: &Topic) -> TopicEffect {
    rewritten(topic, topic.content.clone())
}

/// A topic that goes away.
pub(super) fn removed(topic: &Topic) -> TopicEffect {
    TopicEffect { topic: topic.head.id, before: Some(side(topic)), after: None }
}

/// A topic that is new.
pub(super) fn created(id: TopicId, path: &str, content: String) -> TopicEffect {
    TopicEffect { topic: id, before: None, after: Some((path.to_owned(), content)) }
}

impl Board<'_> {
    /// The index with lines for new topics and without those of topics that go, where the store keeps one.
    pub(super) fn index_effect(&self, come: &[(&str, &str)], go: &[&str]) -> Option<TopicEffect> {
        let index = self.notes[self.index()?].topic;
        let mut content = index.content.clone();
        for path in go {
            content = index_without(&content, path);
        }
        for (path, words) in come {
            if !content.is_empty() && !content.ends_with('\n') {
                content.push('\n');
            }
            content.push_str(&index_line(path, words));
        }
        debug_assert_eq!(index.head.path, INDEX_PATH, "only the index stands as one");
        (content != index.content).then(|| rewritten(index, content))
    }
}

/// A short piece of a text, for titles.
pub(super) fn short(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut short: String = text.chars().take(CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
