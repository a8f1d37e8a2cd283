//! Fits what `faceward_face::mask` knows of masks, and measures what strangers score behind them.
//!
//! ```text
//! cargo run --release -p faceward-face --example masks -- fit demo models
//! cargo run --release -p faceward-face --example masks -- measure FOLDER/identify.csv
//! ```
//!
//! `fit` takes the pictures of a folder, one face each, draws masks on them and writes `masks.f32` and `fitted.toml`:
//! the same bytes each time on one kind of processor. It never reads the sets that Faceward is measured on. `measure`
//! prints the means and deviations of strangers' scores that `faceward-match` holds in `covered.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool for developers, who read where it stopped"
)]

use std::fs;
use std::path::Path;

#[path = "masks/fit.rs"]
mod fit;
#[path = "masks/measure.rs"]
mod measure;
#[path = "masks/pictures.rs"]
mod pictures;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fit", photographs, models] => {
            let table = fit::table(Path::new(photographs));
            let models = Path::new(models);
            fs::write(models.join("masks.f32"), &table).unwrap();
            fs::write(models.join("fitted.toml"), pictures::manifest(&table)).unwrap();
            println!("{} bytes to {}", table.len(), models.display());
        }
        ["measure", protocol] => measure::strangers(Path::new(protocol)),
        _ => eprintln!("masks fit PHOTOGRAPHS MODELS | masks measure IDENTIFY.CSV"),
    }
}
