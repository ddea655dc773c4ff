//! Text: how words become terms, and how a long text is cut into passages. Pure, so that every index and
//! the scorer see the same words.

mod background;
pub mod bm25;
mod cues;
mod cut;
mod terms;

pub use background::{background_probability, is_known_word};
pub use cues::{Cues, cues};
pub use cut::{cut, token_count};
pub use terms::{TermHash, is_stop_term, is_stop_word, term_hash, terms, words};
