//! `cargo xtask tidy`: what the compiler cannot check. Each rule is a module with its own tests.

mod files;
mod layers;
mod links;
mod purity;
mod text;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// A file of the repository, as it is in the working tree.
pub(crate) struct File {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// Its text; empty for a file that is no UTF-8.
    pub(crate) text: String,
}

/// Tells, in sentences, what in the files breaks it.
type Rule = fn(&[File]) -> Vec<String>;

/// Runs every rule and prints every finding.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("`cargo xtask tidy` takes no argument, got `{argument}`");
    }
    let files = read(&crate::root()?)?;
    let rules: [(&str, Rule); 5] = [
        ("layers", layers::findings),
        ("purity", purity::findings),
        ("files", files::findings),
        ("text", text::findings),
        ("links", links::findings),
    ];
    let mut count = 0;
    for (name, rule) in rules {
        for finding in rule(&files) {
            eprintln!("tidy: {name}: {finding}");
            count += 1;
        }
    }
    ensure!(count == 0, "{count} findings");
    eprintln!("tidy: {} files, nothing found", files.len());
    Ok(())
}

/// The files that git tracks, and those that it neither tracks nor ignores.
fn read(root: &Path) -> Result<Vec<File>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(root);
    let output = git.output().context("cannot start git")?;
    ensure!(output.status.success(), "git ls-files failed in {}", root.display());
    let listing = String::from_utf8(output.stdout).context("git lists a path that is no UTF-8")?;
    let mut files = Vec::new();
    for path in listing.split_terminator('\0') {
        let whole: PathBuf = root.join(path);
        if let Ok(bytes) = std::fs::read(&whole) {
            files.push(File { path: path.to_owned(), text: String::from_utf8(bytes).unwrap_or_default() });
        }
    }
    Ok(files)
}
