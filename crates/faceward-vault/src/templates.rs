//! References: sealed templates, one key per person and purpose.

use std::fmt;

use faceward_law::{Operation, Permit, Purpose, SubjectId};
use faceward_match::{ModelId, Template};
use jiff::Timestamp;
use sqlx::Row;

use crate::keyring::Scope;
use crate::record;
use crate::seal::Bound;
use crate::subjects::subject_id;
use crate::{Act, Look, VaultError, random_id};

/// A template enrolled for a person and a purpose.
pub struct Reference {
    /// Identifier of the reference.
    pub id: ReferenceId,
    /// Whose it is.
    pub subject: SubjectId,
    /// The template.
    pub template: Template,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// Unified quality of the sample it was made from, 0 to 100.
    pub quality: u8,
}

/// What can be told of a reference without giving it out: a template in the open could be used to
/// find the person elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Identifier of the reference.
    pub id: ReferenceId,
    /// For which purpose it was enrolled.
    pub purpose: Purpose,
    /// The model that made it.
    pub model: ModelId,
    /// Unified quality of the sample it was made from, 0 to 100.
    pub quality: u8,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
}

/// Identifier of a reference: opaque and random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReferenceId(pub [u8; 16]);

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Look {
    /// Opens the references of the person and purpose that the permit names.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`] when the permit does not allow comparing now,
    /// [`VaultError::Unsealable`], [`VaultError::Database`].
    pub async fn templates(
        &mut self,
        permit: &Permit,
        now: Timestamp,
    ) -> Result<Vec<Reference>, VaultError> {
        let (subject, purpose) = covered(permit, &[Operation::Verify, Operation::Identify], now)?;
        let key = self
            .keyring
            .find(&mut self.tx, subject, Scope::Purpose(purpose))
            .await?;
        let Some(key) = key else {
            return Ok(Vec::new());
        };
        let rows =
            sqlx::query("SELECT id, sealed FROM template WHERE subject = $1 AND purpose = $2")
                .bind(subject.0.as_slice())
                .bind(purpose.as_str())
                .fetch_all(&mut *self.tx)
                .await?;
        let mut references = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, sealed): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let id = id.try_into().map(ReferenceId);
            let id =
                id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))?;
            let plain = key.open(&bound(id, subject, purpose), &sealed)?;
            references.push(record::read_template(id, subject, &plain)?);
        }
        Ok(references)
    }

    /// The references of a person, described for that person; needs no permit, and no template
    /// leaves it.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn described(&mut self, subject: SubjectId) -> Result<Vec<Described>, VaultError> {
        let rows = sqlx::query(
            "SELECT id, purpose, sealed FROM template WHERE subject = $1 ORDER BY purpose",
        )
        .bind(subject.0.as_slice())
        .fetch_all(&mut *self.tx)
        .await?;
        let mut described = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, purpose): (Vec<u8>, String) = (row.try_get(0)?, row.try_get(1)?);
            let damaged = |why: &str| VaultError::Damaged(why.to_owned());
            let id = id.try_into().map(ReferenceId);
            let id = id.map_err(|_| damaged("an identifier is not 16 bytes"))?;
            let purpose: Purpose = purpose
                .parse()
                .map_err(|_| damaged("a purpose has no usable name"))?;
            let key = self
                .keyring
                .find(&mut self.tx, subject, Scope::Purpose(&purpose))
                .await?;
            let key = key.ok_or(VaultError::Unsealable("template"))?;
            let plain = key.open(&bound(id, subject, &purpose), row.try_get(2)?)?;
            let reference = record::read_template(id, subject, &plain)?;
            described.push(Described {
                id,
                purpose,
                model: reference.template.model().clone(),
                quality: reference.quality,
                enrolled_at: reference.enrolled_at,
            });
        }
        described.sort_by_key(|found| (found.purpose.clone(), found.enrolled_at, found.id.0));
        Ok(described)
    }

    /// Who has references for a purpose; says nothing about whether they may be opened.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn enrolled_for(&mut self, purpose: &Purpose) -> Result<Vec<SubjectId>, VaultError> {
        let rows: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT DISTINCT subject FROM template WHERE purpose = $1")
                .bind(purpose.as_str())
                .fetch_all(&mut *self.tx)
                .await?;
        rows.iter().map(|id| subject_id(id)).collect()
    }

    /// How many people's faces are held, for any purpose.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn persons_held(&mut self) -> Result<u64, VaultError> {
        let count: i64 = sqlx::query_scalar("SELECT count(DISTINCT subject) FROM template")
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(count.unsigned_abs())
    }

    /// Everyone who has references, with the purpose of them; says nothing about whether they may
    /// be opened.
    ///
    /// # Errors
    /// [`VaultError::Database`], [`VaultError::Damaged`].
    pub async fn enrolled(&mut self) -> Result<Vec<(SubjectId, Purpose)>, VaultError> {
        let rows = sqlx::query("SELECT DISTINCT subject, purpose FROM template")
            .fetch_all(&mut *self.tx)
            .await?;
        let pair = |row: &sqlx::sqlite::SqliteRow| -> Result<(SubjectId, Purpose), VaultError> {
            let purpose: String = row.try_get(1)?;
            let purpose = purpose
                .parse()
                .map_err(|_| VaultError::Damaged("a purpose has no usable name".to_owned()))?;
            Ok((subject_id(row.try_get(0)?)?, purpose))
        };
        rows.iter().map(pair).collect()
    }

    /// How many references a person has, by purpose; opens none.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn reference_counts(
        &mut self,
        subject: SubjectId,
    ) -> Result<Vec<(String, u64)>, VaultError> {
        let rows = sqlx::query(
            "SELECT purpose, count(*) FROM template WHERE subject = $1 GROUP BY purpose ORDER BY purpose",
        )
        .bind(subject.0.as_slice())
        .fetch_all(&mut *self.tx)
        .await?;
        let count = |row: &sqlx::sqlite::SqliteRow| -> Result<(String, u64), VaultError> {
            Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()))
        };
        rows.iter().map(count).collect()
    }
}

impl Act {
    /// Keeps a template of the person and for the purpose that the permit names.
    ///
    /// A permit outlives its ruling by a minute, and in that minute its consent may have been
    /// withdrawn: it counts only while that consent lies here, live.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`] when the permit is not one to enrol now, or its consent is no
    /// longer live; [`VaultError::Database`].
    pub async fn keep_template(
        &mut self,
        permit: &Permit,
        template: &Template,
        quality: u8,
        now: Timestamp,
    ) -> Result<ReferenceId, VaultError> {
        let (subject, purpose) = covered(permit, &[Operation::Enroll], now)?;
        let id = permit.consent().ok_or(VaultError::NotPermitted)?;
        let consent = self.consent(subject, id).await?;
        if !consent.is_some_and(|consent| consent.is_live(now)) {
            return Err(VaultError::NotPermitted);
        }
        let id = ReferenceId(random_id()?);
        let plain = record::write_template(template, quality, now);
        let look = &mut **self;
        let key = look
            .keyring
            .find_or_make(&mut look.tx, subject, Scope::Purpose(purpose))
            .await?;
        sqlx::query("INSERT INTO template VALUES ($1, $2, $3, $4)")
            .bind(id.0.as_slice())
            .bind(subject.0.as_slice())
            .bind(purpose.as_str())
            .bind(key.seal(&bound(id, subject, purpose), &plain)?)
            .execute(&mut *look.tx)
            .await?;
        Ok(id)
    }
}

fn covered<'p>(
    permit: &'p Permit,
    operations: &[Operation],
    now: Timestamp,
) -> Result<(SubjectId, &'p Purpose), VaultError> {
    let (Some(subject), Some(purpose)) = (permit.subject(), permit.purpose()) else {
        return Err(VaultError::NotPermitted);
    };
    let covers = |operation: &Operation| permit.covers(*operation, subject, purpose, now);
    if operations.iter().any(covers) {
        Ok((subject, purpose))
    } else {
        Err(VaultError::NotPermitted)
    }
}

fn bound(id: ReferenceId, subject: SubjectId, purpose: &Purpose) -> Bound {
    Bound::new(
        "template",
        &[&id.0, &subject.0, purpose.as_str().as_bytes()],
    )
}
