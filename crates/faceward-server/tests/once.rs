//! What a client that lost an answer finds when it asks again with the same `Idempotency-Key`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use faceward::*;
use faceward_server::Limits;
use serde_json::{Value, json};
use tower::ServiceExt;

#[allow(dead_code, reason = "other tests use the rest of it")]
mod place;

use place::{DOOR, Place, photo};

struct Asked {
    place: Place,
    router: Router,
    key: String,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    replayed: bool,
    said: Value,
}

impl Asked {
    async fn new() -> Self {
        let place = Place::new().await;
        let key = place.key(all()).await;
        let router = place.front(Limits::default()).await.router();
        Self { place, router, key }
    }

    fn request(&self, key: &str, once: &str, path: &str, body: &Value) -> Request<Body> {
        Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", once)
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    async fn with(&self, key: &str, once: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(key, once, path, body);
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let replayed = answer.headers().contains_key("idempotency-replayed");
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
        let said = serde_json::from_slice(&body.unwrap()).unwrap();
        Answer {
            status,
            replayed,
            said,
        }
    }

    async fn ask(&self, once: &str, path: &str, body: &Value) -> Answer {
        self.with(&self.key, once, path, body).await
    }

    async fn entries(&self) -> u64 {
        self.place.ward.ledger_size().await.unwrap()
    }
}

fn all() -> KeyTerms {
    use Right::{Consents, Enroll, Subjects};
    let mut terms = KeyTerms::of(KeyKind::Api, "desk", [Enroll, Subjects, Consents]);
    terms.purposes = vec![DOOR.parse().unwrap()];
    terms
}

fn enrolling(handle: &str) -> Value {
    json!({ "subject": handle, "purpose": DOOR, "picture": STANDARD.encode(photo("obama.jpg")) })
}

#[tokio::test]
async fn asking_again_is_answered_as_before_and_does_nothing() {
    let here = Asked::new().await;
    here.place.agree("alice").await;
    let first = here.ask("a1", "/v1/enroll", &enrolling("alice")).await;
    assert!((200..300).contains(&first.status), "{first:?}");
    let entries = here.entries().await;
    let second = here.ask("a1", "/v1/enroll", &enrolling("alice")).await;
    assert_eq!((second.status, &second.said), (first.status, &first.said));
    assert!(second.replayed && !first.replayed);
    assert_eq!(here.entries().await, entries);
    let another = here.ask("a2", "/v1/enroll", &enrolling("alice")).await;
    assert_ne!(
        another.said["receipt"]["entry"],
        first.said["receipt"]["entry"]
    );
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_caller() {
    let here = Asked::new().await;
    let add = |name: &str| json!({ "subject": name });
    let first = here.ask("k", "/v1/subjects", &add("alice")).await;
    assert_eq!(first.status, 201, "{first:?}");
    let other = here.ask("k", "/v1/subjects", &add("bob")).await;
    assert_eq!(
        (other.status, &other.said["type"]),
        (422, &json!("urn:faceward:problem:another-request"))
    );
    let key = here.place.key(all()).await;
    let bob = here.with(&key, "k", "/v1/subjects", &add("bob")).await;
    assert_eq!(bob.status, 201, "{bob:?}");
    let bad = here.ask("", "/v1/subjects", &add("carol")).await;
    assert_eq!(bad.status, 400, "{bad:?}");
}

#[tokio::test]
async fn what_was_refused_may_be_asked_again_under_the_same_key() {
    let here = Asked::new().await;
    here.ask("add", "/v1/subjects", &json!({ "subject": "alice" }))
        .await;
    let refused = here.ask("e", "/v1/enroll", &enrolling("alice")).await;
    assert_eq!(refused.status, 451, "{refused:?}");
    here.place.agree("alice").await;
    let done = here.ask("e", "/v1/enroll", &enrolling("alice")).await;
    assert!(
        (200..300).contains(&done.status) && !done.replayed,
        "{done:?}"
    );
}

#[tokio::test]
async fn an_answer_goes_with_the_right_to_ask_and_with_those_who_leave() {
    let here = Asked::new().await;
    let (key, text, _) = here.place.ward.create_key(all()).await.unwrap();
    let text = text.reveal().to_string();
    here.place.agree("alice").await;
    let done = here
        .with(&text, "e", "/v1/enroll", &enrolling("alice"))
        .await;
    assert!((200..300).contains(&done.status), "{done:?}");
    let alice = "alice".parse().unwrap();
    here.place
        .ward
        .withdraw(&alice, &DOOR.parse().unwrap())
        .await
        .unwrap();
    let gone = here
        .with(&text, "e", "/v1/enroll", &enrolling("alice"))
        .await;
    assert_eq!(
        (gone.status, &gone.said["type"]),
        (409, &json!("urn:faceward:problem:answer-let-go"))
    );

    here.place.ward.revoke_key(key.id).await.unwrap();
    let revoked = here
        .with(&text, "e", "/v1/enroll", &enrolling("alice"))
        .await;
    assert_eq!(revoked.status, 403, "{revoked:?}");
}

#[tokio::test]
async fn asked_for_twice_at_once_it_is_done_once() {
    let here = Asked::new().await;
    here.place.agree("alice").await;
    let entries = here.entries().await;
    let enrolling = enrolling("alice");
    let (one, two) = tokio::join!(
        here.ask("e", "/v1/enroll", &enrolling),
        here.ask("e", "/v1/enroll", &enrolling),
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert!(
        statuses[0] < 300 && (statuses[1] == 409 || two.replayed || one.replayed),
        "{one:?} {two:?}"
    );
    assert_eq!(here.entries().await, entries + 1);
}

#[tokio::test]
async fn what_was_asked_for_is_done_also_when_nobody_waits_for_it() {
    let here = Asked::new().await;
    let mut left_and_done = 0;
    // Where an asking stands after so many steps is the threads' affair, so leaving is
    // tried until it fell between the beginning and the end.
    for round in 0..500 {
        if round >= 11 && left_and_done > 0 {
            break;
        }
        let steps = 1 + round % 11;
        let entries = here.entries().await;
        let (once, body) = (
            format!("k{round}"),
            json!({ "subject": format!("p{round}") }),
        );
        let request = here.request(&here.key, &once, "/v1/subjects", &body);
        let left = leave_after(steps, here.router.clone().oneshot(request)).await;
        let done = loop {
            let answer = here.ask(&once, "/v1/subjects", &body).await;
            if answer.status != 409 {
                break answer;
            }
        };
        assert_eq!(done.status, 201, "{done:?}");
        assert_eq!(here.entries().await, entries + 1);
        left_and_done += u32::from(left && done.replayed);
    }
    assert!(left_and_done > 0);
}

/// Whether the asking was not over when whoever asked left.
async fn leave_after<F: Future>(steps: u32, asking: F) -> bool {
    let mut asking = Box::pin(asking);
    let mut taken = 0;
    std::future::poll_fn(|context| {
        taken += 1;
        match asking.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if taken >= steps => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_picture_of_several_megabytes_is_taken() {
    let here = Asked::new().await;
    here.place.agree("alice").await;
    let mut picture = photo("obama.jpg");
    // After the end of a JPEG anything may stand.
    picture.resize(6 << 20, 0);
    let mut body = Vec::new();
    for (name, value) in [
        ("subject", b"alice".as_slice()),
        ("purpose", DOOR.as_bytes()),
        ("picture", &picture),
    ] {
        body.extend(
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend(value);
        body.extend(b"\r\n");
    }
    body.extend(b"--B--\r\n");
    let request = Request::post("/v1/enroll")
        .header(header::AUTHORIZATION, format!("Bearer {}", here.key))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B")
        .body(Body::from(body))
        .unwrap();
    let answer = here.router.clone().oneshot(request).await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}
