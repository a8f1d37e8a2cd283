//! What was recorded, and does it hold together?

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use faceward_law::{ConsentRecord, SubjectId};
use faceward_ledger::{TilePath, VerifyingKey, verify_log};
use faceward_vault::{
    Committed, EntryProof, Handle, LedgerEntry, Look, commitments, request_commitments,
};
use zeroize::Zeroizing;

use crate::facts::known;
use crate::{Event, Ward, WardError};

/// One entry of the ledger, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position, from 0.
    pub position: u64,
    /// What it says.
    pub event: Event,
}

/// A ledger that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Name of the log.
    pub origin: String,
    /// Entries, each of them checked.
    pub entries: u64,
    /// The signed checkpoint they were checked against.
    pub checkpoint: String,
}

const PAGE: u64 = 1024;

impl Ward {
    /// The entries at these positions, as far as they exist.
    ///
    /// # Errors
    /// [`WardError::Entry`] for one of an unknown form, [`WardError::Vault`].
    pub async fn entries(&self, positions: Range<u64>) -> Result<Vec<Entry>, WardError> {
        let mut look = self.vault.look().await?;
        read_entries(&mut look, positions).await
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn ledger_size(&self) -> Result<u64, WardError> {
        Ok(self.vault.look().await?.head().await?.0)
    }

    /// The entries that concern a person, recognised by their marks.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn entries_about(&self, handle: &Handle) -> Result<Vec<Entry>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        let records = look.consent_records(subject).await?;
        entries_of(&mut look, subject, &records).await
    }

    /// The proof that an entry is in the ledger, against the newest checkpoint.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is no such entry.
    pub async fn entry_proof(&self, position: u64) -> Result<EntryProof, WardError> {
        Ok(self.vault.look().await?.entry_proof(position).await?)
    }

    /// An entry as it was recorded, byte for byte, with the proof that it is in the ledger.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is no such entry.
    pub async fn entry_as_recorded(
        &self,
        position: u64,
    ) -> Result<(Vec<u8>, EntryProof), WardError> {
        let mut look = self.vault.look().await?;
        let proof = look.entry_proof(position).await?;
        let found = look.entries(position..position.saturating_add(1)).await?;
        let entry = found.into_iter().next();
        let entry = entry.ok_or(WardError::Entry { position })?;
        Ok((entry.bytes, proof))
    }

    /// Rebuilds the whole tree from the entries and holds it against the signed checkpoint.
    ///
    /// # Errors
    /// [`WardError::Ledger`] naming the first entry that was changed, [`WardError::Vault`].
    pub async fn audit(&self) -> Result<Audited, WardError> {
        Ok(self.audited_files().await?.0)
    }

    /// The same, with the files of the ledger by their names.
    pub(crate) async fn audited_files(
        &self,
    ) -> Result<(Audited, BTreeMap<String, Vec<u8>>), WardError> {
        let mut files = BTreeMap::new();
        let mut look = self.vault.look().await?;
        let log = look
            .export_log(|path, bytes| {
                files.insert(path.to_owned(), bytes.to_vec());
                Ok(())
            })
            .await?;
        let read = |path: &TilePath| files.get(&path.to_string()).cloned();
        let verified = verify_log(&log.checkpoint, &self.ledger_key(), read)?;
        let audited = Audited {
            origin: verified.checkpoint.origin.to_string(),
            entries: verified.checkpoint.size,
            checkpoint: log.checkpoint,
        };
        Ok((audited, files))
    }

    /// Writes the ledger into a new folder that anyone can check offline ([`check_folder`]).
    ///
    /// # Errors
    /// [`WardError::Vault`] when the folder is there already or cannot be written.
    pub async fn export_ledger(&self, folder: &Path) -> Result<u64, WardError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| faceward_vault::VaultError::File { path, error }
        };
        std::fs::create_dir(folder).map_err(failed(folder))?;
        let mut look = self.vault.look().await?;
        let log = look
            .export_log(|name, bytes| {
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent).map_err(failed(parent))?;
                }
                std::fs::write(&path, bytes).map_err(failed(&path))
            })
            .await?;
        Ok(log.size)
    }
}

/// Checks a ledger that was exported into a folder, with the public key of its log. Needs no vault.
///
/// # Errors
/// [`WardError::Ledger`] naming the first entry that was changed; [`WardError::File`].
pub fn check_folder(folder: &Path, key: &VerifyingKey) -> Result<Audited, WardError> {
    let path = folder.join("checkpoint");
    let checkpoint =
        std::fs::read_to_string(&path).map_err(|error| WardError::File { path, error })?;
    let read = |path: &TilePath| std::fs::read(folder.join(path.to_string())).ok();
    let verified = verify_log(&checkpoint, key, read)?;
    Ok(Audited {
        origin: verified.checkpoint.origin.to_string(),
        entries: verified.checkpoint.size,
        checkpoint,
    })
}

/// The entries whose mark is this person's, alone or with something that happened to one of their
/// consents or requests.
pub(crate) async fn entries_of(
    look: &mut Look,
    subject: SubjectId,
    records: &[ConsentRecord],
) -> Result<Vec<Entry>, WardError> {
    let concerns = concerns(look, subject, records).await?;
    let marker = look.marker(subject).await?;
    let (size, _) = look.head().await?;
    let mut own = Vec::new();
    for start in (0..size).step_by(PAGE as usize) {
        for entry in read_entries(look, start..start.saturating_add(PAGE)).await? {
            let is_own = |(nonce, value): &([u8; 16], [u8; 32])| {
                let stands_for =
                    |known: &Committed| marker.again(*nonce, &known.what).value == *value;
                concerns.iter().any(stands_for)
            };
            if entry.event.marks.iter().any(is_own) {
                own.push(entry);
            }
        }
    }
    Ok(own)
}

/// All that entries about a person may commit to beside them: nothing further, or something that
/// happened to one of their consents or requests.
pub(crate) async fn concerns(
    look: &mut Look,
    subject: SubjectId,
    records: &[ConsentRecord],
) -> Result<Vec<Committed>, WardError> {
    let mut concerns = vec![Committed {
        what: Vec::new(),
        text: Zeroizing::default(),
    }];
    for record in records {
        concerns.extend(commitments(record)?);
    }
    for request in look.requests(subject).await? {
        concerns.extend(request_commitments(&request)?);
    }
    Ok(concerns)
}

async fn read_entries(look: &mut Look, positions: Range<u64>) -> Result<Vec<Entry>, WardError> {
    let stored = look.entries(positions).await?;
    let read = |entry: &LedgerEntry| {
        let position = entry.position;
        let event = Event::parse(&entry.bytes).ok_or(WardError::Entry { position })?;
        Ok(Entry { position, event })
    };
    stored.iter().map(read).collect()
}
