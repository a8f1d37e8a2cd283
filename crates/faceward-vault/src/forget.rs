//! Destruction: of one purpose's references, or of everything held on a person.

use faceward_law::{Purpose, SubjectId};

use crate::keyring::Scope;
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
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`].
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
        self.note_removed_key();
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
            self.note_removed_key();
        }
        Ok(rows.rows_affected())
    }
}

static REMOVALS: [&str; 4] = [
    "DELETE FROM template WHERE subject = $1",
    "DELETE FROM consent WHERE subject = $1",
    "DELETE FROM sealing_key WHERE subject = $1",
    "DELETE FROM subject WHERE id = $1",
];
