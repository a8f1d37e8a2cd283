//! Destruction: of one purpose's references, or of everything held on a person.

use faceward_law::{Purpose, SubjectId};

use crate::epoch::past_keys;
use crate::keyring::Scope;
use crate::{Act, Look, VaultError};

/// What a search finds of a person's references for one purpose; all 0 after their destruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traces {
    /// References.
    pub templates: u64,
    /// Keys that would open them.
    pub keys: u64,
    /// Keys of past epochs, under which copies made earlier could be opened.
    pub past_epoch_keys: u64,
}

impl Look {
    /// Searches for references of a person for one purpose, and for what could open a copy of them.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::File`].
    pub async fn traces(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
    ) -> Result<Traces, VaultError> {
        let mut found = [0u64; 2];
        for (count, sql) in found.iter_mut().zip([
            "SELECT count(*) FROM template WHERE subject = $1 AND purpose = $2",
            "SELECT count(*) FROM sealing_key WHERE subject = $1 AND scope = $2",
        ]) {
            let rows: i64 = sqlx::query_scalar(sql)
                .bind(subject.0.as_slice())
                .bind(purpose.as_str())
                .fetch_one(&mut *self.tx)
                .await?;
            *count = rows.unsigned_abs();
        }
        let [templates, keys] = found;
        Ok(Traces {
            templates,
            keys,
            past_epoch_keys: past_keys(&self.shared, self.keyring.epoch)?,
        })
    }
}

/// What forgetting a person removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// References removed.
    pub templates: u64,
    /// Consent records removed.
    pub consents: u64,
    /// Requests removed, answered or not.
    pub requests: u64,
    /// Keys destroyed.
    pub keys: u64,
}

impl Act {
    /// Removes everything held on a person and destroys their keys. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`].
    pub async fn forget(&mut self, subject: SubjectId) -> Result<Forgotten, VaultError> {
        let mut removed = [0; 9];
        for (count, sql) in removed.iter_mut().zip(REMOVALS) {
            let done = sqlx::query(sql)
                .bind(subject.0.as_slice())
                .execute(&mut *self.tx)
                .await?;
            *count = done.rows_affected();
        }
        let [_, templates, keys, _, consents, _, requests, _, known] = removed;
        if known == 0 {
            return Err(VaultError::UnknownSubject(subject.to_string()));
        }
        self.note_removed_key();
        Ok(Forgotten {
            templates,
            consents,
            requests,
            keys,
        })
    }

    /// Removes the references of a person for one purpose and destroys their key. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn drop_templates(
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
            self.note_removed_key();
        }
        Ok(rows.rows_affected())
    }
}

/// In this order: the database lets what is insert-only go only once the person's key is gone.
static REMOVALS: [&str; 9] = [
    "DELETE FROM link WHERE subject = $1",
    "DELETE FROM template WHERE subject = $1",
    "DELETE FROM sealing_key WHERE subject = $1",
    "DELETE FROM consent_event WHERE subject = $1",
    "DELETE FROM consent WHERE subject = $1",
    "DELETE FROM request_event WHERE subject = $1",
    "DELETE FROM request WHERE subject = $1",
    "DELETE FROM circumstance WHERE subject = $1",
    "DELETE FROM subject WHERE id = $1",
];
