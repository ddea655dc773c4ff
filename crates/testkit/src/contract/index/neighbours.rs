//! Neighbours: the turns around a hit are told of too, inside the same bounds.

use std::collections::HashSet;
use std::sync::Arc;

use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{Nomination, NominationRequest, PassageIndex};
use dreamkeeper_domain::session::Session;
use serde_json::json;

use super::world::World;
use crate::builders::{MessageBuilder, a_message, a_scope, a_session, a_session_at, changes, minute};

/// Ordinals that are told of, each with whether it is nominated.
fn ordinals(found: &Nomination, session: &Session) -> Vec<(u32, bool)> {
    let turns = found.candidates.iter().filter_map(|candidate| Some((candidate.turn?, candidate.nominated)));
    let of_session = turns.filter(|(turn, _)| turn.session == session.id);
    of_session.map(|(turn, nominated)| (turn.ordinal, nominated)).collect()
}

/// Asks for words alone: by vector every passage would be a hit.
fn by_terms(world: &World<'_>, window: u32) -> NominationRequest {
    NominationRequest { vector_count_max: 0, window, ..world.about("kayak") }
}

/// Before and after, of the same session, up to its ends; with signals of their own.
pub async fn turns_within_the_window_are_told_too(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let (session, other) = (a_session(a_scope("ana", &[])), a_session_at(a_scope("ana", &[]), minute(60)));
    let mut set = changes().open(&session).open(&other);
    for ordinal in 0..12 {
        let text = if ordinal == 1 || ordinal == 6 { "a kayak" } else { "nothing to see" };
        set = set.write(a_message(text).in_session(&session).write_embedded(&world.embedder));
        set = set.write(a_message("elsewhere").in_session(&other).write_embedded(&world.embedder));
    }
    world.write(set).await;
    for window in [0, 1, 2, 3, 100, u32::MAX] {
        let found = world.ask_both(&by_terms(&world, window)).await;
        let near = |ordinal: u32| ordinal.abs_diff(1) <= window || ordinal.abs_diff(6) <= window;
        let expected: Vec<_> = (0..12)
            .filter(|ordinal| near(*ordinal))
            .map(|ordinal| (ordinal, [1, 6].contains(&ordinal)))
            .collect();
        assert_eq!(ordinals(&found, &session), expected, "within {window}");
        assert_eq!(ordinals(&found, &other), []);
        assert!(found.candidates.iter().all(|candidate| candidate.cosine.is_some()), "with their signals");
    }
}

/// A long turn has many passages; where one is nominated all are told, also of turns beside it.
pub async fn all_passages_of_a_nominated_message_are_told(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let session = a_session(a_scope("ana", &[]));
    let long = |word: &str| {
        let filler = "One sentence after the other fills the passage. ".repeat(40);
        a_message(&format!("{filler} {word} {filler}")).in_session(&session).write_embedded(&world.embedder)
    };
    let far = a_message("far away").in_session(&session).write_embedded(&world.embedder);
    world.write(changes().open(&session).writes([long("kayak"), long("tent"), far])).await;
    let alone = world.ask_both(&by_terms(&world, 0)).await;
    let nominated = alone.candidates.iter().filter(|candidate| candidate.nominated).count();
    assert!(nominated == 1 && alone.candidates.len() > 2, "{alone:?}");
    assert!(ordinals(&alone, &session).iter().all(|(ordinal, _)| *ordinal == 0));
    let with_next = world.ask_both(&by_terms(&world, 1)).await;
    let beside = ordinals(&with_next, &session).into_iter().filter(|(ordinal, _)| *ordinal == 1).count();
    assert!(beside > 2, "{with_next:?}");
}

/// A turn that may not be a hit may not be told of beside one.
pub async fn neighbours_are_bounded_as_hits_are(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let session = a_session(a_scope("ana", &[]));
    let turn = |text: &str| a_message(text).in_session(&session);
    let turns: [MessageBuilder; 6] = [
        turn("from a page").origin(Origin::External),
        turn("from a tool").role(Role::Tool),
        turn("a kayak").label("home").by("Ana"),
        turn("labelled").label("home").by("Ana"),
        turn("later").at(minute(30)),
        turn("erased"),
    ];
    let ids = turns.clone().map(|turn| turn.build().id);
    let writes = turns.map(|turn| turn.write_embedded(&world.embedder));
    world.write(changes().open(&session).writes(writes)).await;
    let erasure = dreamkeeper_domain::changeset::Write::EraseMessage { id: ids[5], reason: None };
    world.write(changes().write(erasure)).await;

    let all = by_terms(&world, 9);
    let check = async |request: NominationRequest, expected: &[u32]| {
        let found = world.ask_both(&request).await;
        let told: Vec<u32> = ordinals(&found, &session).into_iter().map(|(ordinal, _)| ordinal).collect();
        assert_eq!(told, expected, "{request:?}");
    };
    check(all.clone(), &[0, 1, 2, 3, 4]).await;
    check(NominationRequest { min_origin: Origin::Tool, ..all.clone() }, &[1, 2, 3, 4]).await;
    check(NominationRequest { min_origin: Origin::User, ..all.clone() }, &[2, 3, 4]).await;
    check(NominationRequest { scope: a_scope("ana", &["home"]), ..all.clone() }, &[2, 3]).await;
    check(NominationRequest { as_of: Some(minute(29)), ..all.clone() }, &[0, 1, 2, 3]).await;
    let by_ana = Filter::Where(Field::Author, Test::Eq(json!("Ana")));
    check(NominationRequest { filter: Some(by_ana), ..all.clone() }, &[2, 3]).await;
    let owners: HashSet<Owner> = [ids[1], ids[2]].map(Owner::Message).into();
    check(NominationRequest { owners: Some(Arc::new(owners)), ..all }, &[1, 2]).await;
}
