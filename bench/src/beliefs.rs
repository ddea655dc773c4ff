//! PrecisionMemBench's beliefs as native memories, written and recalled through the verbs that everybody
//! has. Nothing here chooses what is relevant: that is the engine's to say.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_engine::recall::{Recall, RecallRequest, RecalledMemory};
use dreamkeeper_engine::{ListMemories, MemoryPatch, NewMemory, Update};

use crate::data::precision::{Belief, BeliefKind, Case};
use crate::house::House;
use crate::measure::selection::Served;

/// The label of what holds everywhere, in the authors' words.
const EVERYWHERE: &str = "user:universal";

/// The written beliefs.
pub(crate) struct Beliefs {
    ids: BTreeMap<MemoryId, String>,
}

impl Beliefs {
    /// Writes every belief; one that replaces others supersedes them.
    pub(crate) async fn write(house: &House, seed: &[Belief]) -> Result<Self> {
        let latest =
            seed.iter().flat_map(|belief| [Some(belief.created_at), belief.resolved_at]).flatten().max();
        house.set_time(latest.context("the seed is empty")?);
        let mut written: BTreeMap<&str, MemoryId> = BTreeMap::new();
        while written.len() < seed.len() {
            let before = written.len();
            for belief in seed {
                let replaced: Vec<&Belief> =
                    seed.iter().filter(|old| old.superseded_by.as_deref() == Some(&belief.id)).collect();
                let ready = replaced.iter().all(|old| written.contains_key(old.id.as_str()));
                if ready && !written.contains_key(belief.id.as_str()) {
                    let old: Vec<MemoryId> = replaced.iter().map(|old| written[old.id.as_str()]).collect();
                    written.insert(&belief.id, write_one(house, belief, &old).await?);
                }
            }
            ensure!(written.len() > before, "the seed's supersessions go in a circle");
        }
        Ok(Self { ids: written.into_iter().map(|(belief, id)| (id, belief.to_owned())).collect() })
    }

    /// What is served for a case.
    ///
    /// A case is in view of a belief when they share any label, a recall wants every one: several labels
    /// are asked one by one and the answers taken in turn, as the authors do for systems with one scope.
    pub(crate) async fn serve(&self, house: &House, case: &Case) -> Result<Served> {
        let mut served = Served { prelude: self.prelude(house, case).await?, ..Served::default() };
        let mut standing = Vec::new();
        for label in &case.scope {
            standing.push(self.standing(house, case, label).await?);
        }
        let (pinned, questions): (Vec<_>, Vec<_>) = standing.into_iter().unzip();
        served.pinned = in_turn(pinned);
        served.pinned.truncate(case.budget.max_beliefs);
        served.questions = in_turn(questions);
        served.questions.truncate(case.budget.max_questions);

        let room = case.budget.max_beliefs - served.pinned.len();
        let mut relevant = Vec::new();
        if room > 0 && asks(case) {
            for label in &case.scope {
                let request = request(case, &[Section::Memories], room);
                let recall = ask(house, case, label, request).await?;
                relevant.push(self.names(&memories(recall.memories)));
            }
        }
        served.relevant = in_turn(relevant);
        served.relevant.truncate(room);
        Ok(served)
    }

    /// The pinned memories and the open questions of a label.
    async fn standing(&self, house: &House, case: &Case, label: &str) -> Result<(Vec<String>, Vec<String>)> {
        let (pinned, questions) = if asks(case) {
            let sections = [Section::Pinned, Section::OpenQuestions];
            let request = request(case, &sections, case.budget.max_questions);
            let recall = ask(house, case, label, request).await?;
            (memories(recall.pinned), memories(recall.open_questions))
        } else {
            // Nothing is asked: there is nothing to recall, what is pinned is listed.
            let pinned = Filter::Where(Field::Pinned, Test::Eq(true.into()));
            (list(house, case, [label].into(), pinned).await?, Vec::new())
        };
        let (mut asked, stated): (Vec<Memory>, Vec<Memory>) =
            pinned.into_iter().partition(|memory| memory.kind == Kind::OpenQuestion);
        asked.extend(questions);
        Ok((self.names(&stated), self.names(&asked)))
    }

    /// The standing preferences of the case's user, those of the case's labels among them.
    async fn prelude(&self, house: &House, case: &Case) -> Result<String> {
        let labels = case.scope.iter().map(String::as_str).chain([EVERYWHERE]).collect();
        let kinds = [Kind::Preference.as_str(), Kind::Instruction.as_str()];
        let standing = Filter::Where(Field::Kind, Test::In(kinds.map(Into::into).into()));
        let texts = list(house, case, labels, standing).await?.into_iter().map(|memory| memory.text);
        Ok(texts.collect::<Vec<_>>().join(" "))
    }

    fn names(&self, memories: &[Memory]) -> Vec<String> {
        memories.iter().filter_map(|memory| self.ids.get(&memory.id).cloned()).collect()
    }
}

fn asks(case: &Case) -> bool {
    !case.query.trim().is_empty()
}

fn memories(recalled: Vec<RecalledMemory>) -> Vec<Memory> {
    recalled.into_iter().map(|recalled| recalled.memory).collect()
}

/// Active memories of the case's user that have any of the labels and pass the test.
async fn list(house: &House, case: &Case, labels: Vec<&str>, test: Filter) -> Result<Vec<Memory>> {
    let (engine, principal) = house.engine();
    let labelled = Filter::Where(Field::Labels, Test::In(labels.into_iter().map(Into::into).collect()));
    let list = ListMemories {
        scope: Scope::user(&case.user_id),
        filter: Some(Filter::And(vec![labelled, test])),
        limit: Some(dreamkeeper_domain::limits::PAGE_COUNT_MAX),
        ..ListMemories::default()
    };
    Ok(engine.list_memories(principal, list).await?.items)
}

fn request(case: &Case, sections: &[Section], limit: usize) -> RecallRequest {
    let mut request = RecallRequest::new(case.query.clone(), Scope::user(&case.user_id));
    request.sections = sections.iter().copied().collect::<BTreeSet<_>>();
    request.limit = limit.max(1);
    request.receipt = false;
    request
}

async fn ask(house: &House, case: &Case, label: &str, mut request: RecallRequest) -> Result<Recall> {
    request.scope.labels = [label.to_owned()].into();
    house.recall(request).await.with_context(|| format!("case {}", case.case_id))
}

/// Takes from each list in turn, each name once.
fn in_turn(lists: Vec<Vec<String>>) -> Vec<String> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let mut merged: Vec<String> = Vec::new();
    for place in 0..longest {
        for name in lists.iter().filter_map(|list| list.get(place)) {
            if !merged.contains(name) {
                merged.push(name.clone());
            }
        }
    }
    merged
}

async fn write_one(house: &House, belief: &Belief, replaces: &[MemoryId]) -> Result<MemoryId> {
    let (engine, principal) = house.engine();
    let memory = match replaces.split_first() {
        None => engine.remember(principal, memory(belief)).await?,
        Some((first, more)) => {
            let new = engine.supersede(principal, *first, memory(belief)).await?;
            for old in more {
                set_aside(house, *old, "replaced with another").await?;
            }
            new
        }
    };
    if belief.resolved_at.is_some() {
        set_aside(house, memory.id, "settled").await?;
    }
    Ok(memory.id)
}

/// A settled question is kept and not asked any more.
async fn set_aside(house: &House, id: MemoryId, reason: &str) -> Result<Memory> {
    let (engine, principal) = house.engine();
    let patch = MemoryPatch { status: Some(Status::Archived), ..MemoryPatch::default() };
    let update = Update { patch, expected_version: None, reason: Some(reason.to_owned()) };
    Ok(engine.update(principal, id, update).await?)
}

fn memory(belief: &Belief) -> NewMemory {
    let scope = Scope { labels: belief.scope.iter().cloned().collect(), ..Scope::user(&belief.user) };
    let mut memory = NewMemory::new(kind(belief.kind), belief.content.clone(), scope);
    memory.aliases =
        [belief.canonical_name.replace('_', " ")].into_iter().chain(belief.aliases.iter().cloned()).collect();
    memory.metadata = belief.rest.clone();
    memory.pinned = belief.pinned;
    memory.validity = Interval { from: Some(belief.created_at), to: belief.resolved_at };
    memory
}

fn kind(kind: BeliefKind) -> Kind {
    match kind {
        BeliefKind::Preference => Kind::Preference,
        BeliefKind::Decision | BeliefKind::Entity => Kind::Fact,
        BeliefKind::Relation => Kind::Relationship,
        BeliefKind::OpenQuestion => Kind::OpenQuestion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_in_turn_and_names_once() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(in_turn(vec![list(&["a", "b"]), list(&["b", "c", "d"])]), ["a", "b", "c", "d"]);
    }

    /// A seed of another world: a workshop.
    fn seed() -> Vec<Belief> {
        let belief = |id: &str, kind: &str, aliases: &[&str], content: &str| {
            serde_json::json!({
                "_id": id, "user_id": "test-user", "type": kind, "canonical_name": format!("{id}_name"),
                "aliases": aliases, "content": content, "scope": ["place:workshop"], "pinned": false,
                "resolved_at": null, "superseded_by": null, "created_at": "2025-05-01T00:00:00Z",
            })
        };
        let mut beliefs = vec![
            belief("glue", "preference", &["hide glue", "epoxy"], "Uses hide glue rather than epoxy."),
            belief("old-saw", "entity", &["bandsaw"], "The bandsaw is a Minimax of 1998."),
            belief("saw", "entity", &["bandsaw"], "The bandsaw is a Centauro."),
            belief("wood", "open_question", &["timber"], "Oak or ash for the bench?"),
            belief("heating", "open_question", &["stove"], "Wood stove or electric?"),
            belief("safety", "preference", &[], "Wants gloves off near rotating blades."),
        ];
        beliefs[1]["superseded_by"] = "saw".into();
        beliefs[3]["pinned"] = true.into();
        beliefs[4]["pinned"] = true.into();
        beliefs[4]["resolved_at"] = "2025-06-01T00:00:00Z".into();
        beliefs[5]["pinned"] = true.into();
        beliefs.into_iter().map(|belief| serde_json::from_value(belief).unwrap()).collect()
    }

    async fn check(query: &str, relevant: &[&str]) {
        let house = House::open(None).await.unwrap();
        let beliefs = Beliefs::write(&house, &seed()).await.unwrap();
        let case = serde_json::json!({
            "caseId": "case", "scope": ["place:workshop"], "query": query, "expect": {},
        });
        let served = beliefs.serve(&house, &serde_json::from_value(case).unwrap()).await.unwrap();
        house.close().await;
        assert_eq!(served.relevant, relevant, "{query}");
        assert_eq!((served.pinned, served.questions), (vec!["safety".to_owned()], vec!["wood".to_owned()]));
        assert!(served.prelude.contains("gloves off") && served.prelude.contains("hide glue"));
    }

    #[tokio::test]
    async fn what_is_called_is_served_and_what_is_replaced_or_settled_never() {
        check("is the band saw sharp?", &["saw"]).await;
        check("may I use epoxy here?", &["glue"]).await;
        check("what is the capital of Mongolia?", &[]).await;
        check("", &[]).await;
    }
}
