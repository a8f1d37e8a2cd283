//! References: sealed templates, one key per person and purpose.

use faceward_law::{Operation, Permit, Purpose, SubjectId};
use faceward_match::{ModelId, Template};
use jiff::Timestamp;
use sqlx::Row;

use crate::keyring::Scope;
use crate::record;
use crate::seal::Bound;
use crate::shelf::reference_id;
use crate::subjects::subject_id;
use crate::{Act, Look, ReferenceId, Shelved, VaultError, random_id};

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
    /// Whether the face-print map is kept with it.
    pub map: bool,
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
            let id = reference_id(row.try_get(0)?)?;
            let plain = key.open(&bound(id, subject, purpose), row.try_get(1)?)?;
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
        let mut described = Vec::new();
        for shelved in self.shelved(Some(subject), None).await? {
            described.push(self.describe(&shelved).await?);
        }
        described.sort_by_key(|found| (found.purpose.clone(), found.enrolled_at, found.id.0));
        Ok(described)
    }

    /// One reference, described as by [`Look::described`].
    ///
    /// # Errors
    /// As [`Look::described`].
    pub async fn describe(&mut self, shelved: &Shelved) -> Result<Described, VaultError> {
        let Shelved {
            id,
            subject,
            purpose,
        } = shelved;
        let scope = Scope::Purpose(purpose);
        let key = self.keyring.find(&mut self.tx, *subject, scope).await?;
        let key = key.ok_or(VaultError::Unsealable("template"))?;
        let row = sqlx::query("SELECT sealed, map IS NOT NULL FROM template WHERE id = $1")
            .bind(id.0.as_slice())
            .fetch_one(&mut *self.tx)
            .await?;
        let plain = key.open(&bound(*id, *subject, purpose), row.try_get(0)?)?;
        let reference = record::read_template(*id, *subject, &plain)?;
        Ok(Described {
            id: *id,
            purpose: purpose.clone(),
            model: reference.template.model().clone(),
            quality: reference.quality,
            enrolled_at: reference.enrolled_at,
            map: row.try_get(1)?,
        })
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

    /// Whether a person has references for a purpose.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn enrolled_here(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
    ) -> Result<bool, VaultError> {
        let found =
            sqlx::query("SELECT 1 FROM template WHERE purpose = $1 AND subject = $2 LIMIT 1")
                .bind(purpose.as_str())
                .bind(subject.0.as_slice())
                .fetch_optional(&mut *self.tx)
                .await?;
        Ok(found.is_some())
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
        let consent = permit.consent().ok_or(VaultError::NotPermitted)?;
        let consent = self.consent(subject, consent).await?;
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
        sqlx::query(
            "INSERT INTO template (id, subject, purpose, sealed, place) VALUES ($1, $2, $3, $4, (SELECT changes FROM state))",
        )
        .bind(id.0.as_slice())
        .bind(subject.0.as_slice())
        .bind(purpose.as_str())
        .bind(key.seal(&bound(id, subject, purpose), &plain)?)
        .execute(&mut *look.tx)
        .await?;
        Ok(id)
    }
}

pub(crate) fn covered<'p>(
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

pub(crate) fn bound(id: ReferenceId, subject: SubjectId, purpose: &Purpose) -> Bound {
    Bound::new(
        "template",
        &[&id.0, &subject.0, purpose.as_str().as_bytes()],
    )
}
