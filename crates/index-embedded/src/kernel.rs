//! Kernels: the two inner loops over vectors, compiled for what the processor has. Plain integer loops that
//! the compiler vectorises, so that every processor gives the same numbers.
#![expect(unsafe_code, reason = "calling a function compiled for a processor feature that was detected")]

/// The dot product of each row with the query; `rows` holds `query.len()` numbers for each of `into`.
///
/// The caller keeps `127 · Σ|query|` below 2^31, so that no sum overflows.
pub(crate) fn dots(rows: &[i8], query: &[i16], into: &mut [i32]) {
    assert_eq!(rows.len(), query.len() * into.len(), "as many rows as places for their products");
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has what the function is compiled for, as the line above has found.
            return unsafe { dots_avx512(rows, query, into) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { dots_avx2(rows, query, into) };
        }
    }
    dots_anywhere(rows, query, into);
}

/// The dot product of some rows of a table with the query; one call for many, for each is short.
pub(crate) fn dots_of(table: &[i8], rows: &[u32], query: &[i16], into: &mut [i32]) {
    assert_eq!(rows.len(), into.len(), "a place for each product");
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has what the function is compiled for, as the line above has found.
            return unsafe { dots_of_avx512(table, rows, query, into) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { dots_of_avx2(table, rows, query, into) };
        }
    }
    dots_of_anywhere(table, rows, query, into);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn dots_of_avx512(table: &[i8], rows: &[u32], query: &[i16], into: &mut [i32]) {
    dots_of_anywhere(table, rows, query, into);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dots_of_avx2(table: &[i8], rows: &[u32], query: &[i16], into: &mut [i32]) {
    dots_of_anywhere(table, rows, query, into);
}

#[inline(always)]
fn dots_of_anywhere(table: &[i8], rows: &[u32], query: &[i16], into: &mut [i32]) {
    for (row, dot) in rows.iter().zip(into) {
        *dot = dot_anywhere(&table[*row as usize * query.len()..][..query.len()], query);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn dots_avx512(rows: &[i8], query: &[i16], into: &mut [i32]) {
    dots_anywhere(rows, query, into);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dots_avx2(rows: &[i8], query: &[i16], into: &mut [i32]) {
    dots_anywhere(rows, query, into);
}

#[inline(always)]
fn dots_anywhere(rows: &[i8], query: &[i16], into: &mut [i32]) {
    if query.is_empty() {
        return into.fill(0);
    }
    for (row, dot) in rows.chunks_exact(query.len()).zip(into) {
        *dot = dot_anywhere(row, query);
    }
}

#[inline(always)]
fn dot_anywhere(row: &[i8], query: &[i16]) -> i32 {
    row.iter().zip(query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// Bits of a component of a sketched query.
pub(crate) const PLANES: usize = 4;

/// How well each sketch goes with a query: the sum of the query's components, as whole numbers from -8 to 7,
/// over the bits that are set. `planes` holds those numbers bit by bit, for each word of a sketch;
/// `sketches` holds as many words for each of `into`.
pub(crate) fn likenesses(sketches: &[u64], planes: &[[u64; PLANES]], into: &mut [i32]) {
    assert_eq!(sketches.len(), planes.len() * into.len(), "as many sketches as places for likenesses");
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512vpopcntdq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
        {
            // SAFETY: the processor has what the function is compiled for, as the line above has found.
            return unsafe { likenesses_avx512(sketches, planes, into) };
        }
        if is_x86_feature_detected!("popcnt") {
            // SAFETY: as above.
            return unsafe { likenesses_popcnt(sketches, planes, into) };
        }
    }
    likenesses_anywhere(sketches, planes, into);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512vpopcntdq,popcnt")]
fn likenesses_avx512(sketches: &[u64], planes: &[[u64; PLANES]], into: &mut [i32]) {
    likenesses_anywhere(sketches, planes, into);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn likenesses_popcnt(sketches: &[u64], planes: &[[u64; PLANES]], into: &mut [i32]) {
    likenesses_anywhere(sketches, planes, into);
}

#[inline(always)]
fn likenesses_anywhere(sketches: &[u64], planes: &[[u64; PLANES]], into: &mut [i32]) {
    // With a length that the compiler knows the loop is three times as fast: the usual ones are told.
    match planes.len() {
        0 => into.fill(0),
        4 => likenesses_of_words::<4>(sketches, planes, into),
        6 => likenesses_of_words::<6>(sketches, planes, into),
        8 => likenesses_of_words::<8>(sketches, planes, into),
        12 => likenesses_of_words::<12>(sketches, planes, into),
        16 => likenesses_of_words::<16>(sketches, planes, into),
        24 => likenesses_of_words::<24>(sketches, planes, into),
        words => {
            for (sketch, likeness) in sketches.chunks_exact(words).zip(into) {
                *likeness = likeness_of(sketch, planes);
            }
        }
    }
}

#[inline(always)]
fn likenesses_of_words<const WORDS: usize>(sketches: &[u64], planes: &[[u64; PLANES]], into: &mut [i32]) {
    let Some(planes) = planes.first_chunk::<WORDS>() else { return };
    for (sketch, likeness) in sketches.as_chunks::<WORDS>().0.iter().zip(into) {
        *likeness = likeness_of(sketch, planes);
    }
}

#[inline(always)]
fn likeness_of(sketch: &[u64], planes: &[[u64; PLANES]]) -> i32 {
    let mut counts = [0_u32; PLANES];
    for (word, planes) in sketch.iter().zip(planes) {
        for (count, plane) in counts.iter_mut().zip(planes) {
            *count += (word & plane).count_ones();
        }
    }
    let [ones, twos, fours, eights] = counts.map(u32::cast_signed);
    ones + 2 * twos + 4 * fours - 8 * eights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_gives_the_numbers_of_the_plain_loop() {
        for dimensions in [1, 7, 32, 33, 256, 300] {
            let rows: Vec<i8> = (0..dimensions * 5).map(|i| (i * 73 % 255 - 127) as i8).collect();
            let query: Vec<i16> = (0..dimensions).map(|i| (i * 331 % 8_001 - 4_000) as i16).collect();
            let (mut found, mut expected) = ([0; 5], [0; 5]);
            dots(&rows, &query, &mut found);
            dots_anywhere(&rows, &query, &mut expected);
            assert_eq!(found, expected);
            let mut of_some = [0; 2];
            dots_of(&rows, &[4, 1], &query, &mut of_some);
            assert_eq!(of_some, [expected[4], expected[1]]);
        }
    }

    #[test]
    fn a_likeness_is_the_sum_over_the_bits_that_are_set() {
        let mut found = [0; 3];
        // Components 1, 7, -8 at the first three bits.
        let planes = [[0b011, 0b010, 0b010, 0b100]];
        likenesses(&[0b001, 0b011, 0b111], &planes, &mut found);
        assert_eq!(found, [1, 8, 0]);
    }

    #[test]
    fn lengths_that_the_compiler_knows_give_the_same() {
        let word = |i: usize| (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for words in [1, 4, 5, 6, 8, 12, 16, 24] {
            let sketches: Vec<u64> = (0..words * 3).map(word).collect();
            let planes: Vec<[u64; PLANES]> =
                (0..words).map(|i| std::array::from_fn(|bit| word(i * 7 + bit + 1))).collect();
            let mut found = [0; 3];
            likenesses(&sketches, &planes, &mut found);
            let expected: Vec<i32> = sketches.chunks(words).map(|one| likeness_of(one, &planes)).collect();
            assert_eq!(found, *expected);
        }
    }
}
