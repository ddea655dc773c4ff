//! Quote: where a message holds a quote.

use dreamkeeper_domain::passage::Span;

use crate::tokens::span;

/// Where the message holds the quote: word for word, or equal but for white space, the form of quote marks
/// and dashes, and case. The span is of the message's own words, so that what is kept is always verbatim.
/// A quote begins and ends where words do.
pub fn find_quote(message: &str, quote: &str) -> Option<Span> {
    let quote = quote.trim();
    if !quote.chars().any(char::is_alphanumeric) {
        return None;
    }
    let verbatim = message.match_indices(quote).map(|(start, found)| (start, start + found.len()));
    for (start, end) in verbatim {
        if is_whole(message, start, end) {
            return Some(span(start, end));
        }
    }
    let (whole, part) = (Plain::of(message), Plain::of(quote));
    let pattern: String = part.text.trim().to_owned();
    let places = whole.text.match_indices(&pattern);
    places.map(|(start, found)| (start, start + found.len())).find_map(|(start, end)| {
        let (first, last) = (whole.starts.get(start)?, whole.ends.get(end - 1)?);
        let is_aligned = whole.begins(start) && whole.begins(end);
        (is_aligned && is_whole(message, *first, *last)).then(|| span(*first, *last))
    })
}

/// Whether no word is cut at either end.
fn is_whole(message: &str, start: usize, end: usize) -> bool {
    let joins = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(char::is_alphanumeric) && outside.is_some_and(char::is_alphanumeric)
    };
    let found = &message[start..end];
    !joins(found.chars().next(), message[..start].chars().next_back())
        && !joins(found.chars().next_back(), message[end..].chars().next())
}

/// A text in which spellings that count as equal are equal, and where each byte of it comes from.
struct Plain {
    text: String,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain =
            Self { text: String::with_capacity(text.len()), starts: Vec::new(), ends: Vec::new() };
        for (start, character) in text.char_indices() {
            let end = start + character.len_utf8();
            match character {
                blank if blank.is_whitespace() => {
                    if plain.text.ends_with(' ') {
                        if let Some(last) = plain.ends.last_mut() {
                            *last = end;
                        }
                    } else {
                        plain.push(' ', start, end);
                    }
                }
                '’' | '‘' | '‚' | '‛' | '`' | '´' | '‹' | '›' => plain.push('\'', start, end),
                '“' | '”' | '„' | '‟' | '«' | '»' => plain.push('"', start, end),
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => plain.push('-', start, end),
                other => other.to_lowercase().for_each(|lower| plain.push(lower, start, end)),
            }
        }
        plain
    }

    fn push(&mut self, character: char, start: usize, end: usize) {
        self.text.push(character);
        self.starts.resize(self.text.len(), start);
        self.ends.resize(self.text.len(), end);
    }

    /// Whether a character of the original begins at a place, or the text ends there.
    fn begins(&self, place: usize) -> bool {
        place == 0 || place >= self.text.len() || self.starts[place] != self.starts[place - 1]
    }
}
