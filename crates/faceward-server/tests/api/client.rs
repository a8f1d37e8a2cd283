//! A program with a key.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use faceward::*;
use faceward_server::Limits;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::place::{DOOR, Place};

/// A program with a key.
pub(crate) struct Client {
    pub(crate) router: Router,
    pub(crate) key: String,
    pub(crate) id: KeyId,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) said: Value,
}

/// Terms of a key that may do everything to everybody.
pub(crate) fn everything() -> KeyTerms {
    KeyTerms {
        statement: Some("everybody in the pictures agreed at the desk".to_owned()),
        ..KeyTerms::of(KeyKind::Api, "engineer", Right::ALL.iter().copied())
    }
}

/// Terms of a key with these rights.
pub(crate) fn only(rights: &[Right]) -> KeyTerms {
    KeyTerms::of(KeyKind::Api, "gate", rights.iter().copied())
}

impl Client {
    pub(crate) async fn of(place: &Place, terms: KeyTerms) -> Self {
        let router = place.front(Limits::default()).await.router();
        Self::at(router, &place.ward, terms).await
    }

    pub(crate) async fn at(router: Router, ward: &Ward, terms: KeyTerms) -> Self {
        let (key, text, _) = ward.create_key(terms).await.unwrap();
        Self {
            router,
            key: text.reveal().to_string(),
            id: key.id,
        }
    }

    /// Sends bytes of a kind, with further headers.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            said: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, said: Value) -> Answer {
        self.json(Method::POST, path, &[], said).await
    }

    pub(crate) async fn json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        said: Value,
    ) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.send(method, path, &all, said.to_string()).await
    }

    /// Sends parts of a form.
    pub(crate) async fn form(&self, path: &str, parts: &[(&str, &[u8])]) -> Answer {
        let kind = [("content-type", "multipart/form-data; boundary=x")];
        self.send(Method::POST, path, &kind, form(parts)).await
    }

    /// Asks for a picture of somebody for the door.
    pub(crate) async fn claim(&self, act: &str, subject: &str, picture: &[u8]) -> Answer {
        let said = json!({ "subject": subject, "purpose": DOOR, "picture": base64(picture) });
        self.post(&format!("/v1/{act}"), said).await
    }
}

impl Answer {
    /// What was answered where nothing went wrong.
    #[track_caller]
    pub(crate) fn done(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.said
    }

    /// Told as a problem with this status, whose sentence holds these words.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, words: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let kind = &self.headers[header::CONTENT_TYPE];
        assert_eq!(kind, "application/problem+json");
        assert_eq!(self.said["status"], status);
        let of_ours = self.said["type"].as_str().unwrap();
        assert!(of_ours.starts_with("urn:faceward:problem:"), "{of_ours}");
        let detail = self.said["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
        self.said
    }

    pub(crate) fn tag(&self) -> String {
        self.headers[header::ETAG].to_str().unwrap().to_owned()
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend(head.into_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    body
}
