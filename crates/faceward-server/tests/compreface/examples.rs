//! Examples: kept, listed, compared with one, destroyed.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use faceward::KeyKind;
use serde_json::json;

use crate::client::*;
use crate::place::{Place, no_face, photo, two_faces};

#[tokio::test]
async fn examples_are_kept_of_those_who_agreed_and_found_again() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Recognition).await;
    place.agree("gate/Ann Lee").await;
    place.agree("elsewhere/Bob").await;
    let (a1, a2, b1) = (photo("obama.jpg"), photo("obama2.jpg"), photo("biden.jpg"));
    let to = |name: &str| format!("{FACES}?subject={name}");

    let empty = done(client.get(FACES).await);
    let none = json!({ "faces": [], "page_number": 0, "page_size": 20, "total_pages": 0, "total_elements": 0 });
    assert_eq!(empty, none);
    refused(
        client.file(FACES, &a1).await,
        400,
        33,
        "Required parameter subject is missing",
    );
    refused(
        client.file(&to("%20"), &a1).await,
        400,
        26,
        "Subject name is empty; ",
    );
    refused(client.file(&to("Cleo"), &a1).await, 403, 1001, "Art. ");
    refused(client.file(&to("Bob"), &b1).await, 403, 1001, "Art. ");
    refused(
        client.form(&to("Ann+Lee"), &[]).await,
        400,
        34,
        "Required part file is missing",
    );
    refused(
        client.form(&to("Ann+Lee"), &[("File", &a1)]).await,
        400,
        34,
        "Required part file is missing",
    );
    refused(
        client.file(&to("Ann+Lee"), &two_faces()).await,
        400,
        31,
        "More than one face in the source image",
    );
    refused(
        client.file(&to("Ann+Lee"), &no_face()).await,
        400,
        28,
        "No face is found in the given image",
    );
    refused(
        client.file(&to("Ann+Lee"), b"a text").await,
        400,
        28,
        "No face is found in the given image",
    );
    refused(
        client.file(&to("Ann+Lee&det_prob_threshold=1"), &a1).await,
        400,
        28,
        "No face",
    );
    refused(
        client.file(&to("Ann+Lee"), &vec![0; 6 << 20]).await,
        400,
        0,
        "Something went wrong",
    );

    // The second question mark is the JavaScript SDK's.
    let first = created(
        client
            .file(&to("ann%20lee?det_prob_threshold=0.3"), &a1)
            .await,
    );
    assert_eq!(first["subject"], "ann lee");
    let first = first["image_id"].as_str().unwrap().to_owned();
    assert_eq!(first.len(), 36);
    refused(
        client.file(&to("Ann+Lee"), &b1).await,
        400,
        1003,
        "someone else",
    );
    let lines = STANDARD
        .encode(&a2)
        .as_bytes()
        .chunks(76)
        .map(|l| String::from_utf8_lossy(l).into_owned())
        .collect::<Vec<_>>()
        .join("\r\n");
    let second = created(client.post(&to("Ann+Lee"), json!({ "file": lines })).await);
    let second = second["image_id"].as_str().unwrap().to_owned();

    let page = done(client.get(&format!("{FACES}/?page=1&size=1")).await);
    let shown = json!({
        "faces": [{ "image_id": second, "subject": "Ann Lee" }],
        "page_number": 1, "page_size": 1, "total_pages": 2, "total_elements": 2,
    });
    assert_eq!(page, shown);
    for (filter, total) in [("Ann%20Lee", 2), ("ann%20lee", 0), ("", 2), ("Bob", 0)] {
        assert_eq!(
            done(client.get(&to(filter)).await)["total_elements"],
            total,
            "{filter}"
        );
    }

    for path in [
        format!("{FACES}/{first}/img"),
        format!("/api/v1/static/{}/images/{first}", client.key),
    ] {
        let request = Request::get(&path).header("x-api-key", &client.key);
        let answer = client.raw(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        assert!(to_bytes(answer.into_body(), 1).await.unwrap().is_empty());
    }

    let path = |id: &str| format!("{FACES}/{id}");
    let check = |id: &str| format!("{FACES}/{id}/verify?&limit=1&status=False");
    let same = done(client.file(&check(&first), &a2).await);
    let told = &same["result"][0];
    assert_eq!(told["subject"], "Ann Lee");
    assert!(told["similarity"].as_f64().unwrap() > 0.9, "{same}");
    assert!(same.get("plugins_versions").is_none() && told.get("embedding").is_none());
    let other = done(client.file(&check(&first), &b1).await);
    assert!(
        other["result"][0]["similarity"].as_f64().unwrap() < 0.5,
        "{other}"
    );
    refused(
        client.file(&check(NOBODY), &a2).await,
        404,
        44,
        "Image Id is incorrect",
    );
    refused(
        client.file(&check("7"), &a2).await,
        400,
        0,
        "Something went wrong",
    );
    refused(
        client.file(&check(&first), &no_face()).await,
        400,
        28,
        "No face",
    );

    let some = done(client.post(&path("delete"), json!([first, NOBODY])).await);
    assert_eq!(some, json!([{ "image_id": first, "subject": "Ann Lee" }]));
    let text = format!("Image {first} not found");
    refused(client.delete(&path(&first)).await, 404, 44, &text);
    refused(
        client.delete(&path("7")).await,
        400,
        0,
        "Something went wrong",
    );
    let one = done(client.delete(&path(&second)).await);
    assert_eq!(one, json!({ "image_id": second, "subject": "Ann Lee" }));
    created(client.file(&to("Ann+Lee"), &a1).await);
    for deleted in [1, 0] {
        let said = done(client.delete(&to("ANN%20Lee")).await);
        assert_eq!(said, json!({ "deleted": deleted }));
    }
    created(client.file(&to("Ann+Lee"), &a1).await);
    assert_eq!(done(client.delete(FACES).await), json!({ "deleted": 1 }));
    assert_eq!(
        done(client.get(SUBJECTS).await),
        json!({ "subjects": ["Ann Lee"] })
    );
}
