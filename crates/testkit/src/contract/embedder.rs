//! The contract of [`Embedder`].

use std::sync::Arc;

use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder};

use super::run_rules;

/// How far two answers for one text may lie apart: models that run in batches round differently.
const TOLERANCE: f32 = 1e-3;
const PURPOSES: [EmbedPurpose; 2] = [EmbedPurpose::Passage, EmbedPurpose::Query];
const TEXTS: [&str; 6] = [
    "Ana paddles her kayak on the river every Sunday morning.",
    "The invoice for the office rent is due on the first of March.",
    "Dr. Müller hat den Termin auf Dienstag verschoben.",
    "猫は窓のそばで寝ています。",
    "fn main() { println!(\"{}\", 6 * 7); }",
    "kayak",
];

/// Runs every rule, each on an embedder that the factory makes anew. An embedder of a remote model is
/// tested against a server that answers for real: a script cannot know the texts.
pub async fn run_all(fresh: impl Fn() -> Arc<dyn Embedder>) {
    use self as rules;
    run_rules!(*fresh();
        rules::the_identity_is_told_and_stays,
        rules::vectors_have_the_told_dimensions_and_length_one,
        rules::answers_come_in_the_order_of_the_texts,
        rules::a_batch_equals_its_single_texts,
        rules::the_same_text_gives_the_same_vector,
        rules::texts_about_one_thing_are_nearer_than_others,
        rules::empty_and_blank_texts_are_answered,
        rules::a_long_text_is_answered,
        rules::odd_characters_are_answered,
        rules::no_text_gives_no_vector,
        rules::concurrent_calls_do_not_mix,
    );
}

async fn embed(embedder: &dyn Embedder, texts: &[&str], purpose: EmbedPurpose) -> Vec<Vec<f32>> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let vectors = embedder.embed(&texts, purpose).await.expect("the embedder answers");
    assert_eq!(vectors.len(), texts.len(), "one vector for each text");
    for (vector, text) in vectors.iter().zip(&texts) {
        assert_eq!(vector.len(), embedder.dimensions(), "of `{text:.40}`");
        assert!(vector.iter().all(|component| component.is_finite()), "of `{text:.40}`");
    }
    vectors
}

/// Not empty, and the same for every call: it stands beside every stored vector.
pub async fn the_identity_is_told_and_stays(embedder: &dyn Embedder) {
    let before: EmbedderIdentity = embedder.identity().clone();
    assert!(!before.0.trim().is_empty() && embedder.dimensions() >= 1);
    embed(embedder, &TEXTS, EmbedPurpose::Passage).await;
    assert_eq!(*embedder.identity(), before);
}

/// For texts that say something.
pub async fn vectors_have_the_told_dimensions_and_length_one(embedder: &dyn Embedder) {
    for purpose in PURPOSES {
        for (vector, text) in embed(embedder, &TEXTS, purpose).await.iter().zip(TEXTS) {
            let length = dot(vector, vector).sqrt();
            assert!((length - 1.0).abs() < TOLERANCE, "`{text}` has length {length}");
        }
    }
}

/// The other way round, the answers come the other way round.
pub async fn answers_come_in_the_order_of_the_texts(embedder: &dyn Embedder) {
    let forward = embed(embedder, &TEXTS, EmbedPurpose::Passage).await;
    let mut texts = TEXTS;
    texts.reverse();
    let mut backward = embed(embedder, &texts, EmbedPurpose::Passage).await;
    backward.reverse();
    for (place, vector) in forward.iter().enumerate() {
        assert_same(vector, &backward[place], TEXTS[place]);
        // Without this, an embedder that gives every text one vector would pass.
        for (other, text) in backward.iter().zip(TEXTS).filter(|(_, text)| *text != TEXTS[place]) {
            assert!(dot(vector, other) < 0.99, "`{}` and `{text}` are told apart", TEXTS[place]);
        }
    }
}

/// A text's neighbours in a batch, and their lengths, make no difference.
pub async fn a_batch_equals_its_single_texts(embedder: &dyn Embedder) {
    for purpose in PURPOSES {
        let batch = embed(embedder, &TEXTS, purpose).await;
        for (vector, text) in batch.iter().zip(TEXTS) {
            assert_same(vector, &embed(embedder, &[text], purpose).await[0], text);
        }
    }
    let large: Vec<String> =
        (0..300).map(|number| format!("{} number {number}", TEXTS[number % 6])).collect();
    let large: Vec<&str> = large.iter().map(String::as_str).collect();
    let vectors = embed(embedder, &large, EmbedPurpose::Passage).await;
    for place in [0, 99, 298] {
        assert_same(
            &vectors[place],
            &embed(embedder, &large[place..=place], EmbedPurpose::Passage).await[0],
            large[place],
        );
    }
}

/// Twice in a call, and in two calls.
pub async fn the_same_text_gives_the_same_vector(embedder: &dyn Embedder) {
    let vectors = embed(embedder, &[TEXTS[0], TEXTS[1], TEXTS[0]], EmbedPurpose::Query).await;
    assert_same(&vectors[0], &vectors[2], TEXTS[0]);
    let again = embed(embedder, &[TEXTS[0], TEXTS[1], TEXTS[0]], EmbedPurpose::Query).await;
    assert_same(&vectors[1], &again[1], TEXTS[1]);
}

/// The least that recall needs of a model.
pub async fn texts_about_one_thing_are_nearer_than_others(embedder: &dyn Embedder) {
    let texts = [
        TEXTS[0],
        TEXTS[1],
        "On Sunday Ana is out on the river with her kayak.",
        "The office rent is due in March.",
    ];
    let [kayak, rent, river, due] = &embed(embedder, &texts, EmbedPurpose::Passage).await[..] else {
        panic!("four vectors")
    };
    assert!(dot(kayak, river) > dot(kayak, rent) && dot(kayak, river) > dot(kayak, due));
    assert!(dot(rent, due) > dot(rent, kayak) && dot(rent, due) > dot(river, due));
}

/// Zeros, or a unit vector; never something in between, nor an error that stops a batch.
pub async fn empty_and_blank_texts_are_answered(embedder: &dyn Embedder) {
    let texts = ["", " \n\t ", TEXTS[0], ""];
    let vectors = embed(embedder, &texts, EmbedPurpose::Passage).await;
    for (vector, text) in vectors.iter().zip(texts) {
        let length = dot(vector, vector).sqrt();
        assert!(length == 0.0 || (length - 1.0).abs() < TOLERANCE, "{text:?} has length {length}");
    }
    assert_same(&vectors[0], &vectors[3], "");
    assert_same(&vectors[2], &embed(embedder, &[TEXTS[0]], EmbedPurpose::Passage).await[0], TEXTS[0]);
}

/// 100,000 characters; what does not fit a model is its adapter's to cut.
pub async fn a_long_text_is_answered(embedder: &dyn Embedder) {
    let long = "The ferry left the harbour late and the tea went cold on deck. ".repeat(1_600);
    let vectors = embed(embedder, &[&long, TEXTS[0]], EmbedPurpose::Passage).await;
    let length = dot(&vectors[0], &vectors[0]).sqrt();
    assert!((length - 1.0).abs() < TOLERANCE, "{length}");
    assert_same(&vectors[1], &embed(embedder, &[TEXTS[0]], EmbedPurpose::Passage).await[0], TEXTS[0]);
    embed(embedder, &[&"x".repeat(100_000)], EmbedPurpose::Query).await;
}

/// Whatever a conversation may hold.
pub async fn odd_characters_are_answered(embedder: &dyn Embedder) {
    let texts =
        ["\u{0}", "\u{feff}\u{200b}", "🦀🦀🦀", "e\u{301}\u{301}\u{301}", "\u{10ffff}", "''\"\\{}[]", "\r\n"];
    for purpose in PURPOSES {
        embed(embedder, &texts, purpose).await;
    }
}

/// An empty batch is no error.
pub async fn no_text_gives_no_vector(embedder: &dyn Embedder) {
    for purpose in PURPOSES {
        assert!(embed(embedder, &[], purpose).await.is_empty());
    }
}

/// Each call gets its own texts' vectors.
pub async fn concurrent_calls_do_not_mix(embedder: &dyn Embedder) {
    let (one, other) = (&TEXTS[..3], &TEXTS[3..]);
    let (first, second) = tokio::join!(
        embed(embedder, one, EmbedPurpose::Passage),
        embed(embedder, other, EmbedPurpose::Passage)
    );
    let both = embed(embedder, &TEXTS, EmbedPurpose::Passage).await;
    for ((vector, expected), text) in first.iter().chain(&second).zip(&both).zip(TEXTS) {
        assert_same(vector, expected, text);
    }
}

fn assert_same(a: &[f32], b: &[f32], text: &str) {
    let gap = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    assert!(gap < TOLERANCE, "two vectors of `{text:.60}` lie {gap} apart");
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
