//! How requests are really written, and how everything is answered.

use axum::body::Body;
use axum::http::{Method, Request, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use faceward::KeyKind;
use serde_json::json;

use crate::client::*;
use crate::place::{Place, photo};

#[tokio::test]
async fn a_picture_is_sent_in_many_ways() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Detection).await;
    let picture = photo("obama.jpg");
    let expected = done(client.file(DETECT, &picture).await);
    let plain = STANDARD.encode(&picture);
    for text in [
        plain.clone(),
        URL_SAFE_NO_PAD.encode(&picture),
        format!("data:image/jpeg;base64,{plain}"),
    ] {
        let body = json!({ "file": text, "unknown": [1] });
        assert_eq!(done(client.post(DETECT, body).await), expected);
    }
    // As the JavaScript SDK sends a Buffer, and an address of data.
    let data = format!("data:image/jpeg;base64,{plain}");
    for content in [picture.as_slice(), data.as_bytes()] {
        let body = form("example.PNG", &[("file", content)]);
        let kind = "multipart/form-data";
        let sent = client.send(Method::POST, DETECT, kind, body).await;
        assert_eq!(done(sent), expected);
    }
    let slash = format!("{DETECT}/?&status=False&&limit=");
    assert_eq!(done(client.file(&slash, &picture).await), expected);

    for (kind, body, status, code, text) in [
        (
            "application/json",
            "{}",
            400,
            5,
            "Field content cannot be empty",
        ),
        (
            "application/json",
            r#"{"file":""}"#,
            400,
            5,
            "Field content cannot be empty",
        ),
        (
            "application/json",
            r#"{"file":null}"#,
            400,
            5,
            "Field content cannot be empty",
        ),
        (
            "application/json",
            r#"{"file":"a:b"}"#,
            400,
            21,
            "Provided value is not Base64",
        ),
        (
            "application/json",
            r#"{"file":7}"#,
            400,
            0,
            "Something went wrong",
        ),
        ("application/json", "{", 400, 0, "Something went wrong"),
        ("application/json", r#"{"file":"AAAA"}"#, 400, 28, "No face"),
        (
            "multipart/form-data; boundary=x",
            "",
            400,
            0,
            "Something went wrong",
        ),
        (
            "multipart/form-data",
            "no form",
            400,
            0,
            "Something went wrong",
        ),
        ("text/plain", "a text", 415, 0, "multipart/form-data"),
        ("", "a text", 415, 0, "multipart/form-data"),
    ] {
        let sent = client.send(Method::POST, DETECT, kind, body.into()).await;
        refused(sent, status, code, text);
    }
    let named = form("photo.txt", &[("file", &picture)]);
    let kind = "multipart/form-data; boundary=x";
    let sent = client.send(Method::POST, DETECT, kind, named).await;
    refused(
        sent,
        400,
        21,
        "File [photo.txt] has an unavailable extension",
    );
    let large = vec![b'x'; 11 << 20];
    let sent = client.send(Method::POST, DETECT, kind, large).await;
    refused(sent, 400, 0, "Something went wrong");
    let larger = Request::post(DETECT)
        .header("x-api-key", &client.key)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, 30 << 20);
    let larger = client.raw(larger.body(Body::empty()).unwrap()).await;
    refused(said(larger).await, 413, 0, "");
}

#[tokio::test]
async fn every_refusal_is_json_and_any_page_may_ask() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Recognition).await;
    refused(client.get(&format!("{FACES}/a/b/c/d")).await, 404, 0, "");
    refused(client.get("/api/v1/migrate").await, 404, 0, "");
    let verb = client.send(Method::PATCH, SUBJECTS, "", Vec::new()).await;
    refused(verb, 404, 0, "Request method 'PATCH' not supported");
    let verb = client.get(RECOGNIZE).await;
    refused(verb, 404, 0, "Request method 'GET' not supported");
    let name = client.delete(&format!("{SUBJECTS}/%FF")).await;
    refused(name, 400, 0, "");

    let asks = Request::options(RECOGNIZE)
        .header("origin", "https://example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "x-api-key");
    let asks = client.raw(asks.body(Body::empty()).unwrap()).await;
    assert_eq!(asks.status(), 204);
    let keyless = Request::get(SUBJECTS).body(Body::empty()).unwrap();
    let keyless = client.raw(keyless).await;
    assert_eq!(keyless.status(), 400);
    for answer in [asks, keyless] {
        let headers = answer.headers();
        assert_eq!(headers["access-control-allow-origin"], "*");
        let allowed = headers["access-control-allow-headers"].to_str().unwrap();
        assert!(allowed.contains("x-api-key") && allowed.contains("Content-Type"));
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(methods.contains("DELETE"));
    }
    let elsewhere = Request::get("/readyz").body(Body::empty()).unwrap();
    let elsewhere = client.raw(elsewhere).await;
    assert!(
        elsewhere
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
}

#[tokio::test]
async fn what_clients_ask_beside_faces_needs_no_key() {
    let place = Place::new().await;
    let mut client = Client::of(&place, KeyKind::Recognition).await;
    client.key = String::new();
    let config = json!({ "clientMaxFileSize": 5_242_880, "clientMaxBodySize": 10_485_760 });
    assert_eq!(done(client.get("/api/v1/config").await), config);
    let status = done(client.get("/api/v1/consistence/status").await);
    assert_eq!(
        (&status["status"], &status["saveImagesToDB"]),
        (&json!("OK"), &json!(false))
    );
}
