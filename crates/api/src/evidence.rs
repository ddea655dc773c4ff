//! Quotes on the wire: what a memory rests on.

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::{memory, passage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bytes `[start, end)` of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl From<passage::Span> for Span {
    fn from(noun: passage::Span) -> Self {
        Self { start: noun.start, end: noun.end }
    }
}

impl From<Span> for passage::Span {
    fn from(wire: Span) -> Self {
        Self { start: wire.start, end: wire.end }
    }
}

/// A verbatim quote of a message that a memory rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// The message.
    #[schema(value_type = String, format = "uuid")]
    pub message: MessageId,
    /// Where the quote stands in the message's text.
    pub span: Span,
    /// The quote; empty once its message is erased.
    pub quote: String,
}

impl From<memory::Evidence> for Evidence {
    fn from(noun: memory::Evidence) -> Self {
        Self { message: noun.message, span: noun.span.into(), quote: noun.quote }
    }
}

/// A quote that a new memory rests on; refused where the message does not say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRef {
    /// The message.
    #[schema(value_type = String, format = "uuid")]
    pub message: MessageId,
    /// The words, verbatim.
    pub quote: String,
    /// Where they stand; found by search unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}
