//! Suites of real clients: each has a folder, what it needs is installed once, and a server of this build is started
//! for it.
//!
//! A further client is one more folder and one more line in `test.rs`.

mod installed;
mod server;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{cargo, root};
use server::Server;

/// A suite in Python, run by pytest: `folder` is relative to the workspace and holds `requirements.txt` and `tests`.
pub(crate) struct Python {
    pub(crate) name: &'static str,
    pub(crate) folder: &'static str,
}

impl Python {
    /// Installs what the suite needs, starts a server and runs the suite.
    pub(crate) fn run(&self) -> Result<()> {
        let folder = root()?.join(self.folder);
        let python = installed::python(self.name, &folder)?;
        let mut tests = Command::new(python);
        tests.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]);
        with_server(self.name, &folder, tests)
    }
}

/// Runs a suite's command in its folder, with the address of a server of its own.
fn with_server(name: &str, folder: &Path, mut tests: Command) -> Result<()> {
    let executable = built()?;
    let server = Server::start(&executable)?;
    let started = Instant::now();
    eprintln!("\n== client {name}, at {}", server.url());
    tests
        .current_dir(folder)
        .env("DREAMKEEPER_URL", server.url())
        .env("DREAMKEEPER_BIN", &executable)
        .env("DREAMKEEPER_DATA", server.data())
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let status = tests.status().with_context(|| format!("cannot start {tests:?}"))?;
    eprintln!("== client {name}: {:.0} s", started.elapsed().as_secs_f32());
    if status.success() { Ok(()) } else { bail!("the suite of the client `{name}` failed") }
}

/// The executable of this build: the one that the tests of the command line run, because `cargo build` takes other
/// features of every dependency and would build them all again.
fn built() -> Result<std::path::PathBuf> {
    cargo(&["test", "--workspace", "--locked", "--no-run", "--test", "cli"], &[])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root()?.join("target"), Into::into);
    Ok(target.join("debug").join(format!("dreamkeeper{}", std::env::consts::EXE_SUFFIX)))
}
