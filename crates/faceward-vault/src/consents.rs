//! Consent records and what happened to them, sealed under the key of the person they are about.

use std::collections::BTreeMap;

use faceward_law::{Consent, ConsentEvent, ConsentId, ConsentRecord, Happened, SubjectId};
use sqlx::Row;

use crate::keyring::Scope;
use crate::record::{self, Opened};
use crate::seal::{Bound, SealKey};
use crate::{Act, Look, VaultError};

impl Look {
    /// Everything a person agreed to, live or not, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn consents(&mut self, subject: SubjectId) -> Result<Vec<Consent>, VaultError> {
        let records = self.consent_records(subject).await?;
        let mut consents: Vec<Consent> = records.into_iter().filter_map(Consent::of).collect();
        let given_at = |consent: &Consent| consent.history().given().map(|draft| draft.given_at);
        consents.sort_by_key(given_at);
        Ok(consents)
    }

    /// Everything a person was asked or agreed to, with what happened since, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn consent_records(
        &mut self,
        subject: SubjectId,
    ) -> Result<Vec<ConsentRecord>, VaultError> {
        let rows = sqlx::query("SELECT id, sealed FROM consent WHERE subject = $1")
            .bind(subject.0.as_slice())
            .fetch_all(&mut *self.tx)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.record_key(subject).await?;
        let key = key.ok_or(VaultError::Unsealable("consent"))?;
        let mut events = self.sealed_events(subject).await?;
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let id = consent_id(row.try_get(0)?)?;
            let plain = key.open(&bound(id, subject), row.try_get(1)?)?;
            let opened = record::read_record(id, subject, &plain)?;
            let events = events.remove(&id).unwrap_or_default();
            records.push(put_together(id, subject, opened, &events, &key)?);
        }
        in_order(&mut records);
        Ok(records)
    }

    /// The consent with this identifier, if the person has given it.
    pub(crate) async fn consent(
        &mut self,
        subject: SubjectId,
        id: ConsentId,
    ) -> Result<Option<Consent>, VaultError> {
        let consents = self.consents(subject).await?;
        Ok(consents.into_iter().find(|consent| consent.id() == id))
    }

    /// Each record's events as they are stored, by position.
    async fn sealed_events(
        &mut self,
        subject: SubjectId,
    ) -> Result<BTreeMap<ConsentId, Vec<(i64, Vec<u8>)>>, VaultError> {
        let rows = sqlx::query(
            "SELECT consent, position, sealed FROM consent_event WHERE subject = $1 ORDER BY consent, position",
        )
        .bind(subject.0.as_slice())
        .fetch_all(&mut *self.tx)
        .await?;
        let mut events: BTreeMap<ConsentId, Vec<_>> = BTreeMap::new();
        for row in rows {
            let stored = (row.try_get(1)?, row.try_get(2)?);
            events
                .entry(consent_id(row.try_get(0)?)?)
                .or_default()
                .push(stored);
        }
        Ok(events)
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
        self.keep_record(consent.history()).await
    }

    /// Keeps a new record: asked, refused or given.
    ///
    /// # Errors
    /// As [`Self::keep_consent`].
    pub async fn keep_record(&mut self, record: &ConsentRecord) -> Result<(), VaultError> {
        let (id, subject) = (record.id(), record.asked().subject);
        self.check_alive(subject, record.events()).await?;
        let key = self.record_key(subject).await?;
        let key = key.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        let plain = record::write_record(record.asked())?;
        sqlx::query("INSERT INTO consent VALUES ($1, $2, $3)")
            .bind(id.0.as_slice())
            .bind(subject.0.as_slice())
            .bind(key.seal(&bound(id, subject), &plain)?)
            .execute(&mut *self.tx)
            .await?;
        for (position, event) in record.events().iter().enumerate() {
            self.write_event(subject, id, position, event, &key).await?;
        }
        Ok(())
    }

    /// Adds what happened next to a record.
    ///
    /// # Errors
    /// [`VaultError::NoSuchConsent`] when the person has no such record, [`VaultError::Law`] when
    /// it contradicts what happened before.
    pub async fn append_event(
        &mut self,
        subject: SubjectId,
        id: ConsentId,
        event: ConsentEvent,
    ) -> Result<ConsentRecord, VaultError> {
        let records = self.consent_records(subject).await?;
        let record = records.into_iter().find(|record| record.id() == id);
        let mut record = record.ok_or_else(|| VaultError::NoSuchConsent(id.to_string()))?;
        let position = record.events().len();
        record.append(event.clone())?;
        self.check_alive(subject, std::slice::from_ref(&event))
            .await?;
        let key = self.record_key(subject).await?;
        let key = key.ok_or_else(|| VaultError::UnknownSubject(subject.to_string()))?;
        self.write_event(subject, id, position, &event, &key)
            .await?;
        Ok(record)
    }

    /// A consent ends with whoever gave it: nothing is given or renewed once they are dead.
    async fn check_alive(
        &mut self,
        subject: SubjectId,
        events: &[ConsentEvent],
    ) -> Result<(), VaultError> {
        let agrees =
            |event: &ConsentEvent| matches!(event.what, Happened::Given(_) | Happened::Renewed(_));
        if events.iter().any(agrees)
            && let Some(on) = self.died(subject).await?
        {
            let why = format!("the person died on {on}; nobody can agree in their place");
            return Err(faceward_law::LawError::Consent(why).into());
        }
        Ok(())
    }

    async fn write_event(
        &mut self,
        subject: SubjectId,
        id: ConsentId,
        position: usize,
        event: &ConsentEvent,
        key: &SealKey,
    ) -> Result<(), VaultError> {
        let position = i64::try_from(position)
            .map_err(|_| VaultError::Damaged("a consent has too many events".to_owned()))?;
        let plain = record::write_event(id, event)?;
        sqlx::query("INSERT INTO consent_event VALUES ($1, $2, $3, $4)")
            .bind(id.0.as_slice())
            .bind(position)
            .bind(subject.0.as_slice())
            .bind(key.seal(&event_bound(id, subject, position), &plain)?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

/// Opens a record's events and adds each where it says it belongs.
fn put_together(
    id: ConsentId,
    subject: SubjectId,
    opened: Opened,
    stored: &[(i64, Vec<u8>)],
    key: &SealKey,
) -> Result<ConsentRecord, VaultError> {
    let contradicts = |_| {
        VaultError::Damaged(format!(
            "the events of the consent {id} contradict each other"
        ))
    };
    let (mut record, asked) = match opened {
        Opened::Whole(record) => (Some(record), None),
        Opened::Asked(asked) => (None, Some(asked)),
    };
    for (position, sealed) in stored {
        let due = record.as_ref().map_or(0, |record| record.events().len());
        if usize::try_from(*position) != Ok(due) {
            return Err(VaultError::Damaged(format!(
                "the consent {id} lacks its event {due}"
            )));
        }
        let plain = key.open(&event_bound(id, subject, *position), sealed)?;
        let event = record::read_event(id, subject, &plain)?;
        match (&mut record, &asked) {
            (Some(record), _) => record.append(event).map_err(contradicts)?,
            (None, Some(asked)) => {
                let opened = ConsentRecord::open(id, asked.clone(), event);
                record = Some(opened.map_err(contradicts)?);
            }
            (None, None) => {}
        }
    }
    record.ok_or_else(|| VaultError::Damaged(format!("the consent {id} lacks its event 0")))
}

/// Oldest first; of two that began in the same second, the one the other follows.
fn in_order(records: &mut [ConsentRecord]) {
    let before: BTreeMap<ConsentId, ConsentId> = records
        .iter()
        .filter_map(|record| Some((record.id(), record.asked().previous?)))
        .collect();
    let place = |record: &ConsentRecord| {
        let earlier = std::iter::successors(before.get(&record.id()), |id| before.get(*id));
        // A chain cannot be longer than there are records, unless it was tampered with.
        earlier.take(before.len()).count()
    };
    let first = |record: &ConsentRecord| record.events().first().map(|event| event.at);
    records.sort_by_cached_key(|record| (first(record), place(record), record.id()));
}

fn consent_id(bytes: &[u8]) -> Result<ConsentId, VaultError> {
    let id = bytes.try_into().map(ConsentId);
    id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))
}

fn bound(id: ConsentId, subject: SubjectId) -> Bound {
    Bound::new("consent", &[&id.0, &subject.0])
}

fn event_bound(id: ConsentId, subject: SubjectId, position: i64) -> Bound {
    Bound::new(
        "consent event",
        &[&id.0, &subject.0, &position.to_le_bytes()],
    )
}
