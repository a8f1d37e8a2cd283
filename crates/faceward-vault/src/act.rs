//! Changes that happen together with their ledger entry, or not at all.

use std::ops::{Deref, DerefMut};

use crate::epoch::{destroy_before, rotate};
use crate::ledger::append;
use crate::{EntryProof, Look, VaultError};

/// An act under way: nobody else changes the vault meanwhile, and nothing it does is there until
/// [`Act::record`]. It can be asked whatever a [`Look`] can.
pub struct Act {
    look: Look,
    key_removed: bool,
}

impl Act {
    pub(crate) fn new(look: Look) -> Self {
        Self {
            look,
            key_removed: false,
        }
    }

    /// A person's key was removed: the epoch has to end with this act.
    pub(crate) fn note_removed_key(&mut self) {
        self.key_removed = true;
    }

    /// Appends the entry, commits everything with it, and gives the receipt. Where a person's key
    /// was removed, every other key is wrapped under a new epoch key first, and the old epoch key
    /// is destroyed after.
    ///
    /// What a crash means at each step: before the commit, nothing of the act is there (a new epoch
    /// key may lie unused; the next rotation moves it aside). After the commit the act and its entry
    /// stand, durable; the key of the past epoch may still lie there, and the next opening destroys
    /// it before anything else. Where a receipt never reached its reader, [`Look::entry_proof`] still
    /// proves the entry.
    ///
    /// # Errors
    /// [`VaultError::Ledger`], [`VaultError::Damaged`], [`VaultError::Database`],
    /// [`VaultError::File`] when the new epoch key could not be written: the act then did not
    /// happen. [`VaultError::NotDestroyed`] when the past epoch key could not be destroyed: the act
    /// then stands, its receipt is in the error, and the destruction is tried again by the next
    /// act that removes a key and at the next opening.
    pub async fn record(mut self, entry: &[u8]) -> Result<Receipt, VaultError> {
        if self.key_removed {
            rotate(&mut self.look).await?;
        }
        let proof = append(&mut self.look, entry).await?;
        let Look {
            shared,
            tx,
            keyring,
        } = self.look;
        tx.commit().await?;
        let receipt = Receipt(proof);
        if self.key_removed {
            let epoch = keyring.epoch;
            keyring.hold(&shared);
            if let Err(error) = destroy_before(&shared, epoch).await {
                return Err(match error {
                    VaultError::File { path, error } => VaultError::NotDestroyed {
                        receipt: Box::new(receipt),
                        path,
                        error,
                    },
                    other => other,
                });
            }
        }
        Ok(receipt)
    }
}

impl Deref for Act {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.look
    }
}

impl DerefMut for Act {
    fn deref_mut(&mut self) -> &mut Look {
        &mut self.look
    }
}

/// Proof that an act was recorded: made by [`Act::record`] once the act is durable, and by nothing
/// else. What it proves it shares with any [`EntryProof`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(EntryProof);

impl Deref for Receipt {
    type Target = EntryProof;

    fn deref(&self) -> &EntryProof {
        &self.0
    }
}
