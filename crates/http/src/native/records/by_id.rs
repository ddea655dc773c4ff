//! A record by its bare id.

use axum::extract::State;
use dreamkeeper_api::record::Record;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Reads the memory, message or session with that id.
#[utoipa::path(
    get, path = "/dk/v1/records/{id}", tag = "Records",
    params(("id" = String, Path, format = "uuid", description = "The record's id")),
    responses((status = 200, description = "The record, under the name of what it is", body = Record)),
)]
pub(in crate::native) async fn get_record(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<String>,
) -> Answer<Record> {
    match surface.engine.record(&principal, &id).await? {
        dreamkeeper_engine::Record::Memory(memory) => {
            let importance = surface.engine.importance(&principal, &memory).await?;
            json(Record::Memory(Box::new((*memory, importance).into())))
        }
        dreamkeeper_engine::Record::Message(message) => json(Record::Message(Box::new((*message).into()))),
        dreamkeeper_engine::Record::Session(session) => json(Record::Session(Box::new((*session).into()))),
    }
}
