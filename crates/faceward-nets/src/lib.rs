//! What does this net say about these pixels?
//!
//! Four nets in pure Rust, weights in, numbers out: [`CenterFace`] finds faces, [`Landmarks68`]
//! their parts, [`MobileFaceNet`] makes an embedding, [`MiniFasNet`] tells a face from a picture of
//! one. Each is a file that reads top to bottom like the table of its paper.
//!
//! ```no_run
//! use faceward_nets::{MobileFaceNet, Threads};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let net = MobileFaceNet::from_safetensors(&std::fs::read("models/mobilefacenet.safetensors")?)?;
//! let face = vec![0; MobileFaceNet::SIDE * MobileFaceNet::SIDE * 3];
//! let embedding = net.run(&face, &Threads::one())?;
//! assert_eq!(embedding.len(), MobileFaceNet::DIM);
//! # Ok(())
//! # }
//! ```
//!
//! A net is shared freely between threads and keeps its scratch memory for the next call; the
//! memory is wiped when the net is dropped. Nothing here reads a file, knows an image format or
//! hears of persons.
//!
//! The arithmetic runs on AVX-512, on AVX2 with FMA, or as portable code ([`Kernels`]), chosen by
//! what the processor has. One set gives the same bits whatever the number of threads; different
//! sets round differently in the last places. [`Threads::with_kernels`] holds a team to one set,
//! for tests and measurements.

mod bottleneck;
mod centerface;
mod error;
mod filter;
mod image;
mod kernel;
mod landmarks68;
mod map;
mod minifasnet;
mod mobilefacenet;
mod neck;
mod store;
mod tail;
mod threads;
mod weights;
mod window;

pub use centerface::{CenterFace, CenterFaceMaps};
pub use error::NetError;
pub use kernel::Kernels;
pub use landmarks68::Landmarks68;
pub use minifasnet::MiniFasNet;
pub use mobilefacenet::{Apart, MobileFaceNet, Seen};
pub use threads::Threads;

/// The instruction set nets run on unless told otherwise, for people to read.
#[must_use]
pub fn cpu_features() -> Kernels {
    Kernels::best()
}
