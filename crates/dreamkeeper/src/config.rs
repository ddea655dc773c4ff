//! Configuration: one commented TOML file; every key also by environment and by flag.
//!
//! To add a key: write it in its section's file, with its default and what it is for; the printed file,
//! `config show` and the messages follow. Only commands read it: nothing below this crate does.

mod data;
mod embedder;
mod index;
mod key;
mod learn;
mod log;
mod maintain;
mod model;
mod server;
mod store;
mod values;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) use data::Data;
pub(crate) use embedder::{Embedder, EmbedderKind};
pub(crate) use index::Index;
pub(crate) use key::Key;
pub(crate) use learn::Learn;
pub(crate) use log::{Log, LogFormat};
pub(crate) use maintain::Maintain;
pub(crate) use server::Server;
pub(crate) use store::Store;
pub(crate) use values::{Source, Values, shown};

use crate::output::failure::Failure;

/// The sections in the order of the file, each with what it is about.
const SECTIONS: &[(&str, &[Key])] = &[
    ("Where records are kept.", data::KEYS),
    ("Where and how `dreamkeeper serve` answers.", server::KEYS),
    ("What turns texts into vectors.", embedder::KEYS),
    ("What is learned from conversations. [space.NAME.learn] sets any of this for one space.", learn::KEYS),
    ("What models may take of a space in a day (UTC). Learning goes on the next day.", learn::BUDGET_KEYS),
    ("What the model costs, in your currency.", learn::PRICES_KEYS),
    ("The chat model that proposes what is remembered. Without one, rules do.", model::KEYS),
    ("Another model for contradictions that only deciding found.", model::DECIDE_KEYS),
    ("Another model for the running summaries of sessions.", model::SUMMARY_KEYS),
    ("What is archived and taken away by itself. `dreamkeeper maintain --dry-run` tells.", maintain::KEYS),
    ("How much memory finding may take.", index::KEYS),
    ("How many files are kept open.", store::KEYS),
    ("What the server tells about itself on stderr. Never content, questions or keys.", log::KEYS),
];

/// Every key.
fn keys() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().flat_map(|(_, keys)| keys.iter())
}

/// What the command line says about the configuration.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    /// A file that must be there.
    pub(crate) file: Option<PathBuf>,
    /// `section.key=value`, each from `--set`.
    pub(crate) assignments: Vec<String>,
    /// Key, value and flag of each dedicated flag that was given.
    pub(crate) flags: Vec<(&'static str, String, &'static str)>,
}

/// The whole configuration, valid.
pub(crate) struct Config {
    pub(crate) data: Data,
    pub(crate) server: Server,
    pub(crate) embedder: Embedder,
    pub(crate) learn: Learn,
    pub(crate) model: Option<dreamkeeper::ChatChoice>,
    pub(crate) decide_model: Option<dreamkeeper::ChatChoice>,
    pub(crate) summary_model: Option<dreamkeeper::ChatChoice>,
    pub(crate) maintain: Maintain,
    pub(crate) index: Index,
    pub(crate) store: Store,
    pub(crate) log: Log,
    /// Where each value came from.
    pub(crate) values: Values,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
}

impl Config {
    /// Reads file, environment and flags, and refuses what means nothing.
    pub(crate) fn load(overrides: &Overrides) -> Result<Self, Failure> {
        let mut values = Values::defaults();
        let file = overrides.file.clone().or_else(default_file_if_there);
        if let Some(path) = &file {
            values.read_file(path)?;
        }
        values.read_environment(environment(std::env::vars_os())?)?;
        for assignment in &overrides.assignments {
            values.set(assignment)?;
        }
        for (name, text, flag) in &overrides.flags {
            values.set_key(name, text, flag)?;
        }
        data::fill_in_directory(&mut values);
        let model = model::read(&values)?;
        Ok(Self {
            data: Data::read(&values)?,
            server: Server::read(&values)?,
            embedder: Embedder::read(&values)?,
            learn: Learn::read(&values)?,
            decide_model: model::read_step(&values, model.as_ref(), &model::DECIDE)?,
            summary_model: model::read_step(&values, model.as_ref(), &model::SUMMARY)?,
            model,
            maintain: Maintain::read(&values)?,
            index: Index::read(&values)?,
            store: Store::read(&values)?,
            log: Log::read(&values)?,
            values,
            file,
        })
    }
}

/// Our own variables as texts. Others are none of our business, whatever they hold.
fn environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, Failure> {
    let ours = variables.filter(|(name, _)| name.as_encoded_bytes().starts_with(b"DREAMKEEPER_"));
    // The file's path is taken as it is: nothing is parsed from it.
    let read = ours.filter(|(name, _)| name != "DREAMKEEPER_CONFIG").map(|(name, value)| {
        let help = "set it to text in UTF-8, or unset it";
        let name = name.into_string().map_err(|name| {
            let name = name.to_string_lossy().into_owned();
            Failure::misused(format!("the name of the environment variable {name} is not UTF-8"), help)
        })?;
        match value.into_string() {
            Ok(value) => Ok((name, value)),
            // Not quoted: it may be a secret.
            Err(_) => {
                Err(Failure::misused(format!("the environment variable {name} is not UTF-8 text"), help))
            }
        }
    });
    read.collect()
}

/// Where the file is looked for unless told: $DREAMKEEPER_CONFIG, else the XDG configuration home.
pub(crate) fn default_file() -> Option<PathBuf> {
    let told = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    told("DREAMKEEPER_CONFIG").or_else(|| {
        let home = told("XDG_CONFIG_HOME")
            .filter(|dir| dir.is_absolute())
            .or_else(|| Some(std::env::home_dir()?.join(".config")))?;
        Some(home.join("dreamkeeper/config.toml"))
    })
}

fn default_file_if_there() -> Option<PathBuf> {
    // A file named by the environment must be there; the usual place may be empty.
    let named = std::env::var_os("DREAMKEEPER_CONFIG").is_some_and(|value| !value.is_empty());
    default_file().filter(|path| named || Path::exists(path))
}

/// The file with every key at its default, commented out.
pub(crate) fn default_text() -> String {
    let mut text = String::from(
        "# Dreamkeeper's configuration. Every key is shown at its default; remove the # to change one.\n\
         # Each is also set by the environment (server.listen: DREAMKEEPER_SERVER_LISTEN) and by the\n\
         # command line (--set server.listen=127.0.0.1:8080), which win in that order.\n\
         # `dreamkeeper config show` tells what counts and where it came from.\n",
    );
    for (about, keys) in SECTIONS {
        let section = keys.first().map_or("", |key| key.parts().0);
        text.push_str(&format!("\n# {about}\n[{section}]\n"));
        for key in *keys {
            text.push('\n');
            for line in key.about.lines() {
                text.push_str(&format!("# {line}\n"));
            }
            text.push_str(&format!("# {} = {}\n", key.parts().1, key.default));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_is_read_back_with_and_without_its_comments() {
        let text = default_text();
        assert!(toml::from_str::<toml::Table>(&text).is_ok());
        let awake: String = text
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if names_a_key(rest) => rest,
                Some(_) | None => line,
            })
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(toml::from_str::<toml::Table>(&awake).is_ok(), "{awake}");
    }

    /// Whether a line would set a key if it were no comment.
    fn names_a_key(line: &str) -> bool {
        let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        line.split_once(" = ").is_some_and(|(name, _)| is_name(name))
    }

    /// A value of a key's type, another one for each source.
    fn sample(key: &Key, number: u32) -> String {
        match toml::from_str::<toml::Table>(&format!("x = {}", key.default)).unwrap().remove("x") {
            Some(toml::Value::Integer(_)) => format!("{}", 100 + number),
            Some(toml::Value::Float(_)) => format!("{number}.5"),
            Some(toml::Value::Boolean(_)) => number.is_multiple_of(2).to_string(),
            Some(toml::Value::Table(_)) => format!("{{ source = {number} }}"),
            Some(toml::Value::Array(_)) => format!("[\"source{number}.example\"]"),
            Some(toml::Value::String(_)) => format!("\"source{number}\""),
            other => panic!("{}: no sample for {other:?}", key.name),
        }
    }

    #[test]
    fn of_every_key_a_flag_wins_over_environment_over_file_over_default() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        for key in keys() {
            let value =
                |text: &str| toml::from_str::<toml::Table>(&format!("x = {text}")).unwrap()["x"].clone();
            let plain = |number| sample(key, number).trim_matches('"').to_owned();
            let mut values = Values::defaults();
            let check = |values: &Values, text: &str, source: Source| {
                let found = values.entries().find(|(found, _, _)| found.name == key.name).unwrap();
                assert_eq!((found.1, found.2), (&value(text), &source), "{}", key.name);
            };
            check(&values, key.default, Source::Default);
            let (section, name) = key.parts();
            std::fs::write(&path, format!("[{section}]\n{name} = {}\n", sample(key, 1))).unwrap();
            values.read_file(&path).unwrap();
            check(&values, &sample(key, 1), Source::File(path.clone()));
            values.read_environment([(key.variable(), plain(2))]).unwrap();
            check(&values, &sample(key, 2), Source::Environment(key.variable()));
            values.set(&format!("{}={}", key.name, plain(3))).unwrap();
            check(&values, &sample(key, 3), Source::Flag("--set"));
            values.set_key(key.name, &plain(4), "--flag").unwrap();
            check(&values, &sample(key, 4), Source::Flag("--flag"));
        }
    }

    #[test]
    fn every_default_is_valid_and_every_line_fits_the_page() {
        let values = Values::defaults();
        assert!(Server::read(&values).is_ok() && Embedder::read(&values).is_ok());
        assert!(Learn::read(&values).is_ok() && model::read(&values).is_ok());
        assert!(Maintain::read(&values).is_ok());
        assert!(Index::read(&values).is_ok() && Store::read(&values).is_ok() && Log::read(&values).is_ok());
        for line in default_text().lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
