//! What clients ask beside faces. None of it tells anything about anybody.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::LARGEST_REQUEST;
use super::picture::LARGEST;

/// How large files and requests may be.
pub(crate) async fn config() -> Json<Value> {
    Json(json!({
        "clientMaxFileSize": LARGEST,
        "clientMaxBodySize": LARGEST_REQUEST,
    }))
}

/// Nothing here can be out of step: there is one database, and no picture in it.
pub(crate) async fn status() -> Json<Value> {
    Json(json!({
        "demoFaceCollectionIsInconsistent": false,
        "dbIsInconsistent": false,
        "saveImagesToDB": false,
        "status": "OK",
    }))
}

/// A picture of an example: no picture is ever kept, and that is what CompreFace answers then.
pub(crate) async fn picture() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    (kind, ()).into_response()
}
