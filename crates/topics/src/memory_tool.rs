//! The memory tool (`memory_20250818`): what each command answers and changes, with the documented words.
//!
//! A command reads [`Notes`] and gives effects as data; who calls it writes them in one step. The strings are those of
//! <https://platform.claude.com/docs/en/agents-and-tools/tool-use/memory-tool>.

mod edit;
mod place;
mod view;

/// What a command reads.
pub trait Notes {
    /// Every topic's path with the bytes of its content, in any order.
    fn sizes(&self) -> Vec<(String, u64)>;
    /// A topic's content.
    fn content(&self, path: &str) -> Option<String>;
}

/// A command of the tool. Paths begin with `/memories`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Shows a directory or a file.
    View {
        /// Which.
        path: String,
        /// First and last line, from 1; -1 is the end.
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

/// A change that a command makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A topic is made.
    Create {
        /// Its path.
        path: String,
        /// Its content.
        content: String,
    },
    /// A topic gets another content.
    Write {
        /// Its path.
        path: String,
        /// Its content.
        content: String,
    },
    /// A topic moves.
    Move {
        /// From where.
        from: String,
        /// To where.
        to: String,
    },
    /// A topic goes away.
    Remove {
        /// Its path.
        path: String,
    },
}

/// What a command answers and changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolOutcome {
    /// The text for the model.
    pub text: String,
    /// The changes, to be made together.
    pub effects: Vec<Effect>,
}

/// A command that could not be done, in the words for the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ToolError(pub String);

/// Carries a command out over what there is.
///
/// # Errors
/// In the tool's own words.
pub fn run(command: &Command, notes: &dyn Notes) -> Result<ToolOutcome, ToolError> {
    match command {
        Command::View { path, view_range } => view::view(notes, path, *view_range),
        Command::Create { path, file_text } => edit::create(notes, path, file_text),
        Command::StrReplace { path, old_str, new_str } => {
            edit::str_replace(notes, path, (old_str, new_str.as_deref().unwrap_or_default()))
        }
        Command::Insert { path, insert_line, insert_text } => {
            edit::insert(notes, path, (*insert_line, insert_text))
        }
        Command::Delete { path } => edit::delete(notes, path),
        Command::Rename { old_path, new_path } => edit::rename(notes, old_path, new_path),
    }
}

#[cfg(test)]
mod tests;
