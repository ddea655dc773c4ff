//! Passages: what of a message, memory or topic is indexed, as which words and which vector.

use std::sync::Arc;

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::TopicId;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage, Span, StoredPassage, Turn, Vector};
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::text::{cues, cut, terms};
use dreamkeeper_topics::{BlockKind, blocks};
use jiff::Timestamp;

/// A passage without its vector, and the text that it is embedded as.
pub(crate) type Cut = (Passage, String);

/// The passages of each message, embedded in one call.
pub(crate) async fn of_messages(embedder: &dyn Embedder, messages: &[Message]) -> Vec<Vec<Passage>> {
    let mut texts = Vec::new();
    let mut of_messages = Vec::with_capacity(messages.len());
    for message in messages {
        let (passages, sources): (Vec<Passage>, Vec<String>) = cut_message(message).into_iter().unzip();
        of_messages.push(passages);
        texts.extend(sources);
    }
    embed(embedder, &texts, of_messages.iter_mut().flatten()).await;
    of_messages
}

/// The passages of one version of a memory, embedded.
pub(crate) async fn of_memory(embedder: &dyn Embedder, memory: &Memory) -> Vec<Passage> {
    let (mut passages, texts): (Vec<Passage>, Vec<String>) = cut_memory(memory).into_iter().unzip();
    embed(embedder, &texts, passages.iter_mut()).await;
    passages
}

/// How a message is cut.
pub(crate) fn cut_message(message: &Message) -> Vec<Cut> {
    let (text, scope) = (message.text(), Arc::new(message.scope.clone()));
    let speaker: Option<Arc<str>> = message.author.as_deref().map(Arc::from);
    let of_span = |span: Span| {
        // The speaker's name is no part of the words: the scorer weighs who spoke on its own.
        let source = quote(&text, span);
        let passage = Passage {
            owner: Owner::Message(message.id),
            span,
            turn: Some(Turn { session: message.session, ordinal: message.ordinal, role: message.role }),
            kind: None,
            speaker: speaker.clone(),
            origin: message.origin,
            scope: scope.clone(),
            at: message.at,
            recorded_at: message.recorded_at,
            retired_at: None,
            terms: terms(&source).into(),
            cues: cues(&source),
            source_hash: source_hash(&source),
            vector: None,
        };
        (passage, source)
    };
    cut(&text).into_iter().map(of_span).collect()
}

/// How one version of a memory is cut.
pub(crate) fn cut_memory(memory: &Memory) -> Vec<Cut> {
    let scope = Arc::new(memory.scope.clone());
    let of_span = |span: Span| {
        let source = memory_source(&memory.aliases, span.of(&memory.text).unwrap_or_default());
        let passage = Passage {
            owner: Owner::Memory(memory.id),
            span,
            turn: None,
            kind: Some(memory.kind),
            speaker: None,
            origin: memory.origin,
            scope: scope.clone(),
            at: memory.validity.from.unwrap_or(memory.updated_at),
            recorded_at: memory.updated_at,
            retired_at: None,
            terms: terms(&source).into(),
            cues: cues(&source),
            source_hash: source_hash(&source),
            vector: None,
        };
        (passage, source)
    };
    cut(&memory.text).into_iter().map(of_span).collect()
}

/// One state of a topic, as far as its passages show it.
pub(crate) struct TopicText<'a> {
    pub(crate) id: TopicId,
    pub(crate) path: &'a str,
    pub(crate) content: &'a str,
    pub(crate) origin: Origin,
    /// When it was recorded.
    pub(crate) at: Timestamp,
}

/// How one version of a topic is cut, in a store of that scope.
pub(crate) fn cut_topic(topic: &TopicText<'_>, scope: &Scope) -> Vec<Cut> {
    let scope = Arc::new(scope.clone());
    let of_span = |span: Span| {
        let source = topic_source(topic.path, span.of(topic.content).unwrap_or_default());
        let passage = Passage {
            owner: Owner::Topic(topic.id),
            span,
            turn: None,
            kind: None,
            speaker: None,
            origin: topic.origin,
            scope: scope.clone(),
            at: topic.at,
            recorded_at: topic.at,
            retired_at: None,
            terms: terms(&source).into(),
            cues: cues(&source),
            source_hash: source_hash(&source),
            vector: None,
        };
        (passage, source)
    };
    cut_parts(topic.content).into_iter().map(of_span).collect()
}

/// A topic is cut before each heading and each item of a list that is in no other item; what is still too long
/// is cut like any text.
fn cut_parts(content: &str) -> Vec<Span> {
    let mut starts = vec![0];
    // A heading belongs to what follows it.
    let mut is_after_heading = false;
    let mut outer = usize::MAX;
    for block in blocks(content) {
        let begins = match block.kind {
            BlockKind::Heading { .. } => {
                outer = usize::MAX;
                !std::mem::replace(&mut is_after_heading, true)
            }
            BlockKind::Item { indent } => {
                outer = outer.min(indent);
                !std::mem::replace(&mut is_after_heading, false) && indent <= outer
            }
            BlockKind::Paragraph | BlockKind::Row | BlockKind::Code => {
                is_after_heading = false;
                false
            }
            BlockKind::Blank | BlockKind::FrontMatter | BlockKind::Rule => false,
        };
        if begins {
            starts.push(block.span.start);
        }
    }
    starts.push(content.len());
    let within = |from: usize, to: usize| {
        let shift = move |span: Span| Span { start: span.start + from as u32, end: span.end + from as u32 };
        cut(&content[from..to]).into_iter().map(shift)
    };
    starts.windows(2).flat_map(|pair| within(pair[0], pair[1])).collect()
}

/// What a topic's passage is indexed as: its words, then those of the path, which often say what the topic is
/// about when the words do not.
pub(crate) fn topic_source(path: &str, words: &str) -> String {
    let path = path.strip_suffix(".md").unwrap_or(path);
    let named: String =
        path.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    format!("{words}\n{}", named.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What a memory's passage is indexed as: its words, then the names under which it is asked for.
pub(crate) fn memory_source(aliases: &[String], words: &str) -> String {
    let mut source = words.to_owned();
    for alias in aliases {
        source.push('\n');
        source.push_str(alias);
    }
    source
}

/// FNV-1a with 64 bits: tells whether what was indexed is still the text.
pub(crate) fn source_hash(source: &str) -> u64 {
    source
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Gives the passages their vectors. An embedder that does not answer leaves them without: they are found
/// by their words, and `reindex` embeds them later. Nothing is refused for it.
pub(crate) async fn embed<'a>(
    embedder: &dyn Embedder,
    texts: &[String],
    passages: impl Iterator<Item = &'a mut Passage>,
) {
    if texts.is_empty() {
        return;
    }
    match embedder.embed(texts, EmbedPurpose::Passage).await {
        Ok(vectors) => {
            for (passage, vector) in passages.zip(vectors) {
                passage.vector = Some((embedder.identity().clone(), Vector::quantise(&vector)));
            }
        }
        Err(error) => {
            tracing::warn!(%error, count = texts.len(), "passages are recorded without vectors; run reindex");
        }
    }
}

/// The passages of each write with the places that its outcome gave them.
pub(crate) fn placed(of_writes: Vec<Vec<Passage>>, outcomes: &[Outcome]) -> Vec<StoredPassage> {
    let mut stored = Vec::new();
    for (passages, outcome) in of_writes.into_iter().zip(outcomes) {
        match outcome {
            Outcome::Appended { session, ordinal, passages: places, .. } => {
                for (mut passage, seq) in passages.into_iter().zip(places) {
                    if let Some(turn) = &mut passage.turn {
                        (turn.session, turn.ordinal) = (*session, *ordinal);
                    }
                    stored.push(StoredPassage { seq: *seq, passage });
                }
            }
            Outcome::Memory { passages: places, .. } | Outcome::Topic { passages: places, .. } => {
                for (passage, seq) in passages.into_iter().zip(places) {
                    stored.push(StoredPassage { seq: *seq, passage });
                }
            }
            Outcome::Session { .. }
            | Outcome::Duplicate { .. }
            | Outcome::State { .. }
            | Outcome::Erased { .. }
            | Outcome::Enqueued { .. }
            | Outcome::Leased { .. }
            | Outcome::Pruned(_)
            | Outcome::Versioned { .. }
            | Outcome::Done => {}
        }
    }
    stored
}

/// The words of an owner's span, for whoever shows them.
pub(crate) fn quote(text: &str, span: Span) -> String {
    span.of(text).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_cut_before_headings_and_outer_items() {
        let content = "intro\n# Tea\n- green\n  - hot\n- black\n\n## Cups\n### Blue\ntwo of them\n";
        let parts: Vec<&str> = cut_parts(content).iter().filter_map(|span| span.of(content)).collect();
        let expected = ["intro", "# Tea\n- green\n  - hot", "- black", "## Cups\n### Blue\ntwo of them"];
        assert_eq!(parts, expected);
        assert!(cut_parts("").is_empty());
    }
}
