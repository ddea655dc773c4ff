//! The transcript line: one message of the JSONL import format, as docs/guides/transcripts.md tells it.

use dreamkeeper_domain::message::Part as ContentPart;
use dreamkeeper_domain::time::Zone;
use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::message::{NewMessage, Part};
use crate::moment::SaidAt;
use crate::scope::Scope;
use crate::words::{Origin, Role};

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranscriptLine {
    /// The caller's own key of the session.
    pub session: String,
    /// The caller's own id of the message, unique in its session.
    pub id: String,
    /// Whose turn it is.
    pub role: Role,
    /// When it was said.
    pub at: SaidAt,
    /// The content, when it is words only; else `parts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The content, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    /// The speaker's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who really authored it, when that is less than the role suggests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Free labels of this message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

impl TranscriptLine {
    /// Reads one line and checks what its fields say of each other.
    ///
    /// # Errors
    /// Names the field, or the place in the line where it stops being JSON.
    pub fn parse(line: &str) -> Result<Self, Problem> {
        let line: Self =
            serde_json::from_str(line).map_err(|error| Problem::new("line", error.to_string()))?;
        let message = line.message();
        message.content()?;
        message.said()?;
        for (field, value) in [("session", &line.session), ("id", &line.id)] {
            if value.is_empty() {
                return Err(Problem::new(field, "is empty: give it a value"));
            }
        }
        Ok(line)
    }

    /// The message, to be appended to the session of the line's key.
    pub fn message(&self) -> NewMessage {
        NewMessage {
            id: Some(self.id.clone()),
            role: self.role,
            author: self.author.clone(),
            origin: self.origin,
            text: self.text.clone(),
            parts: self.parts.clone(),
            at: Some(self.at.clone()),
            zone: self.zone.clone(),
            labels: self.labels.clone(),
        }
    }

    /// For whom the session stands: the line's ids. Labels stay with the message.
    pub fn scope(&self) -> Scope {
        Scope {
            user: self.user.clone(),
            agent: self.agent.clone(),
            app: self.app.clone(),
            run: self.run.clone(),
            ..Scope::default()
        }
    }

    /// The content as one text, as quotes count bytes in it.
    pub fn words(&self) -> String {
        let parts: Vec<ContentPart> = self.message().content().unwrap_or_default();
        dreamkeeper_domain::message::render(&parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&str, &str>) {
        match (TranscriptLine::parse(line), expected) {
            (Ok(line), Ok(words)) => assert_eq!(line.words(), words),
            (Err(problem), Err(part)) => {
                assert!(problem.to_string().contains(part), "{problem} lacks {part}");
            }
            (read, expected) => panic!("{line}: {read:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn the_guides_lines_are_read_and_wrong_ones_told() {
        let line = |extra: &str| {
            format!(r#"{{"session":"s","id":"m","role":"user","at":"2026-02-03T18:22:10+00:00"{extra}}}"#)
        };
        check(&line(r#","zone":"Europe/Lisbon","text":"We eat at eight.""#), Ok("We eat at eight."));
        check(
            &line(r#","parts":[{"type":"text","text":"i cooked:"},{"type":"image","caption":"rice"}]"#),
            Ok("i cooked:\n[rice]"),
        );
        check(&line(""), Err("give `text` or `parts`"));
        check(&line(r#","text":"a","parts":[]"#), Err("give one of them"));
        check(&line(r#","text":"a","zone":"Asia/Tokyo""#), Err("+09"));
        check(&line(r#","text":"a","auhtor":"Ana""#), Err("`auhtor`"));
        check(&line(r#","text":"a","parts":[{"type":"video"}]"#), Err("video"));
        check(
            r#"{"session":"","id":"m","role":"user","at":"2026-02-03T18:22:10Z","text":"a"}"#,
            Err("empty"),
        );
        check(r#"{"session":"s","id":"m","role":"user","at":"2026-02-03","text":"a"}"#, Err("RFC 3339"));
        check("{", Err("line"));
    }
}
