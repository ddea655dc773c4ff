//! Commands: one file each. A command reads its arguments, calls the API, and lays the answer out.

mod add;
mod arguments;
mod backup;
mod completions;
mod config;
mod demo;
mod doctor;
mod dream;
mod erase;
mod events;
mod export;
mod feedback;
mod forget;
mod get;
mod graph;
mod history;
mod import;
mod key;
mod learn;
mod list;
mod maintain;
mod propose;
mod quarantine;
mod reindex;
mod restore;
mod restore_backup;
mod review;
mod search;
mod serve;
mod show;
mod state;
mod stats;
mod supersede;
mod topics;
mod update;
mod watch;
mod why;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::client::{Client, Need};
use crate::config::{Config, Overrides};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::paint::ColorChoice;

const AFTER_HELP: &str = "\
Commands find the process that owns the data directory and speak to it; where none runs they open the
directory themselves.

Exit codes: 0 done; 1 it failed, or a part of it did; 2 the command line or the configuration is wrong.";

/// Reviewable memory for AI agents: one binary, no model required.
#[derive(Debug, Parser)]
#[command(name = "dreamkeeper", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The data directory [default: $DREAMKEEPER_DATA, else the XDG data home].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The space to work in [default: default].
    #[arg(long, global = true, value_name = "NAME")]
    space: Option<String>,
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The configuration file [default: $DREAMKEEPER_CONFIG, else the XDG configuration home].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set a key of the configuration; repeat it for more.
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    assignments: Vec<String>,
    /// When to use colours.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what memory does, on a conversation that ships with the program.
    Demo(demo::Arguments),
    /// Serve the REST API, and own the data directory.
    Serve(serve::Arguments),
    /// Make, list and revoke keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Write a memory, or append a message with --role.
    Add(add::Arguments),
    /// Find what belongs to a question.
    #[command(visible_alias = "recall")]
    Search(search::Arguments),
    /// List memories, sessions, or the messages of a session.
    List(list::Arguments),
    /// Show a memory, message or session by its id.
    Get(get::Arguments),
    /// Show every version of a memory.
    History(history::Arguments),
    /// Change a memory: a new version of the same record.
    Update(update::Arguments),
    /// Replace a memory by a new one; both are kept.
    Supersede(supersede::Arguments),
    /// Hide a memory; `restore` brings it back.
    Forget(forget::Arguments),
    /// Bring a memory back, or one of its earlier versions.
    Restore(restore::Arguments),
    /// Destroy content for good.
    Erase(erase::Arguments),
    /// Read and set explicit state: a JSON value under a key.
    #[command(subcommand)]
    State(state::Command),
    /// Read and write topics: Markdown files in named stores, with every version of them.
    #[command(subcommand)]
    Topics(topics::Command),
    /// Learn from sessions that are recorded already.
    Learn(learn::Arguments),
    /// Hand in something to be remembered; it is decided about like what is learned.
    Propose(propose::Arguments),
    /// Tell what is to be learned from, and what came of it.
    #[command(subcommand)]
    Events(events::Command),
    /// See what is held back, and let it through or refuse it.
    #[command(subcommand)]
    Quarantine(quarantine::Command),
    /// Propose what to tidy in notes and memories; adopt it after review, and take it back.
    #[command(subcommand)]
    Dream(dream::Command),
    /// Go through what a dream proposes, change by change.
    Review(review::Arguments),
    /// Say of a memory that it was used, helpful, irrelevant or wrong.
    Feedback(feedback::Arguments),
    /// Tell who stands how to whom.
    Graph(graph::Arguments),
    /// Follow what a server learns, as it decides.
    Watch(watch::Arguments),
    /// Import transcripts, or what ChatGPT, Claude or Claude Code keep.
    Import(import::Arguments),
    /// Write messages, memories and state as lines that `import` reads back.
    Export(export::Arguments),
    /// Tell what the space holds.
    Stats,
    /// Tell what an earlier search served, and why.
    Why(why::Arguments),
    /// Check everything that is stored, and make passages that differ from their text anew.
    Doctor,
    /// Archive what expired or fell out of use, and take away old events, by the written policy.
    Maintain(maintain::Arguments),
    /// Copy the space to a file, also while serving.
    Backup(backup::Arguments),
    /// Put a backup in the place of the data directory, after checking it.
    RestoreBackup(restore_backup::Arguments),
    /// Give every passage a vector of the current embedder.
    Reindex,
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Make, check and show the configuration.
    #[command(subcommand)]
    Config(config::Command),
}

/// What a command works with.
pub(crate) struct Context {
    /// Where it writes.
    pub(crate) out: Out,
    /// What the command line says about the configuration.
    pub(crate) overrides: Overrides,
}

impl Context {
    /// The configuration, valid, with the log started as it says.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        let config = Config::load(&self.overrides)?;
        crate::lifecycle::start_log(&config, crate::lifecycle::Talk::Command);
        Ok(config)
    }

    /// A client of the configured directory.
    pub(crate) async fn client(&self, need: Need) -> anyhow::Result<Client> {
        Client::connect(&self.config()?, need).await
    }
}

impl CommandLine {
    /// Runs the command.
    pub(crate) async fn run(self) -> anyhow::Result<Ending> {
        let Global { data, space, json, config, assignments, color } = self.global;
        let mut overrides = Overrides { file: config, assignments, flags: Vec::new() };
        if let Some(dir) = data {
            let dir = dir.into_os_string().into_string().map_err(|dir| {
                let what = format!("--data {} is not UTF-8", dir.display());
                Failure::misused(what, "name a directory in UTF-8")
            })?;
            overrides.flags.push(("data.dir", dir, "--data"));
        }
        if let Some(space) = space {
            overrides.flags.push(("data.space", space, "--space"));
        }
        let mut context = Context { out: Out::new(color, json), overrides };
        let ending = self.command.run(&mut context).await?;
        context.out.flush()?;
        Ok(ending)
    }
}

impl Command {
    async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        match self {
            Self::Demo(arguments) => arguments.run(context).await,
            Self::Serve(arguments) => arguments.run(context).await,
            Self::Key(command) => command.run(context).await,
            Self::Add(arguments) => arguments.run(context).await,
            Self::Search(arguments) => arguments.run(context).await,
            Self::List(arguments) => arguments.run(context).await,
            Self::Get(arguments) => arguments.run(context).await,
            Self::History(arguments) => arguments.run(context).await,
            Self::Update(arguments) => arguments.run(context).await,
            Self::Supersede(arguments) => arguments.run(context).await,
            Self::Forget(arguments) => arguments.run(context).await,
            Self::Restore(arguments) => arguments.run(context).await,
            Self::Erase(arguments) => arguments.run(context).await,
            Self::State(command) => command.run(context).await,
            Self::Topics(command) => command.run(context).await,
            Self::Learn(arguments) => arguments.run(context).await,
            Self::Propose(arguments) => arguments.run(context).await,
            Self::Events(command) => command.run(context).await,
            Self::Quarantine(command) => command.run(context).await,
            Self::Dream(command) => command.run(context).await,
            Self::Review(arguments) => arguments.run(context).await,
            Self::Feedback(arguments) => arguments.run(context).await,
            Self::Graph(arguments) => arguments.run(context).await,
            Self::Watch(arguments) => arguments.run(context).await,
            Self::Import(arguments) => arguments.run(context).await,
            Self::Export(arguments) => arguments.run(context).await,
            Self::Stats => stats::run(context).await,
            Self::Why(arguments) => arguments.run(context).await,
            Self::Doctor => doctor::run(context).await,
            Self::Backup(arguments) => arguments.run(context).await,
            Self::RestoreBackup(arguments) => arguments.run(context).await,
            Self::Maintain(arguments) => arguments.run(context).await,
            Self::Reindex => reindex::run(context).await,
            Self::Completions(arguments) => arguments.run(context),
            Self::Config(command) => command.run(context),
        }
    }
}
