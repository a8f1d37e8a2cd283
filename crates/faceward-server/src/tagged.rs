//! Answers with an entity tag made from what they hold, so that an unchanged one is not sent again.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faceward::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Problem;

/// A JSON answer with its tag; 304 without a body where the caller has it already.
pub(crate) fn tagged(asked: &HeaderMap, said: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(said).map_err(|_| Problem::failed())?;
    let tag = tag(&body);
    let headers = [(header::ETAG, tag.clone())];
    if has(asked, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((headers, kind, body).into_response())
}

/// Refuses a change that was meant for another state than the one there is.
pub(crate) fn still(asked: &HeaderMap, said: &impl Serialize) -> Result<(), Problem> {
    let Some(meant) = asked.get(header::IF_MATCH).and_then(|v| v.to_str().ok()) else {
        return Ok(());
    };
    let body = serde_json::to_vec(said).map_err(|_| Problem::failed())?;
    if meant == "*" || lists(meant, &tag(&body)) {
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

/// The tag of an answer with these bytes.
pub(crate) fn tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    format!("\"{}\"", hex(digest.get(..12).unwrap_or(&digest)))
}

/// Whether the caller has an answer with this tag already.
pub(crate) fn has(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get(header::IF_NONE_MATCH);
    let known = known.and_then(|known| known.to_str().ok());
    known.is_some_and(|known| lists(known, tag))
}

fn lists(tags: &str, tag: &str) -> bool {
    tags.split(',').any(|one| one.trim() == tag)
}
