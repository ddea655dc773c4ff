//! stub
use dreamkeeper_domain::candidate::Cause;
use dreamkeeper_domain::passage::Span;
/// f
pub struct Finding {
    /// c
    pub cause: Cause,
    /// s
    pub span: Span,
    /// w
    pub what: &'static str,
}
/// f
pub fn findings(_text: &str) -> Vec<Finding> {
    Vec::new()
}
/// s
pub mod served {
    use super::Span;
    /// f
    pub fn fenced_spans(_t: &str) -> Vec<Span> {
        Vec::new()
    }
}
