//! A tiny HTTP/1.1 server on loopback that answers as a test tells it, for adapters of remote models.
//!
//! One request a connection; nothing of it is fit for anything but tests. It needs a tokio runtime.

mod serving;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// One request as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body, whether it came with a length or in chunks.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }
}

/// What the server does with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Answers with a status, headers beside length and type, and a body.
    Full {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Answers 200 with these chunks, one after the other, as an event stream does.
    Stream(Vec<String>),
    /// Answers 200 with these chunks and a pause after each, as a server that is slower than anyone waits for.
    Drip {
        /// The content type.
        kind: &'static str,
        /// The chunks.
        chunks: Vec<String>,
        /// The pause after each.
        pause: Duration,
    },
    /// Promises more bytes than it sends, then hangs up.
    Truncated(Vec<u8>),
    /// Hangs up without a word.
    HangUp,
    /// Never answers and keeps the connection open.
    Silence,
}

impl Answer {
    /// 200 with a JSON body.
    pub fn json(body: &serde_json::Value) -> Self {
        Self::status(200, body.to_string())
    }

    /// A status with a body, which may be no JSON at all.
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Full { status, headers: Vec::new(), body: body.into() }
    }

    /// The same answer with one more header; only a full answer has any.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Full { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// The server; it stops when dropped.
#[derive(Debug)]
pub struct HttpScript {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
    accepting: JoinHandle<()>,
}

type Respond = dyn Fn(&HttpRequest) -> Answer + Send + Sync;

impl HttpScript {
    /// A server that gives these answers in order, and 500 once they are used up.
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Mutex<VecDeque<Answer>> = Mutex::new(answers.into_iter().collect());
        let next = move |_: &HttpRequest| {
            let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            next.unwrap_or_else(|| Answer::status(500, "the script has no further answer"))
        };
        Self::responding(next).await
    }

    /// A server that works each answer out from the request.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub async fn responding(respond: impl Fn(&HttpRequest) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let accepting = tokio::spawn(serving::accept(listener, Arc::new(respond), Arc::clone(&requests)));
        Self { address, requests, accepting }
    }

    /// `http://127.0.0.1:PORT` and a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order they came.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for HttpScript {
    fn drop(&mut self) {
        // The accepting task owns the connections: they end with it.
        self.accepting.abort();
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    async fn ask(server: &HttpScript, request: &str) -> String {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn answers_come_in_order_and_requests_are_kept() {
        let answers = [Answer::json(&serde_json::json!({"one": 1})), Answer::status(429, "slow down")];
        let server = HttpScript::answering(answers).await;
        let post = "POST /v1/embeddings?a=b HTTP/1.1\r\nX-Key: k\r\nContent-Length: 4\r\n\r\n[42]";
        assert!(ask(&server, post).await.ends_with("\r\n\r\n{\"one\":1}"));
        let chunked = "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[4\r\n2\r\n2]\r\n0\r\n\r\n";
        assert!(ask(&server, chunked).await.starts_with("HTTP/1.1 429 "));
        assert!(ask(&server, "GET / HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 500 "));
        let requests = server.requests();
        assert_eq!(requests[0].target, "/v1/embeddings?a=b");
        assert_eq!(requests[0].header("x-key"), Some("k"));
        assert_eq!((requests[0].json(), requests[1].json()), ([42].into(), [42].into()));
        assert_eq!(requests.len(), 3);
    }

    #[tokio::test]
    async fn it_can_stream_truncate_and_hang_up() {
        let chunks = vec!["data: a\n\n".to_owned(), "data: b\n\n".to_owned()];
        let answers = [Answer::Stream(chunks), Answer::Truncated(b"{".to_vec()), Answer::HangUp];
        let server = HttpScript::answering(answers).await;
        let get = "GET / HTTP/1.1\r\n\r\n";
        assert!(ask(&server, get).await.ends_with("9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n0\r\n\r\n"));
        assert!(ask(&server, get).await.ends_with("content-length: 2\r\n\r\n{"));
        assert_eq!(ask(&server, get).await, "");
    }
}
