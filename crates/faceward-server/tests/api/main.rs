//! The REST API as an engineer meets it: what a key reaches, what is refused and how it is told, and
//! whether the document says the truth.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test fails by panicking, and shares its house"
)]

mod client;
mod docs;
mod examples;
mod faces;
mod inputs;
mod keys;
mod laws;
mod lists;
#[path = "../place/mod.rs"]
mod place;
mod states;
