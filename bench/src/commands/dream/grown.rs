//! A store grown from a conversation: one note a session, written when it was, with what somebody noted of it; and in it
//! what a dream has to find, and what it must leave alone, with the truth of both.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::phrases;
use crate::data::Conversation;
use crate::data::locomo::Observation;
use crate::data::natural::Chance;

/// Restated observations, one-off requests and the like, for each conversation.
const SEEDED_COUNT: usize = 20;
const CITIES: [&str; 8] = ["Leeds", "Porto", "Lyon", "Graz", "Turin", "Bergen", "Ghent", "Malmo"];
const COMPANIES: [&str; 6] =
    ["Northwind", "Halden Labs", "Bluepine", "Corvid Press", "Tessel", "Marrow & Sons"];
const TEAS: [&str; 6] = ["oolong", "sencha", "rooibos", "assam", "peppermint", "lapsang"];
/// Requests that bind, and the same again as people say it the second and the third time.
const CONVENTIONS: [[&str; 3]; 10] = [
    [
        "Always answer in British English.",
        "Please always answer in British English.",
        "Again, always answer in British English!",
    ],
    [
        "Never use emojis in summaries.",
        "No, never use emojis in summaries.",
        "I told you: never use emojis in summaries.",
    ],
    ["No, use kilometres, not miles.", "Use kilometres, not miles.", "Actually, use kilometres, not miles."],
    [
        "I prefer short bullet points.",
        "I really prefer short bullet points.",
        "Remember, I prefer short bullet points.",
    ],
    [
        "Always put the date first in file names.",
        "Always put the date first in file names!",
        "As I said, always put the date first in file names.",
    ],
    [
        "From now on write amounts in euros.",
        "From now on, write amounts in euros.",
        "Again: from now on write amounts in euros.",
    ],
    [
        "Don't schedule calls before ten.",
        "Please don't schedule calls before ten.",
        "Do not schedule calls before ten.",
    ],
    [
        "No, the club is called Harbour Lights, not Harbor Light.",
        "The club is called Harbour Lights, not Harbor Light.",
        "I told you, the club is called Harbour Lights, not Harbor Light.",
    ],
    // The same wish in other words each time.
    [
        "Always keep answers under a hundred words.",
        "Your answers must stay below a hundred words.",
        "Not more than a hundred words, please, in every answer.",
    ],
    [
        "Always use the metric system.",
        "Give me metric units whenever you can.",
        "No imperial units, only metric ones.",
    ],
];
/// What is asked for once.
const ONE_OFF: [&str; 10] = [
    "Make the headline green this time.",
    "Please book a table for two on Friday.",
    "Always call me Captain today.",
    "Use the long form for this letter.",
    "No, write it in one paragraph.",
    "Never mind the second point.",
    "Remind me to buy stamps.",
    "Actually, use the other photo.",
    "I told you: leave the attachment out.",
    "From now on in this chat be brief.",
];
/// Ways to restate a sentence that change nothing; none for a restatement in other words.
const RESTATED: usize = 4;
/// Words for words, as somebody else would have said it.
const SYNONYMS: [(&str, &str); 8] = [
    (" likes ", " enjoys "),
    (" loves ", " adores "),
    (" enjoys ", " likes "),
    (" is planning to ", " intends to "),
    (" feels ", " is feeling "),
    (" believes ", " thinks "),
    (" wants to ", " would like to "),
    (" is interested in ", " has an interest in "),
];

/// One note.
pub(super) struct NoteText {
    pub(super) path: String,
    pub(super) at: Timestamp,
    /// What is noted, by whom it is about.
    pub(super) lines: BTreeMap<String, Vec<String>>,
}

impl NoteText {
    pub(super) fn content(&self) -> String {
        let mut text = format!("# {}\n", self.path.trim_start_matches("/sessions/").trim_end_matches(".md"));
        for (speaker, lines) in &self.lines {
            text.push_str(&format!("\n## {speaker}\n"));
            lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
        text
    }
}

/// Something that the user says in a session with an agent.
pub(super) struct Said {
    pub(super) session: String,
    pub(super) at: Timestamp,
    pub(super) text: String,
}

/// What is true of the store.
#[derive(Default)]
pub(super) struct Truth {
    /// Two wordings of one thing.
    pub(super) same: Vec<(String, String)>,
    /// A value that no longer holds, and the one that does.
    pub(super) replaced: Vec<(String, String)>,
    /// What is over.
    pub(super) over: Vec<String>,
    /// Every phrase whose date is known: note, line, phrase, date.
    pub(super) dates: Vec<(String, String, phrases::Known)>,
    /// What was stated in three sessions, in each of its wordings.
    pub(super) conventions: Vec<[&'static str; 3]>,
    /// What was asked for once.
    pub(super) one_off: Vec<&'static str>,
}

/// A store to be.
pub(super) struct Grown {
    pub(super) user: String,
    pub(super) notes: Vec<NoteText>,
    pub(super) said: Vec<Said>,
    pub(super) truth: Truth,
}

pub(super) fn grow(conversation: &Conversation, noted: &[Observation], seed: u64) -> Grown {
    let mut grown = Grown {
        user: conversation.name.clone(),
        notes: notes(conversation, noted),
        said: Vec::new(),
        truth: Truth::default(),
    };
    let mut chance = Chance::seeded(seed);
    grown.restate(&mut chance);
    grown.contradict(&mut chance);
    grown.end(&mut chance);
    grown.converse(&mut chance);
    grown.know_dates();
    grown
}

fn notes(conversation: &Conversation, noted: &[Observation]) -> Vec<NoteText> {
    let mut notes = Vec::new();
    for (place, session) in conversation.sessions.iter().enumerate() {
        let Some(at) = session.turns.first().map(|turn| turn.at) else { continue };
        let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for observation in noted {
            let said = session.turns.iter().find(|turn| Some(&turn.id) == observation.turns.first());
            if let Some(speaker) = said.and_then(|turn| turn.speaker.clone()) {
                lines.entry(speaker).or_default().push(observation.text.clone());
            }
        }
        notes.push(NoteText { path: format!("/sessions/{:02}.md", place + 1), at, lines });
    }
    notes
}

impl Grown {
    fn speakers(&self) -> Vec<String> {
        let mut found: Vec<String> = self.notes.iter().flat_map(|note| note.lines.keys().cloned()).collect();
        found.sort();
        found.dedup();
        found.truncate(2);
        found
    }

    fn add(&mut self, note: usize, speaker: &str, line: String) {
        self.notes[note].lines.entry(speaker.to_owned()).or_default().push(line);
    }

    /// Two places, the first before the second.
    fn two(&self, chance: &mut Chance) -> (usize, usize) {
        let early = chance.below(self.notes.len() - 1);
        (early, early + 1 + chance.below(self.notes.len() - early - 1))
    }

    /// Lasting observations are noted again in a later session: as they were, with words that change nothing, or in
    /// other words.
    fn restate(&mut self, chance: &mut Chance) {
        let lasting = |line: &&String| !phrases::tells_time(line) && line.split(' ').count() > 5;
        for count in 0..2 * SEEDED_COUNT {
            let (from, to) = self.two(chance);
            let candidates: Vec<(String, String)> = self.notes[from]
                .lines
                .iter()
                .flat_map(|(speaker, lines)| lines.iter().map(move |line| (speaker, line)))
                .filter(|(speaker, line)| lasting(line) && line.starts_with(speaker.as_str()))
                .map(|(speaker, line)| (speaker.clone(), line.clone()))
                .collect();
            if candidates.is_empty() {
                continue;
            }
            let (speaker, line) = candidates[chance.below(candidates.len())].clone();
            let known = self.truth.same.iter().any(|(one, other)| *one == line || *other == line);
            if let Some(again) = restated(&line, count % RESTATED).filter(|_| !known) {
                self.add(to, &speaker, again.clone());
                self.truth.same.push((line, again));
            }
        }
    }

    /// Properties with one value get another one later; and what only looks so.
    fn contradict(&mut self, chance: &mut Chance) {
        for speaker in self.speakers() {
            let value = |chance: &mut Chance, of: &[&str]| {
                let first = chance.below(of.len());
                (of[first].to_owned(), of[(first + 1 + chance.below(of.len() - 1)) % of.len()].to_owned())
            };
            let (city, other_city) = value(chance, &CITIES);
            let (work, other_work) = value(chance, &COMPANIES);
            let (tea, other_tea) = value(chance, &TEAS);
            let pairs = [
                (format!("{speaker} lives in {city}."), format!("{speaker} lives in {other_city} now.")),
                (format!("{speaker} works at {work}."), format!("{speaker} works at {other_work}.")),
                (
                    format!("{speaker}'s favourite tea is {tea}."),
                    format!("{speaker}'s favourite tea is {other_tea}."),
                ),
                (
                    format!("{speaker}'s phone number is 555-01{:02}.", chance.below(40)),
                    format!("{speaker}'s phone number is 555-02{:02}.", chance.below(40)),
                ),
                (
                    format!("{speaker}'s rent is {} euros.", 700 + chance.below(90)),
                    format!("{speaker}'s rent is {} euros.", 800 + chance.below(90)),
                ),
                // Said in ways that a reader understands and rules may not.
                (format!("{speaker} has a dog called Rex."), format!("{speaker}'s dog Rex was renamed Max.")),
            ];
            for (older, newer) in pairs {
                let (from, to) = self.two(chance);
                self.add(from, &speaker, older.clone());
                self.add(to, &speaker, newer.clone());
                self.truth.replaced.push((older, newer));
            }
            // Both hold.
            let both = [
                (format!("{speaker} visited {city}."), format!("{speaker} visited {other_city}.")),
                (
                    format!("{speaker} has a friend in {city}."),
                    format!("{speaker} has a friend in {other_city}."),
                ),
                (
                    format!("{speaker} lived in {other_city} as a child."),
                    format!("{speaker} once worked at {work} as a temp."),
                ),
                (format!("{speaker} is a dancer."), format!("{speaker} is a teacher.")),
            ];
            for (one, other) in both {
                let (from, to) = self.two(chance);
                self.add(from, &speaker, one);
                self.add(to, &speaker, other);
            }
        }
    }

    /// Some things say themselves until when they hold.
    fn end(&mut self, chance: &mut Chance) {
        for (place, speaker) in self.speakers().into_iter().enumerate() {
            for count in 0..3 {
                let note = chance.below(self.notes.len() - 1);
                let end =
                    self.notes[note].at + SignedDuration::from_hours(24 * (2 + chance.below(10) as i64));
                let day = end.strftime("%-d %B %Y");
                let over = match count {
                    0 => format!("{speaker}'s gym is closed until {day}."),
                    1 => format!("{speaker} is out of office until {day}."),
                    _ => format!("{speaker}'s library card expires on {day}."),
                };
                self.add(note, &speaker, over.clone());
                self.truth.over.push(over);
            }
            self.add(place, &speaker, format!("{speaker} stayed in the north until 3 May 2019."));
            self.add(place, &speaker, format!("{speaker}'s passport is valid until 3 May 2041."));
        }
    }

    /// What the user says in sessions of their own: conventions in three of them, and what is asked for once.
    fn converse(&mut self, chance: &mut Chance) {
        let sessions = 8;
        let at = |notes: &[NoteText], session: usize| {
            let note = &notes[session * (notes.len() - 1) / (sessions - 1)];
            note.at + SignedDuration::from_hours(1)
        };
        for wordings in CONVENTIONS {
            let first = chance.below(sessions - 2);
            for (count, wording) in wordings.into_iter().enumerate() {
                self.say(format!("agent-{}", first + count), at(&self.notes, first + count), wording);
            }
            self.truth.conventions.push(wordings);
        }
        for once in ONE_OFF {
            let session = chance.below(sessions);
            self.say(format!("agent-{session}"), at(&self.notes, session), once);
            // Twice in one session is still once.
            self.say(format!("agent-{session}"), at(&self.notes, session), once);
            self.truth.one_off.push(once);
        }
    }

    fn say(&mut self, session: String, at: Timestamp, text: &str) {
        self.said.push(Said { session, at, text: text.to_owned() });
    }

    fn know_dates(&mut self) {
        for note in &self.notes {
            for line in note.lines.values().flatten() {
                let known = phrases::known(line, note.at).into_iter();
                self.truth.dates.extend(known.map(|known| (note.path.clone(), line.clone(), known)));
            }
        }
    }
}

/// The sentence again; `None` where it cannot be said so.
fn restated(line: &str, how: usize) -> Option<String> {
    match how {
        0 => Some(line.to_owned()),
        1 => Some(line.trim_end_matches('.').replacen(" is ", " is really ", 1)),
        2 => Some(line.replacen(" the ", " ", 1)),
        _ => SYNONYMS
            .iter()
            .find(|(word, _)| line.contains(word))
            .map(|(word, other)| line.replacen(word, other, 1)),
    }
}
