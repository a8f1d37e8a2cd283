//! What needs no collection: faces found, pictures compared, embeddings.

use faceward::{KeyKind, KeyTerms};
use serde_json::{Value, json};

use crate::client::*;
use crate::place::{Place, no_face, photo, terms, two_faces};

async fn with(place: &Place, change: impl FnOnce(&mut KeyTerms), kind: KeyKind) -> Client {
    let mut client = Client::of(place, kind).await;
    let mut terms = terms(kind);
    change(&mut terms);
    client.key = place.key(terms).await;
    client
}

#[tokio::test]
async fn faces_are_found_largest_first_under_a_statement() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Detection).await;
    let both = done(client.file(DETECT, &two_faces()).await);
    let faces = both["result"].as_array().unwrap();
    assert_eq!(faces.len(), 2);
    let left = |face: &Value| face["box"]["x_min"].as_i64().unwrap();
    assert!(left(&faces[0]) < 455 && left(&faces[1]) >= 455);
    assert_eq!(faces[0].as_object().unwrap().len(), 1, "{both}");
    let told = "?det_prob_threshold=0.3?face_plugins=landmarks,pose?status=TRUE";
    let told = done(client.file(&format!("{DETECT}{told}"), &two_faces()).await);
    assert_eq!(told["result"][1]["landmarks"].as_array().unwrap().len(), 5);
    assert!(told["result"][1]["pose"]["yaw"].is_f64());
    assert!(told["result"][1]["execution_time"]["detector"].is_f64());
    assert!(told["plugins_versions"]["detector"].is_string());
    let one = done(
        client
            .file(&format!("{DETECT}?limit=1"), &two_faces())
            .await,
    );
    assert_eq!(one["result"], json!([faces[0]]));
    refused(client.file(DETECT, &no_face()).await, 400, 28, "No face");
    let silent = with(&place, |terms| terms.statement = None, KeyKind::Detection).await;
    refused(silent.file(DETECT, &two_faces()).await, 403, 1001, "Art. ");
}

#[tokio::test]
async fn two_pictures_are_compared_and_the_answer_is_a_list_of_one() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Verification).await;
    let (a1, a2, b1) = (photo("obama.jpg"), photo("obama2.jpg"), photo("biden.jpg"));
    let all = format!("{COMPARE}?&limit=0&status=True&face_plugins=calculator,landmarks");
    let same = done(client.compare(&all, &a1, &a2).await);
    assert_eq!(same["result"].as_array().unwrap().len(), 1);
    let same = &same["result"][0];
    assert!(same["face_matches"][0]["similarity"].as_f64().unwrap() > 0.9);
    assert!(same["plugins_versions"]["calculator"].is_string());
    for face in [&same["source_image_face"], &same["face_matches"][0]] {
        assert_eq!(face["embedding"].as_array().unwrap().len(), 512);
        assert_eq!(face["landmarks"].as_array().unwrap().len(), 5);
        assert!(face["execution_time"]["calculator"].is_f64());
    }
    let other = done(client.compare(COMPARE, &a1, &b1).await);
    assert!(
        other["result"][0]["face_matches"][0]["similarity"]
            .as_f64()
            .unwrap()
            < 0.5
    );
    assert!(other["result"][0].get("plugins_versions").is_none());

    let (both, nobody) = (two_faces(), no_face());
    let several = client.compare(COMPARE, &both, &a2).await;
    refused(several, 400, 31, "More than one face in the source image");
    let first = format!("{COMPARE}?limit=1");
    let trimmed = done(client.compare(&first, &both, &a2).await);
    assert!(
        trimmed["result"][0]["face_matches"][0]["similarity"]
            .as_f64()
            .unwrap()
            > 0.9
    );
    let against = done(client.compare(COMPARE, &a2, &both).await);
    let matches = against["result"][0]["face_matches"].as_array().unwrap();
    let similar: Vec<bool> = matches
        .iter()
        .map(|face| face["similarity"].as_f64().unwrap() > 0.9)
        .collect();
    assert_eq!(similar, [true, false], "{against}");
    refused(
        client.compare(COMPARE, &nobody, &a2).await,
        400,
        28,
        "No face",
    );
    refused(
        client.compare(COMPARE, &a2, &nobody).await,
        400,
        28,
        "No face",
    );
    let part = client.form(COMPARE, &[("source_image", &a1)]).await;
    refused(part, 400, 34, "Required part target_image is missing");
    let field = client
        .post(COMPARE, json!({ "target_image": "AA==" }))
        .await;
    refused(field, 400, 5, "Field sourceImageBase64 cannot be empty");
    let silent = with(
        &place,
        |terms| terms.statement = None,
        KeyKind::Verification,
    )
    .await;
    refused(silent.compare(COMPARE, &a1, &a2).await, 403, 1001, "Art. ");
    let untold = with(
        &place,
        |terms| terms.embeddings = false,
        KeyKind::Verification,
    )
    .await;
    let untold = done(untold.compare(&all, &a1, &a2).await);
    assert!(
        untold["result"][0]["source_image_face"]
            .get("embedding")
            .is_none()
    );
}

#[tokio::test]
async fn embeddings_stand_for_pictures_where_the_key_may_work_with_them() {
    let place = Place::new().await;
    let compare = Client::of(&place, KeyKind::Verification).await;
    let client = Client::of(&place, KeyKind::Recognition).await;
    for (name, picture) in [("Ann", "obama.jpg"), ("Bob", "biden.jpg")] {
        place.agree(&format!("gate/{name}")).await;
        created(
            client
                .file(&format!("{FACES}?subject={name}"), &photo(picture))
                .await,
        );
    }
    let list = done(client.get(FACES).await);
    let id = list["faces"][0]["image_id"].as_str().unwrap();
    let plugins = format!("{COMPARE}?face_plugins=calculator");
    let told = done(
        compare
            .compare(&plugins, &photo("obama2.jpg"), &photo("biden.jpg"))
            .await,
    );
    let a = &told["result"][0]["source_image_face"]["embedding"];
    let b = &told["result"][0]["face_matches"][0]["embedding"];

    let search = "/api/v1/recognition/embeddings/recognize";
    let found = done(
        client
            .post(
                &format!("{search}?prediction_count=2"),
                json!({ "embeddings": [b, a] }),
            )
            .await,
    );
    let names = |at: usize| {
        let near = found["result"][at]["similarities"].as_array().unwrap();
        near.iter()
            .map(|near| near["subject"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (names(0), names(1)),
        (vec!["Bob", "Ann"], vec!["Ann", "Bob"])
    );
    assert_eq!(&found["result"][0]["embedding"], b);
    let check = format!("/api/v1/recognition/embeddings/faces/{id}/verify");
    let found = done(client.post(&check, json!({ "embeddings": [b, a] })).await);
    assert_eq!(&found["result"][0]["embedding"], a, "the nearest first");
    assert!(found["result"][0]["similarity"].as_f64().unwrap() > 0.9);
    let pairs = "/api/v1/verification/embeddings/verify";
    let found = done(
        compare
            .post(pairs, json!({ "source": a, "targets": [b, a] }))
            .await,
    );
    assert_eq!(found["result"][0]["similarity"], 1.0);
    assert!(found["result"][1]["similarity"].as_f64().unwrap() < 0.5);

    for body in [
        json!({}),
        json!({ "embeddings": [] }),
        json!({ "embeddings": null }),
    ] {
        let empty = client.post(search, body).await;
        refused(empty, 400, 5, "Field embeddings cannot be empty");
    }
    let short = json!({ "embeddings": [[1.0, 2.0]] });
    refused(client.post(search, short.clone()).await, 400, 0, "");
    refused(client.post(&check, short).await, 400, 0, "");
    let wrong = client.post(search, json!({ "embeddings": "x" })).await;
    refused(wrong, 400, 0, "Something went wrong");
    let unknown = check.replace(id, NOBODY);
    let unknown = client.post(&unknown, json!({ "embeddings": [a] })).await;
    refused(unknown, 404, 44, "Image Id is incorrect");
    for (body, name) in [
        (json!({ "targets": [a] }), "source"),
        (json!({ "source": a, "targets": [] }), "targets"),
    ] {
        let text = format!("Field {name} cannot be empty");
        refused(compare.post(pairs, body).await, 400, 5, &text);
    }
    let untold = with(
        &place,
        |terms| terms.embeddings = false,
        KeyKind::Recognition,
    )
    .await;
    let untold = untold.post(search, json!({ "embeddings": [a] })).await;
    refused(untold, 403, 1002, "embeddings");
}
