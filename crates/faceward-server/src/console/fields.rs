//! What a form says: its texts and its files, however the browser sent them.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use zeroize::Zeroizing;

use crate::Problem;
use crate::door::Door;

/// The fields of a form, wiped when dropped.
pub(super) struct Fields {
    texts: Vec<(String, Zeroizing<String>)>,
    files: Vec<File>,
}

/// A file that was chosen.
struct File {
    field: String,
    name: String,
    bytes: Zeroizing<Vec<u8>>,
}

impl Fields {
    /// Exactly what was typed; nothing where the field is missing.
    pub(super) fn raw(&self, name: &str) -> &str {
        let mut texts = self.texts.iter().filter(|(field, _)| field == name);
        texts
            .next()
            .map(|(_, text)| text.as_str())
            .unwrap_or_default()
    }

    /// What was typed, where something was, without the blanks around it.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        let text = self.raw(name).trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether a box was ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.texts_of(name).next().is_some()
    }

    /// Everything said under one name.
    pub(super) fn texts_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of = move |(field, _): &&(String, Zeroizing<String>)| field == name;
        self.texts.iter().filter(of).map(|(_, text)| text.as_str())
    }

    /// A file that was chosen.
    pub(super) fn file<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.files_of(name).next().map(|(_, bytes)| bytes)
    }

    /// Every file that was chosen under one name, by what it is called.
    pub(super) fn files_of<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let of = move |file: &&File| file.field == name && !file.bytes.is_empty();
        let files = self.files.iter().filter(of);
        files.map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }
}

impl FromRequest<Door> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            return parts(request, door).await;
        }
        let most = door.limits().body;
        let body = axum::body::to_bytes(request.into_body(), most).await;
        let body = body.map_err(|_| Problem::too_large(most))?;
        let texts: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
            .map_err(|_| Problem::bad_request("the form cannot be read"))?;
        let texts = texts.into_iter();
        Ok(Self {
            texts: texts.map(|(name, text)| (name, text.into())).collect(),
            files: Vec::new(),
        })
    }
}

async fn parts(request: Request, door: &Door) -> Result<Fields, Problem> {
    let unread = |_| Problem::bad_request("the form cannot be read");
    let mut parts = Multipart::from_request(request, door)
        .await
        .map_err(|_| Problem::bad_request("the form cannot be read"))?;
    let mut fields = Fields {
        texts: Vec::new(),
        files: Vec::new(),
    };
    while let Some(part) = parts.next_field().await.map_err(unread)? {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(called) = part.file_name().map(str::to_owned) {
            let bytes = part.bytes().await.map_err(unread)?;
            fields.files.push(File {
                field: name,
                name: called,
                bytes: bytes.to_vec().into(),
            });
        } else {
            let text = part.text().await.map_err(unread)?;
            fields.texts.push((name, text.into()));
        }
    }
    Ok(fields)
}
