//! The words by which the audit calls writes.

use dreamkeeper_domain::candidate::HeldStatus;
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::passage::Owner;

/// What the audit calls a write, never a word of its content; `None` for one that it does not tell.
pub(super) fn audit_word(write: &Write) -> Option<String> {
    Some(match write {
        Write::OpenSession(session) => format!("open_session {}", session.id),
        Write::AppendMessage { message, .. } => format!("append_message {}", message.id),
        Write::PutMemory { memory, operation, .. } => format!("{}_memory {}", operation.as_str(), memory.id),
        Write::EraseMemory { id, .. } => format!("erase_memory {id}"),
        Write::EraseMessage { id, .. } => format!("erase_message {id}"),
        Write::PutState { key, value: Some(_), .. } => format!("put_state {key}"),
        Write::PutState { key, value: None, .. } => format!("remove_state {key}"),
        Write::EraseState { key, .. } => format!("erase_state {key}"),
        Write::PutReceipt(receipt) => format!("put_receipt {}", receipt.id),
        Write::MendPassages { owner, .. } => match owner {
            Owner::Message(id) => format!("mend_passages {id}"),
            Owner::Memory(id) => format!("mend_passages {id}"),
            Owner::Topic(id) => format!("mend_passages {id}"),
        },
        Write::SweepPassages => "sweep_passages".to_owned(),
        Write::PutVectors { vectors, .. } => format!("put_vectors {}", vectors.len()),
        Write::Enqueue(event) => format!("enqueue_event {}", event.id),
        Write::Lease { .. } | Write::FreeLeases | Write::Prune { .. } | Write::NoteMaintained(_) => {
            return None;
        }
        Write::Settle { events, .. } => format!("settle_events {}", events.len()),
        Write::Requeue(id) => format!("requeue_event {id}"),
        Write::Hold(held) => format!("hold_candidate {}", held.candidate.id),
        Write::CloseHeld { id, status: HeldStatus::Released, .. } => format!("release_candidate {id}"),
        Write::CloseHeld { id, .. } => format!("reject_candidate {id}"),
        Write::PutSummary(summary) => format!("put_summary {}", summary.session),
        Write::PutFeedback { memory, .. } => format!("put_feedback {memory}"),
        Write::PutTopicStore { store, .. } => format!("put_store {}", store.id),
        Write::PurgeTopicStore(id) => format!("purge_store {id}"),
        Write::PutTopic { topic, .. } => format!("put_topic {}", topic.head.id),
        Write::RemoveTopic { id, .. } => format!("remove_topic {id}"),
        Write::RedactTopicVersion(id) => format!("redact_topic_version {id}"),
        Write::NoteWorkingFiles { .. } => return None,
        Write::NameMoment(moment) => format!("name_moment {}", moment.name),
        Write::UnnameMoment(name) => format!("unname_moment {name}"),
        Write::PutDream { dream, .. } => format!("put_dream {}", dream.id),
        Write::PutProposedChanges { dream, .. } => format!("put_proposed_changes {dream}"),
        Write::PurgeDream(id) => format!("purge_dream {id}"),
        Write::PutDreamSchedule { schedule, .. } => format!("put_schedule {}", schedule.name),
        Write::RemoveDreamSchedule(name) => format!("remove_schedule {name}"),
    })
}
