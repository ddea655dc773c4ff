//! Reads one JSON object or array the way models write them, and says what it overlooked.

use dreamkeeper_domain::limits::JSON_DEPTH_MAX;
use serde_json::{Map, Number, Value};

use super::{NotJson, Repair};

/// A value, where it ends, and what was overlooked.
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) repairs: Vec<Repair>,
    pub(super) end: usize,
}

/// Why nothing can be read at a place.
pub(super) struct Unreadable {
    pub(super) error: NotJson,
    /// Whether it was JSON all the same: then what stands inside of it is a fragment and no answer.
    pub(super) is_json: bool,
    /// Where to look on, if it was prose.
    pub(super) next: usize,
}

/// Reads the object or array that begins at a byte.
pub(super) fn read(text: &str, start: usize) -> Result<Read, Unreadable> {
    let mut reader = Reader { text, at: start, depth: 0, named: false, repairs: Vec::new() };
    let unreadable =
        |error, is_json, next: usize| Err(Unreadable { error, is_json, next: next.max(start + 1) });
    match reader.value() {
        Ok(value) => Ok(Read { value, repairs: reader.repairs, end: reader.at }),
        Err(Stop::Unfinished(Some(value))) => {
            reader.note(Repair::ClosedBrackets);
            Ok(Read { value, repairs: reader.repairs, end: text.len() })
        }
        Err(Stop::Unfinished(None)) => {
            unreadable(NotJson::Broken { at: start, stuck: text.len() }, reader.named, text.len())
        }
        Err(Stop::Stuck) => {
            unreadable(NotJson::Broken { at: start, stuck: reader.at }, reader.named, reader.at)
        }
        Err(Stop::TooDeep) => unreadable(NotJson::TooDeep { at: start }, true, reader.at),
    }
}

/// Why a value is not whole.
enum Stop {
    /// The text ended. What was whole of an object or array up to there comes along.
    Unfinished(Option<Value>),
    /// A character that no value has here.
    Stuck,
    TooDeep,
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
    depth: usize,
    /// Whether a name in double quotes with a colon was met, which prose hardly ever has.
    named: bool,
    repairs: Vec<Repair>,
}

impl Reader<'_> {
    fn note(&mut self, repair: Repair) {
        if !self.repairs.contains(&repair) {
            self.repairs.push(repair);
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next character that is neither white space nor comment.
    fn next_sign(&mut self) -> Option<char> {
        loop {
            self.at += self.rest().len() - self.rest().trim_start().len();
            let comment = if self.rest().starts_with("//") {
                self.rest().find('\n').unwrap_or(self.rest().len())
            } else if self.rest().starts_with("/*") {
                self.rest().find("*/").map_or(self.rest().len(), |end| end + 2)
            } else {
                return self.peek();
            };
            self.at += comment;
            self.note(Repair::DroppedComment);
        }
    }

    fn value(&mut self) -> Result<Value, Stop> {
        match self.next_sign().ok_or(Stop::Unfinished(None))? {
            '{' => self.nested(Self::object),
            '[' => self.nested(Self::array),
            quote @ ('"' | '\'' | '“') => self.string(quote).map(Value::String),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Stop>) -> Result<Value, Stop> {
        if self.depth == JSON_DEPTH_MAX {
            return Err(Stop::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, Stop> {
        let mut fields = Map::new();
        loop {
            match self.separator('}', fields.is_empty()) {
                Ok(true) => return Ok(Value::Object(fields)),
                Ok(false) => {}
                Err(stop) => return Err(with_whole(stop, Value::Object(fields))),
            }
            match self.field() {
                Ok((name, value)) => {
                    fields.insert(name, value);
                }
                Err((name, stop)) => {
                    let stop = self.kept_part(stop, |part| {
                        if let Some(name) = name {
                            fields.insert(name, part);
                        }
                    });
                    return Err(with_whole(stop, Value::Object(fields)));
                }
            }
        }
    }

    fn array(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            match self.separator(']', items.is_empty()) {
                Ok(true) => return Ok(Value::Array(items)),
                Ok(false) => {}
                Err(stop) => return Err(with_whole(stop, Value::Array(items))),
            }
            match self.value() {
                Ok(item) => items.push(item),
                Err(stop) => {
                    let stop = self.kept_part(stop, |part| items.push(part));
                    return Err(with_whole(stop, Value::Array(items)));
                }
            }
        }
    }

    /// Passes what stands before an element or the end; whether it was the end.
    fn separator(&mut self, close: char, is_first: bool) -> Result<bool, Stop> {
        let mut commas = 0;
        loop {
            match self.next_sign().ok_or(Stop::Unfinished(None))? {
                ',' => {
                    commas += 1;
                    self.at += 1;
                    if is_first || commas > 1 {
                        self.note(Repair::RemovedComma);
                    }
                }
                sign if sign == close => {
                    self.at += 1;
                    if commas > 0 {
                        self.note(Repair::RemovedComma);
                    }
                    return Ok(true);
                }
                _ => {
                    if commas == 0 && !is_first {
                        self.note(Repair::AddedComma);
                    }
                    return Ok(false);
                }
            }
        }
    }

    /// A name and its value; with a failure in the value the name comes along.
    fn field(&mut self) -> Result<(String, Value), (Option<String>, Stop)> {
        let quoted = self.peek() == Some('"');
        let name = self.name().map_err(|stop| (None, stop))?;
        match self.next_sign() {
            Some(':') => {
                self.at += 1;
                self.named |= quoted;
            }
            Some(_) => return Err((None, Stop::Stuck)),
            None => return Err((None, Stop::Unfinished(None))),
        }
        match self.value() {
            Ok(value) => Ok((name, value)),
            Err(stop) => Err((Some(name), stop)),
        }
    }

    fn name(&mut self) -> Result<String, Stop> {
        match self.peek() {
            Some(quote @ ('"' | '\'' | '“')) => self.string(quote),
            _ => {
                let plain = |letter: char| !(letter.is_alphanumeric() || "_-$".contains(letter));
                let end = self.rest().find(plain).ok_or(Stop::Unfinished(None))?;
                if end == 0 {
                    return Err(Stop::Stuck);
                }
                let name = self.rest()[..end].to_owned();
                self.at += end;
                self.note(Repair::Requoted);
                Ok(name)
            }
        }
    }

    /// What was whole of a nested value when the text ended is kept; anything less is dropped, and said so.
    fn kept_part(&mut self, stop: Stop, keep: impl FnOnce(Value)) -> Stop {
        match stop {
            Stop::Unfinished(Some(part)) => {
                keep(part);
                Stop::Unfinished(None)
            }
            Stop::Unfinished(None) => {
                self.note(Repair::DroppedUnfinished);
                Stop::Unfinished(None)
            }
            other => other,
        }
    }

    fn string(&mut self, quote: char) -> Result<String, Stop> {
        let close = if quote == '“' { '”' } else { quote };
        if quote != '"' {
            self.note(Repair::Requoted);
        }
        self.at += quote.len_utf8();
        let mut string = String::new();
        loop {
            let letter = self.peek().ok_or(Stop::Unfinished(None))?;
            self.at += letter.len_utf8();
            match letter {
                '\\' => self.escape(&mut string)?,
                _ if letter == close => return Ok(string),
                _ => {
                    if letter < ' ' {
                        self.note(Repair::EscapedControl);
                    }
                    string.push(letter);
                }
            }
        }
    }

    fn escape(&mut self, string: &mut String) -> Result<(), Stop> {
        let letter = self.peek().ok_or(Stop::Unfinished(None))?;
        self.at += letter.len_utf8();
        let meant = match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(string),
            _ => {
                self.note(Repair::MendedEscape);
                // A quote needs no backslash in a string of the other kind; elsewhere it was meant.
                if letter != '\'' {
                    string.push('\\');
                }
                letter
            }
        };
        string.push(meant);
        Ok(())
    }

    /// The four digits after `\u`, with those of its other half where it is the first of two.
    fn code_point(&mut self, string: &mut String) -> Result<(), Stop> {
        let Some(first) = self.four_digits()? else {
            self.note(Repair::MendedEscape);
            string.push_str("\\u");
            return Ok(());
        };
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first) {
            if "\\u".starts_with(self.rest()) {
                return Err(Stop::Unfinished(None));
            }
            if self.rest().starts_with("\\u") {
                let before = self.at;
                self.at += 2;
                match self.four_digits()? {
                    Some(second) if (0xDC00..0xE000).contains(&second) => units.push(second),
                    _ => self.at = before,
                }
            }
        }
        for unit in char::decode_utf16(units) {
            string.push(unit.unwrap_or_else(|_| {
                self.note(Repair::MendedEscape);
                char::REPLACEMENT_CHARACTER
            }));
        }
        Ok(())
    }

    fn four_digits(&mut self) -> Result<Option<u16>, Stop> {
        let digits: String = self.rest().chars().take(4).take_while(char::is_ascii_hexdigit).collect();
        if digits.len() < 4 {
            let ended = self.rest().len() == digits.len();
            return if ended { Err(Stop::Unfinished(None)) } else { Ok(None) };
        }
        self.at += 4;
        Ok(u16::from_str_radix(&digits, 16).ok())
    }

    /// A number, or one of the words; anything else has no value that could be told without guessing.
    fn word(&mut self) -> Result<Value, Stop> {
        let ends = |letter: char| letter.is_whitespace() || ",]}:{[\"'/".contains(letter);
        // At the text's end `12` may be the beginning of `123`, and `tru` of `true`.
        let end = self.rest().find(ends).ok_or(Stop::Unfinished(None))?;
        let word = &self.rest()[..end];
        let known = match word {
            "true" => Some((Value::Bool(true), false)),
            "false" => Some((Value::Bool(false), false)),
            "null" => Some((Value::Null, false)),
            "True" | "TRUE" => Some((Value::Bool(true), true)),
            "False" | "FALSE" => Some((Value::Bool(false), true)),
            "None" | "NULL" | "Null" | "undefined" | "NaN" => Some((Value::Null, true)),
            number => serde_json::from_str::<Number>(number).ok().map(|number| (number.into(), false)),
        };
        let (value, reworded) = known.ok_or(Stop::Stuck)?;
        if reworded {
            self.note(Repair::Reworded);
        }
        self.at += end;
        Ok(value)
    }
}

/// An object or array that the text's end cut off, with what was whole of it.
fn with_whole(stop: Stop, whole: Value) -> Stop {
    match stop {
        Stop::Unfinished(_) => Stop::Unfinished(Some(whole)),
        other => other,
    }
}
