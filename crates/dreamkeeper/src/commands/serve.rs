//! `serve`: the REST API on a port, the operator's socket in the data directory.

use super::Context;
use crate::config::{Config, LogFormat};
use crate::lifecycle::{self, Talk};
use crate::output::failure::Ending;
use crate::output::paint::Ink;

/// Where and how.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "On loopback a server without keys serves one local space to whoever reaches it. Any other address
needs a key first: `dreamkeeper key create NAME`.

SIGINT or SIGTERM ends it: requests under way finish, then the directory is let go."
)]
pub(super) struct Arguments {
    /// The address and port [default: 127.0.0.1:7077].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// error, warn, info, debug or trace [default: info].
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// text or json [default: text].
    #[arg(long, value_enum, value_name = "FORMAT", hide_possible_values = true)]
    log_format: Option<LogFormat>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let flags = &mut context.overrides.flags;
        flags.extend(self.listen.map(|listen| ("server.listen", listen, "--listen")));
        flags.extend(self.log_level.map(|level| ("log.level", level, "--log-level")));
        flags.extend(self.log_format.map(|format| {
            let word = match format {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            };
            ("log.format", word.to_owned(), "--log-format")
        }));
        let config = Config::load(&context.overrides)?;
        lifecycle::start_log(&config, Talk::Server);
        let out = &mut context.out;
        lifecycle::serve(&config, |listening| {
            let url = format!("http://{}", listening.address);
            if out.json {
                out.document(&serde_json::json!({
                    "url": url,
                    "data": config.data.dir,
                    "needs_keys": listening.needs_keys,
                    "read_only": listening.read_only,
                    "pid": std::process::id(),
                }))?;
                out.flush()?;
                return Ok(());
            }
            let paint = out.paint;
            let keys = match (listening.needs_keys, listening.read_only) {
                (true, _) => "clients send a key",
                (false, false) => "no keys: whoever reaches this machine's loopback may read and write",
                (false, true) => "no keys: whoever reaches this machine's loopback may read",
            };
            out.line(format!("{} serves at {}", paint.strong("dreamkeeper"), paint.ink(Ink::Accent, &url)))?;
            out.line(format!("  {}  {url}/dk/v1/docs", paint.faint("docs")))?;
            out.line(format!("  {}  {}", paint.faint("data"), config.data.dir.display()))?;
            out.line(format!("  {}  {keys}", paint.faint("keys")))?;
            if listening.read_only {
                let note = "the data directory is read-only: writes are refused, recalls leave no receipt";
                out.line(format!("  {}  {note}", paint.ink(Ink::Warn, "note")))?;
            }
            out.flush()?;
            Ok(())
        })
        .await?;
        Ok(Ending::Done)
    }
}
