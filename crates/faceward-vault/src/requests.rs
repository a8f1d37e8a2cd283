//! What people asked for and what became of it, sealed under the key of the person it is about.

use faceward_law::{Request, RequestEvent, RequestId, SubjectId};
use sqlx::Row;

use crate::keyring::Scope;
use crate::record;
use crate::seal::{Bound, SealKey};
use crate::subjects::subject_id;
use crate::{Act, Look, VaultError};

impl Look {
    /// Everything asked about a person, oldest first.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`], [`VaultError::Damaged`], [`VaultError::Database`].
    pub async fn requests(&mut self, subject: SubjectId) -> Result<Vec<Request>, VaultError> {
        let rows = sqlx::query("SELECT id, sealed FROM request WHERE subject = $1")
            .bind(subject.0.as_slice())
            .fetch_all(&mut *self.tx)
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.request_key(subject).await?;
        let mut requests = Vec::with_capacity(rows.len());
        for row in rows {
            let id = request_id(row.try_get(0)?)?;
            let plain = key.open(&bound(id, subject), row.try_get(1)?)?;
            let asked = record::read_request(subject, &plain)?;
            let events = self.request_events(subject, id, &key).await?;
            requests.push(put_together(id, asked, events)?);
        }
        requests.sort_by_key(|request| (request.asked().received, request.id()));
        Ok(requests)
    }

    /// Whom the request with this identifier is about, if there is one.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn request_about(&mut self, id: RequestId) -> Result<Option<SubjectId>, VaultError> {
        let found: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT subject FROM request WHERE id = $1")
                .bind(id.0.as_slice())
                .fetch_optional(&mut *self.tx)
                .await?;
        found.map(|subject| subject_id(&subject)).transpose()
    }

    /// Everybody about whom something was asked.
    ///
    /// # Errors
    /// [`VaultError::Database`].
    pub async fn asked_about(&mut self) -> Result<Vec<SubjectId>, VaultError> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar("SELECT DISTINCT subject FROM request")
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter().map(|id| subject_id(id)).collect()
    }

    async fn request_events(
        &mut self,
        subject: SubjectId,
        id: RequestId,
        key: &SealKey,
    ) -> Result<Vec<RequestEvent>, VaultError> {
        let rows = sqlx::query(
            "SELECT position, sealed FROM request_event WHERE request = $1 AND subject = $2 ORDER BY position",
        )
        .bind(id.0.as_slice())
        .bind(subject.0.as_slice())
        .fetch_all(&mut *self.tx)
        .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let position: i64 = row.try_get(0)?;
            if usize::try_from(position) != Ok(events.len()) {
                let lacks = events.len();
                return Err(VaultError::Damaged(format!(
                    "the request {id} lacks its event {lacks}"
                )));
            }
            let plain = key.open(&event_bound(id, subject, position), row.try_get(1)?)?;
            events.push(record::read_request_event(id, &plain)?);
        }
        Ok(events)
    }

    async fn request_key(&mut self, subject: SubjectId) -> Result<SealKey, VaultError> {
        let key = self
            .keyring
            .find(&mut self.tx, subject, Scope::Record)
            .await?;
        key.ok_or(VaultError::Unsealable("request"))
    }
}

impl Act {
    /// Keeps a new request with everything that happened to it so far.
    ///
    /// # Errors
    /// [`VaultError::UnknownSubject`], [`VaultError::Database`] also when a request with this
    /// identifier is kept already.
    pub async fn keep_request(&mut self, request: &Request) -> Result<(), VaultError> {
        let (id, subject) = (request.id(), request.asked().subject);
        let key = self.request_key(subject).await;
        let key = key.map_err(|_| VaultError::UnknownSubject(subject.to_string()))?;
        let plain = record::write_request(request.asked())?;
        sqlx::query("INSERT INTO request VALUES ($1, $2, $3)")
            .bind(id.0.as_slice())
            .bind(subject.0.as_slice())
            .bind(key.seal(&bound(id, subject), &plain)?)
            .execute(&mut *self.tx)
            .await?;
        for (position, event) in request.events().iter().enumerate() {
            self.write_request_event(subject, id, position, event, &key)
                .await?;
        }
        Ok(())
    }

    /// Adds what happened next to a request, and gives it as it then stands.
    ///
    /// # Errors
    /// [`VaultError::NoSuchRequest`], [`VaultError::Law`] when nothing can follow.
    pub async fn append_request(
        &mut self,
        id: RequestId,
        event: RequestEvent,
    ) -> Result<Request, VaultError> {
        let missing = || VaultError::NoSuchRequest(id.to_string());
        let subject = self.request_about(id).await?.ok_or_else(missing)?;
        let requests = self.requests(subject).await?;
        let found = requests.into_iter().find(|request| request.id() == id);
        let mut request = found.ok_or_else(missing)?;
        let position = request.events().len();
        request.append(event.clone())?;
        let key = self.request_key(subject).await?;
        self.write_request_event(subject, id, position, &event, &key)
            .await?;
        Ok(request)
    }

    async fn write_request_event(
        &mut self,
        subject: SubjectId,
        id: RequestId,
        position: usize,
        event: &RequestEvent,
        key: &SealKey,
    ) -> Result<(), VaultError> {
        let position = i64::try_from(position)
            .map_err(|_| VaultError::Damaged("a request has too many events".to_owned()))?;
        let plain = record::write_request_event(id, event)?;
        sqlx::query("INSERT INTO request_event VALUES ($1, $2, $3, $4)")
            .bind(id.0.as_slice())
            .bind(position)
            .bind(subject.0.as_slice())
            .bind(key.seal(&event_bound(id, subject, position), &plain)?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

fn put_together(
    id: RequestId,
    asked: faceward_law::AskedFor,
    events: Vec<RequestEvent>,
) -> Result<Request, VaultError> {
    let damaged = |why: &str| VaultError::Damaged(format!("the request {id} {why}"));
    let mut events = events.into_iter();
    let first = events.next().ok_or_else(|| damaged("lacks its event 0"))?;
    let contradicts = |_| damaged("contradicts itself");
    let mut request = Request::receive(id, asked, first.at).map_err(contradicts)?;
    for event in events {
        request.append(event).map_err(contradicts)?;
    }
    Ok(request)
}

fn request_id(bytes: &[u8]) -> Result<RequestId, VaultError> {
    let id = bytes.try_into().map(RequestId);
    id.map_err(|_| VaultError::Damaged("an identifier is not 16 bytes".to_owned()))
}

fn bound(id: RequestId, subject: SubjectId) -> Bound {
    Bound::new("request", &[&id.0, &subject.0])
}

fn event_bound(id: RequestId, subject: SubjectId, position: i64) -> Bound {
    Bound::new(
        "request event",
        &[&id.0, &subject.0, &position.to_le_bytes()],
    )
}
