//! The contract of [`ChatModel`].

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dreamkeeper_domain::ports::{
    AnswerSchema, ChatAnswer, ChatEnd, ChatModel, ChatRequest, ChatRole, ChatTurn, PortError, PortErrorKind,
};
use serde_json::{Value, json};

use crate::chat::{Behaviour, Fault, ModelReply};

/// What a factory is to allow for the whole of a call, so that the suite need not wait long.
pub const CALL_TIMEOUT: Duration = Duration::from_millis(400);
/// What it is to allow between two pieces of an answer.
pub const IDLE_TIMEOUT: Duration = Duration::from_millis(200);
/// How much longer a call may take than it is allowed: the machine is busy.
const SLACK: Duration = Duration::from_secs(5);

/// A model whose other side behaves as the suite says, and what must live as long as the model.
pub struct ChatUnderTest {
    /// The model.
    pub model: Arc<dyn ChatModel>,
    /// A server, for instance.
    pub keep: Box<dyn Any + Send + Sync>,
}

/// Runs every rule. The factory gives a model that makes one attempt, waits no longer than [`CALL_TIMEOUT`]
/// and [`IDLE_TIMEOUT`], and whose other side behaves as it is told.
pub async fn run_all<F>(fresh: impl Fn(Behaviour) -> F)
where
    F: Future<Output = ChatUnderTest>,
{
    use self as rules;
    // Each rule brings its own behaviour, so that the macro of the other suites does not fit.
    macro_rules! run {
        ($($rule:ident),+ $(,)?) => {
            $(
                eprintln!("rule: {}", stringify!($rule));
                rules::$rule(&fresh).await;
            )+
        };
    }
    run!(
        the_identity_names_provider_and_model,
        the_prompt_reaches_the_model_as_it_is,
        an_answer_comes_back_as_it_was_said,
        a_schema_reaches_the_model_and_its_json_comes_back,
        the_end_is_told,
        usage_is_told,
        content_faults_are_answers,
        other_faults_are_errors_of_their_kind,
        concurrent_calls_do_not_mix,
    );
}

/// A request with one turn.
pub fn request(prompt: &str, schema: Option<AnswerSchema>) -> ChatRequest {
    ChatRequest {
        system: "You are terse.".to_owned(),
        turns: vec![ChatTurn { role: ChatRole::User, text: prompt.to_owned() }],
        schema,
        answer_tokens_max: 64,
    }
}

/// A schema in the strict subset.
pub fn schema() -> AnswerSchema {
    let facts = json!({"type": "array", "items": {"type": "string"}});
    let schema = json!({
        "type": "object", "properties": {"facts": facts}, "required": ["facts"], "additionalProperties": false,
    });
    AnswerSchema { name: "facts", schema }
}

fn facts() -> Value {
    json!({"facts": ["Ana lives in Lisbon", "she said \"olá\"\nand left"]})
}

async fn ask(
    fresh: &impl AsyncFactory,
    behaviour: Behaviour,
    request: &ChatRequest,
) -> Result<ChatAnswer, PortError> {
    let under_test = fresh.make(behaviour).await;
    under_test.model.complete(request).await
}

/// A factory as the rules see it.
pub trait AsyncFactory {
    /// A model whose other side behaves so.
    fn make(&self, behaviour: Behaviour) -> impl Future<Output = ChatUnderTest>;
}

impl<F: Future<Output = ChatUnderTest>, M: Fn(Behaviour) -> F> AsyncFactory for M {
    fn make(&self, behaviour: Behaviour) -> impl Future<Output = ChatUnderTest> {
        self(behaviour)
    }
}

fn saying(reply: ModelReply) -> Behaviour {
    Arc::new(move |_| reply.clone())
}

/// It stands in records: two parts, and the same before and after a call.
pub async fn the_identity_names_provider_and_model(fresh: &impl AsyncFactory) {
    let under_test = fresh.make(saying(ModelReply::text("yes"))).await;
    let before = under_test.model.identity().to_owned();
    let (provider, model) = before.split_once('/').expect("provider/model");
    assert!(!provider.is_empty() && !model.is_empty(), "{before}");
    under_test.model.complete(&request("well?", None)).await.expect("the model answers");
    assert_eq!(under_test.model.identity(), before);
}

/// Instructions, every turn in order and word for word, the bound.
pub async fn the_prompt_reaches_the_model_as_it_is(fresh: &impl AsyncFactory) {
    let turn = |role, text: &str| ChatTurn { role, text: text.to_owned() };
    let asked = ChatRequest {
        system: "Be \"exact\".\nAlways 🦀.".to_owned(),
        turns: vec![
            turn(ChatRole::User, "first\u{0}\t{\"a\": 1}"),
            turn(ChatRole::Assistant, "second </s> [INST]"),
            turn(ChatRole::User, "third: 猫"),
        ],
        schema: None,
        answer_tokens_max: 77,
    };
    let expected = asked.clone();
    let behaviour: Behaviour = Arc::new(move |call| {
        let same = call.system == expected.system
            && call.turns == expected.turns
            && call.schema.is_none()
            && call.answer_tokens_max == 77;
        ModelReply::text(if same { "same".to_owned() } else { format!("other: {call:?}") })
    });
    assert_eq!(ask(fresh, behaviour, &asked).await.expect("the model answers").text, "same");
}

/// Word for word, whatever stands in it and however long it is.
pub async fn an_answer_comes_back_as_it_was_said(fresh: &impl AsyncFactory) {
    let texts = [
        "plain".to_owned(),
        " leading and trailing \n".to_owned(),
        "quotes \" \\ \u{1} \r\n data: [DONE]\n\n{\"type\":\"message_stop\"} 🦀 e\u{301}".to_owned(),
        "long ".repeat(20_000),
    ];
    for text in texts {
        let answer = ask(fresh, saying(ModelReply::text(text.as_str())), &request("well?", None)).await;
        let answer = answer.expect("the model answers");
        assert_eq!((answer.text, answer.end), (text, ChatEnd::Complete));
    }
}

/// As JSON, equal to what the model said.
pub async fn a_schema_reaches_the_model_and_its_json_comes_back(fresh: &impl AsyncFactory) {
    let behaviour: Behaviour = Arc::new(|call| {
        let known = call.schema.as_ref() == Some(&schema().schema);
        if known { ModelReply::json(&facts()) } else { ModelReply::text(format!("{:?}", call.schema)) }
    });
    let answer = ask(fresh, behaviour, &request("well?", Some(schema()))).await.expect("the model answers");
    assert_eq!(serde_json::from_str::<Value>(&answer.text).ok(), Some(facts()), "{}", answer.text);
    assert_eq!(answer.end, ChatEnd::Complete);
}

/// With what was said up to then.
pub async fn the_end_is_told(fresh: &impl AsyncFactory) {
    for end in [ChatEnd::Complete, ChatEnd::Length, ChatEnd::Refused] {
        let reply = ModelReply::Says { text: "as far as I".to_owned(), end };
        let answer = ask(fresh, saying(reply), &request("well?", None)).await.expect("the model answers");
        assert_eq!((answer.text.as_str(), answer.end), ("as far as I", end));
    }
    // A thinking model may use its tokens up before the first word.
    let reply = ModelReply::Says { text: String::new(), end: ChatEnd::Length };
    let answer = ask(fresh, saying(reply), &request("well?", None)).await.expect("the model answers");
    assert_eq!((answer.text.as_str(), answer.end), ("", ChatEnd::Length));
}

/// More words, more tokens; never none.
pub async fn usage_is_told(fresh: &impl AsyncFactory) {
    let long = "word ".repeat(200);
    let short = ask(fresh, saying(ModelReply::text("yes")), &request("well?", None)).await;
    let short = short.expect("the model answers").usage;
    let more = ask(fresh, saying(ModelReply::text(long.as_str())), &request(&long, None)).await;
    let more = more.expect("the model answers").usage;
    assert!(short.prompt_tokens > 0 && short.answer_tokens > 0, "{short:?}");
    assert!(more.prompt_tokens > short.prompt_tokens && more.answer_tokens > short.answer_tokens);
}

/// What a model says badly is still what it said: the caller parses, repairs and checks.
pub async fn content_faults_are_answers(fresh: &impl AsyncFactory) {
    let faults = [
        (Fault::TruncatedJson, ChatEnd::Length),
        (Fault::FencedJson, ChatEnd::Complete),
        (Fault::TrailingProse, ChatEnd::Complete),
        (Fault::WrongSchema, ChatEnd::Complete),
        (Fault::NotJson, ChatEnd::Complete),
        (Fault::Refusal, ChatEnd::Refused),
    ];
    for (fault, end) in faults {
        let behaviour = fault.over(saying(ModelReply::json(&facts())));
        let answer = ask(fresh, behaviour, &request("well?", Some(schema()))).await;
        let answer = answer.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        let ModelReply::Says { text, .. } = fault.spoil(ModelReply::json(&facts())) else {
            panic!("{fault:?} says something")
        };
        assert_eq!((answer.text, answer.end), (text, end), "{fault:?}");
    }
}

/// In time, with a sentence, temporary or not as the port says.
pub async fn other_faults_are_errors_of_their_kind(fresh: &impl AsyncFactory) {
    let faults = [
        (Fault::EmptyAnswer, PortErrorKind::BadAnswer),
        (Fault::HtmlPage, PortErrorKind::BadAnswer),
        (Fault::Status401, PortErrorKind::Refused),
        (Fault::Status429, PortErrorKind::Overloaded),
        (Fault::Status500, PortErrorKind::Unavailable),
        (Fault::Status529, PortErrorKind::Unavailable),
        (Fault::SlowDrip, PortErrorKind::Unavailable),
        (Fault::BreakOff, PortErrorKind::Unavailable),
        (Fault::HangUp, PortErrorKind::Unavailable),
        (Fault::Silence, PortErrorKind::Unavailable),
    ];
    for (fault, kind) in faults {
        let behaviour = fault.over(saying(ModelReply::json(&facts())));
        let begun = Instant::now();
        let outcome = ask(fresh, behaviour, &request("well?", Some(schema()))).await;
        let error = outcome.expect_err(&format!("{fault:?} is an error"));
        assert_eq!(error.kind, kind, "{fault:?}: {error}");
        let passes = matches!(kind, PortErrorKind::Unavailable | PortErrorKind::Overloaded);
        assert_eq!(error.temporary, passes, "{fault:?}: {error}");
        assert!(!error.message.is_empty(), "{fault:?}");
        assert!(begun.elapsed() < CALL_TIMEOUT + SLACK, "{fault:?} took {:?}", begun.elapsed());
        let wait = (fault == Fault::Status429).then_some(Duration::from_secs(1));
        assert_eq!(error.retry_after.filter(|wait| !wait.is_zero()), wait, "{fault:?}");
    }
}

/// Each call gets its own answer.
pub async fn concurrent_calls_do_not_mix(fresh: &impl AsyncFactory) {
    let behaviour: Behaviour = Arc::new(|call| ModelReply::text(format!("re: {}", call.prompt())));
    let under_test = fresh.make(behaviour).await;
    let (one, two) = (request("one", None), request("two", None));
    let (first, second) = tokio::join!(under_test.model.complete(&one), under_test.model.complete(&two));
    assert_eq!(first.expect("the model answers").text, "re: one");
    assert_eq!(second.expect("the model answers").text, "re: two");
}
