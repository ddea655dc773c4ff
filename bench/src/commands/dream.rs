//! `dream`: stores grown from LoCoMo's observations, with what a dream has to find in them and what it must leave alone,
//! are dreamt over without a model; what it proposes is compared with what is true.

mod grown;
mod judged;
mod phrases;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use dreamkeeper_domain::dream::{ChangeReview, ClaimFate, DreamTarget, ProposedChange};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::NewMessage;
use dreamkeeper_engine::dream::{NewDream, OnCollision, WhichChanges};
use dreamkeeper_engine::topics::{
    ListTopics, ListedTopic, LoadTopics, NewTopic, NewTopicStore, TopicWriting,
};
use dreamkeeper_topics::{ClaimHash, claims};
use jiff::SignedDuration;
use serde::Serialize;

use super::Report;
use crate::data::locomo;
use crate::house::House;
use crate::measure::rounded;
use grown::{Grown, grow};
use judged::{Figures, judge};

/// Options of `dream`.
#[derive(Debug, clap::Args)]
pub(crate) struct Dream {
    /// The file of conversations.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Lists what was wrong, and what was missed.
    #[arg(long)]
    failures: bool,
}

/// What `dream` found out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct DreamReport {
    stores: usize,
    topics: usize,
    claims: usize,
    /// Claims that are neither there nor told of after everything was adopted.
    lost_claims: usize,
    merge: Figures,
    supersede: Figures,
    archive: Figures,
    date: Figures,
    /// Dates of phrases whose truth is not known here; not in `date`.
    dates_unjudged: usize,
    convention: Figures,
    one_off_lifted: usize,
    /// Conventions that were lifted and are in the next load of the store.
    conventions_loaded: usize,
    changes: usize,
    set_aside: usize,
    /// Stores that were byte for byte as before after the adoption was rolled back.
    rolled_back_exactly: usize,
    topics_per_second: f64,
    /// Time of a second dream over the unchanged store, over the time of the first.
    second_dream_cost_ratio: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<String>,
}

/// Path to content.
type Contents = BTreeMap<String, String>;

impl Dream {
    /// Grows a store of each conversation, dreams over it, and judges.
    pub(crate) async fn run(&self) -> Result<DreamReport> {
        let noted = locomo::read_observations(&self.data)?;
        let mut report = DreamReport::default();
        let (mut first, mut second) = (Duration::ZERO, Duration::ZERO);
        for (place, conversation) in locomo::read(&self.data)?.iter().enumerate() {
            let Some(noted) = noted.get(&conversation.name) else { continue };
            let grown = grow(conversation, noted, 7 + place as u64);
            let (one, two) = self.store(&grown, &mut report).await?;
            (first, second) = (first + one, second + two);
        }
        ensure!(report.stores > 0, "{} holds no observations", self.data.display());
        report.topics_per_second = rounded(report.topics as f64 / first.as_secs_f64());
        report.second_dream_cost_ratio = rounded(second.as_secs_f64() / first.as_secs_f64());
        if !self.failures {
            report.failures.clear();
        }
        Ok(report)
    }

    async fn store(&self, grown: &Grown, report: &mut DreamReport) -> Result<(Duration, Duration)> {
        let house = House::open(None).await?;
        let store = write(&house, grown).await?;
        let (engine, principal) = house.engine();
        let before = contents(&house, store).await?;
        let target = DreamTarget { store: Some(store), scope: None };
        let start = Instant::now();
        let dream = engine.dream(principal, NewDream::over(target.clone())).await?;
        let first = start.elapsed();
        let changes = engine.get_dream(principal, dream.id).await?.changes;
        let start = Instant::now();
        let again = engine.dream(principal, NewDream::over(target)).await?;
        let second = start.elapsed();
        ensure!(
            engine.get_dream(principal, again.id).await?.changes.is_empty(),
            "the second dream found more"
        );
        let verdicts = judge(grown, &changes);
        report.stores += 1;
        report.topics += before.len();
        report.claims += before.values().map(|content| claims(content).len()).sum::<usize>();
        report.merge.add(verdicts.merge);
        report.supersede.add(verdicts.supersede);
        report.archive.add(verdicts.archive);
        report.date.add(verdicts.date);
        report.convention.add(verdicts.convention);
        report.dates_unjudged += verdicts.dates_unjudged;
        report.one_off_lifted += verdicts.one_off_lifted;
        report.changes += changes.len();
        let is_aside = |change: &&ProposedChange| matches!(change.review, ChangeReview::SetAside { .. });
        report.set_aside += changes.iter().filter(is_aside).count();
        report
            .failures
            .extend(verdicts.failures.into_iter().map(|failure| format!("{}: {failure}", grown.user)));
        house.set_time(later(grown, 2));
        engine.adopt_dream(principal, dream.id, WhichChanges::Remaining).await?;
        let after = contents(&house, store).await?;
        report.lost_claims += lost(&before, &after, &changes);
        report.conventions_loaded += loaded(&house, store, &changes).await?;
        house.set_time(later(grown, 3));
        engine.roll_back_dream(principal, (dream.id, None), OnCollision::Refuse).await?;
        report.rolled_back_exactly += usize::from(contents(&house, store).await? == before);
        house.close().await;
        Ok((first, second))
    }
}

/// So many days after the last note.
fn later(grown: &Grown, days: i64) -> jiff::Timestamp {
    let last = grown.notes.iter().map(|note| note.at).max().unwrap_or_default();
    last + SignedDuration::from_hours(24 * 30 + 24 * days)
}

async fn write(house: &House, grown: &Grown) -> Result<StoreId> {
    let (engine, principal) = house.engine();
    house.set_time(grown.notes.iter().map(|note| note.at).min().unwrap_or_default());
    let new = NewTopicStore {
        name: grown.user.clone(),
        scope: Scope::user(&grown.user),
        ..NewTopicStore::default()
    };
    let store = engine.create_topic_store(principal, new).await?.id;
    for note in &grown.notes {
        house.set_time(note.at);
        let writing = TopicWriting { origin: Some(Origin::User), ..TopicWriting::default() };
        let new = NewTopic { path: note.path.clone(), content: note.content(), writing };
        engine.create_topic(principal, store, new).await?;
    }
    for said in &grown.said {
        house.set_time(said.at);
        let mut message = NewMessage::text(Role::User, said.text.clone());
        message.at = Some(said.at);
        house.append(&grown.user, &said.session, vec![message]).await?;
    }
    house.set_time(later(grown, 1));
    Ok(store)
}

async fn contents(house: &House, store: StoreId) -> Result<Contents> {
    let (engine, principal) = house.engine();
    let (mut found, mut after) = (Contents::new(), None);
    loop {
        let list = ListTopics { full: true, after, ..ListTopics::of(store) };
        let page = engine.list_topics(principal, list).await?;
        for item in page.items {
            if let ListedTopic::Topic { head, content: Some(content) } = item {
                found.insert(head.path, content);
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

/// Claims that are gone without a word.
fn lost(before: &Contents, after: &Contents, changes: &[ProposedChange]) -> usize {
    let hashes = |contents: &Contents| -> BTreeMap<ClaimHash, usize> {
        let mut found = BTreeMap::new();
        for claim in contents.values().flat_map(|content| claims(content)) {
            *found.entry(claim.hash).or_default() += 1;
        }
        found
    };
    let there = hashes(after);
    let mut told: BTreeMap<ClaimHash, usize> = BTreeMap::new();
    let goes =
        |fate: &ClaimFate| !matches!(fate, ClaimFate::Kept | ClaimFate::Added | ClaimFate::Moved { .. });
    for claim in changes.iter().flat_map(|change| &change.claims).filter(|claim| goes(&claim.fate)) {
        *told.entry(ClaimHash::of(&claim.text)).or_default() += 1;
    }
    let missing = hashes(before).into_iter().map(|(hash, count)| {
        let found = there.get(&hash).copied().unwrap_or(0) + told.get(&hash).copied().unwrap_or(0);
        count.saturating_sub(found)
    });
    missing.sum()
}

/// How many conventions that were lifted are in the next load of the store.
async fn loaded(house: &House, store: StoreId, changes: &[ProposedChange]) -> Result<usize> {
    let (engine, principal) = house.engine();
    let load = LoadTopics {
        store,
        task: None,
        min_origin: Origin::User,
        as_of: None,
        token_budget: dreamkeeper_domain::limits::RECALL_TOKENS_DEFAULT,
    };
    let text = engine.load_topics(principal, load).await?.text;
    let added =
        changes.iter().flat_map(|change| &change.claims).filter(|claim| claim.fate == ClaimFate::Added);
    Ok(added.filter(|claim| text.contains(&claim.text)).count())
}

impl Report for DreamReport {
    fn human(&self) -> String {
        let mut text = format!(
            "{} claims in {} topics of {} stores: {} changes proposed, {} set aside, {} claims lost\n",
            self.claims, self.topics, self.stores, self.changes, self.set_aside, self.lost_claims
        );
        let rows = [
            ("merge", self.merge),
            ("supersede", self.supersede),
            ("archive", self.archive),
            ("date", self.date),
            ("convention", self.convention),
        ];
        for (name, figures) in rows {
            let Figures { precision, recall, proposed, right, expected } = figures;
            let _ = writeln!(
                text,
                "{name:<11} precision {precision:.4}  recall {recall:.4}  ({right} of {proposed} right, {expected} expected)"
            );
        }
        let _ = writeln!(
            text,
            "{} dates not judged; {} one-off requests lifted; {} conventions in the next load",
            self.dates_unjudged, self.one_off_lifted, self.conventions_loaded
        );
        let _ = writeln!(text, "{} of {} stores rolled back exactly", self.rolled_back_exactly, self.stores);
        let _ = writeln!(
            text,
            "{:.0} topics a second; a second dream costs {:.4} of the first",
            self.topics_per_second, self.second_dream_cost_ratio
        );
        for failure in &self.failures {
            let _ = writeln!(text, "{failure}");
        }
        text
    }
}
