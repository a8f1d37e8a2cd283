//! A covered face matches nobody, on the public portraits of the demo.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;

use faceward_face::{Cover, FaceError, Image, Reader, ReaderOptions};
use faceward_match::{FalseMatchRate, score, table_for};

fn portrait(name: &str) -> Image {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    Image::decode(&std::fs::read(demo.join(name)).unwrap()).unwrap()
}

#[test]
fn nothing_of_the_person_is_left_for_the_embedder_or_the_detector() {
    let reader = Reader::new(ReaderOptions::default()).unwrap();
    let table = table_for(reader.model()).unwrap();
    let uncertain = table
        .threshold(FalseMatchRate::ONE_IN_A_HUNDRED)
        .unwrap()
        .score;
    for (name, other) in [
        ("obama.jpg", "obama2.jpg"),
        ("obama2.jpg", "obama3.jpg"),
        ("biden.jpg", "biden.jpg"),
        ("astronaut.png", "astronaut.png"),
    ] {
        let (mut image, other) = (portrait(name), portrait(other));
        let reference = reader
            .template(&other, &reader.the_face(&other).unwrap())
            .unwrap();
        let face = reader.the_face(&image).unwrap();
        let before = score(&reader.template(&image, &face).unwrap(), &reference).unwrap();
        assert!(before >= uncertain, "{name}: {before}");
        let cover = Cover::of(&image, &face);
        image.cover(&face.rect, &cover, 1.0);
        // Even for who knows where the eyes were.
        let after = score(&reader.template(&image, &face).unwrap(), &reference).unwrap();
        println!("{name}: {before} before, {after} covered, uncertain from {uncertain}");
        assert!(after < uncertain, "{name}: {after}");
        let found = reader.the_face(&image);
        if let Ok(found) = found {
            let seen = score(&reader.template(&image, &found).unwrap(), &reference).unwrap();
            assert!(seen < uncertain, "{name}: {seen}");
        } else {
            assert!(matches!(
                found,
                Err(FaceError::NoFace | FaceError::SeveralFaces { .. })
            ));
        }
    }
}
