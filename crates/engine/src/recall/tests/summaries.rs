//! Summaries are served first to who asks for them, above the floor, and go with what they told.

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::receipt::ServedSubject;
use dreamkeeper_domain::summary::Summary;

use super::*;
use crate::EraseTarget;

const TEXT: &str = "Ana asked Bo to water the ferns.";

impl House {
    /// A session of one turn, and its summary as of that origin.
    async fn summed_up(&self, session: &str, origin: Origin) -> (SessionId, MessageId) {
        let said = turn("Ana", "2026-03-04T10:00:00Z", "Bo, please water the ferns while I am away.");
        self.append("ana", session, vec![said]).await;
        let found = self.engine.list_sessions(&self.operator, Scope::user("ana"), None, None).await.unwrap();
        let session = found.items.iter().find(|found| found.key.as_deref() == Some(session)).unwrap();
        let message = self.engine.turns(&self.operator, session.id, 0, None).await.unwrap()[0].id;
        let summary = Summary {
            session: session.id,
            scope: Scope::user("ana"),
            text: TEXT.to_owned(),
            messages: vec![message],
            continues: None,
            upto: 1,
            origin,
            proposer: Proposer::Rules,
            made_at: self.engine.now(),
        };
        let space = self.engine.space(&self.operator).await.unwrap();
        let writes = vec![Write::PutSummary(Box::new(summary))];
        self.engine.apply(&self.operator, &space, writes, |_| Vec::new()).await.unwrap();
        (session.id, message)
    }

    async fn summaries(&self, change: impl FnOnce(&mut RecallRequest)) -> Recall {
        let with = |request: &mut RecallRequest| {
            request.sections.insert(Section::Summaries);
            change(request);
        };
        self.ask("What about the ferns?", with).await
    }
}

#[tokio::test]
async fn a_summary_comes_first_for_who_asks_for_it() {
    let house = house().await;
    let (session, _) = house.summed_up("ferns", Origin::User).await;
    assert!(house.ask("What about the ferns?", |_| {}).await.summaries.is_empty());
    let recall = house.summaries(|_| {}).await;
    assert_eq!(recall.summaries[0].summary.text, TEXT);
    let line = format!("## Summaries\n- [session until 2026-03-05] {TEXT}\n## Conversation");
    assert!(recall.text.contains(&line), "{}", recall.text);
    let why = house.engine.why(&house.operator, recall.receipt.unwrap()).await.unwrap();
    let first = &why.receipt.items[0];
    assert_eq!((first.section, first.quote.as_str()), (Section::Summaries, TEXT));
    assert_eq!(first.subject, ServedSubject::Summary { session, upto: 1 });
}

#[tokio::test]
async fn the_floor_and_the_moment_hold_for_summaries() {
    let house = house().await;
    house.summed_up("told", Origin::Tool).await;
    house.summed_up("answered", Origin::Assistant).await;
    let before = house.engine.now() - jiff::SignedDuration::from_hours(1);
    let shown = house.summaries(|_| {}).await;
    assert_eq!(shown.summaries.iter().map(|one| one.summary.origin).collect::<Vec<_>>(), [Origin::Assistant]);
    assert!(shown.text.contains("[session until 2026-03-05, assistant]"), "{}", shown.text);
    let low = house.summaries(|request| request.min_origin = Origin::Tool).await;
    assert_eq!(low.summaries.len(), 2);
    assert!(house.summaries(|request| request.as_of = Some(before)).await.summaries.is_empty());
    let filter = Filter::Where(Field::Role, Test::Eq("user".into()));
    assert!(house.summaries(|request| request.filter = Some(filter)).await.summaries.is_empty());
}

#[tokio::test]
async fn an_erased_message_takes_the_summary_along() {
    let house = house().await;
    let (_, message) = house.summed_up("ferns", Origin::User).await;
    let receipt = house.summaries(|_| {}).await.receipt.unwrap();
    house.engine.why(&house.operator, receipt).await.unwrap();
    house.engine.erase(&house.operator, EraseTarget::Message(message), None).await.unwrap();
    assert!(house.summaries(|_| {}).await.summaries.is_empty());
    let why = house.engine.why(&house.operator, receipt).await.unwrap();
    assert!(why.receipt.items.iter().all(|item| item.quote.is_empty()), "{:?}", why.receipt.items);
}
