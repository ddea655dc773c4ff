//! Measures Dreamkeeper with the benchmarks that the README and docs/benchmarks.md report.
//!
//! Every command goes through the real engine over the real adapters, in a directory that goes away.
//! Answers go to stdout, progress to stderr; but for times, two runs print the same.

mod beliefs;
mod commands;
mod data;
mod house;
mod measure;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use commands::Report;
use commands::ack::Ack;
use commands::authority::Authority;
use commands::beam::Beam;
use commands::cold::Cold;
use commands::dream::Dream;
use commands::learn::Learn;
use commands::locomo::Locomo;
use commands::poison::Poison;
use commands::precision::Precision;
use commands::rules::Rules;
use commands::silence::Silence;
use commands::speed::Speed;
use commands::time::Time;

/// Measures Dreamkeeper: what it finds, what it keeps to itself, how fast it is.
#[derive(Debug, Parser)]
#[command(name = "dreamkeeper-bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Prints one JSON object instead of text.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Finds the turns that answer LoCoMo's questions.
    Locomo(Locomo),
    /// Finds the messages that BEAM's probing questions rest on.
    Beam(Beam),
    /// Serves only what belongs: PrecisionMemBench.
    Precision(Precision),
    /// What is learned without a model, against labelled messages.
    Rules(Rules),
    /// Answers with silence what a scope cannot know.
    Silence(Silence),
    /// Learns LoCoMo's own observations as if a model had proposed them.
    Learn(Learn),
    /// Dreams over notes grown from LoCoMo's observations, and compares with what is true of them.
    Dream(Dream),
    /// Sends poisoned texts through a tool to a model that obeys them.
    Poison(Poison),
    /// How many turns of everyday talk are marked as not authoritative.
    Authority(Authority),
    /// How long an append takes while the worker is busy.
    Ack(Ack),
    /// Times and sizes, each beside its bound.
    Speed(Speed),
    /// Resolves phrases of time in a labelled table.
    Time(Time),
    /// One process from its start to its first answer.
    #[command(hide = true)]
    Cold(Cold),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let json = arguments.json;
    match arguments.command {
        Command::Locomo(command) => print(&command.run().await?, json),
        Command::Beam(command) => print(&command.run().await?, json),
        Command::Precision(command) => print(&command.run().await?, json),
        Command::Rules(command) => print(&command.run()?, json),
        Command::Silence(command) => print(&command.run().await?, json),
        Command::Learn(command) => print(&command.run().await?, json),
        Command::Dream(command) => print(&command.run().await?, json),
        Command::Poison(command) => print(&command.run().await?, json),
        Command::Authority(command) => print(&command.run()?, json),
        Command::Ack(command) => print(&command.run().await?, json),
        Command::Speed(command) => print(&command.run().await?, json),
        Command::Time(command) => print(&command.run()?, json),
        Command::Cold(command) => print(&command.run().await?, json),
    }
}

fn print(report: &impl Report, json: bool) -> Result<()> {
    let text = if json { serde_json::to_string(report)? + "\n" } else { report.human() };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
