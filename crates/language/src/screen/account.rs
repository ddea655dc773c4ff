//! Payment: card numbers, IBANs, and account numbers that are named as such.

use dreamkeeper_domain::candidate::Cause;

use super::Finding;
use super::named::{self, Named};
use crate::tokens::span;

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    cards(text, found);
    ibans(text, found);
    let before = found.len();
    named::find(text, &TABLE, found);
    let mut place = before;
    while place < found.len() {
        let is_none =
            found[place].what == ACCOUNT && is_no_iban(found[place].span.of(text).unwrap_or_default());
        if is_none {
            found.remove(place);
        } else {
            place += 1;
        }
    }
}

/// Whether a number that begins as an IBAN does names no country that has them and its check fails.
fn is_no_iban(number: &str) -> bool {
    let whole: String =
        number.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_uppercase()).collect();
    let begins = whole.len() > 4
        && whole[..2].bytes().all(|byte| byte.is_ascii_alphabetic())
        && whole[2..4].bytes().all(|byte| byte.is_ascii_digit());
    begins && IBAN_LENGTHS.binary_search_by_key(&&whole[..2], |(code, _)| code).is_err() && !checks(&whole)
}

const fn named(phrase: &'static str, length: std::ops::RangeInclusive<usize>, what: &'static str) -> Named {
    Named { phrase, cause: Cause::Payment, digits_min: *length.start(), length, what }
}

const ACCOUNT: &str = "a bank account's number";
const CARD: &str = "a card number";
const CHECK: &str = "a card's check digits";

const TABLE: [Named; 8] = [
    named("account number", 6..=18, ACCOUNT),
    named("bank account", 6..=18, ACCOUNT),
    named("routing number", 9..=9, ACCOUNT),
    named("sort code", 6..=6, ACCOUNT),
    named("iban", 12..=34, ACCOUNT),
    named("cvv", 3..=4, CHECK),
    named("cvc", 3..=4, CHECK),
    named("cvv2", 3..=4, CHECK),
];

/// First digits of a brand from and to, and how long its numbers are.
const BRANDS: [(u32, u32, std::ops::RangeInclusive<usize>); 12] = [
    (4, 4, 16..=16),
    (4, 4, 19..=19),
    (51, 55, 16..=16),
    (2221, 2720, 16..=16),
    (34, 34, 15..=15),
    (37, 37, 15..=15),
    (6011, 6011, 16..=19),
    (644, 659, 16..=19),
    (3528, 3589, 16..=19),
    (36, 36, 14..=19),
    (300, 305, 14..=19),
    (62, 62, 16..=19),
];
/// How the digits of a card are written in groups.
const GROUPS: [&[usize]; 6] =
    [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3], &[4, 4, 4, 3], &[8, 8]];

fn cards(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = digits_end(bytes, at);
        let is_bounded = !touches_word(text, at, end);
        let groups: Vec<&str> = text[at..end].split([' ', '-', '.']).collect();
        let starts = (0..groups.len()).filter(|start| *start == 0 || groups.len() > 1);
        for start in starts {
            let Some(count) = card_at(&groups[start..]) else { continue };
            if is_bounded {
                let skip: usize = groups[..start].iter().map(|group| group.len() + 1).sum();
                let length =
                    groups[start..start + count].iter().map(|group| group.len()).sum::<usize>() + count - 1;
                let place = span(at + skip, at + skip + length);
                found.push(Finding { cause: Cause::Payment, span: place, what: CARD });
                break;
            }
        }
        at = end;
    }
}

/// The end of a run of digits with single blanks, dots or dashes inside.
fn digits_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < bytes.len() {
        let joins =
            matches!(bytes[end], b' ' | b'-' | b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !joins {
            break;
        }
        end += 1;
    }
    end
}

fn touches_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |character: char| character.is_alphanumeric() || matches!(character, '_' | '/');
    text[..start].chars().next_back().is_some_and(joins) || text[end..].chars().next().is_some_and(joins)
}

/// How many of the groups make a card's number.
fn card_at(groups: &[&str]) -> Option<usize> {
    let whole = groups.first().filter(|group| is_card(group)).map(|_| 1);
    let grouped = || {
        let fits = |shape: &&&[usize]| {
            groups.len() >= shape.len()
                && shape.iter().zip(groups).all(|(length, group)| group.len() == *length)
        };
        GROUPS
            .iter()
            .filter(fits)
            .find(|shape| is_card(&groups[..shape.len()].concat()))
            .map(|shape| shape.len())
    };
    whole.or_else(grouped)
}

fn is_card(digits: &str) -> bool {
    let begins = |length: u32| digits.get(..length as usize).and_then(|digits| digits.parse::<u32>().ok());
    let is_of = |brand: &(u32, u32, std::ops::RangeInclusive<usize>)| {
        let places = brand.0.ilog10() + 1;
        brand.2.contains(&digits.len())
            && begins(places).is_some_and(|start| (brand.0..=brand.1).contains(&start))
    };
    BRANDS.iter().any(is_of) && luhn(digits)
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &str) -> bool {
    let weigh = |(place, digit): (usize, u8)| {
        let value = u32::from(digit - b'0') << (place % 2);
        if value > 9 { value - 9 } else { value }
    };
    digits.bytes().rev().enumerate().map(weigh).sum::<u32>().is_multiple_of(10)
}

/// Letters and digits of an IBAN by country, as SWIFT registers them.
#[rustfmt::skip]
const IBAN_LENGTHS: [(&str, usize); 78] = [
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22), ("BR", 29),
    ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29),
    ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27), ("GT", 28),
    ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26), ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20),
    ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22),
    ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30), ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25),
    ("QA", 29), ("RO", 24), ("RS", 22), ("SA", 24), ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27),
    ("ST", 25), ("SV", 28), ("TL", 23), ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("XK", 20),
];

fn ibans(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    for start in 0..bytes.len().saturating_sub(14) {
        let begins = bytes[start].is_ascii_alphabetic()
            && bytes[start + 1].is_ascii_alphabetic()
            && bytes[start + 2].is_ascii_digit();
        let follows = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        if !begins || follows {
            continue;
        }
        let country = text[start..start + 2].to_ascii_uppercase();
        let Ok(place) = IBAN_LENGTHS.binary_search_by_key(&country.as_str(), |(code, _)| code) else {
            continue;
        };
        if let Some(end) = iban_end(text, start, IBAN_LENGTHS[place].1) {
            found.push(Finding { cause: Cause::Payment, span: span(start, end), what: "an IBAN" });
        }
    }
}

/// Where so many letters and digits end, single blanks and dashes not counted, when their check holds.
fn iban_end(text: &str, start: usize, length: usize) -> Option<usize> {
    let mut whole = String::with_capacity(length);
    let mut end = start;
    for character in text[start..].chars() {
        if whole.len() == length {
            break;
        }
        match character {
            ' ' | '-' => {}
            other if other.is_ascii_alphanumeric() => whole.push(other.to_ascii_uppercase()),
            _ => return None,
        }
        end += 1;
    }
    let is_bounded = !text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (whole.len() == length && is_bounded && checks(&whole)).then_some(end)
}

/// ISO 13616: read as one number with letters from 10 on, the first four moved to the end, it leaves 1 by 97.
fn checks(iban: &str) -> bool {
    let moved = iban.chars().skip(4).chain(iban.chars().take(4));
    let rest = moved
        .filter_map(|character| character.to_digit(36))
        .fold(0_u32, |rest, digit| (if digit > 9 { rest * 100 } else { rest * 10 } + digit) % 97);
    rest == 1
}
