//! `completions`: a script that lets a shell complete commands and flags.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{CommandLine, Context};
use crate::output::failure::Ending;

/// Which shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper completions bash > ~/.local/share/bash-completion/completions/dreamkeeper
  dreamkeeper completions zsh > \"${fpath[1]}/_dreamkeeper\"
  dreamkeeper completions fish > ~/.config/fish/completions/dreamkeeper.fish")]
pub(super) struct Arguments {
    /// bash, zsh, fish, powershell or elvish.
    shell: Shell,
}

impl Arguments {
    pub(super) fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "dreamkeeper", &mut script);
        context.out.raw(&String::from_utf8_lossy(&script))?;
        Ok(Ending::Done)
    }
}
