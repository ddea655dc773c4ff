//! Identity: numbers of documents that say who a person is, where they are named as such.

use dreamkeeper_domain::candidate::Cause;

use super::Finding;
use super::named::{self, Named};

const fn named(
    phrase: &'static str,
    length: std::ops::RangeInclusive<usize>,
    digits_min: usize,
    what: &'static str,
) -> Named {
    Named { phrase, cause: Cause::Identity, length, digits_min, what }
}

const SOCIAL: &str = "a social security number";
const PASSPORT: &str = "a passport number";
const CARD: &str = "an identity card's number";
const LICENCE: &str = "a driving licence's number";
const TAX: &str = "a tax number";
const HEALTH: &str = "a health or insurance number";

#[rustfmt::skip]
const TABLE: [Named; 38] = [
    named("ssn", 9..=9, 9, SOCIAL),
    named("social security", 9..=9, 9, SOCIAL),
    named("social security number", 9..=9, 9, SOCIAL),
    named("social insurance number", 9..=9, 9, SOCIAL),
    named("national insurance number", 8..=9, 6, SOCIAL),
    named("national insurance", 8..=9, 6, SOCIAL),
    named("nino", 8..=9, 6, SOCIAL),
    named("social", 9..=9, 9, SOCIAL),
    named("passport", 6..=9, 5, PASSPORT),
    named("passport number", 6..=9, 5, PASSPORT),
    named("passport no", 6..=9, 5, PASSPORT),
    named("id card", 6..=20, 5, CARD),
    named("id number", 6..=20, 5, CARD),
    named("identity card", 6..=20, 5, CARD),
    named("identity number", 6..=20, 5, CARD),
    named("national id", 6..=20, 5, CARD),
    named("citizen card", 6..=20, 5, CARD),
    named("personnummer", 10..=12, 10, CARD),
    named("aadhaar", 12..=12, 12, CARD),
    named("aadhar", 12..=12, 12, CARD),
    named("dni", 8..=9, 7, CARD),
    named("nie", 8..=9, 7, CARD),
    named("residence permit", 6..=20, 5, CARD),
    named("green card", 8..=13, 8, CARD),
    named("driver's license", 5..=20, 4, LICENCE),
    named("driver license", 5..=20, 4, LICENCE),
    named("drivers license", 5..=20, 4, LICENCE),
    named("driving licence", 5..=20, 4, LICENCE),
    named("driving license", 5..=20, 4, LICENCE),
    named("driver's licence", 5..=20, 4, LICENCE),
    named("tax id", 8..=14, 7, TAX),
    named("tax number", 8..=14, 7, TAX),
    named("tin", 9..=14, 9, TAX),
    named("itin", 9..=9, 9, TAX),
    named("nif", 8..=9, 8, TAX),
    named("cpf", 11..=11, 11, TAX),
    named("nhs number", 10..=10, 10, HEALTH),
    named("insurance number", 8..=14, 7, HEALTH),
];

pub(super) fn find(text: &str, found: &mut Vec<Finding>) {
    let before = found.len();
    named::find(text, &TABLE, found);
    let mut place = before;
    while place < found.len() {
        let finding = &found[place];
        let digits = finding.span.of(text).unwrap_or_default();
        if finding.what == SOCIAL && is_never_issued(digits) {
            found.remove(place);
        } else {
            place += 1;
        }
    }
}

/// Numbers of nine digits that the United States do not give out.
fn is_never_issued(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let all_digits = !text.chars().any(char::is_alphabetic);
    all_digits
        && digits.len() == 9
        && (digits.starts_with("000") || digits.ends_with("0000") || &digits[3..5] == "00")
}
