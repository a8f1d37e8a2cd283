//! Faces are recognised.

use faceward::{Act, KeyKind};
use serde_json::{Value, json};

use crate::client::*;
use crate::place::{DOOR, Place, no_face, photo, two_faces};

#[tokio::test]
async fn faces_are_recognised_among_those_who_agreed_and_nobody_else() {
    let place = Place::new().await;
    let client = Client::of(&place, KeyKind::Recognition).await;
    let (a1, a2, b1) = (photo("obama.jpg"), photo("obama2.jpg"), photo("biden.jpg"));
    refused(client.file(RECOGNIZE, &a1).await, 403, 1001, "Art. ");
    for (handle, picture) in [
        ("gate/Ann Lee", &a1),
        ("gate/Bob", &b1),
        ("elsewhere/Ann", &a2),
    ] {
        place.agree(handle).await;
        let (who, door) = (handle.parse().unwrap(), DOOR.parse().unwrap());
        let kept = place.ward.enroll(&who, &door, picture);
        assert!(matches!(
            kept.await.unwrap().outcome,
            faceward::Outcome::Done(_)
        ));
    }
    let a3 = photo("obama3.jpg");
    created(
        client
            .file(&format!("{FACES}?subject=Ann%20Lee"), &a3)
            .await,
    );

    let all = "?&limit=0&det_prob_threshold=0.3&prediction_count=3&face_plugins=age,gender,landmarks, calculator pose,mask&status=True".replace(' ', "%20");
    let told = done(client.file(&format!("{RECOGNIZE}{all}"), &a2).await);
    let face = &told["result"][0];
    let names: Vec<&str> = face["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["subject"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Ann Lee", "Ann Lee", "Bob"], "{told}");
    assert!(face["subjects"][0]["similarity"].as_f64().unwrap() > 0.9);
    assert_eq!(face["embedding"].as_array().unwrap().len(), 512);
    assert_eq!(face["landmarks"].as_array().unwrap().len(), 5);
    for member in ["pitch", "roll", "yaw"] {
        assert!(face["pose"][member].is_f64());
    }
    for part in ["detector", "calculator", "pose"] {
        assert!(face["execution_time"][part].is_f64());
        assert!(told["plugins_versions"][part].is_string());
    }
    let rounded = face["box"]["probability"].as_f64().unwrap() * 1e5;
    assert!((rounded - rounded.round()).abs() < 1e-6);
    for absent in ["age", "gender", "mask", "similarity", "subject"] {
        assert!(face.get(absent).is_none());
    }

    let plain = done(
        client
            .file(
                &format!("{RECOGNIZE}?face_plugins=undefined&det_prob_threshold=0.3"),
                &a2,
            )
            .await,
    );
    let members: Vec<&String> = plain["result"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["box", "subjects"]);
    assert!(plain.get("plugins_versions").is_none());
    assert_eq!(plain["result"][0]["subjects"].as_array().unwrap().len(), 1);

    let both = done(client.file(RECOGNIZE, &two_faces()).await);
    let area = |face: &Value| {
        let side =
            |from, to| face["box"][to].as_i64().unwrap() - face["box"][from].as_i64().unwrap();
        side("x_min", "x_max") * side("y_min", "y_max")
    };
    let faces = both["result"].as_array().unwrap();
    assert_eq!(faces.len(), 2);
    assert!(area(&faces[0]) > area(&faces[1]));
    assert_eq!(faces[0]["subjects"][0]["subject"], "Ann Lee");
    assert_eq!(faces[1]["subjects"][0]["subject"], "Bob");
    let one = done(
        client
            .file(&format!("{RECOGNIZE}?limit=1"), &two_faces())
            .await,
    );
    assert_eq!(one["result"], json!([faces[0]]));
    let whole = done(
        client
            .file(
                &format!("{RECOGNIZE}?detect_faces=false&face_plugins=pose"),
                &a2,
            )
            .await,
    );
    let whole = &whole["result"][0];
    assert_eq!(whole["box"]["probability"], 1.0);
    assert_eq!(
        (
            whole["box"]["x_min"].as_i64(),
            whole["box"]["x_max"].as_i64()
        ),
        (Some(0), Some(626))
    );
    assert!(whole.get("pose").is_none());
    assert_eq!(whole["subjects"][0]["subject"], "Ann Lee");

    for (query, code, text) in [
        ("limit=-1", 26, "Limit should be equal or greater than 0; "),
        (
            "prediction_count=0",
            26,
            "prediction_count should be equal or greater than 1; ",
        ),
        (
            "limit=-1&prediction_count=-1",
            26,
            "than 0; prediction_count",
        ),
        ("limit=many", 0, "Something went wrong"),
        ("status=perhaps", 0, "Something went wrong"),
        ("det_prob_threshold=2", 28, "No face"),
        ("det_prob_threshold=1", 28, "No face"),
        ("det_prob_threshold=x", 0, "Something went wrong"),
    ] {
        let path = format!("{RECOGNIZE}?{query}");
        refused(client.file(&path, &a2).await, 400, code, text);
    }
    refused(client.file(RECOGNIZE, &no_face()).await, 400, 28, "No face");

    let bob = "gate/Bob".parse().unwrap();
    let entries = place.ward.entries_about(&bob);
    let named = |entry: &&faceward::Entry| entry.event.act == Act::Identify;
    let entries = entries.await.unwrap();
    assert_eq!(
        entries.iter().filter(named).count(),
        2,
        "once for each answer"
    );
    place
        .ward
        .withdraw(&"gate/Bob".parse().unwrap(), &DOOR.parse().unwrap())
        .await
        .unwrap();
    let left = done(
        client
            .file(&format!("{RECOGNIZE}?prediction_count=9"), &b1)
            .await,
    );
    let names: Vec<&Value> = left["result"][0]["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["subject"])
        .collect();
    assert_eq!(names, ["Ann Lee", "Ann Lee"], "who withdrew is not found");
}
