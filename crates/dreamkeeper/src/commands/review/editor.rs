//! Editor: a text in the hands of the person's own program, as `$VISUAL` or `$EDITOR` name it.

use std::process::Command;

use crate::output::failure::Failure;

/// The text as it was left.
pub(super) fn edited(text: &str) -> anyhow::Result<String> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let program = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".to_owned());
    let file = tempfile::Builder::new().suffix(".md").tempfile()?;
    std::fs::write(file.path(), text)?;
    let mut words = program.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or("vi"));
    let status = command.args(words).arg(file.path()).status().map_err(|error| {
        Failure::new(format!("cannot start the editor `{program}`: {error}"), "set VISUAL or EDITOR")
    })?;
    if !status.success() {
        return Err(Failure::new(format!("the editor `{program}` failed"), "nothing was changed").into());
    }
    Ok(std::fs::read_to_string(file.path())?)
}
