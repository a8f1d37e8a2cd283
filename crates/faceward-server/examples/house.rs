//! Serves a house with people who agreed and keys for clients of CompreFace, for the conformance
//! scripts in `tests/sdk`. Prints where it is, with which keys and with which pictures as one line
//! of JSON, and ends when its input does.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a stage for tests, which fails by panicking"
)]

#[path = "../tests/place/mod.rs"]
mod place;

use std::fs;

use faceward::KeyKind;
use faceward_server::{Limits, Listening, ServeOptions, serve};
use place::{Place, no_face, photo, terms, two_faces};
use serde_json::json;

#[tokio::main]
async fn main() {
    let place = Place::new().await;
    for name in ["gate/Ann Lee", "gate/Bob"] {
        place.agree(name).await;
    }
    let services = place.services().await;
    let mut careful = terms(KeyKind::Recognition);
    (careful.embeddings, careful.mass_delete) = (false, false);
    let listening = Listening::at(ServeOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        behind_proxy: false,
    });
    let listening = listening.await.unwrap();
    let said = json!({
        "port": listening.address().port(),
        "recognition": services.recognition,
        "careful": place.key(careful).await,
        "detection": services.detection,
        "verification": services.verification,
        "pictures": pictures(&place),
    });
    println!("{said}");
    let front = place.front(Limits::default()).await;
    let end = async {
        let wait = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = tokio::task::spawn_blocking(wait).await;
    };
    serve(listening, front, end).await.unwrap();
}

/// The folder of a1, a2 (one person), b1 (another), two (both), nobody, and a text called text.jpg.
fn pictures(place: &Place) -> String {
    let folder = place.folder.path().join("pictures");
    fs::create_dir(&folder).unwrap();
    for (name, bytes) in [
        ("a1.jpg", photo("obama.jpg")),
        ("a2.jpg", photo("obama2.jpg")),
        ("b1.jpg", photo("biden.jpg")),
        ("two.bmp", two_faces()),
        ("nobody.bmp", no_face()),
        ("text.jpg", b"not a picture".to_vec()),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}
