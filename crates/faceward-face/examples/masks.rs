//! Fits what `faceward_face` knows of masks and of whatever else covers a face, and measures it.
//!
//! ```text
//! cargo run --release -p faceward-face --example masks -- fit demo models
//! cargo run --release -p faceward-face --example masks -- measure FOLDER/identify.csv
//! cargo run --release -p faceward-face --example masks -- covers FOLDER/identify.csv
//! ```
//!
//! `fit` takes the pictures of a folder, one face each, draws on them and writes `masks.f32`, `covers.f32` and
//! `fitted.toml`: the same bytes each time on one kind of processor. It never reads the sets that Faceward is measured on.
//! `measure` prints the means and deviations of strangers' scores that `faceward-match` holds in `covered.rs`; `covers`
//! tells of the faces of a list, whose first two fields are file and person, what is marked as covered.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool for developers, who read where it stopped"
)]

use std::fs;
use std::path::Path;

#[path = "masks/bare.rs"]
mod bare;
#[path = "masks/canvas.rs"]
mod canvas;
#[path = "masks/covers.rs"]
mod covers;
#[path = "masks/fit.rs"]
mod fit;
#[path = "masks/lines.rs"]
mod lines;
#[path = "masks/measure.rs"]
mod measure;
#[path = "masks/pictures.rs"]
mod pictures;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fit", photographs, models] => {
            let photographs = Path::new(photographs);
            let (masks, covers) = (fit::table(photographs), lines::table(photographs));
            let models = Path::new(models);
            fs::write(models.join("masks.f32"), &masks).unwrap();
            fs::write(models.join("covers.f32"), &covers).unwrap();
            let manifest = pictures::manifest(&masks, &covers);
            fs::write(models.join("fitted.toml"), manifest).unwrap();
        }
        ["measure", protocol] => measure::strangers(Path::new(protocol)),
        ["covers", protocol] => measure::covers(Path::new(protocol)),
        _ => eprintln!(
            "masks fit PHOTOGRAPHS MODELS | masks measure LIST.CSV | masks covers LIST.CSV"
        ),
    }
}
