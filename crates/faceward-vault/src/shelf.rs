//! References by their identifiers: in the order in which they were kept, and removed one by one.

use std::fmt;
use std::str::FromStr;

use faceward_law::{Purpose, SubjectId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use zeroize::Zeroizing;

use crate::keyring::Scope;
use crate::maps::bound_map;
use crate::subjects::subject_id;
use crate::templates::bound;
use crate::{Act, Look, VaultError};

/// Identifier of a reference: opaque and random. Reads as 32 hexadecimal digits, or as a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReferenceId(pub [u8; 16]);

/// Where a reference belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// The reference.
    pub id: ReferenceId,
    /// Whose it is.
    pub subject: SubjectId,
    /// For which purpose it was enrolled.
    pub purpose: Purpose,
}

impl Look {
    /// The references of everybody, or of one person, or for one purpose, in the order in which
    /// they were kept; none is opened. Those of a vault that was older than format 3 come first.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Damaged`].
    pub async fn shelved(
        &mut self,
        subject: Option<SubjectId>,
        purpose: Option<&Purpose>,
    ) -> Result<Vec<Shelved>, VaultError> {
        let rows = sqlx::query(
            "SELECT id, subject, purpose FROM template WHERE ($1 IS NULL OR subject = $1) AND ($2 IS NULL OR purpose = $2) ORDER BY place, id",
        )
        .bind(subject.map(|subject| subject.0.to_vec()))
        .bind(purpose.map(Purpose::as_str))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(shelved).collect()
    }

    /// Whose a reference is and what for, if there is one with this identifier.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Damaged`].
    pub async fn whose(&mut self, id: ReferenceId) -> Result<Option<Shelved>, VaultError> {
        let row = sqlx::query("SELECT id, subject, purpose FROM template WHERE id = $1")
            .bind(id.0.as_slice())
            .fetch_optional(&mut *self.tx)
            .await?;
        row.as_ref().map(shelved).transpose()
    }
}

impl Act {
    /// Destroys one reference, and gives how many the person still has for its purpose. Those are
    /// sealed anew under a fresh key, and the key that opened all of them is destroyed, so that no
    /// older copy of the database opens the one that was removed. Needs no permit: no template is
    /// given out.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Random`], [`VaultError::Database`].
    pub async fn remove_template(&mut self, gone: &Shelved) -> Result<u64, VaultError> {
        let (subject, purpose) = (gone.subject, &gone.purpose);
        let kept = self.unsealed_but(gone).await?;
        sqlx::query("DELETE FROM template WHERE id = $1")
            .bind(gone.id.0.as_slice())
            .execute(&mut *self.tx)
            .await?;
        if kept.is_empty() {
            self.drop_templates(subject, purpose).await?;
            return Ok(0);
        }
        sqlx::query("DELETE FROM sealing_key WHERE subject = $1 AND scope = $2")
            .bind(subject.0.as_slice())
            .bind(purpose.as_str())
            .execute(&mut *self.tx)
            .await?;
        self.note_removed_key();
        let look = &mut **self;
        let key = look
            .keyring
            .find_or_make(&mut look.tx, subject, Scope::Purpose(purpose))
            .await?;
        for Kept { id, template, map } in &kept {
            let seal = |map: &Zeroizing<Vec<u8>>| key.seal(&bound_map(*id, subject, purpose), map);
            sqlx::query("UPDATE template SET sealed = $2, map = $3 WHERE id = $1")
                .bind(id.0.as_slice())
                .bind(key.seal(&bound(*id, subject, purpose), template)?)
                .bind(map.as_ref().map(seal).transpose()?)
                .execute(&mut *look.tx)
                .await?;
        }
        Ok(kept.len() as u64)
    }

    /// The other references of this person and purpose, as they are before sealing.
    async fn unsealed_but(&mut self, gone: &Shelved) -> Result<Vec<Kept>, VaultError> {
        let look = &mut **self;
        let scope = Scope::Purpose(&gone.purpose);
        let key = look.keyring.find(&mut look.tx, gone.subject, scope).await?;
        let key = key.ok_or(VaultError::Unsealable("template"))?;
        let rows = sqlx::query(
            "SELECT id, sealed, map FROM template WHERE subject = $1 AND purpose = $2 AND id <> $3",
        )
        .bind(gone.subject.0.as_slice())
        .bind(gone.purpose.as_str())
        .bind(gone.id.0.as_slice())
        .fetch_all(&mut *look.tx)
        .await?;
        let open = |row: &SqliteRow| {
            let id = reference_id(row.try_get(0)?)?;
            let place = bound(id, gone.subject, &gone.purpose);
            let of_map = bound_map(id, gone.subject, &gone.purpose);
            let map: Option<&[u8]> = row.try_get(2)?;
            Ok(Kept {
                id,
                template: key.open(&place, row.try_get(1)?)?,
                map: map.map(|map| key.open(&of_map, map)).transpose()?,
            })
        };
        rows.iter().map(open).collect()
    }
}

/// A reference out of its seal, on the way under another key.
struct Kept {
    id: ReferenceId,
    template: Zeroizing<Vec<u8>>,
    map: Option<Zeroizing<Vec<u8>>>,
}

impl ReferenceId {
    /// The identifier in the form of a UUID.
    pub fn uuid(&self) -> String {
        let digits = self.to_string();
        let mut text = String::with_capacity(36);
        for (at, digit) in digits.chars().enumerate() {
            if DASHES.contains(&at) {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }
}

/// Before which digits a UUID has a dash.
const DASHES: [usize; 4] = [8, 12, 16, 20];

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ReferenceId {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let read = || {
            let digits: String = text.chars().filter(|c| *c != '-').collect();
            // `+f` would be read as a number, too.
            let plain = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let value = u128::from_str_radix(&digits, 16).ok().filter(|_| plain)?;
            let id = Self(value.to_be_bytes());
            let lower = text.to_ascii_lowercase();
            (lower == id.to_string() || lower == id.uuid()).then_some(id)
        };
        read().ok_or_else(|| VaultError::ReferenceId(text.escape_debug().take(80).collect()))
    }
}

pub(crate) fn reference_id(bytes: &[u8]) -> Result<ReferenceId, VaultError> {
    let id = bytes.try_into().map(ReferenceId);
    id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))
}

fn shelved(row: &SqliteRow) -> Result<Shelved, VaultError> {
    let purpose: String = row.try_get(2)?;
    let purpose = purpose.parse();
    Ok(Shelved {
        id: reference_id(row.try_get(0)?)?,
        subject: subject_id(row.try_get(1)?)?,
        purpose: purpose
            .map_err(|_| VaultError::Damaged("a purpose has no usable name".to_owned()))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_in_both_its_forms_and_in_no_other() {
        let id = ReferenceId(*b"0123456789abcdef");
        assert_eq!(id.uuid(), "30313233-3435-3637-3839-616263646566");
        let upper = id.uuid().to_uppercase();
        for text in [id.to_string(), id.uuid(), upper] {
            assert_eq!(text.parse::<ReferenceId>().ok(), Some(id), "{text}");
        }
        for text in [
            "",
            "nonsense",
            "3031323334353637383961626364656",
            "+0313233343536373839616263646566",
            "303132333435-3637-3839-616263646566",
            "3031323334353637383961626364656é",
        ] {
            assert!(text.parse::<ReferenceId>().is_err(), "{text}");
        }
    }
}
