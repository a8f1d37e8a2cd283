//! A person on their own pages: let in once, asked plainly, out at any time, and never anybody else.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asked;
mod hand;

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use faceward::Outcome;

use hand::*;

#[tokio::test]
async fn a_link_lets_in_once_and_only_by_its_button() {
    let place = Place::new().await;
    let link = place.link("alice", &["door-access"]).await;
    for _ in 0..3 {
        let page = place
            .ask(Request::get(&link).body(Body::empty()).unwrap())
            .await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Riverside Gym"));
    }
    let elsewhere = Request::post(&link).header("sec-fetch-site", "cross-site");
    let elsewhere = place.ask(elsewhere.body(Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, 403);
    let opened = place.arrive(&link).await;
    assert_eq!(opened.to, "/me");
    assert!(opened.cookie.contains("HttpOnly") && opened.cookie.contains("SameSite=Strict"));
    assert_eq!(place.arrive(&link).await.to, "/me/over");
    let again = place
        .ask(Request::get(&link).body(Body::empty()).unwrap())
        .await;
    assert_eq!(again.to, "/me/over");
}

#[tokio::test]
async fn who_takes_it_back_is_not_compared_any_more() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let (handle, purpose) = ("alice".parse().unwrap(), "door-access".parse().unwrap());
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let picture = fs::read(demo.join("obama.jpg")).unwrap();
    let enrolled = place
        .ward
        .enroll(&handle, &purpose, &picture)
        .await
        .unwrap();
    assert!(matches!(enrolled.outcome, Outcome::Done(_)));
    let page = alice.send("/me/withdraw/door-access", "").await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("download=\"erasure.jws\""),
        "{}",
        page.body
    );
    // The ward keeps the same certificate that the person takes home.
    let kept: Vec<_> = fs::read_dir(place.folder.path().join("erasures"))
        .unwrap()
        .collect();
    let kept = fs::read_to_string(kept[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(signed(&page.body), Some(kept.trim_end()));
    let verified = place
        .ward
        .verify(&handle, &purpose, &picture)
        .await
        .unwrap();
    assert!(matches!(verified.outcome, Outcome::Refused(_)));
    let history = alice.get("/me/history").await.body;
    assert!(history.contains("Refused; no face was looked at"));
    assert!(history.contains("Fa Shi [2021] No. 15"));
}

#[tokio::test]
async fn who_is_deleted_is_gone_and_so_is_their_session() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let gone = alice.send("/me/delete", "").await;
    assert!(gone.body.contains("You are deleted here") && gone.body.contains("nothing is left"));
    assert!(gone.body.contains("download=\"erasure.jws\"") && gone.cookie.contains("Max-Age=0"));
    assert_eq!(alice.get("/me").await.to, "/me/over");
    let held = place.ward.export("alice".parse().unwrap()).await;
    assert!(held.is_err());
}

#[tokio::test]
async fn nobody_reaches_anybody_else() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let receipt = alice.send(ASK, "answer=agree").await.to;
    let bob = place.person("bob", &["parking"]).await;
    assert_eq!(bob.get(&receipt).await.status, 404);
    for path in ["ask", "withdraw", "notice"] {
        let path = format!("/me/{path}/door-access");
        assert_eq!(bob.get(&path).await.status, 404, "{path}");
    }
    for path in ["/me", "/me/history", "/me/download"] {
        assert!(!bob.get(path).await.body.contains("alice"), "{path}");
    }
    // A form of one person's page is no form of another's.
    let page = alice.get("/me/withdraw/door-access").await.body;
    let form = format!("csrf={}", hidden(&page, "csrf").unwrap());
    let sent = place.ask(posted("/me/delete", &bob.cookie, &form)).await;
    assert_eq!(sent.status, 403);
    assert!(place.ward.export("bob".parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn everything_held_can_be_taken_along() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    alice.send(ASK, "answer=agree").await;
    let held = alice.get("/me/download").await.body;
    for part in [
        "faceward-export@v1",
        "consent-given",
        "Riverside Gym",
        "\"salt\"",
    ] {
        assert!(held.contains(part), "{part}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_put_on_record_with_a_day() {
    let place = Place::new().await;
    let alice = place.person("alice", &["door-access"]).await;
    let empty = alice.send("/me/correct", "what=+").await;
    assert!(empty.body.contains("Please write what is wrong"));
    let sent = alice.send("/me/correct", "what=It+is+%3Cb%3EAlicia").await;
    assert!(sent.body.contains("Answer due by") && sent.body.contains("It is &#60;b&#62;Alicia"));
    let requests = place.ward.requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].request.asked().kind.word(), "correction");
    assert!(alice.get("/me").await.body.contains("being dealt with"));
}

#[tokio::test]
async fn names_with_markup_are_text() {
    let place = Place::with(|folder| {
        let settings = CONTROLLER.replace("Riverside Gym", "<script>alert(1)</script>");
        fs::write(folder.join("faceward.toml"), settings).unwrap();
    })
    .await;
    let mallory = place
        .person("<img src=x onerror=alert(1)>", &["door-access"])
        .await;
    let receipt = mallory.send(ASK, "answer=agree").await.to;
    for path in [
        "/me",
        ASK,
        "/me/history",
        "/me/correct",
        "/me/delete",
        &receipt,
    ] {
        let page = mallory.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img"),
            "{path}"
        );
    }
}
