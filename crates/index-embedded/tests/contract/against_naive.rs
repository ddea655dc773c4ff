//! Whatever happens to a store, the index finds what a search without any index finds.

use std::sync::Arc;

use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{Candidate, Nomination, NominationRequest, PassageIndex};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_index_embedded::IndexOptions;
use dreamkeeper_testkit::{NaiveIndex, builders};
use proptest::prelude::*;
use serde_json::json;

use super::world::World;

#[derive(Debug, Clone)]
enum Step {
    Append {
        user: u8,
        words: Vec<u8>,
        origin: Origin,
    },
    Remember {
        user: u8,
        words: Vec<u8>,
    },
    Revise {
        memory: usize,
        words: Vec<u8>,
    },
    Erase {
        message: usize,
    },
    /// A query that makes the index load what it does not hold.
    Ask(Question),
    Discard,
}

#[derive(Debug, Clone)]
struct Question {
    user: Option<u8>,
    words: Vec<u8>,
    min_origin: Origin,
    as_of: Option<i64>,
    filter: u8,
    owners: bool,
    counts: (usize, usize),
    window: u32,
}

const WORDS: [&str; 12] =
    ["kettle", "the", "rain", "was", "lentils", "paint", "painted", "garden", "of", "train", "soup", "lemon"];

fn text(words: &[u8]) -> String {
    words.iter().map(|word| WORDS[usize::from(*word) % WORDS.len()]).collect::<Vec<_>>().join(" ")
}

fn scope(user: u8) -> Scope {
    match user % 4 {
        0 => builders::a_scope("ana", &[]),
        1 => builders::a_scope("ana", &["home"]),
        2 => Scope::user("bo"),
        _ => Scope { agent: Some("cook".into()), ..Scope::default() },
    }
}

fn origins() -> impl Strategy<Value = Origin> {
    prop::sample::select(Origin::ALL.to_vec())
}

fn words() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..9)
}

fn questions() -> impl Strategy<Value = Question> {
    let narrowing = (origins(), prop::option::weighted(0.3, 0..40_i64), 0..5_u8, prop::bool::weighted(0.2));
    let bounds = ((0..9_usize, 0..9_usize), 0..3_u32);
    (prop::option::weighted(0.7, any::<u8>()), words(), narrowing, bounds).prop_map(
        |(user, words, (min_origin, as_of, filter, owners), (counts, window))| Question {
            user,
            words,
            min_origin,
            as_of,
            filter,
            owners,
            counts,
            window,
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let append = (any::<u8>(), words(), origins()).prop_map(|(user, words, origin)| Step::Append {
        user,
        words,
        origin,
    });
    let step = prop_oneof![
        12 => append,
        4 => (any::<u8>(), words()).prop_map(|(user, words)| Step::Remember { user, words }),
        3 => (any::<usize>(), words()).prop_map(|(memory, words)| Step::Revise { memory, words }),
        2 => any::<usize>().prop_map(|message| Step::Erase { message }),
        6 => questions().prop_map(Step::Ask),
        1 => Just(Step::Discard),
    ];
    prop::collection::vec(step, 1..60)
}

fn request(world: &World, question: &Question) -> NominationRequest {
    let scope = question.user.map(scope).unwrap_or_default();
    let is = |field, value: &str| Filter::Where(field, Test::Eq(json!(value)));
    let session = world.sessions.first().map_or_else(String::new, |session| session.id.to_string());
    let filter = match question.filter {
        0 => Some(is(Field::Type, "message")),
        1 => Some(Filter::Not(Box::new(is(Field::Labels, "home")))),
        2 => Some(Filter::And(vec![is(Field::Session, &session), is(Field::Author, "Ana")])),
        3 => Some(Filter::Where(Field::CreatedAt, Test::Lt(json!(builders::minute(10).to_string())))),
        _ => None,
    };
    let evens = world.messages.iter().step_by(2).map(|message| Owner::Message(message.id)).collect();
    NominationRequest {
        min_origin: question.min_origin,
        as_of: question.as_of.map(builders::minute),
        filter,
        owners: question.owners.then(|| Arc::new(evens)),
        lexical_count_max: question.counts.0,
        vector_count_max: question.counts.1,
        window: question.window,
        ..world.request(scope, &text(&question.words))
    }
}

async fn take(world: &mut World, step: &Step) {
    let changes = match step {
        Step::Append { user, words, origin } => {
            let scope = scope(*user);
            let session = match world.sessions.iter().find(|session| session.scope == scope) {
                Some(session) => session.clone(),
                None => world.open_session(scope).await,
            };
            world.append(&session, &text(words), *origin).await
        }
        Step::Remember { user, words } => world.remember(scope(*user), &text(words), None).await,
        Step::Revise { memory, words } if !world.memories.is_empty() => {
            let place = memory % world.memories.len();
            world.remember(Scope::default(), &text(words), Some(place)).await
        }
        Step::Erase { message } if !world.messages.is_empty() => {
            world.erase(message % world.messages.len()).await
        }
        Step::Revise { .. } | Step::Erase { .. } => Vec::new(),
        Step::Discard => {
            world.index.discard(world.space).await.expect("the index discards");
            Vec::new()
        }
        Step::Ask(question) => {
            let request = request(world, question);
            let found = world.nominate(&request).await;
            let expected = NaiveIndex.nominate(world.space, &world.store, &request).await;
            check(found, expected.expect("the exact search answers"));
            Vec::new()
        }
    };
    // Told twice: the second time changes nothing.
    world.tell(changes.clone()).await;
    world.tell(changes).await;
}

fn check(found: Nomination, expected: Nomination) {
    let near = |a: f32, b: f32| (a - b).abs() < 2e-4;
    let held = expected.segments.iter().filter(|stats| found.segments.iter().any(|one| one.key == stats.key));
    for (found, expected) in found.segments.iter().zip(held) {
        assert_eq!(found.key, expected.key);
        assert_eq!(found.passage_count, expected.passage_count);
        assert_eq!(found.document_frequency, expected.document_frequency);
        assert!(near(found.term_count_mean, expected.term_count_mean));
        assert!(near(found.cosine_mean, expected.cosine_mean));
        assert!(near(found.cosine_deviation, expected.cosine_deviation));
        assert!(found.idf.iter().zip(&expected.idf).all(|(a, b)| near(*a, *b)));
    }
    let seqs = |all: &[Candidate]| all.iter().map(|one| (one.seq, one.nominated)).collect::<Vec<_>>();
    assert_eq!(seqs(&found.candidates), seqs(&expected.candidates));
    for (one, other) in found.candidates.iter().zip(&expected.candidates) {
        assert!(near(one.lexical, other.lexical), "{one:?} {other:?}");
        assert_eq!(one.cosine.is_some(), other.cosine.is_some(), "{one:?} {other:?}");
        assert!(near(one.cosine.unwrap_or(0.0), other.cosine.unwrap_or(0.0)), "{one:?} {other:?}");
        assert_eq!(found.segments[one.segment].key, expected.segments[other.segment].key);
        let (segment, lexical, cosine) = (other.segment, other.lexical, other.cosine);
        assert_eq!(Candidate { segment, lexical, cosine, ..one.clone() }, *other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_finds_what_a_search_without_an_index_finds(steps in steps(), last in questions()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(IndexOptions::default()).await;
            for step in steps.iter().chain([&Step::Ask(last)]) {
                take(&mut world, step).await;
            }
        });
    }
}
