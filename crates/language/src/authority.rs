//! Authority: which matters a text tells of that must not rest on memory alone.
//!
//! A mark for who reads what was recalled, never a bar: what is marked is served all the same. The cues are data
//! (`grammar/authority.txt`); they catch what is plain and miss what is told around the corner.

use std::sync::LazyLock;

use dreamkeeper_domain::authority::Matter;

use crate::cues::{Pattern, is_number};
use crate::screen;
use crate::tokens::{Token, sentences, tokens};

static CUES: LazyLock<Vec<(Matter, Pattern)>> =
    LazyLock::new(|| include_str!("../grammar/authority.txt").lines().filter_map(row).collect());

/// A row of the table; its columns are parted by ` | `.
fn row(line: &'static str) -> Option<(Matter, Pattern)> {
    let (matter, pattern) = line.split_once(" | ")?;
    let matter = Matter::ALL.into_iter().find(|known| known.as_str() == matter)?;
    Some((matter, Pattern::read(pattern)))
}

/// The signs of currencies that stand beside an amount.
const SIGNS: [char; 10] = ['$', '€', '£', '¥', '₹', '₩', '₽', '₺', '₴', '₪'];

/// The matters that a text tells of, each once, in order.
pub fn matters(text: &str) -> Vec<Matter> {
    let tokens = tokens(text);
    let sentences = sentences(&tokens);
    let is_told = |matter: Matter| {
        let mut cues = CUES.iter().filter(|(told, _)| *told == matter);
        cues.any(|(_, cue)| sentences.iter().any(|range| cue.find(&tokens[range.clone()]).is_some()))
    };
    let is_shown = |matter: Matter| match matter {
        Matter::Amount => has_signed_amount(text, &tokens),
        Matter::Identity => has_mail_address(text) || screen::tells_identity(text),
        Matter::Permission => false,
    };
    Matter::ALL.into_iter().filter(|matter| is_told(*matter) || is_shown(*matter)).collect()
}

/// "$500", "500 €".
fn has_signed_amount(text: &str, tokens: &[Token<'_>]) -> bool {
    let is_sign = |character: Option<char>| character.is_some_and(|found| SIGNS.contains(&found));
    let has_digits =
        |token: &&Token<'_>| is_number(token) && token.raw.starts_with(|c: char| c.is_ascii_digit());
    tokens.iter().filter(has_digits).any(|token| {
        let (before, after) = (&text[..token.start], &text[token.end..]);
        is_sign(before.trim_end_matches(' ').chars().next_back())
            || is_sign(after.trim_start_matches(' ').chars().next())
    })
}

/// "ana@example.org".
fn has_mail_address(text: &str) -> bool {
    text.match_indices('@').any(|(place, _)| {
        let (before, after) = (&text[..place], &text[place + 1..]);
        let domain = after
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
            .next()
            .unwrap_or_default();
        let has_dot = domain.trim_end_matches('.').contains('.');
        before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) && has_dot
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Matter]) {
        assert_eq!(matters(text), expected, "{text:?}");
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let table = include_str!("../grammar/authority.txt");
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        let (read, unread): (Vec<&str>, Vec<&str>) = rows.partition(|line| row(line).is_some());
        assert_eq!((read.len(), unread), (CUES.len(), Vec::new()));
    }

    #[test]
    fn amounts_of_money_are_told() {
        for text in [
            "Ana's rent is 900 euros a month.",
            "The flat costs $1,200.",
            "It came to 45 €.",
            "He owes Bo twenty dollars.",
            "The credit limit is now 5000.",
            "Her salary was raised to 84k.",
            "Invoice 12: EUR 300",
            "They pay 900 pounds a month.",
        ] {
            check(text, &[Matter::Amount]);
        }
    }

    #[test]
    fn who_somebody_is_is_told() {
        for text in [
            "Ana's passport number is X1234567.",
            "Write to ana.silva@example.org.",
            "My customer number is 48213.",
            "Her date of birth is on file.",
            "His legal name is Bogdan.",
            "Her phone number is 555 0134.",
            "Bo is the account holder.",
            "The IBAN is DE89 3704 0044 0532 0130 00.",
        ] {
            check(text, &[Matter::Identity]);
        }
    }

    #[test]
    fn what_somebody_may_do_is_told() {
        for text in [
            "Bo is allowed to open the till.",
            "Ana has access to the payroll system.",
            "She can approve refunds.",
            "Cy is an admin of the cluster.",
            "Dana holds power of attorney.",
            "Contractors are not authorised.",
        ] {
            check(text, &[Matter::Permission]);
        }
        check("Bo may approve refunds up to $200.", &[Matter::Amount, Matter::Permission]);
    }

    #[test]
    fn small_talk_is_left_alone() {
        for text in [
            "",
            "Ana lives in Porto with two cats.",
            "I owe you one!",
            "The cake weighs 5 pounds.",
            "She can sing and may come on Friday.",
            "We ran 10 miles in two hours.",
            "Her birthday is on 3 May.",
            "Meet me @ noon.",
            "The number of guests is 12.",
        ] {
            check(text, &[]);
        }
    }
}
