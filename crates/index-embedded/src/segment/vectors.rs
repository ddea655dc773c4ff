//! Vectors: one contiguous table of whole numbers for each embedder, a row for each passage.

use dreamkeeper_domain::passage::{EmbedderIdentity, Vector};

use super::bytes::{make_room, vec_bytes};

/// From this many rows on a table holds sketches too; see `search::vector` for what that buys.
pub(crate) const SKETCH_ROWS_MIN: usize = 70_000;

/// The vectors of one embedder. Rows past the end have none.
#[derive(Debug)]
pub(crate) struct Table {
    embedder: EmbedderIdentity,
    dimensions: usize,
    /// `dimensions` numbers a row.
    rows: Vec<i8>,
    /// What makes each row a unit vector; not a number where there is no vector.
    factors: Vec<f32>,
    /// The sign of every number, 64 a word; empty while the table is small.
    sketches: Vec<u64>,
    count: usize,
}

impl Table {
    fn new(embedder: EmbedderIdentity, dimensions: usize) -> Self {
        let (rows, factors, sketches) = (Vec::new(), Vec::new(), Vec::new());
        Self { embedder, dimensions, rows, factors, sketches, count: 0 }
    }

    pub(crate) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Rows, with and without a vector.
    pub(crate) fn len(&self) -> usize {
        self.factors.len()
    }

    /// The numbers of some rows.
    pub(crate) fn rows(&self, from: usize, to: usize) -> &[i8] {
        &self.rows[from * self.dimensions..to * self.dimensions]
    }

    /// What makes a row a unit vector; `None` where there is no vector.
    pub(crate) fn factor(&self, row: usize) -> Option<f32> {
        self.factors.get(row).copied().filter(|factor| !factor.is_nan())
    }

    /// Words of one sketch.
    pub(crate) fn sketch_words(&self) -> usize {
        self.dimensions.div_ceil(64)
    }

    /// The sketches of some rows; `None` while the table is small.
    pub(crate) fn sketches(&self, from: usize, to: usize) -> Option<&[u64]> {
        let words = self.sketch_words();
        self.sketches.get(from * words..to * words).filter(|sketches| !sketches.is_empty())
    }

    fn set(&mut self, row: usize, numbers: &[i8], factor: f32) {
        self.reach(row);
        self.rows[row * self.dimensions..][..self.dimensions].copy_from_slice(numbers);
        self.count += usize::from(self.factors[row].is_nan());
        self.factors[row] = factor;
        self.sketch(row);
    }

    fn clear(&mut self, row: usize) {
        if self.factor(row).is_some() {
            self.rows[row * self.dimensions..][..self.dimensions].fill(0);
            self.factors[row] = f32::NAN;
            self.count -= 1;
            self.sketch(row);
        }
    }

    /// Makes the table long enough to hold a row.
    fn reach(&mut self, row: usize) {
        let missing = (row + 1).saturating_sub(self.len());
        if missing == 0 {
            return;
        }
        make_room(&mut self.rows, missing * self.dimensions);
        make_room(&mut self.factors, missing);
        self.rows.resize((row + 1) * self.dimensions, 0);
        self.factors.resize(row + 1, f32::NAN);
        let words = self.len() * self.sketch_words();
        if self.sketches.is_empty() && self.len() >= SKETCH_ROWS_MIN {
            self.sketches.resize(words, 0);
            (0..self.len()).for_each(|row| self.sketch(row));
        } else if !self.sketches.is_empty() {
            let missing = words - self.sketches.len();
            make_room(&mut self.sketches, missing);
            self.sketches.resize(words, 0);
        }
    }

    fn sketch(&mut self, row: usize) {
        let words = self.sketch_words();
        let Some(sketch) = self.sketches.get_mut(row * words..(row + 1) * words) else { return };
        signs(&self.rows[row * self.dimensions..][..self.dimensions], sketch);
    }

    fn bytes(&self) -> usize {
        vec_bytes(&self.rows) + vec_bytes(&self.factors) + vec_bytes(&self.sketches)
    }
}

/// What makes a vector of whole numbers one of length 1; `None` for one of zeros.
fn unit_factor(numbers: &[i8]) -> Option<f32> {
    let square: i64 = numbers.iter().map(|number| i64::from(*number).pow(2)).sum();
    (square > 0).then(|| (1.0 / (square as f64).sqrt()) as f32)
}

/// For every number a bit: whether it is above zero. Eight at a time, for loading sketches every row.
fn signs(numbers: &[i8], into: &mut [u64]) {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    for (word, numbers) in into.iter_mut().zip(numbers.chunks(64)) {
        *word = 0;
        for (place, eight) in numbers.chunks(8).enumerate() {
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(eight).for_each(|(byte, number)| *byte = number.cast_unsigned());
            let all = u64::from_le_bytes(bytes);
            // The high bit of each byte that is neither zero nor negative.
            let above = ((all & !HIGH) + !HIGH) & !all & HIGH;
            // Gathers the eight bits in the highest byte.
            let bits = (above >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            *word |= bits << (8 * place);
        }
    }
}

/// The vectors of a segment. A passage has at most one.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    tables: Vec<Table>,
}

impl Vectors {
    /// The table of an embedder whose vectors have so many numbers.
    pub(crate) fn table(&self, embedder: &EmbedderIdentity, dimensions: usize) -> Option<&Table> {
        let is_it = |table: &&Table| table.embedder == *embedder && table.dimensions == dimensions;
        self.tables.iter().find(is_it)
    }

    /// Gives a row its vector in place of the one it had; a vector of zeros counts as none.
    pub(crate) fn set(&mut self, row: u32, embedder: &EmbedderIdentity, vector: &Vector) {
        let dimensions = vector.rows.len();
        let is_it = |table: &Table| table.embedder == *embedder && table.dimensions == dimensions;
        let factor = unit_factor(&vector.rows);
        if self.tables.len() != 1 || !is_it(&self.tables[0]) || factor.is_none() {
            self.clear(row);
        }
        let Some(factor) = factor else { return };
        let place = self.tables.iter().position(is_it).unwrap_or_else(|| {
            self.tables.push(Table::new(embedder.clone(), dimensions));
            self.tables.len() - 1
        });
        self.tables[place].set(row as usize, &vector.rows, factor);
    }

    /// Takes a row's vector away.
    pub(crate) fn clear(&mut self, row: u32) {
        self.tables.iter_mut().for_each(|table| table.clear(row as usize));
        self.tables.retain(|table| table.count > 0);
    }

    /// The same vectors after every row has moved to where `moved` tells.
    pub(crate) fn rearranged(&self, moved: &[Option<u32>]) -> Self {
        let mut vectors = Self::default();
        for table in &self.tables {
            let mut other = Table::new(table.embedder.clone(), table.dimensions);
            for (row, to) in moved.iter().enumerate() {
                if let (Some(to), Some(factor)) = (to, table.factor(row)) {
                    other.set(*to as usize, table.rows(row, row + 1), factor);
                }
            }
            vectors.tables.push(other);
        }
        vectors
    }

    /// Gives back what is reserved beyond what is held.
    pub(crate) fn shrink(&mut self) {
        for table in &mut self.tables {
            table.rows.shrink_to_fit();
            table.factors.shrink_to_fit();
            table.sketches.shrink_to_fit();
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        vec_bytes(&self.tables) + self.tables.iter().map(Table::bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(first: i8) -> Vector {
        Vector { scale: 0.1, rows: vec![first, 3].into() }
    }

    #[test]
    fn a_new_vector_of_another_embedder_takes_the_old_ones_place() {
        let (old, new) = (EmbedderIdentity("old".into()), EmbedderIdentity("new".into()));
        let mut vectors = Vectors::default();
        vectors.set(1, &old, &vector(4));
        vectors.set(0, &old, &vector(-4));
        vectors.set(1, &new, &vector(0));
        assert_eq!(vectors.table(&old, 2).and_then(|table| table.factor(1)), None);
        assert_eq!(vectors.table(&old, 2).and_then(|table| table.factor(0)), Some(0.2));
        vectors.set(0, &new, &vector(4));
        assert!(vectors.table(&old, 2).is_none(), "an empty table is dropped");
    }

    #[test]
    fn a_cleared_vector_leaves_no_number() {
        let embedder = EmbedderIdentity("one".into());
        let mut vectors = Vectors::default();
        vectors.set(0, &embedder, &vector(5));
        vectors.set(1, &embedder, &vector(6));
        vectors.clear(0);
        let table = vectors.table(&embedder, 2).unwrap();
        assert_eq!(table.rows(0, 1), [0, 0]);
        assert_eq!(table.factor(0), None);
    }

    #[test]
    fn signs_are_bits_in_order() {
        let mut sketch = [0; 2];
        signs(&[1; 70], &mut sketch);
        assert_eq!(sketch, [u64::MAX, 0b11_1111]);
        signs(&[-1, 0, 2, -128, 127, 1, -127, 0, 0, 3], &mut sketch[..1]);
        assert_eq!(sketch[0], 0b10_0011_0100);
    }
}
