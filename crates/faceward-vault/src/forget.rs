//! Destruction: of one purpose's references, or of everything held on a person.

use std::sync::Arc;

use faceward_law::{Purpose, SubjectId};
use sqlx::Row;

use crate::db::epoch_name;
use crate::keyring::{Keyring, Scope};
use crate::keys::destroy;
use crate::seal::SealKey;
use crate::subjects::subject_id;
use crate::{Act, VaultError};

/// What forgetting a person removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// References removed.
    pub templates: u64,
    /// Consent records removed.
    pub consents: u64,
    /// Keys destroyed.
    pub keys: u64,
}

impl Act {
    /// Removes everything held on a person and destroys their keys. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::File`], [`VaultError::Database`].
    pub async fn forget(&mut self, subject: SubjectId) -> Result<Forgotten, VaultError> {
        let mut removed = [0; 4];
        for (count, sql) in removed.iter_mut().zip(REMOVALS) {
            let done = sqlx::query(sql)
                .bind(subject.0.as_slice())
                .execute(&mut *self.tx)
                .await?;
            *count = done.rows_affected();
        }
        let [templates, consents, keys, known] = removed;
        if known == 0 {
            return Err(VaultError::UnknownSubject(subject.to_string()));
        }
        self.rotate().await?;
        Ok(Forgotten {
            templates,
            consents,
            keys,
        })
    }

    /// Removes the references of a person for one purpose and destroys their key.
    pub(crate) async fn drop_templates(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
    ) -> Result<u64, VaultError> {
        let rows = sqlx::query("DELETE FROM template WHERE subject = $1 AND purpose = $2")
            .bind(subject.0.as_slice())
            .bind(purpose.as_str())
            .execute(&mut *self.tx)
            .await?;
        let keys = sqlx::query("DELETE FROM sealing_key WHERE subject = $1 AND scope = $2")
            .bind(subject.0.as_slice())
            .bind(Scope::Purpose(purpose).name())
            .execute(&mut *self.tx)
            .await?;
        if keys.rows_affected() > 0 {
            self.rotate().await?;
        }
        Ok(rows.rows_affected())
    }

    /// Wraps every surviving key under a new epoch key. The old one is destroyed after the commit,
    /// and with it every copy of the keys that were just removed, wherever it lies.
    async fn rotate(&mut self) -> Result<(), VaultError> {
        let shared = self.shared.clone();
        let epoch = self.keyring.epoch + 1;
        let path = shared.paths.epoch_key(epoch);
        if path.exists() {
            // Left by an act that never happened: we hold the write lock, so nobody uses it.
            destroy(&path)?;
        }
        let key = Arc::new(SealKey::random()?);
        shared.root.write_wrapped(&path, &epoch_name(epoch), &key)?;
        let next = Keyring::unheld(epoch, key);
        self.rewrap_keys(&next).await?;
        self.retag_handles(&next).await?;
        sqlx::query("UPDATE state SET epoch = $1")
            .bind(epoch)
            .execute(&mut *self.tx)
            .await?;
        self.keyring = next;
        self.note_rotation();
        Ok(())
    }

    async fn rewrap_keys(&mut self, next: &Keyring) -> Result<(), VaultError> {
        let rows = sqlx::query("SELECT subject, scope, wrapped, commitment FROM sealing_key")
            .fetch_all(&mut *self.tx)
            .await?;
        for row in rows {
            let (subject, scope): (Vec<u8>, String) = (row.try_get(0)?, row.try_get(1)?);
            let (wrapped, commitment): (Vec<u8>, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
            let id = subject_id(&subject)?;
            let key = self.keyring.unwrap(id, &scope, &wrapped, &commitment)?;
            sqlx::query("UPDATE sealing_key SET wrapped = $3 WHERE subject = $1 AND scope = $2")
                .bind(subject)
                .bind(&scope)
                .bind(next.wrap(id, &scope, &key)?)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    async fn retag_handles(&mut self, next: &Keyring) -> Result<(), VaultError> {
        let rows = sqlx::query(
            "SELECT s.id, s.sealed, k.wrapped, k.commitment FROM subject s JOIN sealing_key k ON k.subject = s.id AND k.scope = $1",
        )
        .bind(Scope::Record.name())
        .fetch_all(&mut *self.tx)
        .await?;
        for row in rows {
            let (id, sealed): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let (wrapped, commitment): (Vec<u8>, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
            let subject = subject_id(&id)?;
            let key = next.unwrap(subject, &Scope::Record.name(), &wrapped, &commitment)?;
            let handle = crate::subjects::read_handle(&key, subject, &sealed)?;
            sqlx::query("UPDATE subject SET handle_tag = $2 WHERE id = $1")
                .bind(id)
                .bind(next.handle_tag(handle.as_str()).as_slice())
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }
}

static REMOVALS: [&str; 4] = [
    "DELETE FROM template WHERE subject = $1",
    "DELETE FROM consent WHERE subject = $1",
    "DELETE FROM sealing_key WHERE subject = $1",
    "DELETE FROM subject WHERE id = $1",
];
