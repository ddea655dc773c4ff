//! The API's own description, for people: one page from the binary, with nothing from anywhere else.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::router::Surface;

static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("docs/page.html")
        .replace("{style}", include_str!("docs/page.css"))
        .replace("{script}", include_str!("docs/page.js"))
});

/// Shows the API as a page.
#[utoipa::path(
    get, path = "/dk/v1/docs", tag = "About", security(()),
    responses((status = 200, description = "A page", content_type = "text/html", body = String)),
)]
pub(in crate::native) async fn docs(State(surface): State<Surface>) -> Response {
    // A nonce allows the page's own style and script, and nothing that found its way into it.
    let nonce = surface.random_hex::<16>();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, PAGE.replace("{nonce}", &nonce)).into_response()
}
