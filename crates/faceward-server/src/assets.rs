//! Styles and scripts, part of the program; nothing is loaded from elsewhere.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Problem;
use crate::tagged::{has, tag};

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: &[(&str, &str, &str)] = &[
    (
        "faceward.css",
        "text/css; charset=utf-8",
        include_str!("../assets/faceward.css"),
    ),
    ("docs.js", SCRIPT, include_str!("../assets/docs.js")),
    ("import.js", SCRIPT, include_str!("../assets/import.js")),
    ("ledger.js", SCRIPT, include_str!("../assets/ledger.js")),
    ("live.js", SCRIPT, include_str!("../assets/live.js")),
    ("receipt.js", SCRIPT, include_str!("../assets/receipt.js")),
    ("liveness.js", SCRIPT, include_str!("../assets/liveness.js")),
];

/// A file of ours, with an entity tag made from what it holds.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(file, ..)| *file == name) else {
        return Problem::not_found("there is no such file").into_response();
    };
    let tag = tag(text.as_bytes());
    let fixed = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ETAG, &tag),
    ];
    if has(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, *text).into_response()
}
