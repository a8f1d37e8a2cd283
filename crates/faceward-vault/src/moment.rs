//! Whether what was read of people still stands, whichever process may have changed something since.

use faceward_law::SubjectId;
use sqlx::Row;

use crate::subjects::subject_id;
use crate::{Look, VaultError};

/// Where the vault stood when it was read: two looks at the same moment read the same of people,
/// their consents and their references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    epoch: i64,
    changes: i64,
}

impl Moment {
    /// Whether nobody was forgotten since an earlier moment: that ends an epoch.
    pub fn nobody_left_since(self, then: Self) -> bool {
        self.epoch == then.epoch
    }
}

impl Look {
    /// The moment that this look sees.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn moment(&mut self) -> Result<Moment, VaultError> {
        let row = sqlx::query("SELECT epoch, changes FROM state")
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(Moment {
            epoch: row.try_get(0)?,
            changes: row.try_get(1)?,
        })
    }

    /// Those still known of whom something changed since an earlier moment; `None` where that
    /// moment is not an earlier one of this database, so that everybody has to be read anew.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn changed_since(
        &mut self,
        then: Moment,
    ) -> Result<Option<Vec<SubjectId>>, VaultError> {
        let now = self.moment().await?;
        if now.changes < then.changes || now.epoch < then.epoch {
            return Ok(None);
        }
        let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM subject WHERE changed > $1")
            .bind(then.changes)
            .fetch_all(&mut *self.tx)
            .await?;
        let changed: Result<Vec<SubjectId>, VaultError> =
            rows.iter().map(|id| subject_id(id)).collect();
        changed.map(Some)
    }
}
