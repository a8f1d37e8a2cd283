//! Liveness sessions from outside: who may begin one, what a still picture gets, what is recorded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use faceward::*;
use faceward_server::Limits;
use serde_json::{Value, json};
use tower::ServiceExt;

#[allow(dead_code, reason = "other tests use the rest of it")]
mod place;

struct Place {
    house: place::Place,
    router: Router,
    by: By,
    key: String,
}

impl Place {
    async fn with(right: Right) -> Self {
        Self::of(KeyTerms::of(KeyKind::Api, "door", [right])).await
    }

    async fn of(terms: KeyTerms) -> Self {
        let house = place::Place::new().await;
        let (key, text, _) = house.ward.create_key(terms).await.unwrap();
        let front = house.front(Limits::default()).await;
        Self {
            house,
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
        self.ask(Method::POST, &path, place::photo(picture)).await
    }

    async fn outcome(&self, session: &Value) -> Value {
        let id = session["session"].as_str().unwrap();
        let path = format!("/v1/liveness/sessions/{id}");
        self.ask(Method::GET, &path, Body::empty()).await.1
    }
}

fn stated() -> Value {
    json!({ "statement": "the person agreed at the desk, form 17" })
}

#[tokio::test]
async fn a_key_of_a_collection_watches_nobody_outside_of_it() {
    let place = Place::of(KeyTerms {
        collection: Some("staff".parse().unwrap()),
        ..KeyTerms::of(KeyKind::Api, "door", [Right::Liveness])
    })
    .await;
    place.house.agree("alice").await;
    place.house.agree("staff/bob").await;
    let claim = |subject: &str| json!({ "subject": subject, "purpose": "door-access" });
    assert_eq!(place.begin(claim("bob")).await.0, 201);
    for outside in ["alice", "staff/bob"] {
        let (status, problem) = place.begin(claim(outside)).await;
        assert_eq!(status, 451, "{outside}");
        // The refusal is in the ledger, like every other.
        assert!(problem["receipt"]["entry"].is_u64(), "{problem}");
    }
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
    let last = place.house.ward.ledger_size().await.unwrap() - 1;
    let entry = place
        .house
        .ward
        .entries(last..last + 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(entry.event.act, Act::Liveness);
    assert_eq!(entry.event.outcome, EventOutcome::Refused);
}

#[tokio::test]
async fn a_face_that_becomes_another_fails_and_one_entry_is_left() {
    let place = Place::with(Right::Liveness).await;
    let (status, session) = place.begin(stated()).await;
    assert_eq!(status, 201);
    assert!(session["url"].as_str().unwrap().contains("/liveness/"));
    let before = place.house.ward.ledger_size().await.unwrap();
    let (_, first) = place.frame(&session, "obama.jpg").await;
    assert_eq!(first["standing"], "straight");
    assert_eq!(place.outcome(&session).await["status"], "waiting");
    assert_eq!(place.house.ward.ledger_size().await.unwrap(), before);
    let (_, other) = place.frame(&session, "biden.jpg").await;
    assert_eq!(other["standing"], "failed");
    assert!(other.get("reason").is_none(), "{other}");
    let outcome = place.outcome(&session).await;
    assert_eq!(outcome["status"], "failed");
    assert_eq!(outcome["reason"], "another-face");
    let entries = place.house.ward.entries(before..before + 9).await.unwrap();
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
    assert!(
        ["left", "right", "blink", "closer"].contains(&told),
        "{standing}"
    );
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
            .ask(Method::POST, &frame, place::photo("obama.jpg"))
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
