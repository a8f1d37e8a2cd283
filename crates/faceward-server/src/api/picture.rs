//! Pictures and the words beside them, as a form (`multipart/form-data`) or as JSON with base64.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use faceward::Purpose;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::Problem;
use crate::base64_text::decoded;
use crate::door::Door;

/// What a request with pictures says.
pub(crate) struct Ask {
    pictures: BTreeMap<String, Zeroizing<Vec<u8>>>,
    words: BTreeMap<String, String>,
}

/// A picture of a claimed person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "describes a form; `Ask` reads it")]
pub(crate) struct ClaimForm {
    /// Who it is claimed to be.
    #[schema(example = "alice", min_length = 1, max_length = 128)]
    subject: String,
    /// For which purpose.
    #[schema(
        example = "door-access",
        pattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"
    )]
    purpose: String,
    /// The picture: a file, or base64 in JSON.
    #[schema(format = Binary)]
    picture: String,
}

/// A picture to search.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "describes a form; `Ask` reads it")]
pub(crate) struct SearchForm {
    /// For which purpose.
    #[schema(
        example = "door-access",
        pattern = "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$"
    )]
    purpose: String,
    /// The picture: a file, or base64 in JSON.
    #[schema(format = Binary)]
    picture: String,
}

/// Two pictures, compared once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "describes a form; `Ask` reads it")]
pub(crate) struct TwoForm {
    /// Who agreed to this, and how; the key's statement if left out.
    #[schema(example = "both agreed at the desk")]
    statement: Option<String>,
    /// The one picture: a file, or base64 in JSON.
    #[schema(format = Binary)]
    first: String,
    /// The other.
    #[schema(format = Binary)]
    second: String,
}

/// A picture to find faces in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "describes a form; `Ask` reads it")]
pub(crate) struct OneForm {
    /// Who agreed to this, and how; the key's statement if left out.
    #[schema(example = "everybody in it agreed")]
    statement: Option<String>,
    /// The picture: a file, or base64 in JSON.
    #[schema(format = Binary)]
    picture: String,
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

    /// Refuses a request that says more than is asked for, which may be a slip of the pen.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let said = self.pictures.keys().chain(self.words.keys());
        let mut others = said.filter(|name| !known.contains(&name.as_str()));
        others.next().map_or(Ok(()), |other| {
            let (other, known) = (short(other), known.join("`, `"));
            Err(Problem::bad_request(format!(
                "`{other}` is not read here; say `{known}` and nothing else"
            )))
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
        let kind = kind.to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            form(
                Multipart::from_request(request, door).await,
                door.limits().body,
            )
            .await
        } else if kind.starts_with("application/json") {
            let body = axum::body::to_bytes(request.into_body(), door.limits().body).await;
            json(&body.map_err(|_| Problem::too_large(door.limits().body))?)
        } else {
            Err(Problem::unsupported(
                "send multipart/form-data, or application/json with pictures in base64",
            ))
        }
    }
}

async fn form(
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
    most: usize,
) -> Result<Ask, Problem> {
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    let mut ask = Ask {
        pictures: BTreeMap::new(),
        words: BTreeMap::new(),
    };
    let unread = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large(most)
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
                .ok_or_else(|| Problem::bad_request(format!("`{name}` is no picture in base64: encode the bytes of the file, without `data:` before them")))?;
            ask.pictures.insert(name, bytes);
        } else {
            ask.words.insert(name.clone(), checked(&name, text)?);
        }
    }
    Ok(ask)
}

fn checked(name: &str, word: Option<&str>) -> Result<String, Problem> {
    let word = word.filter(|word| word.len() <= LONGEST_WORD);
    word.map(str::to_owned).ok_or_else(|| {
        let name = short(name);
        Problem::bad_request(format!(
            "`{name}` is no text of at most {LONGEST_WORD} bytes"
        ))
    })
}

/// A name as it may be repeated in an answer.
fn short(name: &str) -> String {
    name.escape_debug().take(40).collect()
}
