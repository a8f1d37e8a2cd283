//! Consent records, sealed under the key of the person who gave them.

use faceward_law::{Consent, ConsentId, Purpose, SubjectId};
use jiff::Timestamp;
use sqlx::Row;

use crate::keyring::Scope;
use crate::record;
use crate::seal::{Bound, SealKey};
use crate::{Act, Look, VaultError};

impl Look {
    /// Everything a person agreed to, live or not, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Database`].
    pub async fn consents(&mut self, subject: SubjectId) -> Result<Vec<Consent>, VaultError> {
        let rows = sqlx::query("SELECT id, sealed FROM consent WHERE subject = $1")
            .bind(subject.0.as_slice())
            .fetch_all(&mut *self.tx)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.record_key(subject).await?;
        let key = key.ok_or(VaultError::Unsealable("consent"))?;
        let mut consents = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, sealed): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let id = id.try_into().map(ConsentId);
            let id =
                id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))?;
            let plain = key.open(&bound(id, subject), &sealed)?;
            consents.push(record::read_consent(id, subject, &plain)?);
        }
        consents.sort_by_key(|consent| (consent.terms().given_at, consent.id()));
        Ok(consents)
    }

    /// The consent with this identifier, if the person has given it.
    pub(crate) async fn consent(
        &mut self,
        subject: SubjectId,
        id: ConsentId,
    ) -> Result<Option<Consent>, VaultError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM consent WHERE id = $1 AND subject = $2")
                .bind(id.0.as_slice())
                .bind(subject.0.as_slice())
                .fetch_optional(&mut *self.tx)
                .await?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let key = self.record_key(subject).await?;
        let key = key.ok_or(VaultError::Unsealable("consent"))?;
        let plain = key.open(&bound(id, subject), &sealed)?;
        record::read_consent(id, subject, &plain).map(Some)
    }

    async fn record_key(&mut self, subject: SubjectId) -> Result<Option<SealKey>, VaultError> {
        self.keyring
            .find(&mut self.tx, subject, Scope::Record)
            .await
    }
}

impl Act {
    /// Keeps a new consent. One already kept stays as it is, so that nothing undoes a withdrawal.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`] also when a consent with this
    /// identifier is kept already.
    pub async fn keep_consent(&mut self, consent: &Consent) -> Result<(), VaultError> {
        self.write_consent("INSERT INTO consent VALUES ($1, $2, $3)", consent)
            .await
    }

    /// Marks every consent of this person for this purpose as withdrawn, and destroys the
    /// references enrolled under it together with their key. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::NoSuchConsent`] when none is left to withdraw, [`VaultError::Database`].
    pub async fn withdraw(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
        at: Timestamp,
    ) -> Result<Withdrawn, VaultError> {
        let mut consents = Vec::new();
        for consent in self.consents(subject).await? {
            if consent.terms().purpose == *purpose && consent.withdrawn().is_none() {
                let consent = consent.withdraw(at);
                self.write_consent(MARK_WITHDRAWN, &consent).await?;
                consents.push(consent.id());
            }
        }
        if consents.is_empty() {
            return Err(VaultError::NoSuchConsent(purpose.to_string()));
        }
        let templates = self.drop_templates(subject, purpose).await?;
        Ok(Withdrawn {
            consents,
            templates,
        })
    }

    async fn write_consent(
        &mut self,
        statement: &'static str,
        consent: &Consent,
    ) -> Result<(), VaultError> {
        let (id, subject) = (consent.id(), consent.terms().subject);
        let key = self.record_key(subject).await?;
        let key = key.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        let sealed = key.seal(&bound(id, subject), &record::write_consent(consent)?)?;
        sqlx::query(statement)
            .bind(id.0.as_slice())
            .bind(subject.0.as_slice())
            .bind(sealed)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

const MARK_WITHDRAWN: &str = "UPDATE consent SET sealed = $3 WHERE id = $1 AND subject = $2";

/// What a withdrawal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The consents that no longer count.
    pub consents: Vec<ConsentId>,
    /// How many references were destroyed.
    pub templates: u64,
}

fn bound(id: ConsentId, subject: SubjectId) -> Bound {
    Bound::new("consent", &[&id.0, &subject.0])
}
