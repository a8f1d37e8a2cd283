//! Answers with an entity tag made from what they hold, so that an unchanged one is not sent again.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Problem;

/// A JSON answer with its tag; 304 without a body where the caller has it already.
pub(super) fn tagged(asked: &HeaderMap, said: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(said).map_err(|_| Problem::failed())?;
    let tag = tag(&body);
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok());
    let headers = [(header::ETAG, tag.clone())];
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((headers, kind, body).into_response())
}

/// Refuses a change that was meant for another state than the one there is.
pub(super) fn still(asked: &HeaderMap, said: &impl Serialize) -> Result<(), Problem> {
    let Some(meant) = asked.get(header::IF_MATCH).and_then(|v| v.to_str().ok()) else {
        return Ok(());
    };
    let body = serde_json::to_vec(said).map_err(|_| Problem::failed())?;
    if meant == "*" || meant.split(',').any(|one| one.trim() == tag(&body)) {
        Ok(())
    } else {
        Err(Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "changed-meanwhile",
            "It changed meanwhile",
            "read it again, and decide again",
        ))
    }
}

fn tag(body: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(body).iter().take(12) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    tag
}
