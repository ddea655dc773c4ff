//! `cargo xtask ci`: everything that a change must pass, cheapest first.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{cargo, test, tidy};

/// Runs all checks and stops at the first that fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("`cargo xtask ci` takes no argument, got `{argument}`");
    }
    tidy::run(&[])?;
    cargo(&["fmt", "--all", "--check"], &[])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[])?;
    let docs = [("RUSTDOCFLAGS", "-D warnings")];
    cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"], &docs)?;
    deny()?;
    test::run(&[])
}

/// Licences and advisories, where `cargo deny` is installed; it needs the network for advisories, so that
/// only the parts that work without are asked for.
fn deny() -> Result<()> {
    let installed = Command::new("cargo").args(["deny", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "\n== SKIPPED: cargo deny is not installed (`cargo install cargo-deny`): licences unchecked"
        );
        return Ok(());
    }
    cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"], &[])
}
