//! What else is on record about a person, sealed under their key: that they died, what they arranged.

use faceward_law::{Circumstance, SubjectId, died};
use jiff::civil::Date;
use sqlx::Row;

use crate::keyring::Scope;
use crate::record;
use crate::seal::{Bound, SealKey};
use crate::{Act, Look, VaultError};

impl Look {
    /// The entries about a person, in the order in which they were made.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn circumstances(
        &mut self,
        subject: SubjectId,
    ) -> Result<Vec<Circumstance>, VaultError> {
        let rows = sqlx::query(
            "SELECT position, sealed FROM circumstance WHERE subject = $1 ORDER BY position",
        )
        .bind(subject.0.as_slice())
        .fetch_all(&mut *self.tx)
        .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.circumstance_key(subject).await?;
        let key = key.ok_or(VaultError::Unsealable("entry about a person"))?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            let position: i64 = row.try_get(0)?;
            if usize::try_from(position) != Ok(entries.len()) {
                let lacks = entries.len();
                return Err(VaultError::Damaged(format!(
                    "the entry {lacks} about {subject} is missing"
                )));
            }
            let plain = key.open(&bound(subject, position), row.try_get(1)?)?;
            entries.push(record::read_circumstance(&plain)?);
        }
        Ok(entries)
    }

    /// The day a person died, if that is on record.
    ///
    /// # Errors
    /// As [`Self::circumstances`].
    pub async fn died(&mut self, subject: SubjectId) -> Result<Option<Date>, VaultError> {
        Ok(died(&self.circumstances(subject).await?))
    }

    async fn circumstance_key(
        &mut self,
        subject: SubjectId,
    ) -> Result<Option<SealKey>, VaultError> {
        self.keyring
            .find(&mut self.tx, subject, Scope::Record)
            .await
    }
}

impl Act {
    /// Adds an entry about a person.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Law`] when it contradicts what is on record.
    pub async fn add_circumstance(
        &mut self,
        subject: SubjectId,
        entry: &Circumstance,
    ) -> Result<(), VaultError> {
        let before = self.circumstances(subject).await?;
        entry.check(&before)?;
        let key = self.circumstance_key(subject).await?;
        let key = key.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        let position = i64::try_from(before.len())
            .map_err(|_| VaultError::Damaged("a person has too many entries".to_owned()))?;
        let plain = record::write_circumstance(entry)?;
        sqlx::query("INSERT INTO circumstance VALUES ($1, $2, $3)")
            .bind(subject.0.as_slice())
            .bind(position)
            .bind(key.seal(&bound(subject, position), &plain)?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

fn bound(subject: SubjectId, position: i64) -> Bound {
    Bound::new(
        "entry about a person",
        &[&subject.0, &position.to_le_bytes()],
    )
}
