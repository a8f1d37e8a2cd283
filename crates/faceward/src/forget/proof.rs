//! Forgetting proves itself: it looks for what should be gone, says where it looked, and signs it.

use faceward_law::ConsentRecord;
use faceward_receipt::{ErasedItem, ErasureCertificate, Kind, LedgerPlace, Verified, sign};
use faceward_vault::{Forgotten, Mark, Receipt, Searched};
use jiff::Timestamp;

use crate::consent::fresh_id;
use crate::event::hex;
use crate::{Ward, WardError};

/// A kind of data that is derived from a face or a person, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Which kind.
    pub kind: &'static str,
    /// What became of it.
    pub fate: String,
}

/// What became of everything derived from a person who was forgotten.
pub(super) fn derived(forgotten: &Forgotten) -> Vec<Derived> {
    let said = |kind, fate: &str| Derived {
        kind,
        fate: fate.to_owned(),
    };
    vec![
        Derived {
            kind: "templates",
            fate: format!(
                "{} removed, the keys that opened them destroyed",
                forgotten.templates
            ),
        },
        said("face-print maps", "none are kept"),
        said(
            "search galleries",
            "held in memory for one search at a time; none outlives it",
        ),
        said("caches", "none are kept"),
        said(
            "backups",
            "dead with the epoch key that was destroyed; copies of epochs/ kept elsewhere are yours to destroy",
        ),
    ]
}

/// What is known of a forgetting once it is recorded.
pub(super) struct Facts<'a> {
    pub(super) forgotten: Forgotten,
    pub(super) records: &'a [ConsentRecord],
    pub(super) asked_for: bool,
    pub(super) mark: Mark,
    pub(super) entry: &'a [u8],
    pub(super) receipt: &'a Receipt,
    pub(super) at: Timestamp,
    pub(super) searched: &'a Searched,
}

impl Ward {
    /// The signed certificate of a forgetting after which nothing was found.
    pub(super) async fn certify_forgetting(
        &self,
        facts: Facts<'_>,
    ) -> Result<(ErasureCertificate, String), WardError> {
        let key = self.vault.receipt_key()?;
        let receipt = facts.receipt;
        let before = match receipt.position().checked_sub(1) {
            Some(before) => {
                let proof = self.vault.look().await?.entry_proof(before).await?;
                proof.entry().to_string()
            }
            None => String::new(),
        };
        let certificate = ErasureCertificate {
            schema_version: ErasureCertificate::SCHEMA_VERSION.to_owned(),
            certificate_id: fresh_id()?.to_string(),
            issued_at: self.now(),
            subject_ref: hex(&facts.mark.value),
            record_ids: facts.records.iter().map(|r| r.id().to_string()).collect(),
            purpose: purposes(facts.records),
            trigger: "forgotten".to_owned(),
            trigger_time: facts.at,
            requested_by: if facts.asked_for {
                "person"
            } else {
                "controller"
            }
            .to_owned(),
            items: items(facts.forgotten, facts.at),
            recipients_notified: Vec::new(),
            exceptions: Vec::new(),
            verified_by: Verified {
                method: method(facts.searched),
                at: self.now(),
                templates_found: 0,
                keys_found: 0,
                past_epoch_keys_found: 0,
            },
            ledger: LedgerPlace {
                position: receipt.position(),
                entry: String::from_utf8_lossy(facts.entry).into_owned(),
                leaf_hash: receipt.entry().to_string(),
                inclusion_proof: receipt.proof().to_string(),
                checkpoint: receipt.checkpoint().to_owned(),
            },
            hash_of_previous_log_entry: before,
        };
        let signed = sign(Kind::Erasure, &certificate, &key)?;
        Ok((certificate, signed))
    }
}

/// Where the search looked, in a sentence.
pub(super) fn method(searched: &Searched) -> String {
    format!(
        "search through a new connection: every column of {} tables for the person's identifier, the handle's tag, {} bytes of {} for {} pieces of what was stored, the folder of epoch keys for past ones",
        searched.tables.len(),
        searched.bytes,
        searched.files.join(" and "),
        searched.pieces,
    )
}

fn items(forgotten: Forgotten, at: Timestamp) -> Vec<ErasedItem> {
    let item = |kind: &str, store: &str, count, method: &str| ErasedItem {
        kind: kind.to_owned(),
        store_id: store.to_owned(),
        count,
        method: method.to_owned(),
        done_at: at,
    };
    vec![
        item("template", "vault.db", forgotten.templates, "overwrite"),
        item(
            "key",
            "vault.db and every copy of it",
            forgotten.keys,
            "crypto_erase",
        ),
    ]
}

fn purposes(records: &[ConsentRecord]) -> String {
    let mut purposes: Vec<&str> = records
        .iter()
        .map(|record| record.asked().purpose.as_str())
        .collect();
    purposes.sort_unstable();
    purposes.dedup();
    if purposes.is_empty() {
        "none".to_owned()
    } else {
        purposes.join(", ")
    }
}
