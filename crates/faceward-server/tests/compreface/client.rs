//! A client of CompreFace's, as real ones ask.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use axum::response::Response;
use faceward::KeyKind;
use faceward_server::Limits;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::place::{Place, terms};

pub const SUBJECTS: &str = "/api/v1/recognition/subjects";
pub const FACES: &str = "/api/v1/recognition/faces";
pub const RECOGNIZE: &str = "/api/v1/recognition/recognize";
pub const DETECT: &str = "/api/v1/detection/detect";
pub const COMPARE: &str = "/api/v1/verification/verify";
pub const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// A client with a key.
pub struct Client {
    pub router: Router,
    pub key: String,
}

impl Client {
    pub async fn of(place: &Place, kind: KeyKind) -> Self {
        let router = place.front(Limits::default()).await.router();
        let key = place.key(terms(kind)).await;
        Self { router, key }
    }

    pub async fn raw(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("X-Api-Key", &self.key)
            .header(header::CONTENT_TYPE, kind);
        said(self.raw(request.body(body.into()).unwrap()).await).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        // As the Python SDK: a kind without a body.
        self.send(Method::GET, path, "application/json", Vec::new())
            .await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.send(Method::DELETE, path, "application/json", Vec::new())
            .await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        self.send(Method::POST, path, "application/json", body)
            .await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        self.send(Method::PUT, path, "application/json", body).await
    }

    pub async fn form(&self, path: &str, parts: &[(&str, &[u8])]) -> (u16, Value) {
        let body = form("photo.jpg", parts);
        self.send(Method::POST, path, "multipart/form-data; boundary=x", body)
            .await
    }

    pub async fn file(&self, path: &str, file: &[u8]) -> (u16, Value) {
        self.form(path, &[("file", file)]).await
    }

    pub async fn compare(&self, path: &str, source: &[u8], target: &[u8]) -> (u16, Value) {
        let parts = [("source_image", source), ("target_image", target)];
        self.form(path, &parts).await
    }
}

pub fn form(filename: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    body
}

/// What was answered; every refusal is JSON with a message and a code.
pub async fn said(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let kind = response.headers().get(header::CONTENT_TYPE).cloned();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if status >= 400 {
        assert_eq!(kind.unwrap(), "application/json");
        let members = value["message"].is_string() && value["code"].is_u64();
        assert!(members, "{}", String::from_utf8_lossy(&body));
    }
    (status, value)
}

#[track_caller]
pub fn refused((status, said): (u16, Value), expected: u16, code: u16, message: &str) {
    assert_eq!((status, &said["code"]), (expected, &json!(code)), "{said}");
    let text = said["message"].as_str().unwrap();
    assert!(text.contains(message), "{text}");
}

#[track_caller]
pub fn done((status, said): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{said}");
    said
}

#[track_caller]
pub fn created((status, said): (u16, Value)) -> Value {
    assert_eq!(status, 201, "{said}");
    said
}
