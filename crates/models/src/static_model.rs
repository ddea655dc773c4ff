//! The static model of the binary: a text's vector is the mean of its tokens' rows, at unit length.
//!
//! Equal to what `model2vec` computes from the original weights, to 1e-2 cosine and with the same token
//! ids; `tests/reference.rs` holds it to that. It borrows the bytes compiled into the binary.

mod characters;
mod package;
mod tokenizer;
mod vocabulary;

use package::Package;
pub use package::PackageError;
use tokenizer::Tokenizer;

/// The weights and vocabulary made by `cargo xtask embedder`; see `data/provenance.md`.
const POTION_BASE_8M: &[u8] = include_bytes!("../data/potion-base-8m.int8.bin");

/// A loaded static model. Immutable and cheap to share.
pub struct StaticModel {
    tokenizer: Tokenizer,
    dimensions: usize,
    scales: &'static [[u8; 4]],
    /// Signed bytes, `dimensions` a row.
    rows: &'static [u8],
    identity: &'static [u8; 32],
}

impl StaticModel {
    /// The potion-base-8M that is compiled in.
    pub fn bundled() -> Self {
        Self::parse(POTION_BASE_8M).expect("the compiled-in file is the one the tests load")
    }

    /// Reads a model from the bytes of a file that `cargo xtask embedder` made.
    pub fn parse(bytes: &'static [u8]) -> Result<Self, PackageError> {
        let package = Package::parse(bytes)?;
        Ok(Self {
            tokenizer: Tokenizer::new(&package)?,
            dimensions: package.dimensions,
            scales: package.scales,
            rows: package.rows,
            identity: package.identity,
        })
    }

    /// The length of each vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The sha256 over everything that can move a vector: weights, vocabulary, table of characters.
    pub fn identity(&self) -> &[u8; 32] {
        self.identity
    }

    /// The vector of a text, at unit length, or all zeros where the model knows no word of it.
    ///
    /// Every token counts, however long the text is: the caller cuts passages.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimensions];
        self.tokenizer.for_each_word(text, |ids| {
            for &id in ids.iter().filter(|&&id| id != self.tokenizer.unknown()) {
                self.add_row(usize::from(id), &mut sum);
            }
        });
        // The length of the sum and of the mean differ by a factor that this division takes out.
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|value| *value /= length);
        }
        sum
    }

    fn add_row(&self, id: usize, sum: &mut [f32]) {
        let scale = f32::from_le_bytes(self.scales[id]);
        let row = &self.rows[id * self.dimensions..][..self.dimensions];
        for (value, &weight) in sum.iter_mut().zip(row) {
            *value += scale * f32::from(weight.cast_signed());
        }
    }

    /// The ids of a text's tokens, the unknown one included.
    pub fn token_ids(&self, text: &str) -> Vec<u16> {
        let mut all = Vec::new();
        self.tokenizer.for_each_word(text, |ids| all.extend_from_slice(ids));
        all
    }

    /// How many tokens a text has; an unknown word counts as one.
    pub fn token_count(&self, text: &str) -> usize {
        let mut count = 0;
        self.tokenizer.for_each_word(text, |ids| count += ids.len());
        count
    }
}
