//! Long work: answered in lines of JSON while it runs, and stopped when nobody reads them any more.
//!
//! The answer's body owns the work and drives it: there is no task to forget, and a client that goes away
//! ends it. What is answered before the first line is a failure's proper status.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::maintenance::{Progress, WorkLine};
use http_body::Frame;
use serde::Serialize;
use tokio::sync::mpsc;

use crate::failure::Failure;

/// Lines of progress that may wait for the reader; more are left out.
const WAITING_COUNT_MAX: usize = 64;

/// Tells how far the work is.
#[derive(Clone)]
pub(crate) struct Reporter(mpsc::Sender<Progress>);

impl Reporter {
    /// Tells it; left out when too much waits to be read.
    pub(crate) fn tell(&self, done: u64, total: u64) {
        let _left_out = self.0.try_send(Progress { done, total });
    }
}

/// Runs the work as the answer's body.
pub(crate) async fn answer<T, F>(work: impl FnOnce(Reporter) -> F) -> Response
where
    T: Serialize + Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let (sender, progress) = mpsc::channel(WAITING_COUNT_MAX);
    let work: Work<T> = Box::pin(work(Reporter(sender)));
    let mut body = WorkBody { progress, work: Some(work), done: None, first: None };
    match poll_fn(|context| body.poll_event(context)).await {
        Some(Event::Done(Err(failure))) => return failure.into_response(),
        Some(event) => body.first = Some(line(event)),
        None => {}
    }
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::new(body)).into_response()
}

type Work<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

enum Event<T> {
    Progress(Progress),
    Done(Result<T, Failure>),
}

struct WorkBody<T> {
    progress: mpsc::Receiver<Progress>,
    work: Option<Work<T>>,
    done: Option<Result<T, Failure>>,
    first: Option<Bytes>,
}

// The work is pinned by its box; nothing else of the body is.
impl<T> Unpin for WorkBody<T> {}

impl<T> WorkBody<T> {
    /// The next thing to tell: progress as long as there is some, then the end.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Event<T>>> {
        if let Some(work) = &mut self.work
            && let Poll::Ready(done) = work.as_mut().poll(context)
        {
            self.work = None;
            self.done = Some(done);
        }
        match self.progress.poll_recv(context) {
            Poll::Ready(Some(progress)) => Poll::Ready(Some(Event::Progress(progress))),
            Poll::Ready(None) => Poll::Ready(self.done.take().map(Event::Done)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T: Serialize> HttpBody for WorkBody<T> {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        self.poll_event(context).map(|event| event.map(|event| Ok(Frame::data(line(event)))))
    }
}

fn line<T: Serialize>(event: Event<T>) -> Bytes {
    let line = match event {
        Event::Progress(progress) => WorkLine::Progress(progress),
        Event::Done(Ok(result)) => WorkLine::Result(result),
        Event::Done(Err(failure)) => {
            tracing::error!(cause = failure.cause(), "long work failed after it had begun to answer");
            WorkLine::Error(failure.into_body().error)
        }
    };
    let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
    bytes.push(b'\n');
    bytes.into()
}

#[cfg(test)]
mod tests {
    use dreamkeeper_api::error::ErrorCode;
    use http_body_util::BodyExt;

    use super::*;

    async fn check<F>(work: impl FnOnce(Reporter) -> F, expected: (u16, &[&str]))
    where
        F: Future<Output = Result<u8, Failure>> + Send + 'static,
    {
        let response = answer(work).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let lines: Vec<&str> = std::str::from_utf8(&body).unwrap().lines().collect();
        assert_eq!(status, expected.0, "{lines:?}");
        assert_eq!(lines.len(), expected.1.len(), "{lines:?}");
        for (line, part) in lines.iter().zip(expected.1) {
            assert!(line.contains(part), "{line} lacks {part}");
        }
    }

    fn failure() -> Failure {
        Failure::new(ErrorCode::Unavailable, "asleep")
    }

    #[tokio::test]
    async fn progress_comes_before_the_result() {
        let work = |reporter: Reporter| async move {
            reporter.tell(1, 2);
            tokio::task::yield_now().await;
            reporter.tell(2, 2);
            Ok(7)
        };
        check(work, (200, &[r#"{"progress":{"done":1,"total":2}}"#, "progress", r#"{"result":7}"#])).await;
    }

    #[tokio::test]
    async fn a_failure_at_once_has_its_status_and_a_late_one_its_line() {
        check(|_| async { Err(failure()) }, (503, &["unavailable"])).await;
        let late = |reporter: Reporter| async move {
            reporter.tell(1, 2);
            Err(failure())
        };
        check(late, (200, &["progress", r#"{"error":{"code":"unavailable""#])).await;
    }

    #[tokio::test]
    async fn a_reader_that_goes_away_ends_the_work() {
        let (alive, mut ended) = tokio::sync::oneshot::channel::<()>();
        let work = |reporter: Reporter| async move {
            let _alive = alive;
            reporter.tell(1, 2);
            std::future::pending::<Result<u8, Failure>>().await
        };
        let response = answer(work).await;
        assert_eq!(ended.try_recv(), Err(tokio::sync::oneshot::error::TryRecvError::Empty));
        drop(response);
        assert_eq!(ended.try_recv(), Err(tokio::sync::oneshot::error::TryRecvError::Closed));
    }
}
