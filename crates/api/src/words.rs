//! Closed sets of words on the wire, each the mirror of a domain enum that knows no schema.

use dreamkeeper_domain::{actor, key, memory, message, origin, receipt, version};
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
        /// Explicit state.
        State,
        /// Pinned memories.
        Pinned,
        /// Memories that fit the query.
        Memories,
        /// Questions that are not settled.
        OpenQuestions,
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
        for status in memory::Status::ALL {
            assert_eq!(memory::Status::from(Status::from(status)), status);
        }
    }
}
