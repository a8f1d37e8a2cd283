//! Pictures and the words beside them, as a form (`multipart/form-data`) or as JSON with base64.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use faceward::{MAX_BYTES, Purpose};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::Problem;
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

/// Base64 of either alphabet, with or without padding and line breaks.
fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    let plain = text.chars().filter(|c| !c.is_ascii_whitespace());
    let plain: String = plain
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    ENGINE
        .decode(Zeroizing::new(plain).as_bytes())
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_every_common_spelling() {
        for text in ["+/8=", "-_8", "+/\n8=", " -_8= "] {
            assert_eq!(decoded(text).unwrap().as_slice(), [0xfb, 0xff], "{text}");
        }
        assert!(decoded("data:image/png;base64,+/8=").is_none());
    }
}
