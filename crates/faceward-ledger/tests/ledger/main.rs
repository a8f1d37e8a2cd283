//! Can anyone prove the ledger was not changed, and is every change found?
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken test should stop where it breaks"
)]

mod export;
mod grown;
mod malformed;
mod oracle;
mod proofs;
mod vectors;
