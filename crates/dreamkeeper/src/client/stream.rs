//! Stream: server-sent events, one at a time.

use axum::body::Body;
use http_body_util::BodyExt;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Streamed {
    /// What it is.
    pub(crate) name: String,
    /// What it holds, as JSON.
    pub(crate) data: String,
}

/// A stream that is read as it comes.
pub(crate) struct EventStream {
    body: Body,
    waiting: Vec<u8>,
}

impl EventStream {
    pub(super) fn new(body: Body) -> Self {
        Self { body, waiting: Vec::new() }
    }

    /// The next event; `None` when the server ended the stream.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Streamed>> {
        loop {
            while let Some(end) = self.waiting.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.waiting.drain(..end + 2).collect();
                if let Some(event) = read(&String::from_utf8_lossy(&block)) {
                    return Ok(Some(event));
                }
            }
            let Some(frame) = self.body.frame().await else { return Ok(None) };
            if let Ok(data) = frame?.into_data() {
                self.waiting.extend_from_slice(&data);
            }
        }
    }
}

/// One block of lines; comments and blocks without data are signs of life.
fn read(block: &str) -> Option<Streamed> {
    let (mut name, mut data) = (String::new(), None::<String>);
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => {
                data = Some(match data {
                    Some(before) => format!("{before}\n{value}"),
                    None => value.to_owned(),
                });
            }
            _ => {}
        }
    }
    Some(Streamed { name, data: data? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_events_and_comments_are_none() {
        let event = read("event: decision\nid: 7\ndata: {\"a\":1}\n\n").unwrap();
        assert_eq!((event.name.as_str(), event.data.as_str()), ("decision", "{\"a\":1}"));
        assert_eq!(read(": alive\n\n"), None);
    }
}
