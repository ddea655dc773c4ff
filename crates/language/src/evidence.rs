//! stub
use dreamkeeper_domain::passage::Span;
use jiff::civil::DateTime;
/// s
pub struct Sources<'a>(std::marker::PhantomData<&'a ()>);
impl<'a> Sources<'a> {
    /// n
    pub fn new(_q: &'a [&'a str]) -> Self {
        Self(std::marker::PhantomData)
    }
    /// s
    pub fn speakers(self, _s: &'a [&'a str]) -> Self {
        self
    }
    /// d
    pub fn dates(self, _d: &[(DateTime, DateTime)]) -> Self {
        self
    }
}
/// u
pub fn unsupported(_t: &str, _s: &Sources<'_>) -> Vec<Span> {
    Vec::new()
}
/// n
pub fn negation_flipped(_t: &str, _q: &str) -> bool {
    false
}
/// f
pub fn find_quote(m: &str, q: &str) -> Option<Span> {
    m.find(q).map(|s| Span { start: s as u32, end: (s + q.len()) as u32 })
}
