//! LoCoMo (arXiv 2402.17753): long chats of two people; questions with the turns that answer them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value;

use super::{Conversation, Question, Session, Turn, read_json};

#[derive(Deserialize)]
struct Sample {
    sample_id: String,
    conversation: BTreeMap<String, Value>,
    qa: Vec<Asked>,
    #[serde(default)]
    observation: BTreeMap<String, BTreeMap<String, Vec<(String, Sources)>>>,
}

/// The turns of an observation: one, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Sources {
    One(String),
    Several(Vec<String>),
}

/// What somebody noted of a conversation, with the turns that it was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Observation {
    /// The note, in the third person.
    pub(crate) text: String,
    /// Ids of the turns, in order.
    pub(crate) turns: Vec<String>,
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    #[serde(default)]
    evidence: Vec<String>,
    category: u8,
}

#[derive(Deserialize)]
struct Said {
    speaker: String,
    dia_id: String,
    text: String,
    blip_caption: Option<String>,
}

/// Reads a file of conversations; questions without evidence that exists are left out.
pub(crate) fn read(path: &Path) -> Result<Vec<Conversation>> {
    let samples: Vec<Sample> = read_json(path)?;
    ensure!(!samples.is_empty(), "{} holds no conversation", path.display());
    samples.into_iter().map(conversation).collect()
}

/// Reads the observations of a file, by conversation; those of turns that do not exist are left out.
pub(crate) fn read_observations(path: &Path) -> Result<BTreeMap<String, Vec<Observation>>> {
    let samples: Vec<Sample> = read_json(path)?;
    let mut found = BTreeMap::new();
    for mut sample in samples {
        let name = sample.sample_id.clone();
        let noted: Vec<_> = std::mem::take(&mut sample.observation)
            .into_values()
            .flat_map(BTreeMap::into_values)
            .flatten()
            .collect();
        let conversation = conversation(sample)?;
        let order: Vec<&str> = conversation
            .sessions
            .iter()
            .flat_map(|session| &session.turns)
            .map(|turn| turn.id.as_str())
            .collect();
        let place = |id: &String| order.iter().position(|known| *known == id);
        let mut observations = Vec::new();
        for (text, sources) in noted {
            let mut turns = match sources {
                Sources::One(id) => id.split([';', ',', ' ']).map(str::to_owned).collect(),
                Sources::Several(ids) => ids,
            };
            turns.retain(|id| place(id).is_some());
            turns.sort_by_key(place);
            if !turns.is_empty() {
                observations.push(Observation { text, turns });
            }
        }
        found.insert(name, observations);
    }
    Ok(found)
}

fn conversation(sample: Sample) -> Result<Conversation> {
    let mut sessions = Vec::new();
    for number in 1.. {
        let name = format!("session_{number}");
        // The data names dates of sessions that were cut from it: a date alone is no session.
        let Some(turns) = sample.conversation.get(&name) else {
            if sample.conversation.contains_key(&format!("{name}_date_time")) {
                continue;
            }
            break;
        };
        sessions.push(session(&sample, name, turns)?);
    }
    let known: BTreeSet<&str> =
        sessions.iter().flat_map(|session: &Session| &session.turns).map(|turn| turn.id.as_str()).collect();
    let questions = sample.qa.into_iter().filter_map(|asked| question(asked, &known)).collect();
    Ok(Conversation { name: sample.sample_id, sessions, questions })
}

fn session(sample: &Sample, name: String, turns: &Value) -> Result<Session> {
    let place = format!("{} {name}", sample.sample_id);
    let said: Vec<Said> =
        Deserialize::deserialize(turns).with_context(|| format!("{place} is not a list of turns"))?;
    let time = sample.conversation.get(&format!("{name}_date_time")).and_then(Value::as_str);
    let at = parse_time(time.with_context(|| format!("{place} has no date"))?)?;
    let turns = said.into_iter().map(|said| Turn {
        id: said.dia_id,
        speaker: Some(said.speaker),
        assistant: false,
        text: said.text,
        caption: said.blip_caption,
        at,
    });
    Ok(Session { name, turns: turns.collect() })
}

fn question(asked: Asked, known: &BTreeSet<&str>) -> Option<Question> {
    // Some entries hold several ids in one text, and a few name turns that are not there.
    let evidence: BTreeSet<String> = asked
        .evidence
        .iter()
        .flat_map(|entry| entry.split([';', ',', ' ']))
        .filter(|id| known.contains(id))
        .map(str::to_owned)
        .collect();
    let evidence: Vec<String> = evidence.into_iter().collect();
    (!evidence.is_empty()).then(|| Question {
        text: asked.question,
        evidence,
        category: asked.category.to_string(),
    })
}

/// Reads `1:56 pm on 8 May, 2023`; the data gives no zone, so it counts as UTC.
fn parse_time(text: &str) -> Result<Timestamp> {
    let time = DateTime::strptime("%I:%M %p on %d %B, %Y", text)
        .with_context(|| format!("`{text}` is not a time such as `1:56 pm on 8 May, 2023`"))?;
    Ok(time.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_utc() {
        assert_eq!(parse_time("1:56 pm on 8 May, 2023").unwrap().to_string(), "2023-05-08T13:56:00Z");
        assert_eq!(parse_time("12:09 am on 13 September, 2023").unwrap().to_string(), "2023-09-13T00:09:00Z");
    }

    #[test]
    fn evidence_is_split_and_must_exist() {
        let known = BTreeSet::from(["D8:6", "D9:17"]);
        let asked = |evidence: &[&str]| Asked {
            question: "when?".into(),
            evidence: evidence.iter().map(|id| (*id).to_owned()).collect(),
            category: 1,
        };
        let found = question(asked(&["D8:6; D9:17", "D9:17", "D"]), &known).unwrap();
        assert_eq!(found.evidence, ["D8:6", "D9:17"]);
        assert!(question(asked(&["D:11:26"]), &known).is_none());
    }

    #[test]
    fn a_date_without_turns_is_no_session() {
        let text = r#"[{"sample_id":"c","qa":[{"question":"q","evidence":["D2:1"],"category":4}],"conversation":{
            "session_1_date_time":"1:00 pm on 1 May, 2023",
            "session_2_date_time":"1:00 pm on 2 May, 2023",
            "session_2":[{"speaker":"Ana","dia_id":"D2:1","text":"Hi","blip_caption":"a dog"}]}}]"#;
        let samples: Vec<Sample> = serde_json::from_str(text).unwrap();
        let read = conversation(samples.into_iter().next().unwrap()).unwrap();
        assert_eq!((read.sessions.len(), read.turn_count(), read.questions.len()), (1, 1, 1));
        assert_eq!(read.sessions[0].turns[0].caption.as_deref(), Some("a dog"));
    }
}
