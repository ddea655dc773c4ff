//! Render: a clause in the third person, in the words of the message.

use super::lexicon::Class;
use super::pattern::third_person;
use super::subjects::{Sort, Subject};
use super::tokens::{Shape, Token};

/// What a clause is told with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling<'t, 'a> {
    pub(super) tokens: &'t [Token<'a>],
    /// The speaker's name, or `User`.
    pub(super) who: &'t str,
    pub(super) subject: &'t Subject,
    /// The verb that takes an "s".
    pub(super) base_verb: Option<usize>,
    /// Whether what follows the subject is a thing of theirs.
    pub(super) of_theirs: bool,
}

impl Telling<'_, '_> {
    /// The subject and what is said of it, from the token `predicate` to `to`.
    pub(super) fn tell(&self, predicate: usize, to: usize) -> String {
        let mut text = match self.subject {
            Subject::User => self.who.to_owned(),
            Subject::Other(other) if other.sort == Sort::Named => other.full(),
            Subject::Other(other) if other.sort == Sort::TheThing => format!("the {}", other.full()),
            Subject::Other(other) => format!("{}'s {}", self.who, other.full()),
        };
        if predicate == to {
            return text;
        }
        let first = &self.tokens[predicate.min(to - 1)];
        if self.of_theirs && !first.text.starts_with(['\'', '’']) {
            text.push_str("'s");
        }
        let passed = |token: &Token<'_>| {
            token.is(Class::Adverb) || ["no", "longer", "never", "only"].contains(&token.text)
        };
        let finite = (predicate..to).find(|at| !passed(&self.tokens[*at]));
        for at in predicate..to {
            self.push(&mut text, at, finite == Some(at) && !self.of_theirs, at == predicate);
        }
        text
    }

    /// "My kids", "my parents": they take no "s".
    fn is_plural(&self) -> bool {
        let Subject::Other(other) = self.subject else { return false };
        let head = other.head.as_str();
        let own = ["children", "family", "folks", "people", "grandchildren"].contains(&head);
        other.name.is_none() && (own || head.ends_with('s') && !head.ends_with("ss") && head != "bus")
    }

    /// Words as they are, only turned to the third person.
    pub(super) fn turn(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for at in from..to {
            self.push(&mut text, at, false, at == from);
        }
        text.trim_start().to_owned()
    }

    fn push(&self, text: &mut String, at: usize, is_finite: bool, is_first: bool) {
        let token = &self.tokens[at];
        let gap = at == 0 || self.tokens[at - 1].end() < token.start;
        let is_user = *self.subject == Subject::User;
        let lower = token.text.to_lowercase().replace('’', "'");
        let next = self.tokens.get(at + 1).map_or("", |next| next.text);
        let rest = token.text.chars().skip(1);
        let dropped = token.shape == Shape::Capital
            && rest.clone().count() > 0
            && rest.clone().all(char::is_lowercase)
            && (token.classes != 0 || crate::time::is_past(&lower));
        let turned = match lower.as_str() {
            _ if Some(at) == self.base_verb && is_finite && !self.is_plural() => Some(third_person(&lower)),
            "i" => Some(self.who.to_owned()),
            "me" => Some("them".to_owned()),
            "myself" => Some("themself".to_owned()),
            "my" | "our" if is_user => Some("their".to_owned()),
            "my" | "our" => Some(format!("{}'s", self.who)),
            "mine" => Some("theirs".to_owned()),
            "we" => Some("they".to_owned()),
            "us" => Some("them".to_owned()),
            "am" | "'m" | "m" => Some("is".to_owned()),
            "are" | "'re" if is_finite && is_user => Some("is".to_owned()),
            "'re" => Some("are".to_owned()),
            "were" if is_finite && is_user => Some("was".to_owned()),
            "have" | "'ve" | "ve" if is_finite && is_user => Some("has".to_owned()),
            "'ve" => Some("have".to_owned()),
            "do" if is_finite && is_user => Some("does".to_owned()),
            "'ll" => Some("will".to_owned()),
            "'d" => Some(
                if matches!(next, "like" | "love" | "rather" | "prefer") { "would" } else { "had" }
                    .to_owned(),
            ),
            "'s" | "s" if is_finite && token.text.len() <= 3 => {
                Some(if matches!(next, "been" | "got" | "had") { "has" } else { "is" }.to_owned())
            }
            // The subject was left out, and the verb stood first: "Moved to Oslo".
            _ if is_first && dropped => Some(lower),
            "ca" => Some("can".to_owned()),
            "wo" => Some("will".to_owned()),
            "n't" | "nt" | "n’t" => Some("not".to_owned()),
            _ => None,
        };
        let space = gap || turned.is_some() || is_first;
        if space && !text.is_empty() && !(is_first && token.text.starts_with(['\'', '’']) && turned.is_none())
        {
            text.push(' ');
        }
        text.push_str(turned.as_deref().unwrap_or(token.text));
    }
}
