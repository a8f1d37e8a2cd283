//! Face-print maps: sealed beside the references they were made with, where the purpose allows it.

use faceward_law::{Operation, Permit, Purpose, SubjectId};
use jiff::Timestamp;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::keyring::Scope;
use crate::record;
use crate::seal::Bound;
use crate::shelf::reference_id;
use crate::templates::{bound, covered};
use crate::{Act, Look, Reference, ReferenceId, VaultError};

/// A map as it is stored; what its bytes mean is for whoever made them.
pub struct KeptMap {
    /// The reference that the map is of.
    pub reference: Reference,
    /// The bytes that were kept.
    pub record: Zeroizing<Vec<u8>>,
}

impl Look {
    /// Opens the references of the person and purpose that the permit names which have a map, with it.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`] when the permit does not allow comparing now,
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn maps(
        &mut self,
        permit: &Permit,
        now: Timestamp,
    ) -> Result<Vec<KeptMap>, VaultError> {
        let (subject, purpose) = covered(permit, &[Operation::Verify], now)?;
        let rows = sqlx::query(
            "SELECT id, sealed, map FROM template WHERE subject = $1 AND purpose = $2 AND map IS NOT NULL ORDER BY place, id",
        )
        .bind(subject.0.as_slice())
        .bind(purpose.as_str())
        .fetch_all(&mut *self.tx)
        .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self
            .keyring
            .find(&mut self.tx, subject, Scope::Purpose(purpose))
            .await?;
        let key = key.ok_or(VaultError::Unsealable("map"))?;
        let mut maps = Vec::with_capacity(rows.len());
        for row in rows {
            let id = reference_id(row.try_get(0)?)?;
            let plain = key.open(&bound(id, subject, purpose), row.try_get(1)?)?;
            maps.push(KeptMap {
                reference: record::read_template(id, subject, &plain)?,
                record: key.open(&bound_map(id, subject, purpose), row.try_get(2)?)?,
            });
        }
        Ok(maps)
    }
}

impl Act {
    /// Keeps the map of the face that this reference was made of, in the act that kept the reference.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`] when the permit is not one to enrol and to keep maps now;
    /// [`VaultError::Unsealable`] when there is no such reference of the person and purpose;
    /// [`VaultError::Database`].
    pub async fn keep_map(
        &mut self,
        permit: &Permit,
        reference: ReferenceId,
        record: &[u8],
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let (subject, purpose) = covered(permit, &[Operation::Enroll], now)?;
        if !permit.allows_map() {
            return Err(VaultError::NotPermitted);
        }
        let look = &mut **self;
        let scope = Scope::Purpose(purpose);
        let key = look.keyring.find(&mut look.tx, subject, scope).await?;
        let key = key.ok_or(VaultError::Unsealable("map"))?;
        let kept = sqlx::query(
            "UPDATE template SET map = $4 WHERE id = $1 AND subject = $2 AND purpose = $3",
        )
        .bind(reference.0.as_slice())
        .bind(subject.0.as_slice())
        .bind(purpose.as_str())
        .bind(key.seal(&bound_map(reference, subject, purpose), record)?)
        .execute(&mut *look.tx)
        .await?;
        match kept.rows_affected() {
            0 => Err(VaultError::Unsealable("map")),
            _ => Ok(()),
        }
    }
}

pub(crate) fn bound_map(id: ReferenceId, subject: SubjectId, purpose: &Purpose) -> Bound {
    Bound::new("map", &[&id.0, &subject.0, purpose.as_str().as_bytes()])
}
