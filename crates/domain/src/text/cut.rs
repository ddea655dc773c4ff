//! Cutting: a long text becomes passages of bounded size, at the boundary that disturbs least.

use super::terms::stands_alone;
use crate::limits::PASSAGE_TOKENS_MAX;
use crate::passage::Span;

/// How many tokens a text counts as: a run of letters and digits one for every four characters begun, any
/// other visible character one. Language models' own counts lie at or below it for most prose.
pub fn token_count(text: &str) -> usize {
    let mut count = 0;
    let mut run = 0_usize;
    for character in text.chars() {
        if character.is_alphanumeric() && !stands_alone(character) {
            run += 1;
        } else {
            count += run.div_ceil(4);
            run = 0;
            count += usize::from(!character.is_whitespace());
        }
    }
    count + run.div_ceil(4)
}

/// Cuts a text into spans of at most [`PASSAGE_TOKENS_MAX`] tokens that cover all of its words, in order.
///
/// A span ends, in this order of liking, at a blank line or code fence, a line's end, a sentence's end, a
/// space; only a single word longer than a whole passage is cut inside. White space between spans belongs
/// to none.
pub fn cut(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut pieces = vec![trimmed(text, 0, text.len())];
    // A stack of what is still too long; its end is the next part of the text.
    while let Some((start, end)) = pieces.pop() {
        if start == end {
            continue;
        }
        let piece = &text[start..end];
        let full = reach(piece, PASSAGE_TOKENS_MAX);
        if full == piece.len() {
            spans.push(Span { start: start as u32, end: end as u32 });
            continue;
        }
        let middle = start + boundary(&piece[..full]);
        pieces.push(trimmed(text, middle, end));
        pieces.push(trimmed(text, start, middle));
    }
    spans
}

fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let from = start + (piece.len() - piece.trim_start().len());
    (from, (start + piece.trim_end().len()).max(from))
}

/// Where the head of a piece that is too long is cut: the latest boundary of the best sort that leaves at
/// least a quarter of the bound in the first part; the head's end when there is none.
fn boundary(head: &str) -> usize {
    let quarter = reach(head, PASSAGE_TOKENS_MAX / 4);
    let sorts: [fn(&str) -> Option<usize>; 4] = [paragraph_end, line_end, sentence_end, word_end];
    sorts
        .iter()
        .find_map(|sort| sort(head).filter(|place| *place >= quarter && *place > 0))
        .unwrap_or(head.len())
}

/// The longest prefix with at most that many tokens, at a character's boundary; never empty.
fn reach(piece: &str, tokens: usize) -> usize {
    let mut count = 0;
    let mut run = 0_usize;
    for (place, character) in piece.char_indices() {
        if character.is_alphanumeric() && !stands_alone(character) {
            run += 1;
            count += usize::from(run % 4 == 1);
        } else {
            run = 0;
            count += usize::from(!character.is_whitespace());
        }
        if count > tokens {
            return if place == 0 { character.len_utf8() } else { place };
        }
    }
    piece.len()
}

fn paragraph_end(head: &str) -> Option<usize> {
    let blank = head.rfind("\n\n").map(|place| place + 2);
    let fence = head.rfind("\n```").map(|place| place + 1);
    blank.max(fence)
}

fn line_end(head: &str) -> Option<usize> {
    head.rfind('\n').map(|place| place + 1)
}

fn sentence_end(head: &str) -> Option<usize> {
    let wide = head.rfind(['。', '！', '？']).map(|place| place + '。'.len_utf8());
    let narrow = [". ", "! ", "? ", "; "].iter().filter_map(|mark| head.rfind(mark)).max();
    wide.max(narrow.map(|place| place + 2))
}

fn word_end(head: &str) -> Option<usize> {
    head.char_indices()
        .rev()
        .find(|(_, character)| character.is_whitespace())
        .map(|(place, space)| place + space.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<&str> {
        let spans = cut(text);
        let parts: Vec<&str> = spans.iter().map(|span| span.of(text).unwrap()).collect();
        assert!(parts.iter().all(|part| token_count(part) <= PASSAGE_TOKENS_MAX));
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "in order, apart");
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(dense(&parts.concat()), dense(text), "every word is in a passage");
        parts
    }

    #[test]
    fn a_short_text_is_one_passage_without_its_margins() {
        assert_eq!(check("  Hello there.\n"), ["Hello there."]);
        assert!(check(" \n ").is_empty());
    }

    #[test]
    fn long_prose_is_cut_between_sentences() {
        let text = "The kettle sings on the old stove while rain falls. ".repeat(100);
        assert!(check(&text).iter().all(|part| part.ends_with('.')));
    }

    #[test]
    fn lists_are_cut_between_items_and_code_before_its_fence() {
        let list = "- buy lentils, onions and a lemon for the soup on Sunday evening\n".repeat(60);
        assert!(check(&list).iter().all(|part| part.starts_with("- ")));
        let prose = "Words of an answer that goes on for quite some time here.\n".repeat(15);
        let code = format!("{prose}\n```rust\nfn main() {{}}\n```\n{prose}");
        check(&code);
    }

    #[test]
    fn a_word_without_end_is_cut_at_characters() {
        check(&"é".repeat(5_000));
        check(&"猫".repeat(2_000));
    }

    #[test]
    fn a_hundred_thousand_characters_are_cut_in_reasonable_time() {
        let text = "One more line of a very long answer, with numbers 12345 and (brackets).\n".repeat(1_400);
        assert!(check(&text).len() > 50);
    }
}
