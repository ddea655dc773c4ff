//! Focus: the part of a long passage that a question is about.

use std::collections::BTreeSet;

use dreamkeeper_domain::text::{TermHash, is_stop_term, terms};

/// The text on one line, from where it speaks most of the question on, when it has more than `room`
/// characters; `…` stands for what is left out before.
pub(super) fn focused(text: &str, question: &str, room: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= room {
        return line;
    }
    let asked: BTreeSet<TermHash> = terms(question).into_iter().filter(|term| !is_stop_term(*term)).collect();
    let spoken = |start: usize| {
        let window: String = line[start..].chars().take(room).collect();
        terms(&window).into_iter().filter(|term| asked.contains(term)).collect::<BTreeSet<_>>().len()
    };
    let begins = line.match_indices([' ']).filter(|(place, _)| {
        line[..*place].ends_with(['.', '!', '?', ':', ';', ',', '}'])
            && line[*place..].chars().count() > room / 2
    });
    let (mut best, mut best_count) = (0, spoken(0));
    for (place, _) in begins {
        let count = spoken(place + 1);
        // Of equal beginnings the last is nearest to what it speaks of; the text's own comes first.
        if count > best_count || (best > 0 && count == best_count) {
            (best, best_count) = (place + 1, count);
        }
    }
    if best == 0 { line } else { format!("… {}", &line[best..]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_begins_where_it_speaks_of_the_question() {
        let text =
            "Welcome to the inn, by the river.\nDinner is at seven. Luggage can be sent ahead, one bag each.";
        assert_eq!(focused(text, "luggage", 45), "… Luggage can be sent ahead, one bag each.");
        assert_eq!(focused(text, "inn", 40), text.replace('\n', " "));
        assert_eq!(focused("Short.", "luggage", 40), "Short.");
    }
}
