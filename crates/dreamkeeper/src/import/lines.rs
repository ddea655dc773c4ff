//! Lines of a file, bounded: a line too long is passed over without being held in memory.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::found::Place;

/// Bytes of one line; the longest message is 1 MiB, and JSON may write each byte as six.
const LINE_BYTES_MAX: usize = 16 << 20;

/// The lines of a source, numbered.
pub(crate) struct Lines<R> {
    reader: R,
    file: Arc<str>,
    number: u64,
}

/// One line, or why it cannot be read.
pub(crate) type Line = Result<String, String>;

impl<R: BufRead> Lines<R> {
    /// The lines of `reader`, told as those of `file`.
    pub(crate) fn new(reader: R, file: &str) -> Self {
        Self { reader, file: file.into(), number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let mut dropped = 0;
        loop {
            let available = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                if line.is_empty() && dropped == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let piece = &available[..end.unwrap_or(available.len())];
            if line.len() + piece.len() > LINE_BYTES_MAX {
                dropped += line.len() + piece.len();
                line.clear();
            } else if dropped > 0 {
                dropped += piece.len();
            } else {
                line.extend_from_slice(piece);
            }
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        self.number += 1;
        if dropped > 0 {
            return Ok(Some(Err(format!("{dropped} bytes, at most {LINE_BYTES_MAX} are read"))));
        }
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(String::from_utf8(line).map_err(|error| {
            format!("not UTF-8 (byte {} of the line)", error.utf8_error().valid_up_to() + 1)
        })))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<(Place, Line)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(None) => None,
            Ok(Some(line)) => {
                let place = Place { file: self.file.clone(), unit: "line", number: self.number };
                Some(Ok((place, line)))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_does_not_stop_the_next() {
        let lines = Lines::new(&b"\xef\xbb\xbfone\n\xff\nthree"[..], "f");
        let read: Vec<(u64, bool)> =
            lines.map(|line| line.unwrap()).map(|(place, line)| (place.number, line.is_ok())).collect();
        assert_eq!(read, [(1, true), (2, false), (3, true)]);
    }
}
