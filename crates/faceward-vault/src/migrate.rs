//! A vault of an older format, brought up to date at its opening.

use sqlx::sqlite::SqlitePool;

use crate::db::FORMAT;
use crate::keys::{Paths, RootKey};
use crate::seal::SealKey;
use crate::{Vault, VaultError};

/// The steps of the database's form, one a format, applied in order.
pub(crate) const SCHEMA: [&str; FORMAT as usize] = [
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
];

/// The name under which the seed of the receipt key is wrapped.
const RECEIPTS: &str = "receipts";

impl Vault {
    /// The key that signs consent receipts and erasure certificates.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] when its file is missing or not of this vault.
    pub fn receipt_key(&self) -> Result<faceward_receipt::SigningKey, VaultError> {
        let path = self.shared.paths.receipt_key();
        let seed = self.shared.root.read_wrapped(&path, RECEIPTS)?;
        Ok(faceward_receipt::SigningKey::from_seed(seed.bytes()))
    }
}

/// Adds what the newer formats have, in one step: the database is of the old format or of the new
/// one, and rows of the old one stay as they are and stay readable.
///
/// Killed on its way, it leaves a receipt key that nothing was signed with; the next opening takes
/// that one.
pub(crate) async fn migrate(
    acts: &SqlitePool,
    paths: &Paths,
    root: &RootKey,
) -> Result<(), VaultError> {
    let mut tx = acts.begin_with("BEGIN IMMEDIATE").await?;
    // Another process may have been quicker.
    let found: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *tx)
        .await?;
    for step in SCHEMA.iter().skip(usize::try_from(found).unwrap_or(0)) {
        sqlx::raw_sql(*step).execute(&mut *tx).await?;
    }
    if !paths.receipt_key().exists() {
        write_receipt_key(paths, root)?;
    }
    // Our own constant; a pragma takes no parameters.
    let version = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {FORMAT}"));
    sqlx::query(version).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) fn write_receipt_key(paths: &Paths, root: &RootKey) -> Result<(), VaultError> {
    root.write_wrapped(&paths.receipt_key(), RECEIPTS, &SealKey::random()?)
}
