//! Detail on the wire: what a memory says, in parts.

use dreamkeeper_domain::{detail, time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::memory::Interval;
use crate::moment::Moment;
use crate::words::Granularity;

/// Which property of whom a memory gives, and the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Whom or what it is about: `user` for the speaker, else the person or thing.
    #[schema(example = "user")]
    pub subject: String,
    /// Which property, in lower case.
    #[schema(example = "residence")]
    pub attribute: String,
    /// Whether there is one value at a time, so that a new one supersedes the old.
    #[serde(default)]
    pub one_valued: bool,
    /// The value, in the words of the source.
    #[schema(example = "Porto")]
    pub value: String,
    /// Whether the value is what holds no longer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
}

impl From<detail::Slot> for Slot {
    fn from(noun: detail::Slot) -> Self {
        let detail::Slot { subject, attribute, one_valued, value, ended } = noun;
        Self { subject, attribute, one_valued, value, ended }
    }
}

impl From<Slot> for detail::Slot {
    fn from(wire: Slot) -> Self {
        let Slot { subject, attribute, one_valued, value, ended } = wire;
        Self { subject, attribute, one_valued, value, ended }
    }
}

/// `subject` stands to `object` as `predicate` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Who or what.
    #[schema(example = "user")]
    pub subject: String,
    /// A lower-case noun or verb.
    #[schema(example = "sister")]
    pub predicate: String,
    /// To whom or what.
    #[schema(example = "Ana")]
    pub object: String,
}

impl From<detail::Relation> for Relation {
    fn from(noun: detail::Relation) -> Self {
        let detail::Relation { subject, predicate, object } = noun;
        Self { subject, predicate, object }
    }
}

impl From<Relation> for detail::Relation {
    fn from(wire: Relation) -> Self {
        let Relation { subject, predicate, object } = wire;
        Self { subject, predicate, object }
    }
}

/// When something is or was so: the words, and what they mean where that is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct When {
    /// As it was said.
    #[schema(example = "last May")]
    pub phrase: String,
    /// What it means; absent where it could not be resolved and stays as said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// How finely it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granularity: Option<Granularity>,
}

impl From<detail::When> for When {
    fn from(noun: detail::When) -> Self {
        Self {
            phrase: noun.phrase,
            interval: noun.interval.map(|interval: time::Interval| interval.into()),
            granularity: noun.granularity.map(Into::into),
        }
    }
}

/// What a memory says, in parts; everything is absent for plain words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Detail {
    /// Which property of whom it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// People, places and things that it names, as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<String>,
    /// How they stand to each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// When it is or was so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How much it matters, 0 to 1, by who learned it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<f32>,
    /// When the latest of its quotes was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_at: Option<Moment>,
    /// How many sessions its quotes were said in; independent ones corroborate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_count: Option<u32>,
    /// Whether it was inferred from several grounded items instead of being said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl Detail {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl From<detail::Detail> for Detail {
    fn from(noun: detail::Detail) -> Self {
        Self {
            slot: noun.slot.map(Into::into),
            entities: noun.entities,
            relations: noun.relations.into_iter().map(Into::into).collect(),
            when: noun.when.map(Into::into),
            importance: noun.importance,
            said_at: noun.said_at.map(Moment),
            session_count: noun.session_count,
            inferred: noun.inferred,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_detail_reads_back_as_the_wires() {
        // Versions tell a memory as it was stored; the wire's detail must read the same words.
        let slot = detail::Slot {
            subject: "user".into(),
            attribute: "residence".into(),
            one_valued: true,
            value: "Porto".into(),
            ended: false,
        };
        let noun = detail::Detail {
            slot: Some(slot),
            entities: vec!["Porto".into()],
            when: Some(detail::When { phrase: "last May".into(), interval: None, granularity: None }),
            importance: Some(0.5),
            session_count: Some(2),
            ..detail::Detail::default()
        };
        let stored = serde_json::to_value(&noun).unwrap();
        let wire = Detail::from(noun);
        assert_eq!(serde_json::to_value(&wire).unwrap(), stored);
        assert_eq!(serde_json::from_value::<Detail>(stored).unwrap(), wire);
        assert!(Detail::from(detail::Detail::default()).is_empty());
    }
}
