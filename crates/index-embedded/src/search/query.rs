//! Query: a request made ready once for all segments.

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::NominationRequest;
use dreamkeeper_domain::text::background_probability;

use crate::kernel::PLANES;
use crate::segment::Class;

/// A request made ready.
pub(crate) struct Query {
    pub(super) request: NominationRequest,
    /// For each term: its probability in texts at large.
    pub(super) background: Vec<f32>,
    pub(super) vector: Option<QueryVector>,
    /// Parts of the filter that a class decides; all must hold.
    pub(super) class_filters: Vec<Filter>,
    /// The other parts.
    pub(super) row_filters: Vec<Filter>,
}

impl Query {
    pub(crate) fn new(request: &NominationRequest) -> Self {
        let request = request.clone();
        let background = request.terms.iter().map(|term| background_probability(term.hash)).collect();
        let vector = request.vector.as_ref();
        let vector = vector.and_then(|(embedder, vector)| QueryVector::new(embedder, vector));
        let (row_filters, class_filters) = conjuncts(request.filter.clone())
            .into_iter()
            .partition(|filter| filter.tests_any(&|field| !Class::decides(field)));
        Self { request, background, vector, class_filters, row_filters }
    }
}

/// The parts of a filter that must all hold.
fn conjuncts(filter: Option<Filter>) -> Vec<Filter> {
    match filter {
        None => Vec::new(),
        Some(Filter::And(all)) => all.into_iter().flat_map(|filter| conjuncts(Some(filter))).collect(),
        Some(other) => vec![other],
    }
}

/// The query's vector as whole numbers, finer than a passage's: the cosine is exact to about 1e-5.
pub(super) struct QueryVector {
    pub(super) embedder: EmbedderIdentity,
    pub(super) numbers: Vec<i16>,
    /// What makes the numbers a unit vector.
    pub(super) factor: f32,
    /// The numbers once more, at four bits each and bit by bit, to be laid over sketches.
    pub(super) planes: Vec<[u64; PLANES]>,
}

impl QueryVector {
    /// `None` for a vector of zeros.
    fn new(embedder: &EmbedderIdentity, vector: &[f32]) -> Option<Self> {
        let peak = vector.iter().fold(0.0_f32, |peak, number| peak.max(number.abs()));
        let sum: f32 = vector.iter().map(|number| number.abs()).sum();
        // No product with a row of numbers up to 127 may pass 2^31; rounding is left half a step each.
        let room = (i32::MAX as f32 / 128.0 - vector.len() as f32) / sum;
        let steps = (f32::from(i16::MAX) / peak).min(room);
        let numbers: Vec<i16> = vector.iter().map(|number| (number * steps).round() as i16).collect();
        let square: i64 = numbers.iter().map(|number| i64::from(*number).pow(2)).sum();
        if square == 0 || !steps.is_finite() {
            return None;
        }
        let factor = (1.0 / (square as f64).sqrt()) as f32;
        Some(Self { embedder: embedder.clone(), planes: planes(vector, peak), numbers, factor })
    }
}

/// Numbers from -7 to 7, bit by bit, 64 a word.
fn planes(vector: &[f32], peak: f32) -> Vec<[u64; PLANES]> {
    let of_word = |components: &[f32]| {
        let mut planes = [0; PLANES];
        for (place, component) in components.iter().enumerate() {
            let number = (component / peak * 7.0).round() as i8;
            for (bit, plane) in planes.iter_mut().enumerate() {
                *plane |= u64::from(number.cast_unsigned() >> bit & 1) << place;
            }
        }
        planes
    };
    vector.chunks(64).map(of_word).collect()
}
