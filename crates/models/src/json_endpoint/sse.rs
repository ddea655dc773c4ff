//! Reads an event stream (`text/event-stream`) from bytes as they come. Knows nothing of what events say.

/// One event: its name (`message` where it has none) is not told, because the data of both wires names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The data lines, joined by line feeds.
    pub(crate) data: String,
}

/// Keeps what is not a whole line yet, and the lines of the event that is not whole yet.
#[derive(Debug, Default)]
pub(super) struct Reader {
    line: Vec<u8>,
    after_return: bool,
    data: Option<String>,
}

impl Reader {
    /// The events that these bytes complete.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for &byte in bytes {
            // A line ends with a carriage return, a line feed, or both; both may come in two pieces.
            let second_half = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                b'\n' if second_half => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        events
    }

    /// The last event of a stream that ends without the empty line that should follow it.
    pub(super) fn finish(mut self) -> Option<Event> {
        let before = self.end_line();
        before.or_else(|| self.data.take().map(|data| Event { data }))
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        if line.is_empty() {
            return self.data.take().map(|data| Event { data });
        }
        // Comments (pings) begin with a colon; names, ids and waits are of no use here.
        if let Some(value) = line.strip_prefix("data:") {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole, and byte by byte: where a piece ends makes no difference.
    fn check(stream: &str, expected: &[&str]) {
        for size in [1, 2, 3, stream.len().max(1)] {
            let mut reader = Reader::default();
            let mut events: Vec<Event> =
                stream.as_bytes().chunks(size).flat_map(|piece| reader.read(piece)).collect();
            events.extend(reader.finish());
            let found: Vec<&str> = events.iter().map(|event| event.data.as_str()).collect();
            assert_eq!(found, expected, "{stream:?} in pieces of {size}");
        }
    }

    #[test]
    fn events_end_with_an_empty_line_however_lines_end() {
        check("data: a\n\ndata: b\n\n", &["a", "b"]);
        check("data: a\r\n\r\ndata: b\r\r", &["a", "b"]);
        check("event: x\ndata:{\"é\":1}\nid: 7\n\n", &["{\"é\":1}"]);
    }

    #[test]
    fn data_lines_join_and_comments_are_passed_over() {
        check(": ping\n\ndata: a\ndata: b\n: ping\n\n", &["a\nb"]);
        check("data:  two spaces\n\n", &[" two spaces"]);
    }

    #[test]
    fn the_last_event_may_lack_its_empty_line() {
        check("data: a\n\ndata: b", &["a", "b"]);
        check("data: a\n\ndata: b\n", &["a", "b"]);
        check("", &[]);
    }
}
