//! Voices: which words of a message are somebody else's, or are not meant.

use super::Skip;
use super::guards::{self, first_at};
use super::lexicon::Class;
use super::reader::Reader;
use super::sentences::Sentence;
use super::tokens::Shape;

impl Reader<'_, '_> {
    /// "Speaker 1: I'm a teacher", "ANNA: I love you": a line of a script or a chat that somebody else says.
    pub(super) fn is_told_by_another(&mut self, sentence: Sentence) -> bool {
        let words = &self.tokens[sentence.from..sentence.words_to];
        if words.first().is_some_and(|first| first.on_new_line) {
            self.is_script = false;
        }
        // A stamp of time or a bracket before the name is passed over.
        let start = words.iter().position(|token| token.is_name_like()).unwrap_or(0);
        let is_stamp = words[..start].iter().all(|token| token.is_mark() || token.shape == Shape::Number);
        let label = &words[start.min(words.len())..];
        let length = label.iter().take(4).position(|token| token.text == ":");
        let Some(length) = length.filter(|length| *length > 0 && is_stamp) else { return self.is_script };
        let is_name = label[..length].iter().enumerate().all(|(at, token)| {
            let numbered = at > 0 && token.shape == Shape::Number;
            let unknown = token.classes
                & !(Class::Verb.bit() | Class::Friend.bit() | Class::Kin.bit() | Class::Job.bit())
                == 0;
            let shouted = token.text.len() > 1
                && token.text.chars().all(char::is_uppercase)
                && !token.is(Class::Label)
                && !token.is(Class::Opener);
            numbered || shouted || token.is_name_like() && unknown
        });
        let own_name = label[0].text.eq_ignore_ascii_case(self.who);
        let tells = label[length + 1..]
            .iter()
            .take(6)
            .any(|token| token.is(Class::FirstPerson) || token.is(Class::Possessive));
        self.is_script = is_name && !own_name && tells;
        self.is_script
    }

    /// A short laugh after a statement takes it back: "I'm a millionaire. Just kidding!"
    pub(super) fn take_back(&mut self, sentence: Sentence) {
        let words = &self.tokens[sentence.from..sentence.words_to];
        let is_short = words.len() <= 6 && !words.iter().any(|token| token.is(Class::Possessive));
        if is_short {
            let earlier = self.earlier.min(self.reading.statements.len());
            let taken = self.reading.statements.split_off(earlier);
            self.reading.skipped.extend(taken.iter().map(|statement| (statement.quote, Skip::NotMeant)));
        }
    }

    /// Whether from this sentence on the words are not the speaker's own, or not meant.
    pub(super) fn closes(&mut self, sentence: Sentence) -> Option<Skip> {
        let marks = &self.tokens[..sentence.to];
        let opens = guards::anywhere(&self.grammar.requests.from_here_on, marks, sentence.from).is_some();
        let pastes = guards::anywhere(&self.grammar.requests.paste, marks, sentence.from)
            .is_some_and(|at| at == 0 || marks[at - 1].text != "me")
            && marks[sentence.from..].iter().any(|token| token.text == ":");
        let acts_out = marks[sentence.from].text == "*"
            && marks
                .get(sentence.from + 1)
                .is_some_and(|word| word.text.ends_with('s') || word.text.ends_with("ing"))
            && marks[sentence.from + 1..].iter().take(8).any(|token| token.text == "*");
        let opens = opens || acts_out;
        let opened = self.opened(sentence.from, sentence.to);
        let is_task = marks.get(opened).is_some_and(|first| first.is(Class::TaskVerb));
        let pastes = pastes
            || (is_task
                && marks[opened..].iter().any(|token| token.text == ":")
                && !self.is_note(sentence, opened));
        if opens || pastes {
            let reason = if opens { Skip::NotMeant } else { Skip::Quoted };
            self.closed = Some(reason);
            return Some(if opens { reason } else { Skip::OneOff });
        }
        None
    }

    fn is_note(&self, sentence: Sentence, from: usize) -> bool {
        first_at(&self.grammar.requests.remember, &self.tokens[..sentence.words_to], from).is_some()
    }
}
