//! The `dreamkeeper` program: reads the command line, runs one command, ends with its exit code.

mod client;
mod commands;
mod config;
mod import;
mod lifecycle;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::CommandLine;
use crate::output::failure::{Failure, report};
use crate::output::paint::Paint;

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let paint = Paint::for_stream(line.global.color, &std::io::stderr());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let failure =
                Failure::new(format!("no threads could be started: {error}"), "raise the process limit");
            return report(&failure.into(), paint).into();
        }
    };
    let ending = runtime.block_on(line.run()).unwrap_or_else(|error| report(&error, paint));
    // Work that nobody waits for any more (a read of a prompt) must not hold the process up.
    runtime.shutdown_background();
    ending.into()
}
