//! What an answer tells of a face that was looked at.

use std::collections::BTreeSet;

use faceward::{COMPONENTS, Measured};
use serde_json::{Value, json};

use crate::client::{Client, base64, everything};
use crate::place::{Place, photo, two_faces};

/// Properties of a picture or a number made of the others, not measured of one face.
const NOT_OF_ONE_FACE: [&str; 2] = ["UnifiedQualityScore", "SingleFacePresent"];

#[tokio::test]
async fn every_measured_component_is_told_of_every_face() {
    let place = Place::new().await;
    let client = Client::of(&place, everything()).await;
    let said = json!({ "picture": base64(&two_faces()) });
    let found = client.post("/v1/detect", said).await.done();
    let faces = found["faces"].as_array().unwrap();
    assert_eq!(faces.len(), 2);
    place.agree("alice").await;
    let kept = client.claim("enroll", "alice", &photo("obama.jpg")).await;
    let kept = kept.done();
    let measured = COMPONENTS
        .iter()
        .filter(|known| !matches!(known.measured, Measured::Not(_)))
        .map(|known| known.name)
        .filter(|name| !NOT_OF_ONE_FACE.contains(name));
    let measured: BTreeSet<&str> = measured.collect();
    for face in faces.iter().chain([&kept["sample"]]) {
        let told = face["components"].as_object().unwrap();
        let names: BTreeSet<&str> = told.keys().map(String::as_str).collect();
        assert_eq!(names, measured);
        for (name, one) in told {
            assert!(one["native"].is_f64(), "{name}: {one}");
            let in_range = one["value"].as_u64().is_some_and(|value| value <= 100);
            assert!(in_range || one["value"] == Value::Null, "{name}: {one}");
        }
    }
    let size = |face: &Value| face["components"]["HeadSize"]["native"].as_f64().unwrap();
    assert_ne!(size(&faces[0]), size(&faces[1]), "each face has its own");
}
