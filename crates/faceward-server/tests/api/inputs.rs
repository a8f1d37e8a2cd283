//! What cannot be read: each kind has its status and a sentence that says what to do.

use axum::http::Method;
use faceward::Right;
use faceward_server::Limits;
use serde_json::json;

use crate::client::{Client, base64, everything, only};
use crate::place::{DOOR, Place, no_face, photo, two_faces};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_body_that_cannot_be_read_says_what_is_wrong_with_it() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    let post = async |path: &str, body: &str| {
        let body = body.to_owned();
        client.send(Method::POST, path, &[JSON], body).await
    };
    for (path, body, words) in [
        ("/v1/subjects", "subject=alice", "the body cannot be read"),
        ("/v1/subjects", "{\"subject\": ", "EOF"),
        ("/v1/subjects", "{\"subject\": 7}", "expected a string"),
        ("/v1/subjects", "{}", "missing field `subject`"),
        ("/v1/subjects", "[]", "the body cannot be read"),
        (
            "/v1/subjects",
            "{\"subject\": \"a\", \"name\": \"b\"}",
            "unknown field `name`, expected `subject`",
        ),
        ("/v1/subjects", "{\"subject\": \"\"}", "handle"),
        ("/v1/verify", "{", "no JSON object"),
        ("/v1/verify", "[1]", "no JSON object"),
        ("/v1/verify", "{}", "`purpose` is missing"),
        ("/v1/verify", "{\"purpose\": 7}", "`purpose` is no text"),
        (
            "/v1/verify",
            "{\"purpose\": \"door-access\"}",
            "`subject` is missing",
        ),
        (
            "/v1/verify",
            "{\"purpose\": \"door-access\", \"subject\": \"a\"}",
            "`picture` is missing: send the picture as",
        ),
        (
            "/v1/verify",
            "{\"purpose\": \"door-access\", \"subject\": \"a\", \"picture\": \"data:image/png;base64,AA\"}",
            "without `data:` before them",
        ),
        (
            "/v1/verify",
            "{\"purpose\": \"door-access\", \"subject\": \"a\", \"treshold\": \"1\"}",
            "`treshold` is not read here; say `subject`, `purpose`, `picture`",
        ),
        (
            "/v1/keys",
            "{\"name\": \"a\", \"rights\": [\"fly\"]}",
            "`fly` is none of these: enroll, verify",
        ),
        (
            "/v1/keys",
            "{\"name\": \"a\", \"rights\": [\"verify\"], \"per_day\": 0}",
            "`per_day` is at least 1",
        ),
        (
            "/v1/keys",
            "{\"name\": \"a\", \"rights\": [\"verify\"], \"until\": \"2020-01-01T00:00:00Z\"}",
            "lies in the past",
        ),
        (
            "/v1/requests",
            "{\"subject\": \"a\", \"kind\": \"wish\", \"channel\": \"mail\"}",
            "wish",
        ),
        ("/v1/liveness/sessions", "{", "EOF"),
        (
            "/v1/liveness/sessions",
            "{\"subject\": \"a\"}",
            "either `subject` and `purpose`, or `statement`",
        ),
        (
            "/v1/subjects/a/links",
            "{\"purposes\": [\"door-access\"], \"days\": 91}",
            "`days` is 1 to 90",
        ),
    ] {
        post(path, body).await.refused(400, words);
    }
}

#[tokio::test]
async fn another_form_of_body_is_told_which_forms_are_read() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    for (path, words) in [
        ("/v1/subjects", "send application/json"),
        (
            "/v1/verify",
            "send multipart/form-data, or application/json",
        ),
        ("/v1/liveness/sessions", "send application/json"),
    ] {
        for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let headers = [("content-type", kind)];
            let answer = client.send(Method::POST, path, &headers, "subject=a").await;
            answer.refused(415, words);
        }
        client
            .send(Method::POST, path, &[], "{}")
            .await
            .refused(415, words);
    }
    // Kinds are not told apart by the case of their letters.
    let headers = [("content-type", "Multipart/Form-Data; boundary=x")];
    let answer = client.send(Method::POST, "/v1/verify", &headers, "--x--\r\n");
    answer.await.refused(400, "`purpose` is missing");
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_told_the_bound_and_one_within_it_is_read() {
    let place = Place::new().await;
    place.agree("alice").await;
    let limits = Limits {
        body: 4 << 20,
        ..Limits::default()
    };
    let router = place.front(limits).await.router();
    let client = Client::at(router, &place.ward, everything()).await;
    // A picture with three megabytes behind its end, as cameras append them.
    let mut large = photo("obama.jpg");
    large.resize(large.len() + (3 << 20), 0);
    let parts = |picture: &'static [u8]| {
        [
            ("subject", b"alice" as &[u8]),
            ("purpose", DOOR.as_bytes()),
            ("picture", picture),
        ]
    };
    let kept = client.form("/v1/enroll", &parts(large.leak())).await;
    kept.done();
    let huge: &[u8] = vec![0; 5 << 20].leak();
    client
        .form("/v1/enroll", &parts(huge))
        .await
        .refused(413, "4194304 bytes");
    let said = json!({ "subject": "alice", "purpose": DOOR, "picture": base64(huge) });
    client
        .post("/v1/enroll", said)
        .await
        .refused(413, "4194304 bytes");
    let name = json!({ "subject": "a".repeat(5 << 20) });
    client
        .post("/v1/subjects", name)
        .await
        .refused(413, "4194304 bytes");
}

#[tokio::test]
async fn a_picture_without_an_answer_is_recorded_and_says_what_to_take_instead() {
    let place = Place::new().await;
    place.agree("alice").await;
    let client = Client::of(&place, only(&[Right::Enroll, Right::Verify])).await;
    for (picture, words) in [
        (b"GIF89a?".to_vec(), ""),
        (b"".to_vec(), ""),
        (no_face(), "face"),
        (two_faces(), "face"),
    ] {
        let answer = client.claim("enroll", "alice", &picture).await;
        let said = answer.refused(422, words);
        assert_eq!(said["type"], "urn:faceward:problem:unusable-picture");
        assert!(said["receipt"]["entry"].is_u64(), "{said}");
    }
    let verified = client.claim("verify", "alice", &photo("obama.jpg")).await;
    verified.refused(422, "enrol first");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    for path in [
        "/v1/subjects/nobody",
        "/v1/subjects/nobody/consents",
        "/v1/ledger/entries/1000000",
        "/v1/ledger/entries/first",
        "/v1/laws/no-law",
        "/v1/liveness/sessions/none",
        "/v1/nothing",
    ] {
        client.get(path).await.refused(404, "");
    }
    for path in ["/v1/references/x", "/v1/keys/x", "/v1/subjects/nobody"] {
        client.delete(path).await.refused(404, "");
    }
    let whom = json!({ "subject": "nobody", "purpose": DOOR });
    let withdrawn = client.post("/v1/consents/withdraw", whom).await;
    withdrawn.refused(404, "nobody");
    client
        .get("/v1/subjects/%ff")
        .await
        .refused(400, "percent-encoded");
    client
        .get("/v1/verify")
        .await
        .refused(405, "another method");
}

#[tokio::test]
async fn a_ward_that_lacks_a_setting_says_which_and_not_where_the_file_lies() {
    let place = Place::new().await;
    place.agree("alice").await;
    let client = Client::of(&place, everything()).await;
    let whom = json!({ "subject": "alice", "purpose": DOOR });
    let said = client.post("/v1/consents/receipt", whom).await;
    let said = said.refused(503, "faceward.toml: a receipt names who is responsible");
    let folder = place.folder.path().to_str().unwrap();
    assert!(!said.to_string().contains(folder), "{said}");
}
