//! Serves observations as a model's extraction: for each new turn those that end with it, each quoting its turns.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;

use crate::data::locomo::Observation;
use crate::data::{Conversation, Turn};
use crate::house::scripted::{Proposed, ScriptedModel, ShownTurn, item};

/// A turn as a prompt tells it: when, who, what.
type Key = (String, String, String);

/// The observations by the last turn that they rest on.
#[derive(Debug, Clone, Default)]
pub(super) struct Served {
    by_turn: HashMap<Key, Vec<(String, Vec<Key>)>>,
}

impl Served {
    pub(super) fn new(
        conversations: &[Conversation],
        observations: &BTreeMap<String, Vec<Observation>>,
    ) -> Self {
        let mut served = Self::default();
        for conversation in conversations {
            let turns = conversation.sessions.iter().flat_map(|session| &session.turns);
            let keys: HashMap<&str, Key> = turns.map(|turn| (turn.id.as_str(), key(turn))).collect();
            for observation in observations.get(&conversation.name).into_iter().flatten() {
                let rests_on: Vec<Key> =
                    observation.turns.iter().filter_map(|id| keys.get(id.as_str()).cloned()).collect();
                if let Some(last) = rests_on.last().cloned() {
                    let noted = served.by_turn.entry(last).or_default();
                    noted.push((observation.text.clone(), rests_on));
                }
            }
        }
        served
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.by_turn.values().map(Vec::len).sum()
    }

    pub(super) fn model(self) -> ScriptedModel {
        ScriptedModel::new(move |turns| self.propose(turns))
    }

    fn propose(&self, turns: &[ShownTurn]) -> Proposed {
        let shown: HashMap<Key, &ShownTurn> = turns.iter().map(|turn| (shown_key(turn), turn)).collect();
        let mut proposed = Proposed::default();
        for turn in turns.iter().filter(|turn| turn.is_new) {
            for (text, rests_on) in self.by_turn.get(&shown_key(turn)).into_iter().flatten() {
                let cited = rests_on.iter().filter_map(|key| shown.get(key));
                let quotes: Vec<(&str, &str)> =
                    cited.map(|turn| (turn.name.as_str(), turn.text.as_str())).collect();
                proposed.items.push(item(text, "fact", &quotes));
            }
        }
        proposed
    }
}

fn key(turn: &Turn) -> Key {
    let at = turn.at.to_zoned(TimeZone::UTC).strftime("%a %Y-%m-%d %H:%M").to_string();
    let caption = turn.caption.iter().map(|caption| format!("\n[{caption}]")).collect::<String>();
    let text = format!("{}{caption}", turn.text).trim().to_owned();
    (at, turn.speaker.clone().unwrap_or_else(|| "-".to_owned()), text)
}

fn shown_key(turn: &ShownTurn) -> Key {
    (turn.at.clone(), turn.author.clone(), turn.text.clone())
}
