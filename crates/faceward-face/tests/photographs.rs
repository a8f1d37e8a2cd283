//! What the reader finds in real photographs. The people in them are real, so the photographs are not part of the
//! project: they lie in `../shared/testdata` beside the repository, and without them these tests say so and pass.
#![allow(clippy::indexing_slicing, reason = "a test may panic")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use faceward_face::{Choice, Face, Image, Reader, ReaderOptions, choose};

#[path = "photographs/detection.rs"]
mod detection;
#[path = "photographs/liveness.rs"]
mod liveness;
#[path = "photographs/quality.rs"]
mod quality;
#[path = "photographs/recognition.rs"]
mod recognition;

/// The folder of a set, or `None` after saying that the test is skipped.
fn set(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata");
    let folder = beside.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no photographs in ../shared/testdata/{name} beside the repository");
    None
}

/// All pictures of a folder and the folders in it, by name.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pictures(&path));
        } else if path
            .extension()
            .is_some_and(|e| e == "jpg" || e == "pgm" || e == "png")
        {
            found.push(path);
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn open(path: &Path) -> Image {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Image::decode(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The rows of a CSV file without its header, split at commas (none of the sets quotes).
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("a table");
    let split = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().skip(1).map(split).collect()
}

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| Reader::new(ReaderOptions::default()).expect("built-in weights"))
}

fn most_central(image: &Image) -> Option<Face> {
    let faces = reader().detect(image).expect("a detection");
    let (width, height) = (image.width(), image.height());
    choose(&faces, Choice::MostCentral { width, height }).copied()
}

fn largest(image: &Image) -> Option<Face> {
    let faces = reader().detect(image).expect("a detection");
    choose(&faces, Choice::Largest).copied()
}
