//! Asking for consent, and the answers that are no consent.

use faceward_law::{
    Actor, Asked, ConsentEvent, ConsentRecord, Giver, Happened, Purpose, Scope, may_ask,
};
use faceward_vault::Handle;

use super::{NoticeText, fresh_id, is_about, is_open, notice};
use crate::{Act, ConsentRecorded, Ward, WardError};

/// What is asked of whom.
pub struct ConsentRequest {
    /// Who is asked.
    pub handle: Handle,
    /// For which one purpose.
    pub purpose: Purpose,
    /// To what.
    pub scope: Scope,
    /// What they are told; needed unless a request is open.
    pub notice: Option<NoticeText>,
}

/// An answer that is no consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not now.
    Deferred,
    /// No.
    Refused,
}

impl Ward {
    /// Records that a person is asked. Nobody is asked again after a refusal unless the notice has
    /// changed since.
    ///
    /// # Errors
    /// [`WardError::Law`] after a refusal, or while an answer is open.
    pub async fn request_consent(
        &self,
        request: ConsentRequest,
    ) -> Result<ConsentRecorded, WardError> {
        let mut act = self.act().await?;
        let subject = act.know(&request.handle).await?;
        let records = act.consent_records(subject).await?;
        let (purpose, scope) = (request.purpose, request.scope);
        let text = request
            .notice
            .ok_or_else(|| WardError::NotAsked(purpose.to_string()))?;
        let notice = notice(text)?;
        may_ask(&records, &purpose, &scope, &notice)?;
        let mut about = records
            .iter()
            .filter(|record| is_about(record, &purpose, &scope));
        let event = ConsentEvent {
            at: self.now(),
            by: Actor::Controller,
            what: Happened::Requested,
        };
        let deferred = about
            .clone()
            .find(|record| is_open(record) && record.asked().notice.sha256 == notice.sha256);
        let record = match deferred {
            Some(record) => {
                act.append_event(subject, record.id(), event.clone())
                    .await?
            }
            None => {
                let asked = Asked {
                    subject,
                    previous: about.next_back().map(ConsentRecord::id),
                    purpose,
                    scope,
                    notice,
                };
                let record = ConsentRecord::open(fresh_id()?, asked, event.clone())?;
                act.keep_record(&record).await?;
                record
            }
        };
        let receipt = self
            .note(act, subject, &record, &event, Act::ConsentRequested)
            .await?;
        Ok(ConsentRecorded { record, receipt })
    }

    /// Records that a person put the answer off, or said no. An open request is answered; without
    /// one, a refusal is recorded against the notice that is named.
    ///
    /// # Errors
    /// [`WardError::NotAsked`] when no request is open and no notice is named,
    /// [`WardError::AgreedAlready`] when the person agreed: then it is to be withdrawn.
    pub async fn answer_request(
        &self,
        request: ConsentRequest,
        answer: Answer,
        by: &Giver,
    ) -> Result<ConsentRecorded, WardError> {
        let now = self.now();
        let mut act = self.act().await?;
        let subject = act.know(&request.handle).await?;
        let records = act.consent_records(subject).await?;
        let (purpose, scope) = (request.purpose, request.scope);
        let mut about = records
            .iter()
            .filter(|record| is_about(record, &purpose, &scope));
        let (what, word) = match answer {
            Answer::Deferred => (Happened::Deferred, Act::ConsentDeferred),
            Answer::Refused => (Happened::Refused, Act::ConsentRefused),
        };
        let event = ConsentEvent {
            at: now,
            by: Actor::from(by),
            what,
        };
        let open = about.clone().rev().find(|record| is_open(record));
        let record = if let Some(open) = open {
            act.append_event(subject, open.id(), event.clone()).await?
        } else {
            if about.clone().any(|record| record.state(now).is_valid()) {
                return Err(WardError::AgreedAlready(purpose.to_string()));
            }
            let text = request
                .notice
                .ok_or_else(|| WardError::NotAsked(purpose.to_string()))?;
            let asked = Asked {
                subject,
                previous: about.next_back().map(ConsentRecord::id),
                purpose,
                scope,
                notice: notice(text)?,
            };
            let record = ConsentRecord::open(fresh_id()?, asked, event.clone())?;
            act.keep_record(&record).await?;
            record
        };
        let receipt = self.note(act, subject, &record, &event, word).await?;
        Ok(ConsentRecorded { record, receipt })
    }
}
