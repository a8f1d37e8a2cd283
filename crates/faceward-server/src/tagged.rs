//! Answers with an entity tag made from what they hold, so that an unchanged one is not sent again,
//! and nothing is changed that the caller has not seen (RFC 9110, 13.1).

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
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

/// Whether a change may be made to what would be answered so: it was meant for this state, or for any.
pub(crate) fn still(asked: &HeaderMap, said: &impl Serialize) -> bool {
    if !asked.contains_key(header::IF_MATCH) {
        return true;
    }
    let body = serde_json::to_vec(said);
    // Strong comparison: a weak tag stands for no exact state.
    body.is_ok_and(|body| {
        let tag = tag(&body);
        listed(asked, header::IF_MATCH).any(|one| one == "*" || one == tag)
    })
}

/// The tag of an answer with these bytes.
pub(crate) fn tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    format!("\"{}\"", hex(digest.get(..12).unwrap_or(&digest)))
}

/// Whether the caller has an answer with this tag already.
pub(crate) fn has(asked: &HeaderMap, tag: &str) -> bool {
    // Weak comparison: a proxy that packs an answer makes its tag weak.
    listed(asked, header::IF_NONE_MATCH)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// The members of a list of tags, which may go over several lines. No tag of ours holds a comma.
fn listed(asked: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = asked.get_all(name).into_iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',').map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn an_answer_is_known_by_its_tag_weak_or_strong_and_by_the_star() {
        let tag = tag(b"1");
        let weak = format!("W/{tag}");
        let known: [&[&str]; 4] = [&[&tag], &[&weak], &["*"], &["\"a\", \"b\"", &weak]];
        for known in known {
            assert!(has(&asked(header::IF_NONE_MATCH, known), &tag), "{known:?}");
        }
        let others: [&[&str]; 3] = [&[], &["\"a\""], &["w/\"a\"", ""]];
        for other in others {
            let headers = asked(header::IF_NONE_MATCH, other);
            assert!(!has(&headers, &tag), "{other:?}");
        }
    }

    #[test]
    fn a_change_is_meant_for_the_exact_state_or_for_any() {
        let tag = tag(b"1");
        let meant: [&[&str]; 3] = [&[], &["*"], &["\"a\"", &tag]];
        for meant in meant {
            assert!(still(&asked(header::IF_MATCH, meant), &1), "{meant:?}");
        }
        let weak = format!("W/{tag}");
        let others: [&[&str]; 3] = [&["\"a\""], &[&weak], &[""]];
        for other in others {
            assert!(!still(&asked(header::IF_MATCH, other), &1), "{other:?}");
        }
    }
}
