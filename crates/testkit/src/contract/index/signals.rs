//! Signals: what a candidate tells is what the formulas give.

use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::ports::{Embedder, NominationRequest, PassageIndex, QueryTerm, SegmentSelection};
use dreamkeeper_domain::scope::SegmentKey;
use dreamkeeper_domain::text::term_hash;

use super::world::World;
use crate::ScriptedEmbedder;
use crate::builders::{a_memory, a_message, a_scope, a_session, changes, minute};

/// A world with some of every shape of passage.
pub(super) async fn tell_some_of_everything(world: &World<'_>) {
    let (anas, bos) = (a_session(a_scope("ana", &["home"])), a_session(a_scope("bo", &[])));
    let turns = [
        a_message("I paddle my kayak to the island, the green island.").in_session(&anas).by("Ana"),
        a_message("Which island? The green one?").in_session(&anas).role(Role::Assistant).by("Cook"),
        a_message("wind: 12 knots at the island").in_session(&anas).role(Role::Tool),
        a_message("Bo never saw an island.").in_session(&bos).by("Bo").label("draft"),
        a_message(&"The island again. Kayak here, kayak there. ".repeat(80)).in_session(&bos),
        a_message("the of and to").in_session(&bos),
        a_message("!?").in_session(&bos),
        a_message("kayak").in_session(&anas).at(minute(9)),
    ];
    let memories = [
        a_memory("Ana owns a green kayak").scope(a_scope("ana", &["home"])).kind(Kind::Preference),
        a_memory("The island closes in May").scope(a_scope("ana", &[])).kind(Kind::Event).at(minute(3)),
        a_memory("Everybody may use the kayak").with(|memory| memory.aliases = vec!["the boat".into()]),
    ];
    let mut set = changes().open(&anas).open(&bos);
    set = set.writes(turns.into_iter().map(|turn| turn.write_embedded(&world.embedder)));
    set = set.writes(memories.into_iter().map(|memory| memory.write_embedded(&world.embedder)));
    world.write(set).await;
}

/// Every field of every candidate and segment, for questions of many kinds.
pub async fn signals_are_those_of_the_formulas(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    for question in [
        "green kayak",
        "Who paddled to the islands?",
        "boat",
        "May",
        "island island island",
        "the of and",
        "zeppelin",
        "zeppelin kayak",
        "12 knots",
        "",
    ] {
        let request = world.about(question);
        let found = world.ask_both(&request).await;
        assert!(question != "green kayak" || found.candidates.len() > 5, "{found:?}");
        let lexical_only = NominationRequest { vector: None, ..request.clone() };
        let found = world.ask_both(&lexical_only).await;
        assert!(found.candidates.iter().all(|candidate| candidate.cosine.is_none()));
        assert!(found.candidates.iter().all(|candidate| !candidate.nominated || candidate.lexical > 0.0));
        world.ask_both(&NominationRequest { terms: Vec::new(), ..request.clone() }).await;
        world.ask_both(&NominationRequest { window: 2, vector_count_max: 0, ..request }).await;
    }
    // Vectors of questions need not be of length one.
    let mut long = world.about("green kayak");
    for component in long.vector.iter_mut().flat_map(|(_, vector)| vector) {
        *component *= 7.5;
    }
    world.ask_both(&long).await;
}

/// Half the weight, half the share.
pub async fn an_added_term_counts_by_its_weight(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let mut request = NominationRequest { vector: None, ..world.about("kayak green") };
    let whole = world.ask_both(&request).await;
    for weight in [0.5, 0.25] {
        request.terms[1].weight = weight;
        let found = world.ask_both(&request).await;
        let pairs = found.candidates.iter().zip(&whole.candidates);
        for (less, more) in pairs.filter(|(candidate, _)| candidate.term_bits & 0b10 != 0) {
            assert!(less.lexical < more.lexical, "{less:?} against {more:?}");
        }
    }
    // The last of sixty-four terms has a bit too.
    let filler = (0..63).map(|number| QueryTerm { hash: term_hash(&format!("filler{number}")), weight: 1.0 });
    request.terms = filler.chain([QueryTerm { hash: term_hash("kayak"), weight: 1.0 }]).collect();
    let found = world.ask_both(&request).await;
    assert!(found.candidates.iter().any(|candidate| candidate.term_bits == 1 << 63), "{found:?}");
}

/// Neither one that has none yet, nor one that another embedder made; both are found by their words.
pub async fn passages_without_a_vector_of_the_embedder_have_no_cosine(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let other = ScriptedEmbedder::new("other", 64);
    let smaller = ScriptedEmbedder::new("smaller", 16);
    let memory = |text| a_memory(text).scope(a_scope("ana", &[]));
    let set = changes().writes([
        memory("a kayak without a vector").write(),
        memory("a kayak of another model").write_embedded(&other),
        memory("a kayak of a smaller model").write_embedded(&smaller),
        memory("a kayak").write_embedded(&world.embedder),
        memory("").write_embedded(&world.embedder),
    ]);
    world.write(set).await;
    let request = world.about("kayak");
    let found = world.ask_both(&request).await;
    let cosines: Vec<bool> = found.candidates.iter().map(|candidate| candidate.cosine.is_some()).collect();
    assert_eq!(cosines, [false, false, false, true]);
    for embedder in [&other, &smaller] {
        let vector = Some((embedder.identity().clone(), embedder.vector("kayak")));
        let found = world.ask_both(&NominationRequest { vector, ..request.clone() }).await;
        assert_eq!(found.candidates.iter().filter(|candidate| candidate.cosine.is_some()).count(), 1);
    }
    let unheard_of = ScriptedEmbedder::new("unheard of", 64);
    let vector = Some((unheard_of.identity().clone(), unheard_of.vector("kayak")));
    let nothing = NominationRequest { vector, terms: Vec::new(), ..request };
    assert_eq!(world.ask_both(&nothing).await.candidates, []);
}

/// There is nothing to be near to.
pub async fn a_request_without_terms_and_vector_nominates_nothing(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    tell_some_of_everything(&world).await;
    let empty = NominationRequest { terms: Vec::new(), vector: None, window: 2, ..world.about("") };
    assert_eq!(world.ask_both(&empty).await.candidates, []);
}

/// Neither in an empty space, nor in a segment that nobody has, nor for a word that nobody said.
pub async fn what_is_not_there_is_not_found(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    assert_eq!(world.ask_both(&world.about("kayak")).await.candidates, []);
    tell_some_of_everything(&world).await;
    for key in [SegmentKey::User("nobody".into()), SegmentKey::Agent("ana".into())] {
        let request = NominationRequest { segments: SegmentSelection::One(key), ..world.about("kayak") };
        assert_eq!(world.ask_both(&request).await.candidates, []);
    }
    let request = NominationRequest { vector: None, ..world.about("zeppelin") };
    assert_eq!(world.ask_both(&request).await.candidates, []);
}
