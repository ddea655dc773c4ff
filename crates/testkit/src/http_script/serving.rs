//! The wire: reading one request, writing one answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Answer, HttpRequest, Respond};

pub(super) async fn accept(
    listener: TcpListener,
    respond: Arc<Respond>,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (respond, requests) = (Arc::clone(&respond), Arc::clone(&requests));
        connections.spawn(async move {
            // A client may go away at any moment; what it asked is recorded, and that is all a test needs.
            let _ = serve(stream, &*respond, &requests).await;
        });
    }
}

async fn serve(
    stream: TcpStream,
    respond: &Respond,
    requests: &Mutex<Vec<HttpRequest>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let Some(request) = read_request(&mut stream).await? else { return Ok(()) };
    let answer = {
        // Under one lock, so that answers are given in the order that requests are recorded.
        let mut requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.clone());
        respond(&request)
    };
    write_answer(stream.get_mut(), answer).await
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<HttpRequest>> {
    let mut request = HttpRequest::default();
    let first = read_line(stream).await?;
    let mut words = first.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    (request.method, request.target) = (method.to_owned(), target.to_owned());
    loop {
        let line = read_line(stream).await?;
        let Some((name, value)) = line.split_once(':') else { break };
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    if request.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        while let length @ 1.. = usize::from_str_radix(&read_line(stream).await?, 16).unwrap_or(0) {
            read_body(stream, length, &mut request.body).await?;
            read_line(stream).await?;
        }
    } else {
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        read_body(stream, length, &mut request.body).await?;
    }
    Ok(Some(request))
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line.trim_end().to_owned())
}

async fn read_body(
    stream: &mut BufReader<TcpStream>,
    length: usize,
    body: &mut Vec<u8>,
) -> std::io::Result<()> {
    let start = body.len();
    body.resize(start + length, 0);
    stream.read_exact(&mut body[start..]).await.map(|_| ())
}

async fn write_answer(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Full { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\n");
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                head.push_str("content-type: application/json\r\n");
            }
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Answer::Stream(chunks) => write_chunks(stream, "text/event-stream", chunks, Duration::ZERO).await,
        Answer::Drip { kind, chunks, pause } => write_chunks(stream, kind, chunks, pause).await,
        Answer::Truncated(body) => {
            let head = format!(
                "HTTP/1.1 200 Scripted\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len() + 1
            );
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Answer::HangUp => Ok(()),
        Answer::Silence => std::future::pending().await,
    }
}

async fn write_chunks(
    stream: &mut TcpStream,
    kind: &str,
    chunks: Vec<String>,
    pause: Duration,
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 Scripted\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    for chunk in chunks {
        stream.write_all(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes()).await?;
        stream.flush().await?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    stream.write_all(b"0\r\n\r\n").await
}
