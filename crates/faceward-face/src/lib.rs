//! What faces does this image hold, are they good enough, and what is each one's template?
//!
//! ```no_run
//! use faceward_face::{Image, Reader, ReaderOptions};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let reader = Reader::new(ReaderOptions::default())?;
//! let image = Image::decode(&std::fs::read("portrait.jpg")?)?;
//! let face = reader.the_face(&image)?;
//! let quality = reader.quality(&image, &face)?;
//! if quality.obstacles().next().is_none() {
//!     let template = reader.template(&image, &face)?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Pixels and templates are wiped when dropped and never printed or logged. The crate reads one file, an ONNX embedder
//! if one is configured, and otherwise does no I/O: weights are part of the program and are checked against their
//! manifest when a [`Reader`] is made.

mod align;
mod cover;
#[doc(hidden)]
mod covering;
mod decode;
pub mod detect;
mod embed;
mod engine;
mod error;
pub mod faceprint;
mod landmarks;
mod light;
mod liveness;
#[doc(hidden)]
pub mod mask;
mod models;
pub mod parallax;
mod quality;
mod reader;
mod sample;
pub mod track;

pub use cover::Cover;
pub use covering::Covering;
pub use decode::{Image, MAX_BYTES, MAX_PIXELS};
pub use detect::{Choice, Face, Point, Rect, alone, choose};
pub use engine::Embedder;
pub use error::FaceError;
pub use faceprint::FacePrint;
pub use faceward_nets::cpu_features;
pub use liveness::Liveness;
pub use models::{BuiltIn, built_in};
pub use parallax::off_plane;
pub use quality::{
    COMPONENTS, Component, Defect, Known, Measured, Quality, Reason, single_face_present,
};
pub use reader::{Reader, ReaderOptions};
