//! A dispute about a face: is what is offered as proof what it says, and what does a processor's
//! own ledger prove?
//!
//! Nothing here opens a vault. [`check_evidence`] holds the files of a case against their hashes
//! and proofs; [`read_story`] checks an exported ledger and finds the entries about one person by
//! what that person holds ([`Openings`]); [`fill_case`] fills in the facts that those entries
//! prove. What they cannot prove is [`LEDGER_CANNOT_PROVE`].

mod evidence;
mod fill;
mod opening;
mod receipt;
mod story;

pub use evidence::{CheckedEvidence, EvidenceResult, check_evidence, sha256_hex};
pub use fill::{Filled, LEDGER_CANNOT_PROVE, fill_case};
pub use opening::{Opening, Openings};
pub use receipt::{ProvenEntry, check_entry_proof};
pub use story::{LedgerStory, OwnEntry, read_story};
