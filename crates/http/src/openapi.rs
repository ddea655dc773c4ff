//! The OpenAPI document: every route of the router, with what they share said once.

use std::fmt::Write as _;

use dreamkeeper_api::error::{ErrorBody, ErrorCode};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::router::documented_routes;

const INTRODUCTION: &str = "Reviewable memory for AI agents. Messages are kept as they were said, memories \
    rest on quotes or on an author, every change is a version, and every recall leaves a receipt.\n\n\
    Send `Authorization: Bearer dk_…`; a server on loopback for which no key was ever made serves one local \
    space without it. Ids of another space look exactly like ids that do not exist. Times are RFC 3339 with \
    an offset; unknown fields are refused.";

const TAGS: [(&str, &str); 15] = [
    ("Messages", "What was really said or done, in order, never edited."),
    ("Sessions", "Conversations, in which messages stand in order."),
    ("Memories", "What is remembered, with its evidence or its author, and every version of it."),
    ("Learning", "What is learned from messages and proposals, off the turn or in it, and what came of it."),
    ("Quarantine", "What is held back until a person has seen it."),
    ("Relations", "Who stands how to whom, and which names memories are found by."),
    ("Recall", "What belongs to a question, and later why it was served."),
    ("Records", "Anything by its bare id."),
    ("State", "JSON values that the app sets explicitly; nothing ever guesses them."),
    ("Topics", "Markdown files that agents and people write, in named stores, with every version of them."),
    ("Dreams", "What is proposed to tidy topics and memories, reviewed, adopted in one step and taken back."),
    ("Erase", "Content destroyed for good."),
    ("Maintenance", "What a space holds, whether it is sound, copies of it."),
    ("Keys", "Credentials of the space."),
    ("About", "Health, and the API's own description."),
];

/// The document that `/dk/v1/openapi.json` serves.
pub fn openapi() -> OpenApi {
    let mut document = documented_routes().into_openapi();
    document.info = InfoBuilder::new()
        .title("Dreamkeeper")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(format!("{INTRODUCTION}\n\n{}", error_table())))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.tags = Some(
        TAGS.iter()
            .map(|(name, says)| TagBuilder::new().name(*name).description(Some(*says)).build())
            .collect(),
    );
    document.security = Some(vec![SecurityRequirement::new("key", Vec::<String>::new())]);
    let mut errors = vec![(ErrorBody::name().into_owned(), ErrorBody::schema())];
    ErrorBody::schemas(&mut errors);
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A key of a space, `dk_…`; `dreamkeeper key create` makes one."))
        .build();
    let components = document.components.take().map_or_else(ComponentsBuilder::new, Into::into);
    document.components =
        Some(components.schemas_from_iter(errors).security_scheme("key", SecurityScheme::Http(key)).build());
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        operations.into_iter().flatten().for_each(add_failure);
    }
    document
}

/// Every operation can fail, always in the same form.
fn add_failure(operation: &mut Operation) {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name(ErrorBody::name()))).build();
    let failure = ResponseBuilder::new()
        .description("What failed and what to do; the codes are listed above")
        .content("application/json", body)
        .build();
    operation.responses.responses.insert("default".to_owned(), failure.into());
}

/// The error table as Markdown.
fn error_table() -> String {
    let mut table = String::from("| status | code | what to do |\n|---|---|---|\n");
    for code in ErrorCode::ALL {
        // Writing to a String cannot fail.
        let _infallible = writeln!(table, "| {} | `{}` | {} |", code.status(), code.as_str(), code.advice());
    }
    table
}
