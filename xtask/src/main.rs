//! `cargo xtask`: the chores of the project, in Rust, so that they run wherever the project builds.

mod ci;
mod clients;
mod embedder;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: cargo xtask COMMAND

  test [GROUP…]   builds and runs the tests; groups: rust, python, mem0-python (default: all)
  ci              what a change must pass: format, lints, tidy, docs, tests
  tidy            checks what the compiler cannot: layers, module comments, file sizes, links
  openapi         writes docs/openapi.json anew, which a test holds against what is served
  embedder        makes the embedder's file anew from its pinned source (--check compares)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else { bail!("no command given\n{USAGE}") };
    match command.as_str() {
        "test" => test::run(rest),
        "ci" => ci::run(rest),
        "tidy" => tidy::run(rest),
        "openapi" => openapi(rest),
        "embedder" => embedder::convert(rest),
        "help" | "--help" | "-h" => {
            println_usage();
            Ok(())
        }
        other => bail!("unknown command `{other}`\n{USAGE}"),
    }
}

/// The test that finds the document stale writes it, told so: there is one place that makes it.
fn openapi(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("`cargo xtask openapi` takes no argument, got `{argument}`");
    }
    let test = "document::the_document_in_the_repository_is_the_one_that_is_served";
    let command = ["test", "-p", "dreamkeeper-http", "--test", "surface", "--", "--exact", test];
    cargo(&command, &[("DREAMKEEPER_REFRESH", "1")])
}

#[expect(clippy::print_stdout, reason = "help goes to standard output")]
fn println_usage() {
    println!("{USAGE}");
}

/// The workspace's folder.
fn root() -> Result<PathBuf> {
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    parent.map(Path::to_owned).context("xtask has no parent folder")
}

/// Runs `cargo` in the workspace's folder, tells how long it took, and fails when it fails.
fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let started = Instant::now();
    eprintln!("\n== cargo {}", arguments.join(" "));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root()?).envs(environment.iter().copied());
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    eprintln!("== cargo {}: {:.0} s", arguments[0], started.elapsed().as_secs_f32());
    if status.success() { Ok(()) } else { bail!("`cargo {}` failed", arguments.join(" ")) }
}
