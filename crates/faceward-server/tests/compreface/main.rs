//! The API that CompreFace's clients speak: every endpoint, and what real clients get wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and shares its house"
)]

mod client;
mod examples;
mod faces;
mod manners;
mod people;
mod pictures;
#[path = "../place/mod.rs"]
mod place;
