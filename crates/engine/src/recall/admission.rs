//! Admission: which memories belong to a question. A memory is called by a handle, or its content says
//! enough of what the question asks; nearness of vectors alone never admits one.

use std::collections::BTreeSet;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory};
use dreamkeeper_domain::ports::SegmentStats;
use dreamkeeper_domain::text::{background_probability, term_hash};

use super::handles::{Handle, Said, Speech};
use super::memories::NEARNESS_MAX;
use super::query::Query;

/// A memory that may be admitted, with its raw signals.
#[derive(Debug, Clone)]
pub(crate) struct Nominee {
    /// The memory, visible to the question.
    pub(crate) memory: Memory,
    /// Which content terms occur in it.
    pub(crate) bits: u64,
    /// Its cosine with the question.
    pub(crate) cosine: f32,
    /// Index of its segment.
    pub(crate) segment: usize,
}

/// The raw signals of a passage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signals {
    /// Which content terms occur in it.
    pub(crate) bits: u64,
    /// Its cosine with the question.
    pub(crate) cosine: f32,
    /// Index of its segment.
    pub(crate) segment: usize,
}

/// How well a passage belongs, and what spoke for it.
#[derive(Debug, Clone)]
pub(crate) struct Belonging {
    /// On the scale of memories without handles.
    pub(crate) score: f32,
    pub(crate) parts: Vec<(&'static str, f32)>,
}

/// A memory that belongs.
#[derive(Debug, Clone)]
pub(crate) struct Admitted {
    /// Its place among the nominees.
    pub(crate) place: usize,
    /// As what it belongs.
    pub(crate) standing: Standing,
    /// From 0 to 1; one that is called by name stands above all that are not.
    pub(crate) score: f32,
    /// What spoke for it.
    pub(crate) parts: Vec<(&'static str, f32)>,
}

/// As what a memory belongs, from the least; what is more stands above all that is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// A relationship that belongs tells of it.
    Participant,
    /// Its content says enough of what is asked.
    Content,
    /// It is called by one of its names.
    Called,
}

impl Standing {
    /// Between which scores it stands: content above every nearness, names above all content.
    pub(crate) const fn bounds(self) -> (f32, f32) {
        match self {
            Self::Participant => (0.0, 0.5),
            Self::Content => (NEARNESS_MAX + 0.005, 0.5),
            Self::Called => (0.5, 1.0),
        }
    }
}

/// Texts at large that a segment's frequencies are blended with.
const BACKGROUND_TEXTS: f32 = 200.0;
/// Words of a short text, over which a word's background probability is spread.
const TEXT_WORDS: f32 = 8.0;
const COVER_WEIGHT: f32 = 0.6;
const COSINE_WEIGHT: f32 = 0.4;
/// A single word is enough from this weight on: it stands in under about 2 % of texts.
const TELLING_WEIGHT: f32 = 4.0;
/// Scores from which the content of a memory without handles belongs, and of one with: its author said by
/// which names it is called, so its other words must say more.
const CONTENT_MIN: f32 = 0.33;
const CONTENT_MIN_HANDLED: f32 = 0.42;
const COVER_MIN_HANDLED: f32 = 0.40;
const COSINE_MIN_HANDLED: f32 = 0.45;
/// Content below this share of the best content that belongs does not.
pub(crate) const SHARE_OF_BEST_MIN: f32 = 0.6;

/// Words that say nothing about a topic in a request, sorted.
#[rustfmt::skip]
const GENERIC: [&str; 69] = [
    "ask", "come", "day", "feel", "find", "get", "give", "go", "going", "good", "got", "help", "hey", "hi",
    "keep", "kind", "know", "let", "like", "look", "lot", "made", "make", "many", "maybe", "much", "need",
    "new", "ok", "okay", "one", "ones", "please", "put", "really", "right", "said", "say", "see", "show",
    "some", "sort", "stuff", "sure", "take", "talk", "tell", "thank", "thanks", "thing", "things", "think",
    "thought", "time", "times", "today", "told", "tried", "try", "trying", "use", "used", "using", "want",
    "wanted", "way", "well", "yeah", "yes",
];

/// What the nominees are looked at with.
pub(crate) struct Hearing<'a> {
    /// The question.
    pub(crate) query: &'a Query,
    /// Further visible memories whose handles claim words: the pins.
    pub(crate) heard: &'a [Memory],
    /// The segments of the nominees.
    pub(crate) segments: &'a [SegmentStats],
    /// Signals to leave out.
    pub(crate) without: &'a BTreeSet<String>,
}

/// The nominees that belong, best first.
pub(crate) fn admit(hearing: &Hearing<'_>, nominees: &[Nominee]) -> Vec<Admitted> {
    let question = Speech::hear(&hearing.query.words.join(" "));
    let calls: Vec<Option<Said>> =
        nominees.iter().map(|nominee| hearing.called(&nominee.memory, &question)).collect();
    let claims = hearing.heard.iter().filter_map(|memory| hearing.called(memory, &question));
    let mut claimed: BTreeSet<String> =
        calls.iter().flatten().cloned().chain(claims).flat_map(|said| said.words).collect();
    if hearing.without.contains("claims") {
        claimed.clear();
    }
    let uncalled = nominees.iter().zip(&calls).map(|(nominee, call)| call.is_none().then_some(nominee));
    let contents = uncalled.map(|nominee| hearing.content(nominee?, &claimed));
    let mut contents: Vec<Option<(f32, Content)>> = contents.collect();
    let best = contents.iter().flatten().map(|(score, _)| *score).fold(0.0, f32::max);
    for content in &mut contents {
        content.take_if(|(score, _)| *score < SHARE_OF_BEST_MIN * best);
    }
    let mut admitted: Vec<Admitted> = Vec::new();
    for (place, (call, content)) in calls.iter().zip(contents).enumerate() {
        if let Some(said) = call {
            let score = 0.5 + said.score / 2.0;
            let (standing, parts) = (Standing::Called, vec![("handle", said.score)]);
            admitted.push(Admitted { place, standing, score, parts });
        } else if let Some((score, content)) = content {
            let parts = vec![("cover", content.cover), ("cosine", content.cosine)];
            admitted.push(Admitted { place, standing: Standing::Content, score: score / 2.0, parts });
        }
    }
    let by_score = |a: &Admitted, b: &Admitted| {
        let id = |admitted: &Admitted| nominees[admitted.place].memory.id;
        b.score.total_cmp(&a.score).then_with(|| id(a).cmp(&id(b)))
    };
    admitted.sort_by(by_score);
    with_participants(admitted, nominees)
}

/// What a memory's content says of a question.
#[derive(Debug, Clone, Copy, Default)]
struct Content {
    /// The share of the question's information that it holds.
    cover: f32,
    cosine: f32,
    hit_count: usize,
    /// The weight of the most telling word that it holds.
    heaviest: f32,
}

impl Content {
    fn score(&self) -> f32 {
        COVER_WEIGHT * self.cover + COSINE_WEIGHT * self.cosine
    }
}

impl Hearing<'_> {
    fn called(&self, memory: &Memory, question: &Speech) -> Option<Said> {
        if self.without.contains("handle") {
            return None;
        }
        let handles = memory.aliases.iter().filter_map(|alias| Handle::read(alias));
        let said = handles.filter_map(|handle| question.said(&handle, true));
        said.reduce(|best, next| if next.score > best.score { next } else { best })
    }

    /// What a nominee's content says of the question, when that is enough to belong.
    fn content(&self, nominee: &Nominee, claimed: &BTreeSet<String>) -> Option<(f32, Content)> {
        let content = self.closeness(nominee, claimed)?;
        let tells_alone = content.hit_count == 1 && content.heaviest >= TELLING_WEIGHT && claimed.is_empty();
        let belongs = if nominee.memory.aliases.is_empty() {
            content.score() >= CONTENT_MIN && (content.hit_count >= 2 || tells_alone)
        } else {
            content.score() >= CONTENT_MIN_HANDLED
                && ((content.hit_count >= 2 && content.cover >= COVER_MIN_HANDLED)
                    || (tells_alone && content.cosine >= COSINE_MIN_HANDLED))
        };
        belongs.then(|| (content.score(), content))
    }

    /// What a passage that is no memory's says of the question, when that is enough to belong: as for a memory
    /// without handles.
    pub(crate) fn passage(&self, signals: Signals) -> Option<Belonging> {
        let content = self.closeness_of(signals, &BTreeSet::new())?;
        let tells_alone = content.hit_count == 1 && content.heaviest >= TELLING_WEIGHT;
        let belongs = content.score() >= CONTENT_MIN && (content.hit_count >= 2 || tells_alone);
        let parts = vec![("cover", content.cover), ("cosine", content.cosine)];
        belongs.then(|| Belonging { score: content.score() / 2.0, parts })
    }

    /// How much of the question a nominee's content says; a word that calls another memory is spent on that
    /// one.
    fn closeness(&self, nominee: &Nominee, claimed: &BTreeSet<String>) -> Option<Content> {
        let signals = Signals { bits: nominee.bits, cosine: nominee.cosine, segment: nominee.segment };
        self.closeness_of(signals, claimed)
    }

    fn closeness_of(&self, nominee: Signals, claimed: &BTreeSet<String>) -> Option<Content> {
        let stats = self.segments.get(nominee.segment)?;
        let mut content = Content::default();
        let (mut whole, mut held) = (0.0, 0.0);
        for (place, term) in self.query.terms.iter().enumerate() {
            if GENERIC.binary_search(&term.word.as_str()).is_ok() {
                continue;
            }
            let weight = weight(stats, place, background_probability(term.hash));
            whole += weight;
            if nominee.bits >> place & 1 == 1 && !is_claimed(&term.word, claimed) {
                held += weight;
                content.hit_count += 1;
                content.heaviest = content.heaviest.max(weight);
            }
        }
        content.cover = if whole > 0.0 { held / whole } else { 0.0 };
        content.cosine = if self.without.contains("cosine") { 0.0 } else { nominee.cosine.max(0.0) };
        Some(content)
    }
}

/// The pinned nominees, those that the question means first: by handle, then by content. All are served; a
/// caller with little room keeps the first.
pub(crate) fn pins_by_fit(hearing: &Hearing<'_>, nominees: &[Nominee]) -> Vec<MemoryId> {
    let question = Speech::hear(&hearing.query.words.join(" "));
    let unclaimed = BTreeSet::new();
    let fit = |nominee: &Nominee| {
        let called = hearing.called(&nominee.memory, &question).map_or(0.0, |said| 1.0 + said.score);
        called + hearing.closeness(nominee, &unclaimed).map_or(0.0, |content| content.score())
    };
    let pinned = nominees.iter().filter(|nominee| nominee.memory.pinned);
    let mut fits: Vec<(f32, MemoryId)> = pinned.map(|nominee| (fit(nominee), nominee.memory.id)).collect();
    fits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    fits.into_iter().map(|(_, id)| id).collect()
}

fn is_claimed(word: &str, claimed: &BTreeSet<String>) -> bool {
    claimed.contains(word) || claimed.iter().any(|claim| term_hash(claim) == term_hash(word))
}

/// −ln of the share of texts that hold the term, the segment's blended with the background's.
fn weight(stats: &SegmentStats, place: usize, background: f32) -> f32 {
    let found = stats.document_frequency.get(place).copied().unwrap_or(0) as f32;
    let expected = BACKGROUND_TEXTS * (TEXT_WORDS * background).min(1.0);
    let share = (found + expected) / (stats.passage_count as f32 + BACKGROUND_TEXTS);
    (-(share + 1e-4).ln()).max(0.0)
}

/// Each relationship brings those whose handles its own text says, behind the direct ones: one step, no
/// typos, no open questions.
fn with_participants(mut admitted: Vec<Admitted>, nominees: &[Nominee]) -> Vec<Admitted> {
    let mut known: BTreeSet<usize> = admitted.iter().map(|admitted| admitted.place).collect();
    let last = admitted.last().map_or(0.0, |admitted| admitted.score);
    let direct = admitted.iter().map(|admitted| &nominees[admitted.place].memory);
    let relations = direct.filter(|memory| memory.kind == Kind::Relationship);
    let texts: Vec<Speech> = relations.map(|memory| Speech::hear(&memory.text)).collect();
    if texts.is_empty() {
        return admitted;
    }
    let handles = |nominee: &Nominee| -> Vec<Handle> {
        nominee.memory.aliases.iter().filter_map(|alias| Handle::read(alias)).collect()
    };
    let others = nominees.iter().enumerate();
    let others =
        others.filter(|(place, nominee)| nominee.memory.kind != Kind::OpenQuestion && !known.contains(place));
    let others: Vec<(usize, Vec<Handle>)> =
        others.map(|(place, nominee)| (place, handles(nominee))).collect();
    for text in texts {
        for (place, handles) in &others {
            let is_new = !known.contains(place);
            if is_new && handles.iter().any(|handle| text.said(handle, false).is_some()) {
                known.insert(*place);
                let parts = vec![("participant", last / 2.0)];
                let standing = Standing::Participant;
                admitted.push(Admitted { place: *place, standing, score: last / 2.0, parts });
            }
        }
    }
    admitted
}
