//! Receipt: writes down what a recall served and why, for later questions.

use dreamkeeper_domain::id::ReceiptId;
use dreamkeeper_domain::receipt::{Receipt, Section, ServedItem, ServedSubject};
use dreamkeeper_domain::state::StateEntry;

use super::answer::{Recall, RecalledMemory, RecalledMessage, RecalledSummary, RecalledTopic};
use super::request::RecallRequest;
use crate::{Engine, Principal};

impl Engine {
    /// Hands the receipt of a recall in; it is written off the path of the answer.
    pub(super) async fn leave_receipt(
        &self,
        principal: &Principal,
        request: &RecallRequest,
        recall: &mut Recall,
    ) {
        let items = items(recall);
        self.echoes.note_served(principal.space, &request.scope, &items);
        if !self.writes_receipts {
            return;
        }
        let id = ReceiptId::new(recall.at, self.random());
        let receipt = Receipt {
            id,
            at: recall.at,
            actor: principal.actor.clone(),
            query: request.text.clone(),
            scope: request.scope.clone(),
            min_origin: request.min_origin,
            asked: Some(Box::new(request.asked())),
            items,
            nearest: recall.silence.and_then(|silence| silence.nearest),
        };
        if self.receipts.put(principal.space, principal.actor.clone(), receipt).await {
            recall.receipt = Some(id);
        }
    }
}

fn items(recall: &Recall) -> Vec<ServedItem> {
    let memories = [
        (Section::Pinned, &recall.pinned),
        (Section::Memories, &recall.memories),
        (Section::OpenQuestions, &recall.open_questions),
    ];
    let memories = memories
        .into_iter()
        .flat_map(|(section, recalled)| recalled.iter().map(move |memory| memory_item(section, memory)));
    let state = recall.state.iter().map(state_item);
    let summaries = recall.summaries.iter().map(summary_item);
    let topics = recall.topics.iter().map(topic_item);
    let messages = recall.conversation.iter().map(message_item);
    summaries.chain(state).chain(memories).chain(topics).chain(messages).collect()
}

fn summary_item(recalled: &RecalledSummary) -> ServedItem {
    let summary = &recalled.summary;
    ServedItem {
        section: Section::Summaries,
        subject: ServedSubject::Summary { session: summary.session, upto: summary.upto },
        quote: summary.text.clone(),
        span: None,
        said_by: None,
        said_at: summary.made_at,
        origin: summary.origin,
        evidence: Vec::new(),
        score: None,
        parts: Vec::new(),
    }
}

fn state_item(entry: &StateEntry) -> ServedItem {
    ServedItem {
        section: Section::State,
        subject: ServedSubject::State { key: entry.key.clone(), version: entry.version },
        quote: entry.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        span: None,
        said_by: Some(entry.actor.name.clone()),
        said_at: entry.updated_at,
        // State is set explicitly by the app, never learned.
        origin: dreamkeeper_domain::origin::Origin::Operator,
        evidence: Vec::new(),
        score: None,
        parts: Vec::new(),
    }
}

fn memory_item(section: Section, recalled: &RecalledMemory) -> ServedItem {
    let memory = &recalled.memory;
    ServedItem {
        section,
        subject: ServedSubject::Memory { id: memory.id, version: memory.version },
        quote: memory.text.clone(),
        span: None,
        said_by: Some(memory.author.name.clone()),
        said_at: memory.created_at,
        origin: memory.origin,
        evidence: memory.evidence.clone(),
        score: recalled.score.as_ref().map(|score| score.value),
        parts: recalled.score.as_ref().map(|score| score.parts.clone()).unwrap_or_default(),
    }
}

fn topic_item(topic: &RecalledTopic) -> ServedItem {
    ServedItem {
        section: Section::Topics,
        subject: ServedSubject::Topic { id: topic.head.id, number: topic.head.number },
        quote: topic.quote.clone(),
        span: Some(topic.span),
        said_by: Some(topic.head.path.clone()),
        said_at: topic.head.updated_at,
        origin: topic.head.origin,
        evidence: Vec::new(),
        score: Some(topic.score.value),
        parts: topic.score.parts.clone(),
    }
}

fn message_item(message: &RecalledMessage) -> ServedItem {
    ServedItem {
        section: Section::Conversation,
        subject: ServedSubject::Message(message.id),
        quote: message.quote.clone(),
        span: Some(message.span),
        said_by: message.author.clone().or_else(|| Some(message.role.as_str().to_owned())),
        said_at: message.at,
        origin: message.origin,
        evidence: Vec::new(),
        score: Some(message.score.value),
        parts: message.score.parts.clone(),
    }
}
