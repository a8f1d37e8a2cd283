//! Bodies that never end: the place they take is free again after the time a request may take. The
//! clock is stopped and moved on by hand.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and shares its house"
)]

#[path = "place/mod.rs"]
mod place;
#[path = "console/visit.rs"]
mod visit;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use faceward::{KeyKind, Right, Role};
use faceward_server::Limits;
use http_body_util::channel::Channel;
use tower::ServiceExt;

use place::terms;

/// Begins a body, waits until the server reads it, and says no more: what the server answers once
/// the time is over.
async fn stalled(router: &Router, request: axum::http::request::Builder, begins: &str) -> u16 {
    let (mut body, rest) = Channel::<Bytes>::new(1);
    let request = request.body(Body::new(rest)).unwrap();
    let answer = tokio::spawn(router.clone().oneshot(request));
    let begins = Bytes::from(begins.to_owned());
    // There is room for one piece: the second waits until the first was taken.
    body.send_data(begins).await.unwrap();
    body.send_data(Bytes::new()).await.unwrap();
    tokio::time::pause();
    tokio::time::advance(Limits::default().time).await;
    let patience = Limits::default().time;
    let answer = tokio::time::timeout(patience, answer).await;
    tokio::time::resume();
    drop(body);
    // Without an answer by then the server waits for ever.
    let answer = answer.unwrap();
    answer.unwrap().unwrap().status().as_u16()
}

fn post(path: &str, kind: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::CONTENT_TYPE, kind)
        .header("sec-fetch-site", "same-origin")
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let place = place::Place::new().await;
    let router = place.front(Limits::default()).await.router();
    let mut plain = terms(KeyKind::Api);
    plain.rights = [Right::Detect].into();
    let plain = place.key(plain).await;
    let theirs = place.key(terms(KeyKind::Detection)).await;
    const FORM: &str = "multipart/form-data; boundary=x";
    const BEGUN: &str =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";

    let detect = post("/v1/detect", FORM).header("x-api-key", plain);
    assert_eq!(stalled(&router, detect, BEGUN).await, 408);
    let detect = post("/api/v1/detection/detect", FORM).header("x-api-key", theirs);
    assert_eq!(stalled(&router, detect, BEGUN).await, 408);
    let login = post("/login", "application/x-www-form-urlencoded");
    assert_eq!(stalled(&router, login, "name=ad").await, 408);

    let console = visit::Place::of(place.folder, place.house, false).await;
    console.account("owner", Role::Owner).await;
    let owner = console.sign_in("owner").await;
    let case = post("/console/cases", FORM).header(header::COOKIE, &owner.cookie);
    assert_eq!(stalled(&console.router, case, BEGUN).await, 408);
}
