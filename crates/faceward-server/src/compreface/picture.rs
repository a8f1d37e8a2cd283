//! Pictures in a request: parts of a form, or base64 text in JSON.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::body::collect;
use super::fault::Fault;
use super::multipart::{Part, parts};
use crate::base64_text::decoded;

/// The bytes of a picture; wiped when dropped.
pub(crate) type Picture = Zeroizing<Vec<u8>>;

/// What a picture is called in the form and in JSON, and in CompreFace's own messages.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    pub(crate) part: &'static str,
    pub(crate) field: &'static str,
}

pub(crate) const FILE: Named = Named {
    part: "file",
    field: "content",
};

/// Bytes of one picture.
pub(crate) const LARGEST: usize = 5 * 1024 * 1024;

const EXTENSIONS: [&str; 9] = [
    "tif", "tiff", "jpg", "jpeg", "png", "bmp", "ico", "gif", "webp",
];

/// The pictures of these names, each of which must be there.
pub(crate) async fn pictures<const N: usize>(
    request: Request,
    names: [Named; N],
) -> Result<[Picture; N], Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_owned();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let body = || collect(request.into_body());
    let found = match essence.as_str() {
        "multipart/form-data" => {
            let body = body().await?;
            let parts = parts(&kind, &body).ok_or_else(Fault::unexplained)?;
            let one = |name: &Named| from_form(&parts, *name);
            names.iter().map(one).collect::<Result<Vec<_>, _>>()?
        }
        "application/json" => {
            let body = body().await?;
            let texts: BTreeMap<String, Text> =
                serde_json::from_slice(&body).map_err(|_| Fault::unexplained())?;
            let one = |name: &Named| from_json(&texts, *name);
            names.iter().map(one).collect::<Result<Vec<_>, _>>()?
        }
        _ => {
            let why = "send pictures as multipart/form-data or as application/json";
            return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, 0, why));
        }
    };
    found.try_into().map_err(|_| Fault::unexplained())
}

fn from_form(parts: &[Part<'_>], name: Named) -> Result<Picture, Fault> {
    let part = parts.iter().find(|part| part.name == name.part);
    let part = part.ok_or_else(|| {
        let why = format!("Required part {} is missing", name.part);
        Fault::bad(34, why)
    })?;
    if part.content.len() > LARGEST {
        return Err(Fault::unexplained());
    }
    // What is in it decides, not its name; but a client may count on being told.
    if let Some(filename) = &part.filename {
        let extension = filename
            .rsplit_once('.')
            .map(|(_, e)| e.to_ascii_lowercase());
        if !extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) {
            let why = format!("File [{filename}] has an unavailable extension");
            return Err(Fault::bad(21, why));
        }
    }
    match std::str::from_utf8(part.content) {
        Ok(text) if text.starts_with("data:") => decode(text),
        _ => Ok(Zeroizing::new(part.content.to_vec())),
    }
}

fn from_json(texts: &BTreeMap<String, Text>, name: Named) -> Result<Picture, Fault> {
    match texts.get(name.part) {
        Some(Text::Said(text)) if !text.is_empty() => decode(text),
        Some(Text::Said(_) | Text::Null) | None => {
            let why = format!("Field {} cannot be empty", name.field);
            Err(Fault::bad(5, why))
        }
        Some(Text::Other) => Err(Fault::unexplained()),
    }
}

/// Both alphabets, with or without padding, with line breaks or as the address of data.
fn decode(text: &str) -> Result<Picture, Fault> {
    let text = match text.strip_prefix("data:") {
        Some(data) => data.split_once(";base64,").map_or(text, |(_, text)| text),
        None => text,
    };
    let bytes = decoded(text.trim_end_matches(|c: char| c == '=' || c.is_ascii_whitespace()));
    bytes.ok_or_else(|| Fault::bad(21, "Provided value is not Base64"))
}

/// A text in JSON, wiped when dropped; what else there is does not matter.
enum Text {
    Said(Zeroizing<String>),
    Null,
    Other,
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match serde_json::Value::deserialize(from)? {
            serde_json::Value::String(text) => Self::Said(Zeroizing::new(text)),
            serde_json::Value::Null => Self::Null,
            _ => Self::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_every_form_in_which_clients_write_it() {
        for text in [
            "+/+/AA==",
            "-_-_AA",
            "+/+\n/AA==\r\n",
            "data:image/jpeg;base64,+/+/AA==",
        ] {
            assert_eq!(*decode(text).unwrap(), [251, 255, 191, 0], "{text}");
        }
        for text in ["not base64!", "data:image/jpeg,abc", "A", "a\u{e4}=="] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
