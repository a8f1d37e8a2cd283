//! Consents are asked for, recorded as they were given or refused, and renewed.

mod asking;
mod renewing;

pub use asking::{Answer, ConsentRequest};
pub use renewing::RenewAsk;

use faceward_law::{
    Age, AskAnew, Condition, Consent, ConsentDraft, ConsentEvent, ConsentId, ConsentRecord,
    Details, Giver, Happened, LawError, Method, Notice, Offer, Purpose, Scope, SubjectId, ask_anew,
};
use faceward_vault::{Act as VaultAct, Handle, Receipt, event_commitment};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use self::renewing::{goes_on, renewal_of};
use crate::facts::known;
use crate::{Act, EventOutcome, Ward, WardError};

/// What has to be said to record a consent.
pub struct ConsentAsk {
    /// Who agreed, by the handle their controller knows them by.
    pub handle: Handle,
    /// To which one purpose.
    pub purpose: Purpose,
    /// What they were told.
    pub notice: NoticeText,
    /// Who gave it.
    pub given_by: Giver,
    /// How, such as `signed on paper`.
    pub method: String,
    /// Age of the person.
    pub age: Age,
    /// Other authorisations asked for in the same act.
    pub bundled_with: Option<String>,
    /// Whether the service depended on it.
    pub condition: Condition,
    /// From when it counts; from now if not said.
    pub from: Option<Timestamp>,
    /// Until when; a year after its start if not said.
    pub until: Option<Timestamp>,
    /// How far it goes, and how the notice was shown.
    pub details: Details,
}

/// The notice as it was shown: only its version and hash are kept.
#[derive(Clone)]
pub struct NoticeText {
    /// The controller's name for this version.
    pub version: String,
    /// The exact bytes shown.
    pub bytes: Vec<u8>,
}

/// A consent was recorded.
pub struct ConsentGiven {
    /// The record.
    pub consent: Consent,
    /// Whether an earlier one goes on, to the same terms, instead of a new one beginning.
    pub renewed: bool,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// Something that is not a consent was recorded: a request, a deferral, a refusal, the end of a
/// purpose.
pub struct ConsentRecorded {
    /// The record.
    pub record: ConsentRecord,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Ward {
    /// Records a consent. Where the same terms were agreed to before under the same notice, and
    /// nothing ended them, that consent is renewed; where a request is open, it is answered;
    /// otherwise a new record begins, linked to the one before.
    ///
    /// # Errors
    /// [`WardError::Law`] when it could never be relied on; nothing was recorded then.
    pub async fn give_consent(&self, ask: ConsentAsk) -> Result<ConsentGiven, WardError> {
        let now = self.now();
        let mut act = self.act().await?;
        let subject = act.know(&ask.handle).await?;
        let records = act.consent_records(subject).await?;
        let draft = draft(ask, subject, now)?;
        if let Some(earlier) = records.iter().rev().find(|record| goes_on(record, &draft)) {
            let event = ConsentEvent::renewed(now, renewal_of(&draft));
            return self.renewed(act, subject, earlier.id(), event).await;
        }
        let (purpose, scope) = (draft.purpose.clone(), draft.details.scope.clone());
        let mut about = records
            .iter()
            .filter(|record| is_about(record, &purpose, &scope));
        let open = about
            .clone()
            .find(|record| is_open(record) && record.asked().notice.sha256 == draft.notice.sha256);
        let event = ConsentEvent::given(draft.clone());
        let record = match open {
            Some(open) => act.append_event(subject, open.id(), event.clone()).await?,
            None => {
                let previous = about.next_back().map(ConsentRecord::id);
                let consent = Consent::record_after(fresh_id()?, draft, previous)?;
                act.keep_consent(&consent).await?;
                consent.history().clone()
            }
        };
        let receipt = self
            .note(act, subject, &record, &event, Act::ConsentGiven)
            .await?;
        Ok(ConsentGiven {
            consent: given(record)?,
            renewed: false,
            receipt,
        })
    }

    /// Everything a person agreed to, live or not, oldest first. Needs no permit.
    ///
    /// # Errors
    /// [`WardError::Unknown`] when nobody here has this handle.
    pub async fn consents(&self, handle: &Handle) -> Result<Vec<Consent>, WardError> {
        let records = self.consent_records(handle).await?;
        Ok(records.into_iter().filter_map(Consent::of).collect())
    }

    /// Everything a person was asked, answered or agreed to, with what happened since. Needs no
    /// permit.
    ///
    /// # Errors
    /// [`WardError::Unknown`] when nobody here has this handle.
    pub async fn consent_records(&self, handle: &Handle) -> Result<Vec<ConsentRecord>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        Ok(look.consent_records(subject).await?)
    }

    /// For each consent of a person for the offered purpose, why it does not carry the offer;
    /// nothing where it still counts.
    ///
    /// # Errors
    /// As [`Self::consents`].
    pub async fn consents_under(
        &self,
        handle: &Handle,
        offer: &Offer,
    ) -> Result<Vec<(Consent, Vec<AskAnew>)>, WardError> {
        let now = self.now();
        let mut consents = self.consents(handle).await?;
        consents.retain(|consent| consent.terms().purpose == offer.purpose);
        let against = |consent: Consent| {
            let reasons = ask_anew(&consent, offer, now);
            (consent, reasons)
        };
        Ok(consents.into_iter().map(against).collect())
    }

    /// Commits the act with an entry that commits to this event of this person's.
    pub(crate) async fn note(
        &self,
        mut act: VaultAct,
        subject: SubjectId,
        record: &ConsentRecord,
        event: &ConsentEvent,
        word: Act,
    ) -> Result<Receipt, WardError> {
        let what = event_commitment(record.id(), event)?;
        let entry = self
            .event(word, EventOutcome::Done)
            .purpose(&record.asked().purpose)
            .mark(act.marker(subject).await?.fresh(&what)?);
        Ok(act.record(&entry.to_bytes()).await?)
    }
}

impl NoticeText {
    /// Version and hash, which is all that is kept of it.
    ///
    /// # Errors
    /// [`WardError::Law`] when it is empty.
    pub fn hashed(self) -> Result<Notice, WardError> {
        notice(self)
    }
}

fn notice(text: NoticeText) -> Result<Notice, WardError> {
    if text.bytes.is_empty() {
        let why = "the notice is empty; give the text that was shown";
        return Err(LawError::Consent(why.to_owned()).into());
    }
    Ok(Notice {
        version: text.version,
        sha256: Sha256::digest(&text.bytes).into(),
    })
}

fn draft(ask: ConsentAsk, subject: SubjectId, now: Timestamp) -> Result<ConsentDraft, WardError> {
    let from = ask.from.unwrap_or(now);
    Ok(ConsentDraft {
        subject,
        purpose: ask.purpose,
        notice: notice(ask.notice)?,
        given_by: ask.given_by,
        method: Method(ask.method),
        age: ask.age,
        bundled_with: ask.bundled_with,
        condition: ask.condition,
        given_at: now,
        from,
        until: ask.until.unwrap_or_else(|| year_from(from)),
        details: ask.details,
    })
}

pub(crate) fn is_about(record: &ConsentRecord, purpose: &Purpose, scope: &Scope) -> bool {
    record.asked().purpose == *purpose && record.asked().scope == *scope
}

/// Asked, and not answered.
pub(crate) fn is_open(record: &ConsentRecord) -> bool {
    let last = record.events().last().map(|event| &event.what);
    matches!(last, Some(Happened::Requested | Happened::Deferred))
}

fn given(record: ConsentRecord) -> Result<Consent, WardError> {
    Consent::of(record)
        .ok_or_else(|| LawError::Consent("nothing was given in this record".to_owned()).into())
}

pub(crate) fn fresh_id() -> Result<ConsentId, WardError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(faceward_vault::VaultError::from)?;
    Ok(ConsentId(id))
}

fn year_from(start: Timestamp) -> Timestamp {
    start.saturating_add(YEAR).unwrap_or(Timestamp::MAX)
}
