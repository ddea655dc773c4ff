//! The memory tool over a store.

use axum::extract::State;
use dreamkeeper_api::topic::{ToolAnswer, ToolInput, ToolRequest};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::topics::{ToolCall, ToolCommand};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Carries a call of the memory tool (`memory_20250818`) out over a store.
///
/// What a model can mend is an answer with `is_error`.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/tool", tag = "Topics", request_body = ToolRequest,
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "What goes into the tool's result", body = ToolAnswer)),
)]
pub(in crate::native) async fn memory_tool(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    JsonBody(request): JsonBody<ToolRequest>,
) -> Answer<ToolAnswer> {
    let call = ToolCall {
        command: command(request.input),
        origin: request.origin.map(Into::into),
        note: TopicNote { reason: request.reason, session: request.session, dream: None },
    };
    let answer = surface.engine.memory_tool(&principal, id, call).await?;
    json(ToolAnswer { content: answer.text, is_error: answer.is_error })
}

fn command(input: ToolInput) -> ToolCommand {
    match input {
        ToolInput::View { path, view_range } => ToolCommand::View { path, view_range },
        ToolInput::Create { path, file_text } => ToolCommand::Create { path, file_text },
        ToolInput::StrReplace { path, old_str, new_str } => {
            ToolCommand::StrReplace { path, old_str, new_str }
        }
        ToolInput::Insert { path, insert_line, insert_text } => {
            ToolCommand::Insert { path, insert_line, insert_text }
        }
        ToolInput::Delete { path } => ToolCommand::Delete { path },
        ToolInput::Rename { old_path, new_path } => ToolCommand::Rename { old_path, new_path },
    }
}
