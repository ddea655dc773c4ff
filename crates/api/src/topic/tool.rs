//! The memory tool (`memory_20250818`) on the wire: the input that a model gave, and what goes into its result.

use dreamkeeper_domain::id::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::Origin;

/// The input of a tool call, as the model gave it. Paths begin with `/memories`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum ToolInput {
    /// Shows a directory or a file.
    View {
        /// Which.
        #[schema(example = "/memories")]
        path: String,
        /// First and last line, from 1; -1 is the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        view_range: Option<[i64; 2]>,
    },
    /// Makes a file.
    Create {
        /// Which.
        path: String,
        /// Its content.
        file_text: String,
    },
    /// Replaces a text that occurs once.
    StrReplace {
        /// Which file.
        path: String,
        /// What is replaced.
        old_str: String,
        /// By what; absent takes it away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_str: Option<String>,
    },
    /// Puts text behind a line.
    Insert {
        /// Which file.
        path: String,
        /// Behind which line; 0 is the top.
        insert_line: i64,
        /// What.
        insert_text: String,
    },
    /// Removes a file, or a directory with all that is in it.
    Delete {
        /// Which.
        path: String,
    },
    /// Moves a file or directory.
    Rename {
        /// From where.
        old_path: String,
        /// To where.
        new_path: String,
    },
}

/// A call of the memory tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolRequest {
    /// The tool call's input, verbatim.
    pub input: ToolInput,
    /// Whose words it brings; `assistant` unless told, for a model wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The session in which it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What goes into the tool's result. A command that could not be done is an answer too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToolAnswer {
    /// The text for the model.
    pub content: String,
    /// Whether the command could not be done.
    pub is_error: bool,
}
