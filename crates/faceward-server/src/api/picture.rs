//! Pictures and the words beside them, as a form (`multipart/form-data`) or as JSON with base64.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use faceward::{MAX_BYTES, Purpose};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::Problem;
use crate::base64_text::decoded;
use crate::door::Door;

/// What a request with pictures says.
pub(crate) struct Ask {
    pictures: BTreeMap<String, Zeroizing<Vec<u8>>>,
    words: BTreeMap<String, String>,
}

const PICTURES: [&str; 3] = ["picture", "first", "second"];
const LONGEST_WORD: usize = 4096;

impl Ask {
    /// A picture that has to be there.
    pub(crate) fn picture(&self, name: &str) -> Result<&[u8], Problem> {
        let picture = self.pictures.get(name).map(|bytes| bytes.as_slice());
        picture.ok_or_else(|| {
            Problem::bad_request(format!(
                "`{name}` is missing: send the picture as that part of the form, or in base64 as that member of a JSON object"
            ))
        })
    }

    /// A word that has to be there.
    pub(crate) fn word(&self, name: &str) -> Result<&str, Problem> {
        self.said(name)
            .ok_or_else(|| Problem::bad_request(format!("`{name}` is missing")))
    }

    /// A word that may be left out.
    pub(crate) fn said(&self, name: &str) -> Option<&str> {
        let said = self.words.get(name).map(String::as_str);
        said.filter(|word| !word.is_empty())
    }

    pub(crate) fn purpose(&self) -> Result<Purpose, Problem> {
        self.word("purpose")?.parse().map_err(Problem::bad_request)
    }
}

impl FromRequest<Door> for Ask {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            form(Multipart::from_request(request, door).await).await
        } else if kind.starts_with("application/json") {
            let body = axum::body::to_bytes(request.into_body(), door.limits().body).await;
            json(&body.map_err(|_| Problem::too_large(door.limits().body))?)
        } else {
            Err(Problem::new(
                axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-form",
                "This form of body is not read",
                "send multipart/form-data, or application/json with pictures in base64",
            ))
        }
    }
}

async fn form(
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Ask, Problem> {
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    let mut ask = Ask {
        pictures: BTreeMap::new(),
        words: BTreeMap::new(),
    };
    let unread = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large(MAX_BYTES)
        } else {
            Problem::bad_request(error.body_text())
        }
    };
    while let Some(field) = form.next_field().await.map_err(unread)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = Zeroizing::new(field.bytes().await.map_err(unread)?.to_vec());
        if PICTURES.contains(&name.as_str()) {
            ask.pictures.insert(name, bytes);
        } else {
            let word = std::str::from_utf8(&bytes).ok();
            ask.words.insert(name.clone(), checked(&name, word)?);
        }
    }
    Ok(ask)
}

fn json(body: &[u8]) -> Result<Ask, Problem> {
    let read: Result<BTreeMap<String, Value>, _> = serde_json::from_slice(body);
    let members =
        read.map_err(|error| Problem::bad_request(format!("the body is no JSON object: {error}")))?;
    let mut ask = Ask {
        pictures: BTreeMap::new(),
        words: BTreeMap::new(),
    };
    for (name, value) in members {
        let text = value.as_str();
        if PICTURES.contains(&name.as_str()) {
            let bytes = text
                .and_then(decoded)
                .ok_or_else(|| Problem::bad_request(format!("`{name}` is no picture in base64")))?;
            ask.pictures.insert(name, bytes);
        } else {
            ask.words.insert(name.clone(), checked(&name, text)?);
        }
    }
    Ok(ask)
}

fn checked(name: &str, word: Option<&str>) -> Result<String, Problem> {
    let short = word.filter(|word| word.len() <= LONGEST_WORD);
    short.map(str::to_owned).ok_or_else(|| {
        let name: String = name.escape_debug().take(40).collect();
        Problem::bad_request(format!(
            "`{name}` is no text of at most {LONGEST_WORD} bytes"
        ))
    })
}
