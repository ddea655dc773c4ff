//! Long texts: the time to read one grows with its length only.

use dreamkeeper_language::time::{Anchor, read};
use jiff::tz::TimeZone;

/// A sentence that never ends and is nothing but phrases would be read once for each of them, were the clause
/// around a phrase not bounded.
#[test]
fn a_long_text_of_nothing_but_phrases_is_read_in_time() {
    let anchor = Anchor { at: "2024-06-12T10:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
    for piece in [
        "on Friday ",
        "every ",
        "is ",
        "a ",
        "3 ",
        "the first ",
        "and Mondays ",
        "twenty-",
        "from ",
        "in the ",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let begun = std::time::Instant::now();
        read(&text, &anchor);
        assert!(begun.elapsed().as_secs() < 5, "{piece}: {:?}", begun.elapsed());
    }
}
