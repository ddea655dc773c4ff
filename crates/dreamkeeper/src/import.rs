//! Import: reads what others kept and sends it through the API, in batches, idempotently.
//!
//! A reader (one file each) turns a source into [`Found`]s, holding no more than one line or conversation;
//! `send` writes them; `report` counts. To add a source: write a reader, name it in [`Source`].

mod batch;
mod blocks;
mod chatgpt;
mod claude;
mod claude_code;
mod elements;
mod found;
mod known;
mod lines;
mod memory_file;
mod quotes;
mod rehearsal;
mod remember;
mod report;
mod send;
mod transcript;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use dreamkeeper_api::words::Origin;

pub(crate) use claude_code::{find as find_claude_code, home as claude_code_home};
pub(crate) use found::{Located, Place};
pub(crate) use rehearsal::Rehearsal;
pub(crate) use report::Report;
pub(crate) use send::{Importer, Options, Step};
pub(crate) use transcript::{MemoryLine, QuoteLine, StateLine};

/// Bytes of a source that are read at once.
const READ_BYTES: usize = 256 << 10;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Our own lines.
    Transcript,
    /// ChatGPT's `conversations.json`.
    ChatGpt,
    /// Claude's `conversations.json`.
    Claude,
    /// A session of Claude Code.
    ClaudeCode,
    /// A Markdown file of Claude Code's memory, and who wrote it.
    Memory(Origin),
}

/// Everything in a source, in order.
pub(crate) type Reading = Box<dyn Iterator<Item = io::Result<Located>>>;

/// Reads a file; `-` is stdin. The bar follows the bytes.
pub(crate) fn read(source: &Source, path: &Path, bar: &ProgressBar) -> io::Result<Reading> {
    let file = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::with_capacity(READ_BYTES, bar.wrap_read(io::stdin())))
    } else {
        Box::new(BufReader::with_capacity(READ_BYTES, bar.wrap_read(File::open(path)?)))
    };
    Ok(match source {
        Source::Transcript => Box::new(transcript::read(reader, &file)),
        Source::ChatGpt => Box::new(chatgpt::read(reader, &file)),
        Source::Claude => Box::new(claude::read(reader, &file)),
        Source::ClaudeCode => Box::new(claude_code::read(reader, &file, &project_of(path))),
        Source::Memory(origin) => {
            let text = io::read_to_string(reader)?;
            let place = Place { file: file.into(), unit: "section", number: 0 };
            // The whole path tells two projects apart whatever directory the command was run in.
            let whole = std::fs::canonicalize(path)?;
            let found = memory_file::read(&whole, &text, *origin).into_iter().enumerate();
            let placed: Vec<io::Result<Located>> = found
                .map(|(number, found)| Ok((Place { number: number as u64 + 1, ..place.clone() }, found)))
                .collect();
            Box::new(placed.into_iter())
        }
    })
}

/// Everything in a text that ships with the program.
pub(crate) fn read_text(text: &'static str, file: &str) -> Reading {
    Box::new(transcript::read(text.as_bytes(), file))
}

/// Bytes of the sources, as far as they are known.
pub(crate) fn size_of<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> u64 {
    paths.into_iter().filter_map(|path| Some(path.metadata().ok()?.len())).sum()
}

/// The directory of a Claude Code project, by which its sessions are told apart.
fn project_of(path: &Path) -> String {
    let name = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.filter(|name| name.starts_with('-')).unwrap_or_default().to_owned()
}
