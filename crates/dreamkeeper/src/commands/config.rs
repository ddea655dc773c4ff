//! `config`: makes, checks and shows the configuration.

use std::fs;
use std::io::Write;

use serde_json::json;

use super::Context;
use crate::config::{Config, Source, default_file, default_text, shown};
use crate::output::failure::{Ending, Failure};
use crate::output::table::{Table, words};

/// What is done with the configuration.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Write the commented default file where it is looked for.
    Init {
        /// Replace a file that is there.
        #[arg(long)]
        force: bool,
    },
    /// Check file, environment and flags.
    Check,
    /// Show every key, its value and where it came from; secrets as stars.
    Show {
        /// Print the commented default file instead.
        #[arg(long)]
        default: bool,
    },
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        match self {
            Self::Init { force } => init(context, force),
            Self::Check => check(context),
            Self::Show { default: true } => {
                context.out.raw(&default_text())?;
                Ok(Ending::Done)
            }
            Self::Show { default: false } => show(context),
        }
    }
}

fn init(context: &mut Context, force: bool) -> anyhow::Result<Ending> {
    let path = context.overrides.file.clone().or_else(default_file).ok_or_else(|| {
        Failure::misused("there is no home directory to put a configuration in", "name a file with --config")
    })?;
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut open = fs::OpenOptions::new();
    open.write(true).create(true).truncate(force).create_new(!force);
    // The file may come to hold a key.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new(format!("{} is there already", path.display()), "replace it with --force")
        }
        _ => Failure::new(
            format!("{} cannot be written: {error}", path.display()),
            "name another with --config",
        ),
    })?;
    file.write_all(default_text().as_bytes())?;
    if context.out.json {
        context.out.document(&json!({"path": path}))?;
    } else {
        context.out.line(format!("Wrote {}", path.display()))?;
    }
    Ok(Ending::Done)
}

fn check(context: &mut Context) -> anyhow::Result<Ending> {
    let config = Config::load(&context.overrides)?;
    if let Some(problem) = config.embedder.missing_key(&config.values) {
        return Err(problem.into());
    }
    if context.out.json {
        context.out.document(&json!({"valid": true, "file": config.file}))?;
        return Ok(Ending::Done);
    }
    let read = match &config.file {
        Some(path) => format!("{} is valid", path.display()),
        None => "no configuration file; environment, flags and defaults are valid".to_owned(),
    };
    context.out.line(read)?;
    Ok(Ending::Done)
}

fn show(context: &mut Context) -> anyhow::Result<Ending> {
    let config = Config::load(&context.overrides)?;
    let mut table = Table::new([words("key"), words("value"), words("from")]);
    let mut document = serde_json::Map::new();
    for (key, value, source) in config.values.entries() {
        let value = shown(key.name, value);
        document.insert(
            key.name.to_owned(),
            json!({
                "value": serde_json::to_value(&value)?,
                "source": source.to_string(),
                "environment": key.variable(),
            }),
        );
        let from = match source {
            Source::Default => context.out.paint.faint("default"),
            Source::File(_) | Source::Environment(_) | Source::Flag(_) => source.to_string(),
        };
        table.row([key.name.to_owned(), value.to_string(), from]);
    }
    for (name, value, source) in config.values.space_entries() {
        let json = json!({"value": serde_json::to_value(value)?, "source": source.to_string()});
        document.insert(name.clone(), json);
        table.row([name, value.to_string(), source.to_string()]);
    }
    if context.out.json {
        context.out.document(&document)?;
    } else {
        context.out.table(&table)?;
    }
    Ok(Ending::Done)
}
