//! Nominate: asks the index for what may answer a question.

use std::sync::Arc;

use dreamkeeper_domain::filter::Field;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{
    EmbedPurpose, Nomination, NominationRequest, QueryTerm, SegmentSelection, SpaceStore,
};
use dreamkeeper_domain::receipt::Section;

use super::conversation::floor;
use super::query::Query;
use super::request::RecallRequest;
use crate::{Engine, Principal, VerbError};

/// Candidates by words and by vector: the counts with which the figures of docs/benchmarks.md were reached;
/// the cost of scoring grows with them.
const LEXICAL_COUNT_MAX: usize = 200;
const VECTOR_COUNT_MAX: usize = 100;
/// How many turns around a hit speak for it.
const WINDOW: u32 = 2;

impl Engine {
    pub(super) async fn nominate(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        query: &Query,
        request: &RecallRequest,
    ) -> Result<Nomination, VerbError> {
        let wants = |section| request.sections.contains(&section);
        let messages = wants(Section::Conversation);
        let memories = wants(Section::Memories) || wants(Section::OpenQuestions);
        let topics = wants(Section::Topics);
        if !messages && !memories && !topics {
            return Ok(Nomination::default());
        }
        let (filter, owners) = match request.filter.clone() {
            Some(filter) if filter.tests_any(&is_unindexed) => {
                let owners = space.owners(&request.scope, &filter, request.as_of).await?;
                (None, Some(Arc::new(owners.into_iter().collect())))
            }
            filter => (filter, None),
        };
        let segments = match &request.scope.user {
            Some(_) => SegmentSelection::One(request.scope.segment()),
            None => SegmentSelection::All,
        };
        let nomination = NominationRequest {
            segments,
            scope: request.scope.clone(),
            terms: query.terms.iter().map(|term| QueryTerm { hash: term.hash, weight: 1.0 }).collect(),
            vector: self.embed_question(&request.text).await,
            min_origin: floor(request.min_origin),
            filter,
            owners,
            as_of: request.as_of,
            messages,
            memories,
            topics,
            lexical_count_max: LEXICAL_COUNT_MAX,
            vector_count_max: VECTOR_COUNT_MAX,
            window: WINDOW,
        };
        Ok(self.parts.index.nominate(principal.space, space, &nomination).await?)
    }

    /// The question's vector; without one recall goes by words alone.
    pub(crate) async fn embed_question(&self, text: &str) -> Option<(EmbedderIdentity, Vec<f32>)> {
        let embedder = &self.parts.embedder;
        match embedder.embed(&[text.to_owned()], EmbedPurpose::Query).await {
            Ok(mut vectors) => vectors.pop().map(|vector| (embedder.identity().clone(), vector)),
            Err(error) => {
                tracing::warn!(%error, "recall goes by words alone: the question has no vector");
                None
            }
        }
    }
}

/// Properties that only the store knows.
fn is_unindexed(field: &Field) -> bool {
    match field {
        Field::Categories
        | Field::Metadata(_)
        | Field::Pinned
        | Field::UpdatedAt
        | Field::ExpiresAt
        | Field::Status => true,
        Field::Id
        | Field::Type
        | Field::User
        | Field::Agent
        | Field::App
        | Field::Run
        | Field::Session
        | Field::Role
        | Field::Author
        | Field::Origin
        | Field::Kind
        | Field::Labels
        | Field::At
        | Field::CreatedAt => false,
    }
}
