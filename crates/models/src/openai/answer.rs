//! Reads what `/v1/embeddings` answered, and takes nothing that the port does not promise.

use serde::Deserialize;

/// Why an answer cannot be used. Each text goes on after "gave for model …".
#[derive(Debug, thiserror::Error)]
pub(super) enum AnswerError {
    #[error("no list of embeddings ({0}); is this an OpenAI-compatible embeddings endpoint?")]
    Json(#[from] serde_json::Error),
    #[error("{found} vectors for {expected} texts")]
    Count { expected: usize, found: usize },
    #[error("vector number {0} twice or outside of the batch")]
    Index(usize),
    #[error(
        "{found} dimensions where {expected} are set; set the embedder's dimensions to what the model gives and reindex"
    )]
    Dimensions { expected: usize, found: usize },
    #[error("a number that is not finite in vector {0}")]
    NotFinite(usize),
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

/// The vectors in the order of the texts, at unit length.
///
/// Without expected dimensions the first vector sets them for the others.
pub(super) fn vectors(
    bytes: &[u8],
    count: usize,
    dimensions: Option<usize>,
) -> Result<Vec<Vec<f32>>, AnswerError> {
    let Answer { mut data } = serde_json::from_slice(bytes)?;
    if data.len() != count {
        return Err(AnswerError::Count { expected: count, found: data.len() });
    }
    data.sort_by_key(|embedding| embedding.index);
    let expected = dimensions.unwrap_or_else(|| data.first().map_or(0, |first| first.embedding.len()).max(1));
    for (place, Embedding { index, embedding }) in data.iter().enumerate() {
        if *index != place {
            return Err(AnswerError::Index(*index));
        }
        if embedding.len() != expected {
            return Err(AnswerError::Dimensions { expected, found: embedding.len() });
        }
        if !embedding.iter().all(|component| component.is_finite()) {
            return Err(AnswerError::NotFinite(*index));
        }
    }
    Ok(data.into_iter().map(|embedding| at_unit_length(embedding.embedding)).collect())
}

/// Not every server normalises. The sum is taken in f64, where the square of no f32 overflows.
fn at_unit_length(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|component| f64::from(*component).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|component| *component = (f64::from(*component) / length) as f32);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Result<&[[f32; 2]], &str>) {
        let found = vectors(json.as_bytes(), 2, Some(2));
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(found), Err(expected)) => assert!(found.to_string().contains(expected), "{found}"),
            (found, expected) => panic!("{json}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn vectors_come_in_the_order_of_their_index_at_unit_length() {
        check(
            r#"{"data":[{"index":1,"embedding":[0,5]},{"index":0,"embedding":[3e38,0],"object":"embedding"}]}"#,
            Ok(&[[1.0, 0.0], [0.0, 1.0]]),
        );
    }

    #[test]
    fn a_vector_of_zeros_stays_one() {
        check(
            r#"{"data":[{"index":0,"embedding":[0,0]},{"index":1,"embedding":[0,2]}]}"#,
            Ok(&[[0.0; 2], [0.0, 1.0]]),
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let check_pair = |first: &str, second: &str, expected| {
            check(&format!(r#"{{"data":[{first},{second}]}}"#), Err(expected));
        };
        let good = r#"{"index":0,"embedding":[1,0]}"#;
        check("<html>", Err("no list of embeddings"));
        check(r#"{"data":[]}"#, Err("0 vectors for 2 texts"));
        check_pair(good, good, "number 0 twice");
        check_pair(good, r#"{"index":2,"embedding":[1,0]}"#, "number 2 twice or outside");
        check_pair(good, r#"{"index":1,"embedding":[1,0,0]}"#, "3 dimensions where 2 are set");
        check_pair(good, r#"{"index":1,"embedding":[]}"#, "0 dimensions where 2 are set");
        check_pair(good, r#"{"index":1,"embedding":[1,1e39]}"#, "not finite");
        check_pair(good, r#"{"index":1,"embedding":[1,1e999]}"#, "out of range");
        check_pair(good, r#"{"index":1,"embedding":[1,null]}"#, "no list of embeddings");
        check_pair(good, r#"{"index":1,"embedding":"AAAA"}"#, "no list of embeddings");
        check_pair(good, r#"{"embedding":[1,0]}"#, "missing field `index`");
        check_pair(good, r#"{"index":-1,"embedding":[1,0]}"#, "no list of embeddings");
    }
}
