//! Tokens: words with contractions taken apart, numbers and marks, each looked up once in the lexicon.
//!
//! "I'm" is two tokens, "I" and "'m", so that a pattern needs one form only; typed without its apostrophe
//! ("im", "dont") it is taken apart in the same way.

use dreamkeeper_domain::passage::Span;

use super::lexicon::{Class, Lexicon, WordId};

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A word in small letters.
    Lower,
    /// A word with a capital letter first.
    Capital,
    /// Begins with a digit.
    Number,
    /// Punctuation or a symbol.
    Mark,
}

/// One word, number or mark of the message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// As written.
    pub(super) text: &'a str,
    /// Where its first byte stands in the message.
    pub(super) start: usize,
    /// The entry of the lexicon, by its normal form; `WordId::UNKNOWN` where it has none.
    pub(super) word: WordId,
    /// The classes of that entry, one bit each.
    pub(super) classes: u128,
    /// What it looks like.
    pub(super) shape: Shape,
    /// Whether a new line stands between the token before and this one.
    pub(super) on_new_line: bool,
    /// Whether it stands between quotation marks.
    pub(super) is_quoted: bool,
}

impl Token<'_> {
    /// The byte after its last.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is(&self, class: Class) -> bool {
        self.classes & class.bit() != 0
    }

    /// Written with a capital and not one of the words that always are ("I", "Monday").
    pub(super) fn is_name_like(&self) -> bool {
        const FUNCTION_WORDS: u128 = Class::Demonstrative.bit()
            | Class::ThirdPerson.bit()
            | Class::Possessive.bit()
            | Class::OthersPossessive.bit()
            | Class::Article.bit()
            | Class::QuestionWord.bit()
            | Class::Joint.bit()
            | Class::Be.bit();
        self.shape == Shape::Capital && !self.is(Class::NotName) && self.classes & FUNCTION_WORDS == 0
    }

    pub(super) fn is_mark(&self) -> bool {
        self.shape == Shape::Mark
    }
}

/// The span from one token to another, both inside.
pub(super) fn span(first: &Token<'_>, last: &Token<'_>) -> Span {
    Span { start: first.start as u32, end: last.end() as u32 }
}

/// Contractions without their apostrophe, with the length of the first half.
const BARE: [(&str, usize); 16] = [
    ("im", 1),
    ("ive", 1),
    ("dont", 2),
    ("doesnt", 4),
    ("didnt", 3),
    ("cant", 2),
    ("wont", 2),
    ("isnt", 2),
    ("arent", 3),
    ("wasnt", 3),
    ("hes", 2),
    ("shes", 3),
    ("thats", 4),
    ("youre", 3),
    ("theyre", 4),
    ("weve", 2),
];

/// Takes a text apart. Quotation marks switch `is_quoted` until the line's end.
pub(super) fn tokens<'a>(text: &'a str, lexicon: &Lexicon) -> Vec<Token<'a>> {
    let mut cutter = Cutter { text, lexicon, lower: String::new(), tokens: Vec::new(), quoted: false };
    let mut position = 0;
    let mut new_line = true;
    while let Some(first) = text[position..].chars().next() {
        if first.is_whitespace() {
            position += first.len_utf8();
            if first == '\n' {
                new_line = true;
                cutter.quoted = false;
            }
            continue;
        }
        let from = cutter.tokens.len();
        let length = if first.is_alphanumeric() { word_length(&text[position..]) } else { first.len_utf8() };
        if first.is_alphanumeric() {
            cutter.push_word(position, length);
        } else {
            cutter.push_mark(position, length, first);
        }
        if let Some(token) = cutter.tokens.get_mut(from) {
            token.on_new_line = new_line;
        }
        new_line = false;
        position += length;
    }
    cutter.tokens
}

/// Bytes of the word that the text begins with: letters and digits, joined by marks that stand inside words.
fn word_length(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    let mut previous = ' ';
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let inside = match character {
            '\'' | '’' | '-' | '_' | '@' | '&' | '.' => next.is_some_and(char::is_alphanumeric),
            ':' | ',' => previous.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit()),
            '+' | '#' => previous.is_ascii_uppercase() || previous == '+',
            other => other.is_alphanumeric() || is_combining(other),
        };
        if !inside {
            return at;
        }
        previous = character;
    }
    text.len()
}

fn is_combining(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

struct Cutter<'a, 'l> {
    text: &'a str,
    lexicon: &'l Lexicon,
    lower: String,
    tokens: Vec<Token<'a>>,
    quoted: bool,
}

impl<'a> Cutter<'a, '_> {
    fn push_mark(&mut self, start: usize, length: usize, mark: char) {
        match mark {
            '"' if self.text[..start].ends_with(|before: char| before.is_ascii_digit()) && !self.quoted => {}
            '"' => self.quoted = !self.quoted,
            '“' | '«' => self.quoted = true,
            '”' | '»' => self.quoted = false,
            _ => {}
        }
        self.push(start, length, None);
    }

    fn push_word(&mut self, start: usize, length: usize) {
        let word = &self.text[start..start + length];
        match first_half(word) {
            Some(half) if half < length => {
                let second = self.normal_half(start + half, length - half);
                self.push(start, half, full_auxiliary(&word[..half]).map(str::to_owned));
                self.push(start + half, length - half, Some(second));
            }
            _ => self.push(start, length, None),
        }
    }

    /// The second half of a contraction by its full sign: "nt" is "n't", "m" is "'m".
    fn normal_half(&self, start: usize, length: usize) -> String {
        let half = self.text[start..start + length].to_lowercase().replace('’', "'");
        match half.as_str() {
            "nt" => "n't".to_owned(),
            "m" | "ve" | "s" | "re" => format!("'{half}"),
            _ => half,
        }
    }

    fn push(&mut self, start: usize, length: usize, normal: Option<String>) {
        let text = &self.text[start..start + length];
        self.lower.clear();
        match normal {
            Some(normal) => self.lower.push_str(&normal),
            None => self.lower.extend(text.chars().flat_map(char::to_lowercase)),
        }
        let (word, classes) = self.lexicon.look_up(&self.lower);
        let first = text.chars().next().unwrap_or(' ');
        let shape = if first.is_uppercase() {
            Shape::Capital
        } else if first.is_numeric() {
            Shape::Number
        } else if first.is_alphabetic() || (length > 1 && text.is_char_boundary(1)) {
            Shape::Lower
        } else {
            Shape::Mark
        };
        let classes = if shape == Shape::Number { classes | Class::NumberWord.bit() } else { classes };
        let is_quoted = self.quoted;
        self.tokens.push(Token { text, start, word, classes, shape, on_new_line: false, is_quoted });
    }
}

/// "ca" of "can't" is "can", "wo" of "won't" is "will".
fn full_auxiliary(half: &str) -> Option<&'static str> {
    match half.to_ascii_lowercase().as_str() {
        "ca" => Some("can"),
        "wo" => Some("will"),
        _ => None,
    }
}

/// Where a contraction is taken apart; `None` for a word that is none.
fn first_half(word: &str) -> Option<usize> {
    if let Some((_, half)) = BARE.iter().find(|(bare, _)| word.eq_ignore_ascii_case(bare)) {
        return Some(*half);
    }
    let (at, mark) = word.char_indices().rfind(|(_, character)| matches!(character, '\'' | '’'))?;
    let tail = &word[at + mark.len_utf8()..];
    if tail.eq_ignore_ascii_case("t") && word[..at].ends_with(['n', 'N']) {
        return (at > 1).then(|| at - 1);
    }
    let known = ["m", "s", "re", "ve", "ll", "d"].iter().any(|known| tail.eq_ignore_ascii_case(known));
    (known && at > 0).then_some(at)
}
