//! Liveness sessions from outside: who may begin one, what a still picture gets, what is recorded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use faceward::{Act, By, EventOutcome, Home, KeyKind, KeyTerms, Right, Unlock, Ward};
use faceward_server::{Front, House, Limits, WardName};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

struct Place {
    _folder: TempDir,
    ward: Ward,
    router: Router,
    by: By,
    key: String,
}

impl Place {
    async fn with(right: Right) -> Self {
        let folder = TempDir::new().unwrap();
        let house = House::open(&Home::at(folder.path()), &Unlock::File).await;
        let house = house.unwrap();
        let ward = house.ward(&WardName::main()).unwrap();
        let terms = KeyTerms {
            name: "door".to_owned(),
            kind: KeyKind::Api,
            purposes: Vec::new(),
            rights: [right].into(),
            collection: None,
            hours: None,
            per_day: None,
            per_minute: None,
            until: None,
            statement: None,
            embeddings: false,
            mass_delete: false,
        };
        let (key, text, _) = ward.create_key(terms).await.unwrap();
        let front = Front::of(house, Limits::default(), false).await.unwrap();
        Self {
            _folder: folder,
            ward,
            router: front.router(),
            by: By::Key(key.id),
            key: format!("Bearer {}", *text.reveal()),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, &self.key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
        let body = serde_json::from_slice(&body.unwrap());
        (status, body.unwrap_or_default())
    }

    async fn begin(&self, on: Value) -> (u16, Value) {
        self.ask(Method::POST, "/v1/liveness/sessions", on.to_string())
            .await
    }

    async fn frame(&self, session: &Value, picture: &str) -> (u16, Value) {
        let path = format!("/liveness/{}/frame", session["token"].as_str().unwrap());
        self.ask(Method::POST, &path, picture_of(picture)).await
    }

    async fn outcome(&self, session: &Value) -> Value {
        let id = session["session"].as_str().unwrap();
        let path = format!("/v1/liveness/sessions/{id}");
        self.ask(Method::GET, &path, Body::empty()).await.1
    }
}

fn picture_of(name: &str) -> Vec<u8> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    fs::read(demo.join(name)).unwrap()
}

fn stated() -> Value {
    json!({ "statement": "the person agreed at the desk, form 17" })
}

#[tokio::test]
async fn a_session_needs_the_right_and_the_law() {
    let place = Place::with(Right::Verify).await;
    assert_eq!(place.begin(stated()).await.0, 403);
    let place = Place::with(Right::Liveness).await;
    assert_eq!(place.begin(json!({})).await.0, 400);
    let claim = json!({ "subject": "alice", "purpose": "door-access" });
    let (status, problem) = place.begin(claim).await;
    assert_eq!(status, 451);
    assert!(!problem["grounds"].as_array().unwrap().is_empty());
    let last = place.ward.ledger_size().await.unwrap() - 1;
    let entry = place.ward.entries(last..last + 1).await.unwrap().remove(0);
    assert_eq!(entry.event.act, Act::Liveness);
    assert_eq!(entry.event.outcome, EventOutcome::Refused);
}

#[tokio::test]
async fn a_face_that_becomes_another_fails_and_one_entry_is_left() {
    let place = Place::with(Right::Liveness).await;
    let (status, session) = place.begin(stated()).await;
    assert_eq!(status, 201);
    assert!(session["url"].as_str().unwrap().contains("/liveness/"));
    let before = place.ward.ledger_size().await.unwrap();
    let (_, first) = place.frame(&session, "obama.jpg").await;
    assert_eq!(first["standing"], "straight");
    assert_eq!(place.outcome(&session).await["status"], "waiting");
    assert_eq!(place.ward.ledger_size().await.unwrap(), before);
    let (_, other) = place.frame(&session, "biden.jpg").await;
    assert_eq!(other["standing"], "failed");
    assert!(other.get("reason").is_none(), "{other}");
    let outcome = place.outcome(&session).await;
    assert_eq!(outcome["status"], "failed");
    assert_eq!(outcome["reason"], "another-face");
    let entries = place.ward.entries(before..before + 9).await.unwrap();
    assert_eq!(entries.len(), 1);
    let event = &entries[0].event;
    assert_eq!(
        (event.act, event.outcome),
        (Act::Liveness, EventOutcome::Unusable)
    );
    assert_eq!(event.by, Some(place.by));
    assert!(!event.rules.is_empty());
    assert_eq!(outcome["entry"], entries[0].position);
    // Used once: what comes after the end is not looked at.
    assert_eq!(place.frame(&session, "obama.jpg").await.0, 404);
}

#[tokio::test]
async fn a_still_picture_is_told_what_to_do_and_gets_no_further() {
    let place = Place::with(Right::Liveness).await;
    let (_, session) = place.begin(stated()).await;
    let mut standing = Value::Null;
    for _ in 0..4 {
        standing = place.frame(&session, "obama.jpg").await.1;
    }
    let told = standing["standing"].as_str().unwrap();
    assert!(["left", "right", "blink"].contains(&told), "{standing}");
    assert_eq!(standing["done"], 0);
    assert_eq!(place.outcome(&session).await["status"], "waiting");
}

#[tokio::test]
async fn a_session_belongs_to_its_ward_and_its_token() {
    let (place, other) = (
        Place::with(Right::Liveness).await,
        Place::with(Right::Liveness).await,
    );
    let (_, session) = place.begin(stated()).await;
    let id = session["session"].as_str().unwrap();
    let path = format!("/v1/liveness/sessions/{id}");
    assert_eq!(other.ask(Method::GET, &path, Body::empty()).await.0, 404);
    // The identifier opens no page, and the token tells no outcome.
    let frame = format!("/liveness/{id}/frame");
    assert_eq!(
        place
            .ask(Method::POST, &frame, picture_of("obama.jpg"))
            .await
            .0,
        404
    );
    let token = session["token"].as_str().unwrap();
    let path = format!("/v1/liveness/sessions/{token}");
    assert_eq!(place.ask(Method::GET, &path, Body::empty()).await.0, 404);
}

#[tokio::test]
async fn what_is_no_picture_is_said_so() {
    let place = Place::with(Right::Liveness).await;
    let (_, session) = place.begin(stated()).await;
    let path = format!("/liveness/{}/frame", session["token"].as_str().unwrap());
    assert_eq!(place.ask(Method::POST, &path, "no picture").await.0, 422);
}
