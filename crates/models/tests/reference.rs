//! The bundled model against the original f32 weights and tokenizer, as `xtask/embedder/reference.py`
//! computed them: the same token ids, and vectors that point the same way.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use dreamkeeper_models::StaticModel;
use serde::Deserialize;
use sha2::{Digest, Sha256};

const COSINE_MIN: f32 = 0.999;
const BLOCK: u32 = 4096;

#[derive(Deserialize)]
struct Reference {
    texts: Vec<Expected>,
    /// For each block of code points, a hash of the ids that its characters get.
    blocks: Vec<String>,
}

#[derive(Deserialize)]
struct Expected {
    text: Text,
    ids: Vec<u16>,
    /// Signed bytes in hex.
    vector: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Repeated(String, usize),
}

impl Expected {
    fn text(&self) -> String {
        match &self.text {
            Text::Plain(text) => text.clone(),
            Text::Repeated(piece, count) => piece.repeat(*count),
        }
    }

    fn vector(&self) -> Vec<f32> {
        let digits = self.vector.as_bytes().chunks_exact(2);
        let bytes = digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
        bytes.map(|byte| f32::from(byte.cast_signed())).collect()
    }
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("data/reference.json")).unwrap()
}

fn cosine(left: &[f32], right: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(left, right) / (dot(left, left) * dot(right, right)).sqrt()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_file_is_the_one_that_its_provenance_tells_of() {
    let file = include_bytes!("../data/potion-base-8m.int8.bin");
    let provenance = include_str!("../data/provenance.md");
    assert!(provenance.contains(&hex(&Sha256::digest(file))));
    // The identity covers everything but the magic and itself.
    let identity = Sha256::new().chain_update(&file[8..40]).chain_update(&file[72..]).finalize();
    assert_eq!(StaticModel::bundled().identity().as_slice(), identity.as_slice());
}

#[test]
fn every_text_gets_the_token_ids_of_the_original() {
    let model = StaticModel::bundled();
    let reference = reference();
    assert!(reference.texts.len() >= 200);
    for expected in &reference.texts {
        let text = expected.text();
        assert_eq!(model.token_ids(&text), expected.ids, "{text:?}");
        assert_eq!(model.token_count(&text), expected.ids.len(), "{text:?}");
    }
}

#[test]
fn every_character_gets_the_token_ids_of_the_original() {
    let model = StaticModel::bundled();
    for (expected, first) in reference().blocks.iter().zip((0..).step_by(BLOCK as usize)) {
        let mut hash = Sha256::new();
        for c in (first..first + BLOCK).filter_map(char::from_u32) {
            for id in model.token_ids(&format!("a{c}b {c}")).into_iter().chain([u16::MAX]) {
                hash.update(id.to_le_bytes());
            }
        }
        let found = hex(&hash.finalize()[..8]);
        assert_eq!(found, *expected, "somewhere in U+{first:04X} and the {BLOCK} after it");
    }
}

#[test]
fn every_vector_points_where_the_original_does() {
    let model = StaticModel::bundled();
    let mut worst = (1.0, String::new());
    for expected in reference().texts {
        let text = expected.text();
        let vector = model.embed(&text);
        let wanted = expected.vector();
        if wanted.iter().all(|component| *component == 0.0) {
            assert!(vector.iter().all(|component| *component == 0.0), "{text:?} has no known token");
            continue;
        }
        let length = cosine(&vector, &vector).sqrt();
        assert!((length - 1.0).abs() < 1e-5, "{text:?} has length {length}");
        let cosine = cosine(&vector, &wanted);
        if cosine < worst.0 {
            worst = (cosine, text);
        }
    }
    println!("worst cosine {} at {:?}", worst.0, worst.1);
    assert!(worst.0 >= COSINE_MIN, "{worst:?}");
}
