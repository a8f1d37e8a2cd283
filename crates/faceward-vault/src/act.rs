//! Changes that happen together with their ledger entry, or not at all.

use std::ops::{Deref, DerefMut};

use crate::keyring::sweep_epochs;
use crate::ledger::append;
use crate::{Look, Receipt, VaultError};

/// An act under way: nobody else changes the vault meanwhile, and nothing it does is there until
/// [`Act::record`]. It can be asked whatever a [`Look`] can.
pub struct Act {
    look: Look,
    rotated: bool,
}

impl Act {
    pub(crate) fn new(look: Look) -> Self {
        Self {
            look,
            rotated: false,
        }
    }

    pub(crate) fn note_rotation(&mut self) {
        self.rotated = true;
    }

    /// Appends the entry, commits everything with it, and gives the receipt.
    ///
    /// What a crash means at each step: before the commit, nothing of the act is there (a new epoch
    /// key may lie unused; the next opening destroys it). After the commit the act and its entry
    /// stand, durable; keys of the past epoch may still lie there, and the next opening destroys
    /// them before anything else. A receipt that never reached its reader can be had again from
    /// the ledger.
    ///
    /// # Errors
    /// [`VaultError::Ledger`], [`VaultError::Damaged`], [`VaultError::Database`]; the act then did
    /// not happen. [`VaultError::File`] when a past epoch key could not be destroyed: the act then
    /// stands, and the destruction is tried again at the next opening.
    pub async fn record(mut self, entry: &[u8]) -> Result<Receipt, VaultError> {
        let receipt = append(&mut self.look, entry).await?;
        let Look { shared, tx, .. } = self.look;
        tx.commit().await?;
        if self.rotated {
            sweep_epochs(&shared).await?;
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
