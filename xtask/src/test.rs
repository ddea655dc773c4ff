//! `cargo xtask test`: builds and runs the tests, by groups.

use anyhow::{Result, bail};

use crate::cargo;

/// Builds what a group needs and runs its tests.
type Group = fn() -> Result<()>;

/// Runs the groups named, or all of them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    const GROUPS: [(&str, Group); 1] = [("rust", rust)];
    for argument in arguments {
        if !GROUPS.iter().any(|(name, _)| name == argument) {
            let known: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
            bail!("there is no test group `{argument}`: expected {}", known.join(", "));
        }
    }
    for (name, group) in GROUPS {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == name) {
            group()?;
        }
    }
    Ok(())
}

/// Unit, contract, surface, crash and power-cut tests, and the examples of the documentation.
fn rust() -> Result<()> {
    cargo(&["test", "--workspace", "--locked", "--no-fail-fast"], &[])
}
