//! Elements of a JSON array that may be larger than memory, one at a time.
//!
//! Only strings and brackets are followed here; whether an element is sound JSON is for its reader to say,
//! so that a broken one does not hide the next.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::found::Place;

/// Bytes of one element: the longest conversations seen in exports have some tens of MiB.
const ELEMENT_BYTES_MAX: usize = 256 << 20;

/// The elements of the array that a source is, or of the array under one key of the object that it is.
pub(crate) struct Elements<R> {
    reader: R,
    file: Arc<str>,
    unit: &'static str,
    number: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    Done,
}

impl<R: BufRead> Elements<R> {
    /// The elements of `reader`, each a `unit` of `file`.
    pub(crate) fn new(reader: R, file: &str, unit: &'static str) -> Self {
        Self { reader, file: file.into(), unit, number: 0, state: State::Before }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return Ok(other?.first().copied()),
            }
        }
    }

    /// Passes over bytes while they are white space or in `also`; answers the next byte, still unread.
    fn skip(&mut self, also: &[u8]) -> io::Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() && !also.contains(&byte) {
                return Ok(Some(byte));
            }
            self.reader.consume(1);
        }
        Ok(None)
    }

    fn enter(&mut self) -> io::Result<()> {
        match self.skip(b"\xef\xbb\xbf")? {
            Some(b'[') => {
                self.reader.consume(1);
                self.state = State::Inside;
                Ok(())
            }
            Some(b'P') => Err(invalid(
                "this is a zip archive: hand over the JSON inside, `unzip -p FILE conversations.json | dreamkeeper import … -`",
            )),
            // Some exporters write one conversation alone.
            Some(b'{') => {
                self.state = State::Inside;
                Ok(())
            }
            Some(_) => Err(invalid("expected a JSON array of conversations")),
            None => {
                self.state = State::Done;
                Ok(())
            }
        }
    }

    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.state == State::Before {
            self.enter()?;
        }
        if self.state == State::Done {
            return Ok(None);
        }
        match self.skip(b",")? {
            None | Some(b']') => {
                self.state = State::Done;
                Ok(None)
            }
            Some(_) => self.element().map(Some),
        }
    }

    /// Reads up to the comma or bracket that ends the element.
    fn element(&mut self) -> io::Result<Vec<u8>> {
        let mut element = Vec::new();
        let mut scan = Scan::default();
        loop {
            let available = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                self.state = State::Done;
                break;
            }
            let end = available.iter().position(|byte| scan.ends_at(*byte));
            let used = end.unwrap_or(available.len());
            element.extend_from_slice(&available[..used]);
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
            if element.len() > ELEMENT_BYTES_MAX {
                self.state = State::Done;
                return Err(invalid("one conversation is larger than 256 MiB: is this an export?"));
            }
        }
        self.number += 1;
        Ok(element)
    }
}

/// Follows strings and brackets.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    fn ends_at(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => self.depth -= 1,
            b',' | b']' | b'}' if self.depth == 0 => return true,
            _ => {}
        }
        false
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = io::Result<(Place, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(None) => None,
            Ok(Some(element)) => {
                let place = Place { file: self.file.clone(), unit: self.unit, number: self.number };
                Some(Ok((place, element)))
            }
            Err(error) => {
                self.state = State::Done;
                Some(Err(error))
            }
        }
    }
}

fn invalid(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &[&str]) {
        // One byte at a time: no element may depend on where a buffer ends.
        let reader = io::BufReader::with_capacity(1, json.as_bytes());
        let elements: Vec<String> = Elements::new(reader, "f", "conversation")
            .map(|element| String::from_utf8(element.unwrap().1).unwrap().trim().to_owned())
            .collect();
        assert_eq!(elements, expected, "{json}");
    }

    #[test]
    fn elements_come_one_by_one() {
        check(
            r#" [ {"a":[1,{"b":"]},"}]} , {"c":"\"]"} ] "#,
            &[r#"{"a":[1,{"b":"]},"}]}"#, r#"{"c":"\"]"}"#],
        );
        check("[]", &[]);
        check("", &[]);
        check(r#"{"a":1}"#, &[r#"{"a":1}"#]);
        check(r#"[{"a":1},{"cut":"#, &[r#"{"a":1}"#, r#"{"cut":"#]);
    }

    #[test]
    fn a_zip_is_told_how_to_be_opened() {
        let error = Elements::new(&b"PK\x03\x04"[..], "f", "conversation").next().unwrap().unwrap_err();
        assert!(error.to_string().contains("unzip -p"), "{error}");
    }
}
