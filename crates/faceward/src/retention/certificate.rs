//! The certificate of one erasure: what the vault held, what was done, what a search finds now.

use faceward_receipt::{
    ErasedItem, ErasureCertificate, Kind, LedgerPlace, SigningKey, Verified, sign,
};
use faceward_vault::{Mark, Receipt};
use jiff::Timestamp;

use super::Due;
use crate::consent::fresh_id;
use crate::event::hex;
use crate::{Ward, WardError};

/// What is known once the act is recorded.
pub(super) struct Facts<'a> {
    pub(super) due: &'a Due,
    pub(super) mark: Mark,
    pub(super) entry: &'a [u8],
    pub(super) receipt: &'a Receipt,
    pub(super) at: Timestamp,
}

impl Ward {
    /// Searches for what was to be destroyed, and signs what the search found.
    pub(super) async fn certify(
        &self,
        facts: Facts<'_>,
        key: &SigningKey,
    ) -> Result<(ErasureCertificate, String), WardError> {
        let Facts {
            due,
            mark,
            entry,
            receipt,
            at,
        } = facts;
        let mut look = self.vault.look().await?;
        let traces = look.traces(due.subject, &due.purpose).await?;
        let before = match receipt.position().checked_sub(1) {
            Some(before) => look.entry_proof(before).await?.entry().to_string(),
            None => String::new(),
        };
        let item = |kind: &str, store: &str, count, method: &str| ErasedItem {
            kind: kind.to_owned(),
            store_id: store.to_owned(),
            count,
            method: method.to_owned(),
            done_at: at,
        };
        let certificate = ErasureCertificate {
            schema_version: ErasureCertificate::SCHEMA_VERSION.to_owned(),
            certificate_id: fresh_id()?.to_string(),
            issued_at: self.now(),
            subject_ref: hex(&mark.value),
            record_ids: due.consents.iter().map(ToString::to_string).collect(),
            purpose: due.purpose.to_string(),
            trigger: due.trigger.word().to_owned(),
            trigger_time: due.by,
            requested_by: "retention-sweep".to_owned(),
            items: vec![
                item("template", "vault.db", due.references, "overwrite"),
                item("key", "vault.db and every copy of it", 1, "crypto_erase"),
            ],
            recipients_notified: Vec::new(),
            exceptions: Vec::new(),
            verified_by: Verified {
                method: "search of the vault for templates, their keys and keys of past epochs"
                    .to_owned(),
                at: self.now(),
                templates_found: traces.templates,
                keys_found: traces.keys,
                past_epoch_keys_found: traces.past_epoch_keys,
            },
            ledger: LedgerPlace {
                position: receipt.position(),
                entry: String::from_utf8_lossy(entry).into_owned(),
                leaf_hash: receipt.entry().to_string(),
                inclusion_proof: receipt.proof().to_string(),
                checkpoint: receipt.checkpoint().to_owned(),
            },
            hash_of_previous_log_entry: before,
        };
        let signed = sign(Kind::Erasure, &certificate, key)?;
        Ok((certificate, signed))
    }
}
