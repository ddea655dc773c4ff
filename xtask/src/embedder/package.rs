//! The layout of the embedder's file; `crates/models/src/static_model/package.rs` reads it and must agree.
//!
//! Everything is little-endian and tightly packed: a header of 72 bytes, then the sections it measures.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::characters;

const MAGIC: &[u8; 8] = b"DKSTATIC";
const FORMAT_VERSION: u32 = 1;
const DIMENSIONS: usize = 256;
const TOKENS: usize = 29_528;
/// `[PAD] [UNK] [CLS] [SEP] [MASK]`: these stand first in the vocabulary and match verbatim in a text.
const SPECIAL_TOKENS: usize = 5;
const UNKNOWN: usize = 1;

/// Builds the whole file from `model.safetensors` and `tokenizer.json`.
pub(super) fn write(safetensors: &[u8], tokenizer: &Value) -> Result<Vec<u8>> {
    let word_chars_max = check_settings(tokenizer)?;
    let vocabulary = vocabulary(tokenizer)?;
    let characters = characters::table()?;
    let (scales, rows) = quantise(weights(safetensors)?);

    let numbers =
        [DIMENSIONS, TOKENS, vocabulary.len(), characters.len(), SPECIAL_TOKENS, UNKNOWN, word_chars_max];
    let mut measures = FORMAT_VERSION.to_le_bytes().to_vec();
    for number in numbers {
        measures.extend(u32::try_from(number)?.to_le_bytes());
    }
    let body = [vocabulary, characters, scales, rows].concat();
    // The hash covers all that can move a vector, so that a changed file is a changed identity.
    let identity = Sha256::new().chain_update(&measures).chain_update(&body).finalize();
    Ok([MAGIC.as_slice(), &measures, &identity, &body].concat())
}

/// Refuses a tokenizer that is not the BERT WordPiece which `crates/models` implements.
fn check_settings(tokenizer: &Value) -> Result<usize> {
    let expect = |pointer: &str, wanted: Value| -> Result<()> {
        let found = tokenizer.pointer(pointer).unwrap_or(&Value::Null);
        ensure!(*found == wanted, "tokenizer.json has {found} at {pointer}, expected {wanted}");
        Ok(())
    };
    expect("/normalizer/type", "BertNormalizer".into())?;
    expect("/normalizer/clean_text", true.into())?;
    expect("/normalizer/handle_chinese_chars", true.into())?;
    // Null means: as `lowercase` says.
    expect("/normalizer/strip_accents", Value::Null)?;
    expect("/normalizer/lowercase", true.into())?;
    expect("/pre_tokenizer/type", "BertPreTokenizer".into())?;
    expect("/model/type", "WordPiece".into())?;
    expect("/model/unk_token", "[UNK]".into())?;
    expect("/model/continuing_subword_prefix", "##".into())?;
    expect("/truncation", Value::Null)?;
    let added = tokenizer["added_tokens"].as_array().context("tokenizer.json lists no added tokens")?;
    ensure!(added.len() == SPECIAL_TOKENS, "{} added tokens, expected {SPECIAL_TOKENS}", added.len());
    for (index, token) in added.iter().enumerate() {
        let plain = ["single_word", "lstrip", "rstrip", "normalized"].iter().all(|flag| token[flag] == false);
        ensure!(token["id"] == index && plain, "added token {token} is not a plain one at place {index}");
    }
    let word_chars_max = tokenizer["model"]["max_input_chars_per_word"].as_u64();
    Ok(usize::try_from(word_chars_max.context("tokenizer.json bounds no word")?)?)
}

/// Each token as one byte of length and its UTF-8.
fn vocabulary(tokenizer: &Value) -> Result<Vec<u8>> {
    let mut section = Vec::new();
    for token in tokens(tokenizer)? {
        section.push(u8::try_from(token.len())?);
        section.extend(token.as_bytes());
    }
    Ok(section)
}

/// The tokens in the order of their ids.
pub(super) fn tokens(tokenizer: &Value) -> Result<Vec<&str>> {
    let ids = tokenizer["model"]["vocab"].as_object().context("tokenizer.json has no vocabulary")?;
    let mut tokens: Vec<Option<&str>> = vec![None; TOKENS];
    for (token, id) in ids {
        let id = usize::try_from(id.as_u64().context("a token's id is not a number")?)?;
        let place = tokens.get_mut(id).with_context(|| format!("token {token:?} has id {id}"))?;
        ensure!(place.replace(token.as_str()).is_none(), "two tokens have id {id}");
    }
    let gaps = tokens.iter().position(Option::is_none);
    ensure!(gaps.is_none(), "no token has id {gaps:?}");
    Ok(tokens.into_iter().flatten().collect())
}

/// The single f32 tensor of a safetensors file: eight bytes of header length, a JSON header, the numbers.
fn weights(safetensors: &[u8]) -> Result<Vec<f32>> {
    let (length, rest) = safetensors.split_first_chunk::<8>().context("model.safetensors is too short")?;
    let length = usize::try_from(u64::from_le_bytes(*length))?;
    let (header, body) = rest.split_at_checked(length).context("model.safetensors has no whole header")?;
    let header: Value = serde_json::from_slice(header)?;
    let tensor = &header["embeddings"];
    let shape_is_right = tensor["shape"] == serde_json::json!([TOKENS, DIMENSIONS]);
    ensure!(tensor["dtype"] == "F32" && shape_is_right, "unexpected tensor {tensor}");
    ensure!(tensor["data_offsets"][0] == 0 && body.len() == TOKENS * DIMENSIONS * 4, "unexpected size");
    let weights: Vec<f32> = body.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    ensure!(weights.iter().all(|weight| weight.is_finite()), "a weight is not a finite number");
    Ok(weights)
}

/// Rows of signed bytes, and per row the f32 that one step is worth.
fn quantise(weights: Vec<f32>) -> (Vec<u8>, Vec<u8>) {
    let mut scales = Vec::with_capacity(TOKENS * 4);
    let mut rows = Vec::with_capacity(TOKENS * DIMENSIONS);
    for row in weights.chunks_exact(DIMENSIONS) {
        let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        let scale = if largest == 0.0 { 1.0 } else { largest / 127.0 };
        scales.extend(scale.to_le_bytes());
        rows.extend(row.iter().map(|weight| ((weight / scale).round() as i8).cast_unsigned()));
    }
    (scales, rows)
}
