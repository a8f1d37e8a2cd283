//! What a controller, a person and a thief would notice about a vault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod clear;
mod company;
mod consents;
mod crash;
mod damage;
mod declared;
mod desk;
mod folder;
mod forgetting;
mod kill;
mod ledger;
mod life;
mod maps;
mod permit;
mod remains;
mod requests;
mod scene;
mod shelf;
