//! The commands, one a file, and what they share: a report, and asking every question of a conversation.

pub(crate) mod ack;
pub(crate) mod asking;
pub(crate) mod authority;
pub(crate) mod beam;
pub(crate) mod cold;
pub(crate) mod dream;
pub(crate) mod learn;
pub(crate) mod locomo;
pub(crate) mod poison;
pub(crate) mod precision;
pub(crate) mod rules;
pub(crate) mod silence;
pub(crate) mod speed;
pub(crate) mod time;

use serde::Serialize;

/// What a command found out.
pub(crate) trait Report: Serialize {
    /// The same as the JSON, for people.
    fn human(&self) -> String;
}

/// Takes ranking signals away, to see what each is worth.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Ablation {
    /// Takes a ranking signal away; may be given several times. Names are those that `explain` tells.
    #[arg(long, value_name = "SIGNAL")]
    pub(crate) without: Vec<String>,
}

/// Ends a report that was made without some signals by saying so.
fn tell_ablation(text: &mut String, without: &[String]) {
    if !without.is_empty() {
        text.push_str(&format!("measured without: {}\n", without.join(", ")));
    }
}
