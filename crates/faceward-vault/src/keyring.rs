//! The epoch key in force, and the persons' keys it wraps.

use std::sync::{Arc, PoisonError};

use faceward_law::{Purpose, SubjectId};
use sqlx::{Row, SqliteConnection};
use subtle::ConstantTimeEq;

use crate::db::{PAGE, Shared};
use crate::epoch::epoch_name;
use crate::seal::{Bound, SealKey};
use crate::subjects::subject_id;
use crate::{Look, VaultError};

/// What one of a person's keys opens.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// The name, the consents, and the person's marks in the ledger.
    Record,
    /// The references enrolled for one purpose.
    Purpose(&'a Purpose),
}

impl Scope<'_> {
    /// Not to be confused with a purpose, which never contains a dot.
    pub(crate) const RECORD: &'static str = ".record";

    /// Text that no two scopes share.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Record => Self::RECORD.to_owned(),
            Self::Purpose(purpose) => purpose.to_string(),
        }
    }
}

/// The epoch in force at one moment, with its key.
#[derive(Clone)]
pub(crate) struct Keyring {
    pub(crate) epoch: i64,
    key: Arc<SealKey>,
}

impl Keyring {
    /// The keyring of an epoch, read from its file unless it is at hand.
    pub(crate) fn of(shared: &Shared, epoch: i64) -> Result<Self, VaultError> {
        let held = shared.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keyring) = held.as_ref().filter(|held| held.epoch == epoch) {
            return Ok(keyring.clone());
        }
        drop(held);
        let path = shared.paths.epoch_key(epoch);
        let key = Arc::new(shared.root.read_wrapped(&path, &epoch_name(epoch))?);
        let keyring = Self { epoch, key };
        keyring.clone().hold(shared);
        Ok(keyring)
    }

    /// Keeps this keyring at hand in place of that of an earlier epoch, whose key is then wiped as
    /// soon as the last look under it ends.
    pub(crate) fn hold(self, shared: &Shared) {
        let mut held = shared.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_none_or(|held| held.epoch < self.epoch) {
            *held = Some(self);
        }
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

    /// The person's key in this row.
    pub(crate) fn unwrap(&self, row: &WrappedKey) -> Result<SealKey, VaultError> {
        let unusable = || VaultError::Unsealable("key");
        let opened = self
            .key
            .open(&bound(row.subject, &row.scope), &row.wrapped)?;
        let key = SealKey::from_bytes(&opened).ok_or_else(unusable)?;
        let committed = key.commitment().as_slice().ct_eq(&row.commitment);
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
        let row = WrappedKey {
            subject,
            scope,
            wrapped: row.try_get(0)?,
            commitment: row.try_get(1)?,
            name: None,
        };
        self.unwrap(&row).map(Some)
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

/// A person's key as it is stored.
pub(crate) struct WrappedKey {
    pub(crate) subject: SubjectId,
    pub(crate) scope: String,
    pub(crate) wrapped: Vec<u8>,
    pub(crate) commitment: Vec<u8>,
    /// The person's sealed name, beside the key that opens it.
    pub(crate) name: Option<Vec<u8>>,
}

/// The next stored keys after this one, at most [`PAGE`], in a fixed order; none after the last.
pub(crate) async fn keys_after(
    tx: &mut SqliteConnection,
    last: Option<&WrappedKey>,
) -> Result<Vec<WrappedKey>, VaultError> {
    let (subject, scope) = last.map_or((&[][..], ""), |last| (&last.subject.0, &last.scope));
    let rows = sqlx::query(
        "SELECT subject, scope, wrapped, commitment, CASE scope WHEN '.record' THEN (SELECT sealed FROM subject s WHERE s.id = k.subject) END FROM sealing_key k WHERE (subject, scope) > ($1, $2) ORDER BY subject, scope LIMIT $3",
    )
    .bind(subject)
    .bind(scope)
    .bind(PAGE as i64)
    .fetch_all(tx)
    .await?;
    let key = |row: &sqlx::sqlite::SqliteRow| -> Result<WrappedKey, VaultError> {
        Ok(WrappedKey {
            subject: subject_id(row.try_get(0)?)?,
            scope: row.try_get(1)?,
            wrapped: row.try_get(2)?,
            commitment: row.try_get(3)?,
            name: row.try_get(4)?,
        })
    };
    rows.iter().map(key).collect()
}

/// Unwraps every key once and keeps none.
///
/// # Errors
/// [`VaultError::Unsealable`] at the first that does not open.
pub(crate) async fn check_keys(look: &mut Look) -> Result<(), VaultError> {
    let mut page = keys_after(&mut look.tx, None).await?;
    while !page.is_empty() {
        for row in &page {
            look.keyring.unwrap(row)?;
        }
        page = keys_after(&mut look.tx, page.last()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subjects::read_handle;
    use crate::vectors::{KEY, hex, unhex};

    /// `vectors/vault/person-v1.txt`: a row of a person as it lies in the database.
    #[test]
    fn a_person_stored_in_version_1_is_still_found_and_opened() {
        let text = include_str!("../../../vectors/vault/person-v1.txt");
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            unhex(line.unwrap())
        };
        let subject = SubjectId([1; 16]);
        let epoch = Keyring::unheld(1, Arc::new(SealKey::from_bytes(&KEY).unwrap()));
        let row = WrappedKey {
            subject,
            scope: Scope::RECORD.to_owned(),
            wrapped: field("wrapped "),
            commitment: field("commitment "),
            name: Some(field("name ")),
        };
        let key = epoch.unwrap(&row).unwrap();
        assert_eq!(key.bytes(), &[0x24; 32]);
        let handle = read_handle(&key, subject, row.name.as_ref().unwrap()).unwrap();
        assert_eq!(handle.as_str(), "alice");
        assert_eq!(hex(&epoch.handle_tag("alice")), hex(&field("handle_tag ")));

        let other = WrappedKey {
            commitment: vec![0; 32],
            ..row
        };
        assert!(epoch.unwrap(&other).is_err(), "another key's commitment");
    }
}
