//! What was recorded, and can anyone prove it was not changed?
//!
//! The ledger is an append-only log: a Merkle tree over entries (RFC 6962, SHA-256) whose root a
//! log signs from time to time as a checkpoint (C2SP tlog-checkpoint and signed-note, Ed25519).
//! Two kinds of proof follow from it. An [`InclusionProof`] shows that an entry is in the log, a
//! [`ConsistencyProof`] that a later log begins with all of an earlier one. [`verify_log`] checks
//! a whole exported log (C2SP tlog-tiles) and names the first entry that was changed.
//!
//! The crate knows no storage, no clock and no meaning of an entry. Each computation is two
//! functions: one lists the stored nodes it needs, wherever they lie, the other takes their hashes.
//!
//! ```
//! use faceward_ledger::*;
//! use std::collections::HashMap;
//!
//! let mut stored = HashMap::new();
//! let mut size = 0;
//! let mut root = Hash::of_empty_log();
//! for entry in ["consent given", "enrolled", "consent withdrawn"] {
//!     let fetched: Vec<Hash> = nodes_for_append(size).iter().map(|id| stored[id]).collect();
//!     let grown = append(size, &fetched, leaf_hash(entry.as_bytes()))?;
//!     stored.extend(grown.nodes);
//!     (size, root) = (grown.size, grown.root);
//! }
//!
//! let key = SigningKey::from_seed("ward.example/log".parse()?, &[7; 32]);
//! let signed = key.sign(&Checkpoint { origin: key.name().clone(), size, root })?;
//!
//! let fetched: Vec<Hash> = nodes_for_inclusion(1, size)?.iter().map(|id| stored[id]).collect();
//! let proof = inclusion_proof(1, size, &fetched)?;
//!
//! // Elsewhere, with the public key only:
//! let checkpoint = SignedCheckpoint::open(signed.as_str(), &key.verifier())?;
//! proof.verify(&leaf_hash(b"enrolled"), &checkpoint)?;
//! assert!(proof.verify(&leaf_hash(b"never happened"), &checkpoint).is_err());
//! # Ok::<(), LedgerError>(())
//! ```

mod checkpoint;
mod decimal;
mod error;
mod hash;
mod note;
mod proof;
mod tiles;
mod tree;
mod verify;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use error::LedgerError;
pub use hash::{Hash, leaf_hash, node_hash};
pub use note::{MAX_NOTE, Origin, SigningKey, VerifyingKey};
pub use proof::{
    ConsistencyProof, InclusionProof, consistency_proof, inclusion_proof, nodes_for_consistency,
    nodes_for_inclusion,
};
pub use tiles::{
    MAX_ENTRY, TileContent, TilePath, decode_bundle, decode_tile, encode_bundle, encode_tile,
};
pub use tree::{Append, NodeId, append, nodes_for_append, nodes_for_root, root};
pub use verify::{VerifiedLog, verify_log};
