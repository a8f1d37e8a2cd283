//! Whose key it is, and the people by name.

use axum::body::Body;
use axum::http::Request;
use faceward::KeyKind;
use faceward_server::Limits;
use serde_json::json;

use crate::client::*;
use crate::place::{Place, terms};

#[tokio::test]
async fn a_key_is_asked_for_in_compreface_s_order() {
    let place = Place::new().await;
    let services = place.services().await;
    let router = place.front(Limits::default()).await.router();
    let ask = |key: &str| Client {
        router: router.clone(),
        key: key.to_owned(),
    };
    let missing = Request::get(SUBJECTS).body(Body::empty()).unwrap();
    let missing = said(ask("").raw(missing).await).await;
    refused(missing, 400, 20, "Missing header: x-api-key");
    let short = ask("not-a-key").get(SUBJECTS).await;
    refused(short, 400, 26, "Service API key should be UUID");
    let unknown = ask(NOBODY).get(SUBJECTS).await;
    let text = format!("Recognition service with API Key {NOBODY} not found");
    refused(unknown, 404, 10, &text);
    let other = ask(&services.detection).get(SUBJECTS).await;
    refused(other, 404, 10, "Recognition service with API Key");
    let other = ask(&services.recognition).file(DETECT, b"").await;
    refused(other, 404, 10, "Detection service with API Key");
    let other = ask(&services.detection).file(COMPARE, b"").await;
    refused(other, 404, 10, "Verification service with API Key");
    done(
        ask(&services.recognition.to_uppercase())
            .get(SUBJECTS)
            .await,
    );

    let mut narrow = terms(KeyKind::Recognition);
    narrow.rights = [faceward::Right::Verify].into();
    let narrow = ask(&place.key(narrow).await).get(SUBJECTS).await;
    refused(narrow, 403, 1002, "the right `subjects`");
    let mut wide = terms(KeyKind::Recognition);
    wide.purposes.clear();
    let wide = ask(&place.key(wide).await).get(FACES).await;
    refused(wide, 403, 1002, "one purpose");
    let mut rare = terms(KeyKind::Recognition);
    rare.per_minute = 1.try_into().ok();
    let rare = ask(&place.key(rare).await);
    done(rare.get(SUBJECTS).await);
    refused(rare.get(SUBJECTS).await, 429, 1010, "times a minute");
}

#[tokio::test]
async fn subjects_come_and_go_by_name() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Recognition).await;
    place.agree("elsewhere/Eve").await;
    assert_eq!(done(client.get(SUBJECTS).await), json!({ "subjects": [] }));
    let named = |name: &str| json!({ "subject": name, "api_endpoint": "x" });
    let ann = created(client.post(SUBJECTS, named("Ann")).await);
    assert_eq!(ann, json!({ "subject": "Ann" }));
    let again = client.post(SUBJECTS, named("aNN")).await;
    refused(again, 400, 43, "Subject already exists");
    for (body, code, text) in [
        (named(" "), 26, "Subject name cannot be empty"),
        (json!({}), 26, "Subject name cannot be empty"),
        (
            named(&"x".repeat(51)),
            26,
            "Subject name size must be between 1 and 50",
        ),
        (named("a;b"), 36, "special characters: ';', '/', '\\'"),
        (named("a\\b"), 36, "special characters"),
        (named("a/b"), 36, "special characters"),
        (json!([]), 0, "Something went wrong"),
        (json!("Ann"), 0, "Something went wrong"),
    ] {
        refused(client.post(SUBJECTS, body).await, 400, code, text);
    }
    let path = |name: &str| format!("{SUBJECTS}/{name}");
    let updated = |said| done(said)["updated"].as_bool().unwrap();
    assert!(updated(client.put(&path("ann"), named("Ann Lee")).await));
    assert!(!updated(client.put(&path("Nobody"), named("Nobody")).await));
    assert!(updated(
        client.put(&path("Ann%20Lee"), named("ANN Lee")).await
    ));
    let nobody = client.put(&path("Nobody"), named("Somebody")).await;
    refused(nobody, 404, 42, "Subject Nobody not found");
    created(client.post(&format!("{SUBJECTS}/"), named("A+B[1]")).await);
    let merged = client.put(&path("A+B[1]"), named("ann lee")).await;
    refused(merged, 400, 1003, "two people");
    let all = done(client.get(&format!("{SUBJECTS}/")).await);
    assert_eq!(all, json!({ "subjects": ["A+B[1]", "ANN Lee"] }));

    let gone = done(client.delete(&path("a+b[1]")).await);
    assert_eq!(gone, json!({ "subject": "A+B[1]" }));
    refused(client.delete(&path("A+B[1]")).await, 404, 42, "not found");
    refused(client.delete(&path("Eve")).await, 404, 42, "not found");

    let mut careful = terms(KeyKind::Recognition);
    careful.mass_delete = false;
    let careful = Client {
        router: client.router.clone(),
        key: place.key(careful).await,
    };
    for all in [SUBJECTS, &path(""), FACES] {
        refused(careful.delete(all).await, 403, 1011, "everybody at once");
    }
    let all = done(client.delete(&path("")).await);
    assert_eq!(all, json!({ "deleted": 1 }));
    assert!(
        place
            .ward
            .subject(&"elsewhere/Eve".parse().unwrap())
            .await
            .is_ok()
    );
}
