//! A dispute about a face: who must prove what, what is made out, what would change it, and is what
//! is offered as proof what it says?
//!
//! An [`Assessor`] works a case file through: [`check_evidence`] holds its files against their hashes
//! and proofs, [`fill_case`] fills in what a processor's ledger proves ([`read_story`] checks an
//! exported one, [`Ward::ledger_story`](crate::Ward::ledger_story) a ward's own), and the packs answer
//! each claim. A [`Dossier`] writes it out for a reader, [`case_json`] for a program. What no ledger
//! proves is [`LEDGER_CANNOT_PROVE`].

mod assessor;
mod dossier;
mod evidence;
mod fill;
mod opening;
mod read;
mod receipt;
mod story;
mod told;
pub mod words;

pub use assessor::{Assessor, CaseFile, Expected, HandedLedger, ToldByLedger, WhatIf, Worked};
pub use dossier::{Dossier, Lang};
pub use evidence::{CheckedEvidence, EvidenceFiles, EvidenceResult, check_evidence, sha256_hex};
pub use fill::{Filled, LEDGER_CANNOT_PROVE, fill_case};
pub use opening::{Opening, Openings};
pub use read::{HOME, template};
pub use receipt::{ProvenEntry, check_entry_proof};
pub use story::{LedgerStory, OwnEntry, read_story};
pub use told::{case_json, entry_receipts};
