//! Evidence: whether a memory's words were said (invariant 1).
//!
//! Names, numbers and dates of a memory must stand in its quotes or follow from them, a quote must stand in
//! its message, and a memory must not turn a quote's yes into a no. Pure comparison of words: who did what to
//! whom is not understood, so names that change places pass.

mod addressed;
mod calendar;
mod claims;
mod leaning;
mod negation;
mod numbers;
mod quote;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::text::{TermHash, term_hash};

use crate::time::Meaning;
use crate::tokens::{Token, span, tokens};
pub use addressed::addresses;
use calendar::{DateParts, is_quarter, last_day};
pub use leaning::{first_sentence, is_done_to, is_name_of, refers_back, sentence_naming};
pub use negation::negation_flipped;
use numbers::Number;
pub use quote::find_quote;

/// What a memory may rest on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'a> {
    /// The quotes, in the words of their messages.
    pub quotes: &'a [&'a str],
    /// Names of those who said them.
    pub speakers: &'a [&'a str],
    /// Earlier turns that the memory cites, for the names in them ("she" of the quote).
    pub turns: &'a [&'a str],
    /// Names of the others in the conversation: one that opens a sentence is a name, whatever common word it is
    /// too. They support nothing.
    pub others: &'a [&'a str],
    /// What the quotes' phrases of time mean.
    pub times: &'a [Meaning],
}

/// What sort of word has nothing to rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A person, place, product or other proper name.
    Name,
    /// A number, in digits or words.
    Number,
    /// A date, weekday, month or time of day.
    Date,
}

/// A word of a memory that its sources neither hold nor imply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// The word as written.
    pub word: String,
    /// Where it stands, in bytes of the memory's text.
    pub span: Span,
    /// What sort of word it is.
    pub sort: Sort,
}

/// Every name, number and date of the text that the sources neither hold nor imply, in order.
pub fn unsupported(text: &str, sources: &Sources<'_>) -> Vec<Unsupported> {
    let known = Known::of(sources);
    let tokens = tokens(text);
    let claims = claims::claims(text, &tokens, sources.others);
    let fails = claims.into_iter().filter(|claim| !known.supports(&tokens, claim));
    fails
        .map(|claim| {
            let (start, end) = (tokens[claim.first].start, tokens[claim.after - 1].end);
            Unsupported { word: text[start..end].to_owned(), span: span(start, end), sort: claim.sort() }
        })
        .collect()
}

/// Something in a memory that must have been said: tokens `first..after`.
#[derive(Debug, Clone)]
struct Claim {
    first: usize,
    after: usize,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Name,
    Number(Number),
    Date(DateParts),
}

impl Claim {
    fn sort(&self) -> Sort {
        match self.what {
            What::Name => Sort::Name,
            What::Number(_) => Sort::Number,
            What::Date(_) => Sort::Date,
        }
    }
}

/// What the sources hold, in the form that claims are compared in.
struct Known<'a> {
    words: HashSet<String>,
    terms: HashSet<TermHash>,
    numbers: Vec<Number>,
    dates: Vec<DateParts>,
    times: &'a [Meaning],
}

impl<'a> Known<'a> {
    fn of(sources: &Sources<'a>) -> Self {
        let mut known = Self {
            words: HashSet::new(),
            terms: HashSet::new(),
            numbers: Vec::new(),
            dates: Vec::new(),
            times: sources.times,
        };
        for text in sources.quotes.iter().chain(sources.speakers).chain(sources.turns) {
            let tokens = tokens(text);
            for token in &tokens {
                known.add_word(&token.folded);
            }
        }
        for quote in sources.quotes {
            let tokens = tokens(quote);
            known.numbers.extend(numbers::all(quote, &tokens).into_iter().map(|(_, _, number)| number));
            known.dates.extend(calendar::all(quote, &tokens).into_iter().map(|(_, _, parts)| parts));
        }
        known
    }

    fn add_word(&mut self, folded: &str) {
        self.words.insert(folded.to_owned());
        let bare = claims::bare(folded);
        self.terms.insert(term_hash(&bare));
        self.words.insert(bare);
    }

    fn supports(&self, tokens: &[Token<'_>], claim: &Claim) -> bool {
        match &claim.what {
            What::Name => {
                let folded = &tokens[claim.first].folded;
                self.has_name(folded) || self.times.iter().any(|meaning| is_quarter(meaning, folded))
            }
            What::Number(number) => {
                let years =
                    self.times.iter().flat_map(|meaning| [meaning.start.year(), last_day(meaning).year()]);
                self.numbers.iter().any(|known| known.equals(number))
                    || years.into_iter().any(|year| number.is_year(year))
            }
            What::Date(parts) => {
                let near = &tokens[claim.first.saturating_sub(3)..(claim.after + 2).min(tokens.len())];
                let is_stretch = near.iter().any(|token| matches!(token.folded.as_str(), "week" | "weekend"));
                self.dates.iter().any(|known| parts.is_within(known))
                    || self.times.iter().any(|meaning| parts.follows_from(meaning, is_stretch))
                    || self.has_parts_apart(parts)
            }
        }
    }

    /// "Meeting on Tuesday at 3pm": day and hour may stand apart in the quote.
    fn has_parts_apart(&self, parts: &DateParts) -> bool {
        let single = parts.singles();
        single.len() > 1
            && parts.day.is_none()
            && single.iter().all(|part| {
                self.dates.iter().any(|known| part.is_within(known))
                    || self.times.iter().any(|meaning| part.follows_from(meaning, false))
            })
    }

    fn has_name(&self, folded: &str) -> bool {
        let bare = claims::bare(folded);
        self.words.contains(folded) || self.words.contains(&bare) || self.terms.contains(&term_hash(&bare))
    }
}
