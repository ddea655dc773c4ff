//! Values: every setting with where it came from; flags over environment over file over default.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use toml::Value;

use super::key::{Key, nearest};
use super::keys;
use crate::output::failure::Failure;
use dreamkeeper::without_credentials;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The command line.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// Every setting, by name.
#[derive(Clone)]
pub(crate) struct Values {
    by_name: BTreeMap<&'static str, (Value, Source)>,
    /// What single spaces have otherwise: by the space's name, then by the key's.
    by_space: BTreeMap<String, BTreeMap<&'static str, (Value, Source)>>,
}

impl Values {
    /// The defaults.
    pub(crate) fn defaults() -> Self {
        let value = |key: &Key| parse_literal(key.default).expect("the tests parse every default");
        let by_name = keys().map(|key| (key.name, (value(key), Source::Default))).collect();
        Self { by_name, by_space: BTreeMap::new() }
    }

    /// Lays a configuration file over what is there.
    pub(crate) fn read_file(&mut self, path: &Path) -> Result<(), Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let help =
                "name a file that can be read with --config, or make one with `dreamkeeper config init`";
            Failure::misused(format!("{} cannot be read: {error}", path.display()), help)
        })?;
        let table: toml::Table = toml::from_str(&text).map_err(|error| {
            // Not the parser's own telling, which quotes the line: it may hold a secret.
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
            let what = format!("{} is not TOML, line {line}: {}", path.display(), error.message().trim_end());
            Failure::misused(what, "`dreamkeeper config show --default` prints a file that is")
        })?;
        for (section, value) in table {
            self.read_entry(section, value, path)?;
        }
        Ok(())
    }

    /// Takes a value of the file, or everything in a section of it.
    fn read_entry(&mut self, name: String, value: Value, path: &Path) -> Result<(), Failure> {
        let source = Source::File(path.to_owned());
        match (find(&name), value) {
            (Some(key), value) => {
                self.by_name.insert(key.name, (value, source));
                Ok(())
            }
            (None, Value::Table(entries)) => entries
                .into_iter()
                .try_for_each(|(entry, value)| self.read_entry(format!("{name}.{entry}"), value, path)),
            (None, value) => match of_space(&name) {
                Some((space, key)) => {
                    self.by_space.entry(space).or_default().insert(key.name, (value, source));
                    Ok(())
                }
                None => Err(unknown(&name, path.display())),
            },
        }
    }

    /// Lays environment variables over what is there. One that begins like a section and names no key is
    /// refused; other variables of ours (`DREAMKEEPER_CONFIG`) are none of this function's business.
    pub(crate) fn read_environment(
        &mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), Failure> {
        let mut short = None;
        for (variable, text) in variables {
            if variable == "DREAMKEEPER_DATA" {
                // The short name; the long one wins, in whichever order they come.
                short = Some((variable, text)).filter(|(_, text)| !text.is_empty());
                continue;
            }
            let section_of =
                |key: &Key| format!("DREAMKEEPER_{}_", key.parts().0.replace('.', "_").to_uppercase());
            let Some(key) = keys().find(|key| key.variable() == variable) else {
                let section = keys().find(|key| variable.starts_with(&section_of(key)));
                let Some(section) = section.map(|key| (key.parts().0, section_of(key).len())) else {
                    continue;
                };
                let name = format!("{}.{}", section.0, variable[section.1..].to_lowercase());
                return Err(unknown(&name, format!("environment {variable}")));
            };
            let value = self.parse_like_default(key, &text);
            self.by_name.insert(key.name, (value, Source::Environment(variable)));
        }
        if let Some((variable, text)) = short
            && !matches!(self.entry("data.dir").1, Source::Environment(_))
        {
            self.put("data.dir", text.into(), Source::Environment(variable));
        }
        Ok(())
    }

    /// Lays a value that was found elsewhere over what is there.
    pub(super) fn put(&mut self, name: &'static str, value: Value, source: Source) {
        self.by_name.insert(name, (value, source));
    }

    /// Lays one `section.key=value` of the command line over what is there.
    pub(crate) fn set(&mut self, assignment: &str) -> Result<(), Failure> {
        let (name, text) = assignment.split_once('=').ok_or_else(|| {
            // What follows the name may be a secret.
            let plain = |character: &char| character.is_ascii_alphanumeric() || "._".contains(*character);
            let name: String = assignment.chars().take_while(plain).collect();
            let what = format!("--set {name} has no `=`");
            Failure::misused(what, "write --set section.key=value, for example --set log.level=debug")
        })?;
        self.set_key(name.trim(), text.trim(), "--set")
    }

    /// Lays one value of the command line over what is there; `flag` is told as its source.
    pub(crate) fn set_key(&mut self, name: &str, text: &str, flag: &'static str) -> Result<(), Failure> {
        if let Some((space, key)) = of_space(name) {
            let value = self.parse_like_default(key, text);
            self.by_space.entry(space).or_default().insert(key.name, (value, Source::Flag(flag)));
            return Ok(());
        }
        let key = find(name).ok_or_else(|| unknown(name, flag))?;
        let value = self.parse_like_default(key, text);
        self.by_name.insert(key.name, (value, Source::Flag(flag)));
        Ok(())
    }

    /// A value as its type.
    pub(crate) fn get<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Failure> {
        let (value, source) = self.entry(name);
        value.clone().try_into().map_err(|error: toml::de::Error| {
            // The message may quote the value.
            let problem = if is_secret(name) { "it has the wrong type" } else { error.message().trim_end() };
            Failure::misused(format!("{name} = {} ({source}): {problem}", shown(name, value)), about(name))
        })
    }

    /// A value that its owner refuses, told with where it came from.
    pub(crate) fn refuse(&self, name: &'static str, problem: impl fmt::Display) -> Failure {
        let (value, source) = self.entry(name);
        Failure::misused(format!("{name} = {} ({source}): {problem}", shown(name, value)), about(name))
    }

    /// A number of milliseconds that must be some.
    pub(super) fn duration(&self, name: &'static str) -> Result<Duration, Failure> {
        match self.get(name)? {
            0 => Err(self.refuse(name, "expected at least 1 (milliseconds)")),
            milliseconds => Ok(Duration::from_millis(milliseconds)),
        }
    }

    /// Every value with its key and source, by section.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'static Key, &Value, &Source)> {
        keys().map(|key| {
            let (value, source) = self.entry(key.name);
            (key, value, source)
        })
    }

    /// The spaces that have something otherwise.
    pub(crate) fn space_names(&self) -> impl Iterator<Item = String> {
        self.by_space.keys().cloned()
    }

    /// What single spaces have otherwise: the key as it is written, the value, where it came from.
    pub(crate) fn space_entries(&self) -> impl Iterator<Item = (String, &Value, &Source)> {
        self.by_space.iter().flat_map(|(space, entries)| {
            entries
                .iter()
                .map(move |(name, (value, source))| (format!("space.{space}.{name}"), value, source))
        })
    }

    /// The values as they are for one space.
    pub(crate) fn for_space(&self, space: &str) -> Self {
        let mut values = self.clone();
        values.by_name.extend(self.by_space.get(space).cloned().unwrap_or_default());
        values
    }

    fn entry(&self, name: &str) -> &(Value, Source) {
        self.by_name.get(name).expect("every key has a default")
    }

    /// A text from outside the file: a word where the default is one, else a TOML literal. A list may be
    /// written with commas alone.
    fn parse_like_default(&self, key: &Key, text: &str) -> Value {
        let plain = || Value::String(text.to_owned());
        match parse_literal(key.default) {
            Some(Value::String(_)) | None => plain(),
            Some(Value::Array(_)) => match parse_literal(text) {
                Some(Value::Array(values)) => Value::Array(values),
                // An IPv6 address begins as a list does.
                Some(_) | None => {
                    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
                    Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
                }
            },
            Some(_) => parse_literal(text).unwrap_or_else(plain),
        }
    }
}

/// A value as it may be seen by anybody: secrets, and what stands in an address for one, as stars.
pub(crate) fn shown(name: &str, value: &Value) -> Value {
    const STARS: &str = "***";
    match value {
        Value::String(text) if text.is_empty() => value.clone(),
        _ if is_secret(name) => Value::String(STARS.to_owned()),
        Value::String(text) if is_address(name) => Value::String(without_credentials(text)),
        Value::Array(values) => Value::Array(values.iter().map(|value| shown(name, value)).collect()),
        Value::String(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Datetime(_)
        | Value::Table(_) => value.clone(),
    }
}

/// Whether people may have written a password into it, which they should not.
fn is_address(name: &str) -> bool {
    matches!(
        name,
        "embedder.url"
            | "learn.model.url"
            | "learn.decide.url"
            | "learn.summary.url"
            | "server.hosts"
            | "server.origins"
    )
}

fn is_secret(name: &str) -> bool {
    find(name).is_some_and(|key| key.secret)
}

fn parse_literal(text: &str) -> Option<Value> {
    toml::from_str::<toml::Table>(&format!("value = {text}")).ok()?.remove("value")
}

fn find(name: &str) -> Option<&'static Key> {
    keys().find(|key| key.name == name)
}

/// Sections of models: they serve all spaces alike.
const OF_ALL_SPACES: [&str; 3] = ["learn.model", "learn.decide", "learn.summary"];

/// `space.NAME.learn.KEY` as the space and the key.
fn of_space(name: &str) -> Option<(String, &'static Key)> {
    let rest = name.strip_prefix("space.")?;
    let (at, _) = rest.match_indices(".learn.").next()?;
    let key = find(&rest[at + 1..]).filter(|key| !OF_ALL_SPACES.contains(&key.parts().0))?;
    let is_default = key.name == "learn.default";
    (at > 0 && !is_default).then(|| (rest[..at].to_owned(), key))
}

fn about(name: &str) -> String {
    find(name).map_or_else(String::new, |key| key.about.replace('\n', " "))
}

fn unknown(name: &str, place: impl fmt::Display) -> Failure {
    let help = match nearest(name, keys().map(|key| key.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`dreamkeeper config show` lists every key".to_owned(),
    };
    Failure::misused(format!("`{name}` is not a configuration key ({place})"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_environment_over_defaults() {
        let mut values = Values::defaults();
        values.read_environment(variables(&[("DREAMKEEPER_LOG_LEVEL", "debug"), ("HOME", "/")])).unwrap();
        assert_eq!(values.get::<String>("log.level").unwrap(), "debug");
        values.set("log.level=warn").unwrap();
        assert_eq!(values.get::<String>("log.level").unwrap(), "warn");
        assert_eq!(values.entry("log.level").1, Source::Flag("--set"));
    }

    #[test]
    fn unknown_keys_are_refused_with_what_was_meant() {
        let mut values = Values::defaults();
        let error = values.set("server.lisen=1").unwrap_err();
        assert_eq!(error.help.as_deref(), Some("did you mean `server.listen`?"));
        let error = values.read_environment(variables(&[("DREAMKEEPER_SERVER_LISTN", "x")])).unwrap_err();
        assert!(error.what.contains("environment DREAMKEEPER_SERVER_LISTN"), "{}", error.what);
        assert!(values.read_environment(variables(&[("DREAMKEEPER_CONFIG", "x")])).is_ok());
    }

    #[test]
    fn a_list_may_be_written_with_commas() {
        let mut values = Values::defaults();
        values.set("server.hosts=a.example, b.example").unwrap();
        assert_eq!(values.get::<Vec<String>>("server.hosts").unwrap(), ["a.example", "b.example"]);
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_with_its_source() {
        let mut values = Values::defaults();
        values.set("server.shutdown_timeout_ms=soon").unwrap();
        let error = values.get::<u64>("server.shutdown_timeout_ms").unwrap_err();
        assert!(error.what.contains("server.shutdown_timeout_ms = \"soon\" (--set)"), "{}", error.what);
    }

    #[test]
    fn a_key_of_a_section_in_a_section_has_its_variable() {
        let mut values = Values::defaults();
        values.read_environment(variables(&[("DREAMKEEPER_LEARN_MODEL_KIND", "openai")])).unwrap();
        assert_eq!(values.get::<String>("learn.model.kind").unwrap(), "openai");
        let error = values.read_environment(variables(&[("DREAMKEEPER_LEARN_MODEL_KND", "x")])).unwrap_err();
        assert!(error.what.contains("learn"), "{}", error.what);
    }

    #[test]
    fn one_space_may_learn_otherwise() {
        let mut values = Values::defaults();
        values.set("space.clinic.learn.profile=strict").unwrap();
        assert_eq!(values.for_space("clinic").get::<String>("learn.profile").unwrap(), "strict");
        assert_eq!(values.for_space("other").get::<String>("learn.profile").unwrap(), "balanced");
        for refused in
            ["space.clinic.learn.model.kind=openai", "space.clinic.data.dir=x", "space.clinic.learn.x=1"]
        {
            assert!(values.set(refused).is_err(), "{refused}");
        }
    }
}
