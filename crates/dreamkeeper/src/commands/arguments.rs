//! Arguments that several commands share, and how words of the command line are read.

use clap::Args;
use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::memory::{Interval, NewMemory};
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::{Kind, Origin};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde_json::{Map, Value};

/// For whom: what is given must match, what is left out does not restrict.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Scope")]
pub(crate) struct ScopeArguments {
    /// The person.
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,
    /// The agent.
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// The application.
    #[arg(long, value_name = "ID")]
    pub(crate) app: Option<String>,
    /// The run.
    #[arg(long, value_name = "ID")]
    pub(crate) run: Option<String>,
    /// A free label; repeat it for more.
    #[arg(long = "label", value_name = "LABEL")]
    pub(crate) labels: Vec<String>,
}

impl From<ScopeArguments> for Scope {
    fn from(arguments: ScopeArguments) -> Self {
        let ScopeArguments { user, agent, app, run, labels } = arguments;
        Self { user, agent, app, run, labels: labels.into_iter().collect() }
    }
}

/// What a memory holds beside its words.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Memory")]
pub(crate) struct MemoryArguments {
    /// preference, fact, event, relationship, goal, procedure, instruction or open_question.
    #[arg(long, value_parser = word::<Kind>)]
    pub(crate) kind: Option<Kind>,
    /// Another name under which it is asked for; repeat it for more.
    #[arg(long = "alias", value_name = "NAME")]
    pub(crate) aliases: Vec<String>,
    /// A topic it is filed under; repeat it for more.
    #[arg(long = "category", value_name = "TOPIC")]
    pub(crate) categories: Vec<String>,
    /// Your own data, as a JSON object.
    #[arg(long, value_name = "JSON", value_parser = object)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// From when on it is true.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) from: Option<Moment>,
    /// Until when it is true.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) to: Option<Moment>,
    /// From when on it is no longer served.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) expires: Option<Moment>,
    /// Serve it to every question in its scope.
    #[arg(long)]
    pub(crate) pin: bool,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

impl MemoryArguments {
    /// The memory of these words.
    pub(crate) fn memory(self, text: String, scope: Scope) -> NewMemory {
        NewMemory {
            aliases: self.aliases,
            categories: self.categories.into_iter().collect(),
            metadata: self.metadata.unwrap_or_default(),
            validity: Interval { from: self.from, to: self.to },
            expires_at: self.expires,
            pinned: self.pin,
            reason: self.reason,
            ..NewMemory::new(self.kind.unwrap_or(Kind::Fact), text, scope)
        }
    }
}

/// A word of a closed set, as the wire writes it.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let written: StrDeserializer<'_, WordError> = StrDeserializer::new(text);
    T::deserialize(written).map_err(|error| error.to_string())
}

/// A moment: RFC 3339, or a day, which begins at midnight UTC.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    let day = |text: &str| {
        let date: Date = text.parse().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    };
    let at: Option<Timestamp> = if text.len() == 10 { day(text) } else { text.parse().ok() };
    at.map(Moment).ok_or_else(|| "expected 2026-02-03 or 2026-02-03T18:22:10+00:00".to_owned())
}

/// A JSON object.
pub(crate) fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("expected a JSON object: {error}"))
}

/// A filter of the typed grammar.
pub(crate) fn filter(text: &str) -> Result<FilterExpression, String> {
    let value = serde_json::from_str(text).map_err(|error| format!("expected JSON: {error}"))?;
    let filter = FilterExpression(value);
    filter.parse().map_err(|problem| problem.to_string())?;
    Ok(filter)
}

/// The lowest origin let through.
pub(crate) fn origin(text: &str) -> Result<Origin, String> {
    word(text)
}

/// The words of an argument; `-` reads them from stdin.
pub(crate) fn words(text: String) -> std::io::Result<String> {
    if text != "-" {
        return Ok(text);
    }
    let text = std::io::read_to_string(std::io::stdin())?;
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_or_a_time_with_an_offset() {
        assert_eq!(moment("2026-02-03").unwrap().0.to_string(), "2026-02-03T00:00:00Z");
        assert_eq!(moment("2026-02-03T01:00:00+01:00").unwrap().0.to_string(), "2026-02-03T00:00:00Z");
        assert!(moment("tomorrow").is_err() && moment("2026-02-03T01:00:00").is_err());
    }

    #[test]
    fn words_are_those_of_the_wire() {
        assert_eq!(word::<Kind>("open_question"), Ok(Kind::OpenQuestion));
        assert!(word::<Kind>("opinion").unwrap_err().contains("expected one of"));
    }
}
