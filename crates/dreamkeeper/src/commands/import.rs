//! `import`: transcripts and what other programs keep, in batches; a second import changes nothing.

use std::path::PathBuf;

use dreamkeeper_api::learn::Learn;

use super::Context;
use super::arguments::{ScopeArguments, word};
use crate::client::Need;
use crate::import::{
    Importer, Options, Place, Rehearsal, Report, Source, claude_code_home, find_claude_code, read, size_of,
};
use crate::output::failure::{Ending, Failure, write_stderr};
use crate::output::progress;
use crate::output::text::count;

/// Refusals that are told while reading; the rest is counted.
const TOLD_MAX: u64 = 20;

/// Whose files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum From {
    /// Our own lines.
    Transcript,
    /// ChatGPT's export.
    Chatgpt,
    /// Claude's export.
    Claude,
    /// Claude Code's own directory.
    ClaudeCode,
}

/// What is imported.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper import transcript.jsonl
  dreamkeeper import --from chatgpt conversations.json --user ana
  unzip -p export.zip conversations.json | dreamkeeper import --from claude - --user ana
  dreamkeeper import --from claude-code --user ana --dry-run

Importing again changes nothing, so an import that was stopped goes on where it was.
docs/guides/import.md tells what is read of each source and what is left out.")]
pub(super) struct Arguments {
    /// The files; - reads stdin. With --from claude-code a directory, ~/.claude unless told.
    files: Vec<PathBuf>,
    /// Whose files: transcript, chatgpt, claude or claude-code.
    #[arg(
        long,
        value_enum,
        default_value = "transcript",
        hide_possible_values = true,
        hide_default_value = true
    )]
    from: From,
    #[command(flatten)]
    scope: ScopeArguments,
    /// Import into a copy that is thrown away, and tell what would become of everything.
    #[arg(long)]
    dry_run: bool,
    /// Stop at the first thing that cannot be read or written.
    #[arg(long)]
    strict: bool,
    /// Learn from its messages later, now, or off [default: off].
    #[arg(long, value_name = "WHEN", value_parser = word::<Learn>)]
    learn: Option<Learn>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let sources = self.sources()?;
        let rehearsal = if self.dry_run { Some(Rehearsal::begin(&context.config()?).await?) } else { None };
        let client = match &rehearsal {
            Some(rehearsal) => rehearsal.client.clone(),
            None => context.client(Need::MayCreate).await?,
        };
        let bar = match size_of(sources.iter().map(|(_, path)| path)) {
            0 => progress::spinner(context.out.json),
            total => progress::bytes(total, context.out.json),
        };
        bar.set_message("importing");
        let mut told = 0;
        let mut tell = |place: &Place, why: &str| {
            told += 1;
            if told <= TOLD_MAX {
                bar.suspend(|| write_stderr(&Report::refused_line(place, why)));
            }
        };
        let options = Options {
            scope: self.scope.into(),
            strict: self.strict,
            dry_run: self.dry_run,
            learn: self.learn,
        };
        let imported = run(&sources, client.clone(), options, &bar, &mut tell).await;
        bar.finish_and_clear();
        client.close().await;
        drop(rehearsal);
        let report = imported?;
        if report.refused_count > TOLD_MAX {
            write_stderr(&format!("and {} more", report.refused_count - TOLD_MAX));
        }
        if context.out.json {
            context.out.document(&report)?;
        } else {
            context.out.line(format!("Read {}:", count(report.file_count, "file")))?;
            report.show(&mut context.out, 2)?;
        }
        Ok(if report.refused_count > 0 { Ending::Failed } else { Ending::Done })
    }

    /// Every file with what it is.
    fn sources(&self) -> anyhow::Result<Vec<(Source, PathBuf)>> {
        let source = match self.from {
            From::Transcript => Source::Transcript,
            From::Chatgpt => Source::ChatGpt,
            From::Claude => Source::Claude,
            From::ClaudeCode => return self.claude_code(),
        };
        if self.files.is_empty() {
            return Err(Failure::misused("which file?", "name it, or - for stdin").into());
        }
        Ok(self.files.iter().map(|path| (source.clone(), path.clone())).collect())
    }

    fn claude_code(&self) -> anyhow::Result<Vec<(Source, PathBuf)>> {
        let mut roots = self.files.clone();
        if roots.is_empty() {
            roots.extend(claude_code_home());
        }
        let mut sources = Vec::new();
        for root in &roots {
            let files = find_claude_code(root).map_err(|error| {
                let what = format!("{} cannot be read: {error}", root.display());
                Failure::new(
                    what,
                    "name Claude Code's directory: `dreamkeeper import --from claude-code DIR`",
                )
            })?;
            sources.extend(files.transcripts.into_iter().map(|path| (Source::ClaudeCode, path)));
            sources.extend(files.memory.into_iter().map(|(path, origin)| (Source::Memory(origin), path)));
        }
        if sources.is_empty() {
            let places: Vec<String> = roots.iter().map(|root| root.display().to_string()).collect();
            let what = format!("no transcripts and no memory in {}", places.join(", "));
            return Err(Failure::new(what, "name Claude Code's directory, usually ~/.claude").into());
        }
        Ok(sources)
    }
}

async fn run(
    sources: &[(Source, PathBuf)],
    client: crate::client::Client,
    options: Options,
    bar: &indicatif::ProgressBar,
    tell: &mut dyn FnMut(&Place, &str),
) -> anyhow::Result<Report> {
    let mut importer = Importer::new(client, options, tell);
    for (source, path) in sources {
        let failed = |error: std::io::Error| {
            let what = format!("{} cannot be read: {error}", path.display());
            Failure::new(what, "what was imported before it stays; mend the file and import again")
        };
        let reading = read(source, path, bar).map_err(failed)?;
        if importer.take(reading).await? == crate::import::Step::Stop {
            break;
        }
    }
    importer.finish().await
}
