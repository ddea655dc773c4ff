//! `demo`: what memory does, shown on a conversation that ships with the program, or on your own.

mod cast;
mod compare;
mod learning;
mod material;
mod poison;
mod prompt;
mod stage;
mod story;
mod taking_back;
mod writing;

use std::path::{Path, PathBuf};

use dreamkeeper::{Dreamkeeper, OpenOptions};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use self::cast::{Cast, StoryClock};
use self::stage::{Stage, timed};
use super::Context;
use crate::config::{Config, Source};
use crate::import;
use crate::lifecycle;
use crate::output::failure::{Ending, write_stderr};
use crate::output::text::digits;

/// On what it is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "The demo works in a temporary directory and removes it, unless --data names one.
On a terminal it ends at a prompt: ask it anything.")]
pub(super) struct Arguments {
    /// Show it on this transcript instead: docs/guides/transcripts.md.
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
    /// Do not end at the prompt.
    #[arg(long)]
    no_prompt: bool,
    /// Learn with the model behind this OpenAI-compatible address (up to /v1) instead of rules; its key is read
    /// from DREAMKEEPER_LEARN_MODEL_KEY.
    #[arg(long, value_name = "URL", requires = "model_name")]
    model: Option<String>,
    /// The model's name there.
    #[arg(long, value_name = "NAME", requires = "model")]
    model_name: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        if let (Some(url), Some(name)) = (&self.model, &self.model_name) {
            let flags = &mut context.overrides.flags;
            flags.push(("learn.model.kind", "openai".to_owned(), "--model"));
            flags.push(("learn.model.url", url.clone(), "--model"));
            flags.push(("learn.model.model", name.clone(), "--model-name"));
        }
        let config = context.config()?;
        let named = config.values.entries().find(|(key, _, _)| key.name == "data.dir");
        let temporary = match named {
            // Only a directory that was named for this very command is written to.
            Some((_, _, Source::Flag(_))) => None,
            Some(_) | None => Some(tempfile::tempdir()?),
        };
        let directory = temporary.as_ref().map_or(config.data.dir.as_path(), tempfile::TempDir::path);
        let ending = self.play(context, &config, directory).await;
        drop(temporary);
        ending
    }

    async fn play(self, context: &mut Context, config: &Config, directory: &Path) -> anyhow::Result<Ending> {
        let mut options = OpenOptions { space: "demo".to_owned(), ..lifecycle::options(config) };
        if self.model.is_none() {
            // The demo is the same wherever it runs, whatever model a server here would use.
            options.learning.model = None;
        }
        if self.transcript.is_none()
            && let Some(first) = material::questions()?.first()
        {
            options.clock = StoryClock::starting_at(first.now.0);
        }
        let (keeper, opened) = timed(async {
            Dreamkeeper::open_with(directory, options)
                .await
                .map_err(|error| lifecycle::open_failure(error).into())
        })
        .await?;
        let cast = Cast::new(keeper);
        let mut stage = Stage::new(&mut context.out);
        curtain(&mut stage, directory, (self.transcript.as_deref(), self.model.as_deref()), opened)?;
        let report = listen(&mut stage, &cast, self.transcript.as_deref()).await?;
        let before = if self.transcript.is_none() { compare::ask(&cast).await? } else { Vec::new() };
        let learned = learning::learn(&mut stage, &cast).await?;
        let compared = compare::show(&mut stage, &cast, &before).await?;
        let planted =
            if self.transcript.is_none() { poison::plant(&mut stage, &cast).await? } else { Value::Null };
        let asked =
            if self.transcript.is_none() { story::tell(&mut stage, &cast).await? } else { Value::Null };
        let steps = std::mem::take(&mut stage.steps);
        let out = &mut context.out;
        out.muted = false;
        if out.json {
            out.document(&json!({"import": report, "learned": learned, "compared": compared, "planted": planted, "steps": steps, "questions": asked}))?;
        } else if out.interactive && !self.no_prompt {
            prompt::run(out, &cast).await?;
        } else {
            out.gap()?;
            out.line(out.paint.faint("On a terminal the demo ends at a prompt: ask it anything."))?;
        }
        cast.close().await;
        Ok(if report.refused_count > 0 { Ending::Failed } else { Ending::Done })
    }
}

fn curtain(
    stage: &mut Stage<'_>,
    directory: &Path,
    (transcript, model): (Option<&Path>, Option<&str>),
    opened: std::time::Duration,
) -> anyhow::Result<()> {
    let paint = stage.out.paint;
    stage.out.gap()?;
    stage.out.line(format!(
        "{}  {}",
        paint.strong("Dreamkeeper"),
        paint.faint("memory with evidence, on this machine alone")
    ))?;
    stage.out.gap()?;
    let told = match transcript {
        None => {
            "Two flatmates in Porto, Odile and Iker, share a thread with an assistant: a flat, a museum's audio \
             guide, a journey to Japan, a cat."
                .to_owned()
        }
        Some(path) => format!("Your transcript {}.", path.display()),
    };
    let how = match model {
        None => "No model and no network are used.".to_owned(),
        Some(url) => format!("What is learned is proposed by the model at {url}."),
    };
    stage.say(&format!("{told} {how}"))?;
    let opened = crate::output::text::duration(opened);
    stage.whisper(&format!("data in {}, opened in {opened}", directory.display()))?;
    stage.out.flush()?;
    Ok(())
}

/// Imports the conversation, as `dreamkeeper import` does.
async fn listen(
    stage: &mut Stage<'_>,
    cast: &Cast,
    transcript: Option<&Path>,
) -> anyhow::Result<import::Report> {
    let bar = ProgressBar::hidden();
    let reading = match transcript {
        None => import::read_text(material::TRANSCRIPT, "demo/transcript.jsonl"),
        Some(path) => import::read(&import::Source::Transcript, path, &bar)?,
    };
    let mut tell = |place: &import::Place, why: &str| write_stderr(&import::Report::refused_line(place, why));
    let mut importer = import::Importer::new(cast.host.clone(), import::Options::default(), &mut tell);
    let (report, took) = timed(async {
        importer.take(reading).await?;
        importer.finish().await
    })
    .await?;
    stage.step("Remember what was said", Some(took))?;
    report.show(stage.out, 2)?;
    let rate = report.imported.messages as f64 / took.as_secs_f64().max(1e-6);
    if report.imported.messages > 0 {
        let rate = digits(rate as u64);
        stage.whisper(&format!(
            "{rate} messages a second: cut in passages, embedded, indexed, durable on disk"
        ))?;
    }
    stage.out.flush()?;
    Ok(report)
}
