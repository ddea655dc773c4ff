//! What a suite needs, installed by the ordinary clients of the registries, pinned, and only when the pins changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::root;

/// Name of the file that tells what an installation was made from.
const STAMP: &str = "installed-from.sha256";

/// The Python of a virtual environment with the requirements of a suite.
pub(super) fn python(name: &str, folder: &Path) -> Result<PathBuf> {
    let place = place(name)?;
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = folder.join("requirements.txt");
    if is_made_from(&place, &wanted)? && python.exists() {
        return Ok(python);
    }
    eprintln!("\n== client {name}: installing {}", wanted.display());
    let _ = std::fs::remove_dir_all(&place);
    run(Command::new("python3").args(["-m", "venv"]).arg(&place))
        .context("Python 3.11 or newer with its `venv` module is needed")?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    run(Command::new(&python).args(pip).arg(&wanted).current_dir(folder))?;
    stamp(&place, &wanted)?;
    Ok(python)
}

fn place(name: &str) -> Result<PathBuf> {
    Ok(root()?.join("target").join("clients").join(name))
}

fn is_made_from(place: &Path, wanted: &Path) -> Result<bool> {
    let stamp = std::fs::read_to_string(place.join(STAMP)).unwrap_or_default();
    Ok(stamp == digest(wanted)?)
}

fn stamp(place: &Path, wanted: &Path) -> Result<()> {
    std::fs::write(place.join(STAMP), digest(wanted)?).context("cannot tell what was installed")
}

fn digest(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed") }
}
