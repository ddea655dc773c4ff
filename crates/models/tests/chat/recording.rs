//! Recordings: what was answered once is answered again, without the model.

use dreamkeeper_domain::ports::PortErrorKind;
use dreamkeeper_models::{RecordingChat, RecordingError, ReplayedChat};
use dreamkeeper_testkit::{Fault, ModelReply, ScriptedChat};

use super::*;

#[tokio::test]
async fn what_was_recorded_is_replayed_in_order_and_errors_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    let limit = ModelReply::Fails { status: 429, retry_after: Some(7), message: "later".to_owned() };
    let replies = [
        ModelReply::text("first"),
        ModelReply::text("second"),
        Fault::TruncatedJson.spoil(ModelReply::text("{\"a\": \"ü\n\"}")),
        limit,
    ];
    let model = Arc::new(ScriptedChat::answering(replies));
    let recording = RecordingChat::new(model, &path).unwrap();
    let requests = [request("a", None), request("a", None), request("b", Some(schema())), request("c", None)];
    let mut recorded = Vec::new();
    for request in &requests {
        recorded.push(recording.complete(request).await);
    }
    let replayed = ReplayedChat::open(&path).unwrap();
    assert_eq!(replayed.identity(), "scripted/chat");
    for (request, expected) in requests.iter().zip(&recorded) {
        let found = replayed.complete(request).await;
        assert_eq!(&found, expected, "{request:?}");
        if let (Err(found), Err(expected)) = (found, expected) {
            assert_eq!(found.retry_after, expected.retry_after);
        }
    }
    let once_more = replayed.complete(&requests[0]).await.unwrap();
    assert_eq!(once_more.text, "second", "the last answer stays");
}

#[tokio::test]
async fn a_request_that_was_never_recorded_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    RecordingChat::new(Arc::new(ScriptedChat::answering([])), &path).unwrap();
    let replayed = ReplayedChat::open(&path).unwrap();
    let error = replayed.complete(&request("who is Ana?", None)).await.unwrap_err();
    assert_eq!((error.kind, error.temporary), (PortErrorKind::Refused, false));
    for part in ["calls.jsonl", "who is Ana?", "record it again"] {
        assert!(error.message.contains(part), "{error}");
    }
}

#[test]
fn a_file_that_is_no_recording_is_refused_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    assert!(matches!(ReplayedChat::open(&path), Err(RecordingError::File { .. })));
    std::fs::write(&path, "\n{\"digest\": 1}\n").unwrap();
    let error = ReplayedChat::open(&path).err().unwrap();
    assert!(matches!(error, RecordingError::Line { number: 2, .. }), "{error}");
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_recording_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.jsonl");
    RecordingChat::new(Arc::new(ScriptedChat::answering([])), &path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
