//! Rules: drafts from what people state in plain sentences, without a model.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::detail::{Relation, Slot};
use dreamkeeper_language::statements::{self, Skip, Statement, Utterance};

use super::{Claimed, Draft, Extracted, ForgetWish};
use crate::learn::context::{Context, Turn};

/// Reads the new messages of a context.
pub(crate) fn extract(context: &Context) -> Extracted {
    let mut extracted = Extracted::default();
    for turn in context.new_turns() {
        read_turn(turn, &mut extracted);
    }
    extracted
}

fn read_turn(turn: &Turn, extracted: &mut Extracted) {
    if let Some(reason) = turn.unread_by_rules() {
        extracted.skip(reason);
        return;
    }
    let speaker = turn.message.author.as_deref();
    let reading = statements::read(&Utterance { text: &turn.text, speaker, anchor: &turn.anchor });
    for statement in &reading.statements {
        extracted.drafts.push(draft(turn, statement));
    }
    for span in &reading.forget {
        let what = span.of(&turn.text).unwrap_or_default().to_owned();
        extracted.forget.push(ForgetWish { what, message: turn.message.id });
    }
    for (_, reason) in &reading.skipped {
        extracted.skip(word(*reason));
    }
}

fn draft(turn: &Turn, statement: &Statement) -> Draft {
    let quote = statement.quote.of(&turn.text).unwrap_or_default().to_owned();
    Draft {
        kind: statement.kind,
        text: statement.text.clone(),
        slot: Some(Slot {
            subject: turn.named(&statement.subject),
            attribute: statement.attribute.clone(),
            one_valued: statement.one_valued,
            value: statement.value.clone(),
            ended: statement.ends,
        }),
        entities: statement.entities.clone(),
        relations: statement.relations.iter().map(|relation| named(turn, relation)).collect(),
        time: statement.time.as_ref().and_then(|time| time.span.of(&turn.text)).map(str::to_owned),
        importance: statement.importance,
        categories: BTreeSet::new(),
        quotes: vec![Claimed { message: Some(turn.message.id), quote }],
        is_correction: statement.is_correction,
        replaces: statement.replaces.clone(),
        wish: None,
        proposer: Proposer::Rules,
    }
}

fn named(turn: &Turn, relation: &Relation) -> Relation {
    Relation {
        subject: turn.named(&relation.subject),
        predicate: relation.predicate.clone(),
        object: turn.named(&relation.object),
    }
}

/// The word under which a reason is counted.
fn word(reason: Skip) -> &'static str {
    match reason {
        Skip::NotUnderstood => "not_understood",
        Skip::Question => "question",
        Skip::Passing => "passing",
        Skip::Hypothetical => "hypothetical",
        Skip::Negated => "negated",
        Skip::NotMeant => "not_meant",
        Skip::Quoted => "quoted",
        Skip::OneOff => "one_off",
        Skip::Stranger => "stranger",
        Skip::OffTheRecord => "off_the_record",
    }
}
