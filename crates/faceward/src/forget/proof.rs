//! Forgetting proves itself: it looks for what should be gone, says where it looked, and signs it.

use faceward_law::ConsentRecord;
use faceward_receipt::{ErasureCertificate, Verified};
use faceward_vault::{Forgotten, Mark, Receipt, Searched, VaultError};
use jiff::Timestamp;

use crate::consent::fresh_id;
use crate::event::hex;
use crate::retention::{entry_before, items, place};
use crate::{Act, SignedErasure, Ward, WardError};

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
    pub(super) verified: &'a str,
}

impl Ward {
    /// The signed certificate of a forgetting after which nothing was found.
    pub(super) async fn certify_forgetting(
        &self,
        facts: Facts<'_>,
    ) -> Result<SignedErasure, WardError> {
        let key = self.vault.receipt_key()?;
        let mut look = self.vault.look().await?;
        let (forgotten, at) = (facts.forgotten, facts.at);
        let by_person = facts.asked_for;
        let certificate = ErasureCertificate {
            schema_version: ErasureCertificate::SCHEMA_VERSION.to_owned(),
            certificate_id: fresh_id()?.to_string(),
            issued_at: self.now(),
            subject_ref: hex(&facts.mark.value),
            record_ids: facts.records.iter().map(|r| r.id().to_string()).collect(),
            purpose: purposes(facts.records),
            trigger: Act::Forgotten.word().to_owned(),
            trigger_time: at,
            requested_by: if by_person { "person" } else { "controller" }.to_owned(),
            items: items(forgotten.templates, forgotten.keys, at),
            recipients_notified: Vec::new(),
            exceptions: Vec::new(),
            verified_by: Verified {
                method: facts.verified.to_owned(),
                at: self.now(),
                templates_found: 0,
                keys_found: 0,
                past_epoch_keys_found: 0,
            },
            ledger: place(facts.receipt, facts.entry),
            hash_of_previous_log_entry: entry_before(&mut look, facts.receipt).await?,
        };
        self.keep(certificate, &key)
    }
}

/// Where was looked, in a sentence, and what was found, a clause each. A search that failed found
/// that nobody can tell.
pub(super) fn told(searched: Result<Searched, VaultError>) -> (String, Vec<String>) {
    match searched {
        Ok(searched) => (method(&searched), searched.found),
        Err(error) => {
            let found = format!("nobody can tell, because the search failed: {error}");
            ("nothing could be looked at".to_owned(), vec![found])
        }
    }
}

/// Where the search looked, in a sentence.
fn method(searched: &Searched) -> String {
    format!(
        "search through a new connection: every column of {} tables for the person's identifier, the handle's tag, {} bytes of {} for {} pieces of what was stored, the folder of epoch keys for past ones",
        searched.tables.len(),
        searched.bytes,
        searched.files.join(" and "),
        searched.pieces,
    )
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
