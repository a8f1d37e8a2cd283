//! The epoch key in force, and the persons' keys it wraps.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use faceward_law::{Purpose, SubjectId};
use sqlx::{Row, Sqlite, SqliteConnection, Transaction};
use subtle::ConstantTimeEq;

use crate::VaultError;
use crate::db::{Shared, epoch_name};
use crate::keys::destroy;
use crate::seal::{Bound, SealKey};

/// What one of a person's keys opens.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// The name, the consents, and the person's marks in the ledger.
    Record,
    /// The references enrolled for one purpose.
    Purpose(&'a Purpose),
}

impl Scope<'_> {
    /// Text that no two scopes share: a purpose never contains a dot.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Record => ".record".to_owned(),
            Self::Purpose(purpose) => purpose.to_string(),
        }
    }
}

/// The epoch in force at one moment, with its key.
pub(crate) struct Keyring {
    pub(crate) epoch: i64,
    key: Arc<SealKey>,
}

impl Keyring {
    pub(crate) async fn of(
        shared: &Shared,
        tx: &mut Transaction<'static, Sqlite>,
    ) -> Result<Self, VaultError> {
        let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM state")
            .fetch_one(&mut **tx)
            .await?;
        if let Some((known, key)) = shared.epoch.lock().ok().and_then(|held| held.clone())
            && known == epoch
        {
            return Ok(Self { epoch, key });
        }
        let path = shared.paths.epoch_key(epoch);
        let key = Arc::new(shared.root.read_wrapped(&path, &epoch_name(epoch))?);
        if let Ok(mut held) = shared.epoch.lock() {
            *held = Some((epoch, key.clone()));
        }
        Ok(Self { epoch, key })
    }

    /// A keyring of an epoch not yet in force; nobody else finds it before the commit.
    pub(crate) fn unheld(epoch: i64, key: Arc<SealKey>) -> Self {
        Self { epoch, key }
    }

    /// Where a person with this handle is found; says nothing to whoever lacks the epoch key.
    pub(crate) fn handle_tag(&self, handle: &str) -> [u8; 32] {
        *self.key.derive(b"handle tag", handle.as_bytes())
    }

    /// Wraps a person's key for storage.
    pub(crate) fn wrap(
        &self,
        subject: SubjectId,
        scope: &str,
        key: &SealKey,
    ) -> Result<Vec<u8>, VaultError> {
        self.key.seal(&bound(subject, scope), key.bytes())
    }

    pub(crate) fn unwrap(
        &self,
        subject: SubjectId,
        scope: &str,
        wrapped: &[u8],
        commitment: &[u8],
    ) -> Result<SealKey, VaultError> {
        let unusable = || VaultError::Unsealable("key");
        let opened = self.key.open(&bound(subject, scope), wrapped)?;
        let key = SealKey::from_bytes(&opened).ok_or_else(unusable)?;
        let committed = key.commitment().as_slice().ct_eq(commitment);
        if bool::from(committed) {
            Ok(key)
        } else {
            Err(unusable())
        }
    }

    /// The person's key of this scope; `None` when there is none, or none any more.
    pub(crate) async fn find(
        &self,
        tx: &mut SqliteConnection,
        subject: SubjectId,
        scope: Scope<'_>,
    ) -> Result<Option<SealKey>, VaultError> {
        let scope = scope.name();
        let found = sqlx::query(
            "SELECT wrapped, commitment FROM sealing_key WHERE subject = $1 AND scope = $2",
        )
        .bind(subject.0.as_slice())
        .bind(&scope)
        .fetch_optional(tx)
        .await?;
        let Some(row) = found else { return Ok(None) };
        let (wrapped, commitment): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        self.unwrap(subject, &scope, &wrapped, &commitment)
            .map(Some)
    }

    /// The person's key of this scope, made if there is none.
    pub(crate) async fn find_or_make(
        &self,
        tx: &mut SqliteConnection,
        subject: SubjectId,
        scope: Scope<'_>,
    ) -> Result<SealKey, VaultError> {
        if let Some(key) = self.find(&mut *tx, subject, scope).await? {
            return Ok(key);
        }
        let key = SealKey::random()?;
        let scope = scope.name();
        sqlx::query("INSERT INTO sealing_key VALUES ($1, $2, $3, $4)")
            .bind(subject.0.as_slice())
            .bind(&scope)
            .bind(self.wrap(subject, &scope, &key)?)
            .bind(key.commitment().as_slice())
            .execute(tx)
            .await?;
        Ok(key)
    }
}

fn bound(subject: SubjectId, scope: &str) -> Bound {
    Bound::new("key of a person", &[&subject.0, scope.as_bytes()])
}

/// Destroys every epoch key but the one in force: what a rotation leaves behind, or a crash in one.
///
/// Runs under the write lock, so that no key of a rotation under way is mistaken for a left-over.
pub(crate) async fn sweep_epochs(shared: &Shared) -> Result<(), VaultError> {
    if epoch_files(shared)?.len() <= 1 {
        return Ok(());
    }
    let mut tx = shared.pool.begin_with("BEGIN IMMEDIATE").await?;
    let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM state")
        .fetch_one(&mut *tx)
        .await?;
    let kept = shared.paths.epoch_key(epoch);
    if !kept.exists() {
        return Err(VaultError::Damaged(
            "the epoch key it names is missing".to_owned(),
        ));
    }
    for file in epoch_files(shared)? {
        if file != kept {
            destroy(&file)?;
        }
    }
    drop(tx);
    // Old pages of the log go too; a reader in another process may delay it to the next time.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&shared.pool)
        .await?;
    Ok(())
}

fn epoch_files(shared: &Shared) -> Result<Vec<PathBuf>, VaultError> {
    let folder = shared.paths.epochs();
    let listed = fs::read_dir(&folder).and_then(|entries| {
        entries
            .map(|entry| entry.map(|e| e.path()))
            .collect::<std::io::Result<Vec<_>>>()
    });
    listed.map_err(|error| VaultError::File {
        path: folder,
        error,
    })
}
