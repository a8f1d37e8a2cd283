//! The certificate of one erasure: what the vault held, what was done, what a search finds now.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use faceward_law::{ConsentId, Purpose, SubjectId};
use faceward_receipt::{
    ErasedItem, ErasureCertificate, Kind, LedgerPlace, SigningKey, Verified, sign,
};
use faceward_vault::{Look, Mark, Receipt};
use jiff::Timestamp;

use crate::consent::fresh_id;
use crate::event::hex;
use crate::{Ward, WardError};

/// A certificate, and the same signed: a compact JWS. The ward keeps it, whoever asked.
#[derive(Debug, Clone)]
pub struct SignedErasure {
    /// What it says.
    pub certificate: ErasureCertificate,
    /// What is handed out.
    pub signed: String,
    /// The file it is kept in, or why it is not: then this is all there is of it.
    pub kept: Result<PathBuf, String>,
}

/// What is known of an erasure once its act is recorded.
pub(crate) struct Facts<'a> {
    pub(crate) subject: SubjectId,
    pub(crate) purpose: &'a Purpose,
    pub(crate) references: u64,
    pub(crate) consents: &'a [ConsentId],
    /// Why, since when, and at whose word.
    pub(crate) trigger: &'a str,
    pub(crate) since: Timestamp,
    pub(crate) requested_by: &'a str,
    pub(crate) mark: Mark,
    pub(crate) entry: &'a [u8],
    pub(crate) receipt: &'a Receipt,
    pub(crate) at: Timestamp,
}

impl Ward {
    /// Searches for what was to be destroyed, and signs what the search found.
    pub(crate) async fn certify(
        &self,
        facts: Facts<'_>,
        key: &SigningKey,
    ) -> Result<SignedErasure, WardError> {
        let (receipt, at) = (facts.receipt, facts.at);
        let mut look = self.vault.look().await?;
        let traces = look.traces(facts.subject, facts.purpose).await?;
        let before = entry_before(&mut look, receipt).await?;
        let certificate = ErasureCertificate {
            schema_version: ErasureCertificate::SCHEMA_VERSION.to_owned(),
            certificate_id: fresh_id()?.to_string(),
            issued_at: self.now(),
            subject_ref: hex(&facts.mark.value),
            record_ids: facts.consents.iter().map(ToString::to_string).collect(),
            purpose: facts.purpose.to_string(),
            trigger: facts.trigger.to_owned(),
            trigger_time: facts.since,
            requested_by: facts.requested_by.to_owned(),
            items: items(facts.references, 1, at),
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
            ledger: place(receipt, facts.entry),
            hash_of_previous_log_entry: before,
        };
        self.keep(certificate, key)
    }

    /// Signs a certificate, and keeps it in the ward's folder.
    pub(crate) fn keep(
        &self,
        certificate: ErasureCertificate,
        key: &SigningKey,
    ) -> Result<SignedErasure, WardError> {
        let signed = sign(Kind::Erasure, &certificate, key)?;
        let folder = self.home.erasures();
        let path = folder.join(format!("{}.jws", certificate.certificate_id));
        let kept = make_folder(&folder).and_then(|()| write(&path, &signed));
        Ok(SignedErasure {
            certificate,
            signed,
            kept: match kept {
                Ok(()) => Ok(path),
                Err(error) => Err(format!("cannot write {}: {error}", path.display())),
            },
        })
    }
}

/// The folder of certificates, which only its owner may look into.
pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write(path: &Path, signed: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{signed}")?;
    file.sync_all()
}

/// Templates are overwritten where they lay; every copy of them dies with its key.
pub(crate) fn items(templates: u64, keys: u64, done_at: Timestamp) -> Vec<ErasedItem> {
    let item = |kind: &str, store: &str, count, method: &str| ErasedItem {
        kind: kind.to_owned(),
        store_id: store.to_owned(),
        count,
        method: method.to_owned(),
        done_at,
    };
    vec![
        item("template", "vault.db", templates, "overwrite"),
        item("key", "vault.db and every copy of it", keys, "crypto_erase"),
    ]
}

/// Where the entry of an act stands in the ledger.
pub(crate) fn place(receipt: &Receipt, entry: &[u8]) -> LedgerPlace {
    LedgerPlace {
        position: receipt.position(),
        entry: String::from_utf8_lossy(entry).into_owned(),
        leaf_hash: receipt.entry().to_string(),
        inclusion_proof: receipt.proof().to_string(),
        checkpoint: receipt.checkpoint().to_owned(),
    }
}

/// Leaf hash of the entry before that of an act; empty for the first.
pub(crate) async fn entry_before(look: &mut Look, receipt: &Receipt) -> Result<String, WardError> {
    Ok(match receipt.position().checked_sub(1) {
        Some(before) => look.entry_proof(before).await?.entry().to_string(),
        None => String::new(),
    })
}
