//! Key: one setting, with its default and what it is for. Everything that lists settings reads this.

/// One setting of one section.
#[derive(Debug)]
pub(crate) struct Key {
    /// `section.key`.
    pub(crate) name: &'static str,
    /// The default, as it is written in the file.
    pub(crate) default: &'static str,
    /// What it is for, in sentences; a line break here is one in the file.
    pub(crate) about: &'static str,
    /// Whether it is shown as stars.
    pub(crate) secret: bool,
}

impl Key {
    /// A setting that may be shown.
    pub(crate) const fn new(name: &'static str, default: &'static str, about: &'static str) -> Self {
        Self { name, default, about, secret: false }
    }

    /// A setting that must not be shown.
    pub(crate) const fn secret(name: &'static str, default: &'static str, about: &'static str) -> Self {
        Self { name, default, about, secret: true }
    }

    /// The section that it stands in, and its name there.
    pub(crate) fn parts(&self) -> (&'static str, &'static str) {
        self.name.rsplit_once('.').expect("every key is written as section.key")
    }

    /// The environment variable that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("DREAMKEEPER_{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// The known name nearest to a mistyped one, when it is near enough to be meant.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = (typed.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|name| (edit_distance(typed, name), name))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Characters to insert, remove or replace (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, character) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (place, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *other);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_the_key_and_another_word_does_not() {
        let known = ["server.listen", "log.level", "data.dir"];
        assert_eq!(nearest("server.lisen", known), Some("server.listen"));
        assert_eq!(nearest("log.levle", known), Some("log.level"));
        assert_eq!(nearest("colour.scheme", known), None);
    }
}
