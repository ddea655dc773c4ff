//! Closed sets of words on the wire, each the mirror of a domain enum that knows no schema.

use dreamkeeper_domain::{
    actor, authority, candidate, dream, event, key, memory, message, origin, receipt, time, topic,
    usefulness, version,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident = $noun:path { $($(#[$word_doc:meta])* $word:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }

        impl From<$noun> for $name {
            fn from(noun: $noun) -> Self {
                match noun { $(<$noun>::$word => Self::$word,)* }
            }
        }

        impl From<$name> for $noun {
            fn from(word: $name) -> Self {
                match word { $($name::$word => Self::$word,)* }
            }
        }
    };
}

words! {
    /// Who really authored a text, from least to most authority.
    Origin = origin::Origin {
        /// The web, mail, documents: anybody may have written it.
        External,
        /// The answer of a tool.
        Tool,
        /// The model that speaks for the agent.
        Assistant,
        /// The person the agent serves.
        User,
        /// Who runs the server.
        Operator,
    }
}
words! {
    /// How a record came here.
    Via = origin::Via {
        /// Said or written while the agent worked.
        Live,
        /// Read from an export or a transcript.
        Import,
        /// Derived from other records.
        Derived,
    }
}
words! {
    /// Whose turn a message is.
    Role = message::Role {
        /// Instructions to the model.
        System,
        /// The person.
        User,
        /// The model.
        Assistant,
        /// A tool's answer.
        Tool,
    }
}
words! {
    /// What a memory is about.
    Kind = memory::Kind {
        /// What someone likes, wants or avoids.
        Preference,
        /// What is so.
        Fact,
        /// What happened or will happen.
        Event,
        /// How people or things stand to each other.
        Relationship,
        /// What someone is after.
        Goal,
        /// How something is done.
        Procedure,
        /// How the agent is to behave.
        Instruction,
        /// What is not settled yet.
        OpenQuestion,
    }
}
words! {
    /// Where a memory stands. Expired is not a status: it follows from `expires_at`.
    Status = memory::Status {
        /// Served by recall.
        Active,
        /// Replaced by a newer memory.
        Superseded,
        /// Set aside, kept.
        Archived,
        /// Forgotten by someone's wish; can be restored.
        Forgotten,
        /// Its content is gone for good.
        Erased,
    }
}
words! {
    /// What a change did.
    Operation = version::Operation {
        /// The first version.
        Create,
        /// New content or properties.
        Update,
        /// Replaced by a newer record.
        Supersede,
        /// Set aside.
        Archive,
        /// Hidden by someone's wish.
        Forget,
        /// Brought back.
        Restore,
        /// A state key was removed.
        Remove,
        /// Content destroyed for good.
        Erase,
    }
}
words! {
    /// A section of a recall's answer.
    Section = receipt::Section {
        /// What the latest sessions were about; only for who asks for it.
        Summaries,
        /// Explicit state.
        State,
        /// Pinned memories.
        Pinned,
        /// Memories that fit the query.
        Memories,
        /// Questions that are not settled.
        OpenQuestions,
        /// Passages of topics that fit the query.
        Topics,
        /// What was said.
        Conversation,
    }
}
words! {
    /// What a key's holder may do. One permission implies no other.
    Permission = key::Permission {
        /// Recall, list, get, history, why.
        Read,
        /// Hand in candidates that wait for a decision.
        Propose,
        /// Append messages, write memories, set state.
        Write,
        /// Raise an origin, accept what waits for review.
        Approve,
        /// Remove content for good.
        Erase,
        /// Keys, reindex, doctor, audit.
        Admin,
    }
}
words! {
    /// What kind of party made a change.
    ActorKind = actor::ActorKind {
        /// Who runs the server, through its command line.
        Operator,
        /// The holder of a key.
        Key,
        /// Anybody who reaches a local server that has no keys.
        Local,
        /// The server itself.
        System,
    }
}

words! {
    /// Where a learning event stands.
    EventState = event::EventState {
        /// Waits for its turn, or for the next try.
        Pending,
        /// A worker has it.
        Running,
        /// Done; the report tells what came of it.
        Succeeded,
        /// Given up; can be requeued.
        Failed,
    }
}
words! {
    /// Why a candidate is not remembered without a person's word.
    Cause = candidate::Cause {
        /// A quote is not in its message, or there is none.
        NotSaid,
        /// A name, number or date in it is in none of its quotes and does not follow from them.
        NotInQuote,
        /// It rests on a tool's or an outsider's words.
        LowOrigin,
        /// It tells an assistant what to do, and no person of authority said it.
        InstructionShaped,
        /// A password, key or token.
        Secret,
        /// A card or bank account number.
        Payment,
        /// An identity document's number.
        Identity,
        /// Characters that a reader does not see.
        HiddenText,
        /// Text that was served by a recall.
        Served,
        /// An exclude rule of the space, or none of its include rules.
        Excluded,
        /// It takes back what a higher origin said.
        Contradiction,
        /// It was proposed without a quote.
        Proposed,
        /// Its scope is at its quota.
        OverQuota,
    }
}
words! {
    /// What sort of change a dream proposes.
    ChangeKind = dream::ChangeKind {
        /// A new topic.
        Create,
        /// Other words in a topic.
        Edit,
        /// Several topics, claims or memories become one.
        Merge,
        /// A topic becomes several.
        Split,
        /// A topic gets another path.
        Rename,
        /// A newer statement replaces an older one.
        Supersede,
        /// Something is set aside.
        Archive,
        /// A relative date gets its absolute one.
        Redate,
        /// The index topic or links are put right.
        Reindex,
    }
}
words! {
    /// Where a dream stands.
    DreamStatus = dream::DreamStatus {
        /// Waits for its turn.
        Pending,
        /// It is dreamt.
        Running,
        /// Its proposal, which may be empty, is whole.
        Completed,
        /// It could not be finished.
        Failed,
        /// Somebody stopped it.
        Canceled,
    }
}
words! {
    /// Where a held candidate stands.
    HeldStatus = candidate::HeldStatus {
        /// Waits for a person.
        Waiting,
        /// A person let it through.
        Released,
        /// A person refused it.
        Rejected,
    }
}
words! {
    /// What somebody says of a memory that was served.
    Feedback = usefulness::Feedback {
        /// It went into an answer.
        Used,
        /// It helped.
        Helpful,
        /// It did not belong there.
        Irrelevant,
        /// It is not so.
        Wrong,
    }
}
words! {
    /// What a text tells that memory must not decide.
    Matter = authority::Matter {
        /// An amount of money.
        Amount,
        /// Who somebody is: a document, an account, an address, a name in law.
        Identity,
        /// What somebody may do.
        Permission,
    }
}
words! {
    /// What a change of a topic did.
    TopicOperation = topic::TopicOperation {
        /// The first version, or the first after a removal.
        Created,
        /// Another content, another path, or both.
        Modified,
        /// The topic went away; its versions stay.
        Deleted,
    }
}
words! {
    /// How finely a phrase of time was said.
    Granularity = time::Granularity {
        /// "at 14:30".
        Minute,
        /// "at 3pm".
        Hour,
        /// "yesterday evening".
        PartOfDay,
        /// "on Friday".
        Day,
        /// "last weekend".
        Weekend,
        /// "next week".
        Week,
        /// "in March".
        Month,
        /// "Q2 2023".
        Quarter,
        /// "last summer".
        Season,
        /// "in 2019".
        Year,
    }
}

/// What a decision did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A new memory.
    Add,
    /// A new memory in the place of an old one; both are kept.
    Update,
    /// A memory was forgotten; it can be restored.
    Delete,
    /// Known already: the memory rests on one more quote.
    NoOp,
    /// Held back for a person.
    Quarantine,
    /// Not kept at all.
    Drop,
}

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Its name: a key's id, a person's name, a job's name.
    pub name: String,
}

impl From<actor::Actor> for Actor {
    fn from(noun: actor::Actor) -> Self {
        Self { kind: noun.kind.into(), name: noun.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_words_are_the_domains_words() {
        for kind in memory::Kind::ALL {
            assert_eq!(serde_json::to_value(Kind::from(kind)).unwrap(), kind.as_str());
        }
        for operation in version::Operation::ALL {
            assert_eq!(serde_json::to_value(Operation::from(operation)).unwrap(), operation.as_str());
        }
        for cause in candidate::Cause::ALL {
            assert_eq!(serde_json::to_value(Cause::from(cause)).unwrap(), cause.as_str());
        }
        for state in event::EventState::ALL {
            assert_eq!(serde_json::to_value(EventState::from(state)).unwrap(), state.as_str());
        }
        for feedback in usefulness::Feedback::ALL {
            assert_eq!(serde_json::to_value(Feedback::from(feedback)).unwrap(), feedback.as_str());
        }
        for matter in authority::Matter::ALL {
            assert_eq!(serde_json::to_value(Matter::from(matter)).unwrap(), matter.as_str());
        }
        for operation in topic::TopicOperation::ALL {
            assert_eq!(serde_json::to_value(TopicOperation::from(operation)).unwrap(), operation.as_str());
        }
        for status in memory::Status::ALL {
            assert_eq!(memory::Status::from(Status::from(status)), status);
        }
    }
}
