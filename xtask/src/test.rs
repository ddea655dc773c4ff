//! `cargo xtask test`: builds and runs the tests, by groups.

use anyhow::{Result, bail};

use crate::cargo;
use crate::clients::Python;

/// Builds what a group needs and runs its tests.
type Group = fn() -> Result<()>;

/// Every group, in the order in which they run.
const GROUPS: [(&str, Group); 3] = [
    ("rust", rust),
    ("python", || Python { name: "python", folder: "clients/python" }.run()),
    ("mem0-python", || Python { name: "mem0-python", folder: "clients/conformance/mem0-python" }.run()),
];

/// Runs the groups named, or all of them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
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
