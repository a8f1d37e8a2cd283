//! An erasure certificate: what was destroyed, why, how, and that a search found nothing after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Proof, as far as the controller's word goes, that templates were destroyed. Nothing in it can
/// bring back a face, and nothing in it names the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureCertificate {
    /// Always `faceward-erasure-certificate@v1`.
    pub schema_version: String,
    /// Identifier of this certificate, random.
    pub certificate_id: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// The person, as the mark in the ledger entry: opaque, and another one in each entry, so that
    /// two certificates tell nothing together. The person's salt opens it.
    pub subject_ref: String,
    /// The consent records the data rested on.
    pub record_ids: Vec<String>,
    /// For which purpose the data were kept.
    pub purpose: String,
    /// Why they had to go: a case of PIPL Art. 47.
    pub trigger: String,
    /// Since when they had to go.
    pub trigger_time: Timestamp,
    /// Who asked for it: `person`, `controller` or `retention-sweep`.
    pub requested_by: String,
    /// What was destroyed.
    pub items: Vec<ErasedItem>,
    /// Recipients who were told; empty where nobody had the data.
    pub recipients_notified: Vec<String>,
    /// What was not destroyed, and why.
    pub exceptions: Vec<ErasureException>,
    /// The search after the deletion.
    pub verified_by: Verified,
    /// The ledger entry of the deletion.
    pub ledger: LedgerPlace,
    /// Leaf hash of the entry before it; empty for the first.
    pub hash_of_previous_log_entry: String,
}

/// One kind of thing destroyed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasedItem {
    /// `template`, or `key` for the key above the templates and every copy of them.
    pub kind: String,
    /// Where it lay.
    pub store_id: String,
    /// How many.
    pub count: u64,
    /// `overwrite` or `crypto_erase`.
    pub method: String,
    /// When it was done.
    pub done_at: Timestamp,
}

/// Something that stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureException {
    /// What.
    pub item: String,
    /// `statutory_period` or `technical`.
    pub reason: String,
    /// Since when it is only stored.
    pub restricted_since: Timestamp,
    /// When it is to be looked at again.
    pub review_date: Timestamp,
}

/// The search after the deletion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verified {
    /// What was searched.
    pub method: String,
    /// When.
    pub at: Timestamp,
    /// Templates of the person for the purpose that were found: 0.
    pub templates_found: u64,
    /// Keys to such templates that were found: 0.
    pub keys_found: u64,
    /// Keys of past epochs that were found, under which copies could be opened: 0.
    pub past_epoch_keys_found: u64,
}

/// Where an act stands in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerPlace {
    /// Position of the entry, from 0.
    pub position: u64,
    /// The exact bytes of the entry, as text.
    pub entry: String,
    /// Its leaf hash.
    pub leaf_hash: String,
    /// Proof that the entry is under the checkpoint.
    pub inclusion_proof: String,
    /// The signed checkpoint.
    pub checkpoint: String,
}

impl ErasureCertificate {
    /// The one schema version there is.
    pub const SCHEMA_VERSION: &'static str = "faceward-erasure-certificate@v1";

    /// Whether the search after the deletion found nothing.
    pub fn nothing_left(&self) -> bool {
        let Verified {
            templates_found,
            keys_found,
            past_epoch_keys_found,
            ..
        } = self.verified_by;
        templates_found == 0 && keys_found == 0 && past_epoch_keys_found == 0
    }
}
