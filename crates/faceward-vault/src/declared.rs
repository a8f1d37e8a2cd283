//! Which declaration the ledger has last. It changes together with the entry that says so, so that every
//! process that uses the vault can tell whether the one it read is on record.

use crate::{Act, Look, VaultError};

impl Look {
    /// Digest of the declaration that was recorded last; `None` where none was, or that none is made
    /// any more.
    ///
    /// # Errors
    /// [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn declared(&mut self) -> Result<Option<[u8; 32]>, VaultError> {
        let digest: Option<Vec<u8>> = sqlx::query_scalar("SELECT declared FROM state")
            .fetch_one(&mut *self.tx)
            .await?;
        let digest = digest.map(<[u8; 32]>::try_from).transpose();
        digest.map_err(|_| VaultError::Damaged("its declaration has no digest".to_owned()))
    }
}

impl Act {
    /// From this act on the declaration with this digest stands; its entry has to say so.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn declare(&mut self, digest: Option<[u8; 32]>) -> Result<(), VaultError> {
        sqlx::query("UPDATE state SET declared = $1")
            .bind(digest.map(|digest| digest.to_vec()))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
