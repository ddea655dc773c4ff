//! Failures: what is tried again, how long it takes, what the error says, and what it never says.

use std::time::Instant;

use dreamkeeper_domain::ports::PortErrorKind;
use dreamkeeper_models::{ConnectChatError, EndpointError};

use super::*;

#[tokio::test]
async fn what_the_server_asks_to_be_repeated_is_repeated() {
    for wire in WIRES {
        for status in [408, 429, 500, 502, 503, 504, 529] {
            let (outcome, bodies) = call(wire, vec![refusal(status, "later", ""), good(wire)], |_| ()).await;
            assert!(outcome.is_ok(), "{status}: {outcome:?}");
            assert_eq!(bodies.len(), 2, "{status}");
        }
        let answers = (0..9).map(|_| refusal(503, "later", "")).collect();
        let (outcome, bodies) = call(wire, answers, |_| ()).await;
        let error = outcome.unwrap_err();
        assert!(error.temporary && error.message.contains("3 attempts"), "{error}");
        assert_eq!(bodies.len(), 3);
    }
}

#[tokio::test]
async fn a_call_that_was_cut_off_may_have_been_paid_for_and_is_not_repeated() {
    for wire in WIRES {
        for first in [Answer::HangUp, Answer::Truncated(b"{".to_vec()), Answer::Silence] {
            let answers = vec![first.clone(), good(wire)];
            let (outcome, bodies) =
                call(wire, answers, |settings| settings.timeout = Duration::from_millis(200)).await;
            let error = outcome.unwrap_err();
            assert_eq!((error.kind, error.temporary), (PortErrorKind::Unavailable, true), "{error}");
            assert_eq!(bodies.len(), 1, "{first:?}");
        }
    }
}

#[tokio::test]
async fn the_wait_that_is_asked_for_is_kept_and_one_too_long_is_handed_up() {
    let later =
        |seconds| vec![refusal(429, "later", "").header("retry-after", seconds), good(ChatWire::OpenAi)];
    let begun = Instant::now();
    let (outcome, _) = call(ChatWire::OpenAi, later("0.09"), |_| ()).await;
    outcome.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(90), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let (outcome, bodies) = call(ChatWire::OpenAi, later("60"), |_| ()).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(60)), "{error}");
    assert_eq!((error.kind, bodies.len()), (PortErrorKind::Overloaded, 1));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let (outcome, _) = call(ChatWire::OpenAi, later("Wed, 21 Oct 2026 07:28:00 GMT"), |_| ()).await;
    assert!(outcome.is_ok(), "a date is no number: it is tried again after the usual wait");
}

#[tokio::test]
async fn a_failure_told_inside_an_answer_is_one() {
    let overloaded = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let rate = json!({"error": {"code": 429, "message": "Rate limit"}});
    let key = json!({"error": {"type": "authentication_error", "message": format!("bad key {KEY}")}});
    let cases = [
        (overloaded, PortErrorKind::Unavailable, "Overloaded"),
        (rate, PortErrorKind::Overloaded, "Rate limit"),
        (key, PortErrorKind::Refused, "check the key"),
    ];
    for wire in WIRES {
        for (body, kind, says) in &cases {
            let start = r#"data: {"type":"ping","choices":[]}"#;
            let streamed =
                Answer::Stream(vec![format!("{start}\n\n"), format!("event: error\ndata: {body}\n\n")]);
            for (answer, stream) in [(Answer::json(body), false), (streamed, true)] {
                let (outcome, bodies) =
                    call(wire, vec![answer.clone(); 3], |settings| settings.stream = stream).await;
                let error = outcome.unwrap_err();
                assert_eq!(error.kind, *kind, "{error}");
                assert!(error.message.contains(says), "{error}");
                assert_eq!(bodies.len(), if error.temporary { 3 } else { 1 }, "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up_before_the_whole_time() {
    let chunks = vec!["data: {\"choices\":[]}\n\n".to_owned(), "data: [DONE]\n\n".to_owned()];
    let drip = Answer::Drip { kind: "text/event-stream", chunks, pause: Duration::from_secs(60) };
    let begun = Instant::now();
    let (outcome, _) = call(ChatWire::OpenAi, vec![drip], |settings| {
        settings.stream = true;
        settings.timeout = Duration::from_secs(30);
        settings.idle_timeout = Duration::from_millis(100);
    })
    .await;
    let error = outcome.unwrap_err();
    assert!(error.temporary && error.message.contains("fell silent for 100 ms"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_stream_that_drips_is_given_up_at_the_whole_time() {
    let chunks = (0..10_000).map(|_| ": ping\n\n".to_owned()).collect();
    let drip = Answer::Drip { kind: "text/event-stream", chunks, pause: Duration::from_millis(10) };
    let (outcome, _) = call(ChatWire::Anthropic, vec![drip], |settings| {
        settings.stream = true;
        settings.timeout = Duration::from_millis(300);
        settings.idle_timeout = Duration::from_millis(200);
    })
    .await;
    let error = outcome.unwrap_err();
    assert!(error.temporary && error.message.contains("within 300 ms; raise the timeout"), "{error}");
}

#[tokio::test]
async fn an_answer_over_its_bound_is_not_read_to_the_end() {
    for wire in WIRES {
        for stream in [false, true] {
            let chunks = vec![format!("data: {}\n\n", "x".repeat(900)); 20];
            let answer = if stream { Answer::Stream(chunks) } else { Answer::status(200, chunks.concat()) };
            let (outcome, _) = call(wire, vec![answer], |settings| {
                settings.stream = stream;
                settings.answer_bytes_max = 10_000;
            })
            .await;
            let error = outcome.unwrap_err();
            assert_eq!(error.kind, PortErrorKind::BadAnswer, "{error}");
            assert!(error.message.contains("more than 10000 bytes"), "{error}");
        }
    }
}

#[tokio::test]
async fn keys_stay_out_of_errors() {
    let quoting = format!("Incorrect API key provided: {KEY} by {HEADER_KEY}.");
    for wire in WIRES {
        // `call` looks for the keys in every error.
        let (outcome, _) = call(wire, vec![refusal(401, &quoting, "")], |_| ()).await;
        assert!(outcome.unwrap_err().message.contains("******** by ********"));
        let garbled = vec![Answer::status(200, quoting.clone())];
        let (outcome, _) = call(wire, garbled, |_| ()).await;
        assert_eq!(outcome.unwrap_err().kind, PortErrorKind::BadAnswer);
    }
    assert!(!format!("{:?}", settings("http://localhost/v1")).contains("secret"));
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_anything_is_sent() {
    for wire in WIRES {
        let connect = |change: fn(&mut ChatSettings)| {
            let mut settings = settings("http://localhost:1/v1");
            change(&mut settings);
            connect_chat(wire, settings).err().unwrap()
        };
        assert!(matches!(connect(|it| it.model = " ".to_owned()), ConnectChatError::ModelMissing));
        assert!(matches!(connect(|it| it.timeout = Duration::ZERO), ConnectChatError::NoTime));
        let key = connect(|it| it.key = Some(Secret::new("two\nlines")));
        assert!(matches!(key, ConnectChatError::Endpoint(EndpointError::Key)), "{key}");
        let header = connect(|it| it.headers = vec![("x y".to_owned(), Secret::new("z"))]);
        assert!(header.to_string().contains("\"x y\""), "{header}");
    }
}
