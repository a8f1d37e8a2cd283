//! Consents are recorded as they were given, and withdrawn as easily.

use faceward_law::{
    Age, Condition, Consent, ConsentDraft, ConsentId, Giver, LawError, Method, Notice, Purpose,
};
use faceward_vault::{Handle, Receipt};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::{Act, Event, EventOutcome, Ward, WardError};

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
}

/// The notice as it was shown: only its version and hash are kept.
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
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Ward {
    /// Records a consent.
    ///
    /// # Errors
    /// [`WardError::Law`] when it could never be relied on; nothing was recorded then.
    pub async fn give_consent(&self, ask: ConsentAsk) -> Result<ConsentGiven, WardError> {
        let now = self.now();
        let from = ask.from.unwrap_or(now);
        if ask.notice.bytes.is_empty() {
            let why = "the notice is empty; give the text that was shown";
            return Err(LawError::Consent(why.to_owned()).into());
        }
        let mut act = self.vault.act().await?;
        let subject = act.know(&ask.handle).await?;
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(faceward_vault::VaultError::from)?;
        let draft = ConsentDraft {
            subject,
            purpose: ask.purpose,
            notice: Notice {
                version: ask.notice.version,
                sha256: Sha256::digest(&ask.notice.bytes).into(),
            },
            given_by: ask.given_by,
            method: Method(ask.method),
            age: ask.age,
            bundled_with: ask.bundled_with,
            condition: ask.condition,
            given_at: now,
            from,
            until: ask
                .until
                .unwrap_or(from.saturating_add(YEAR).unwrap_or(Timestamp::MAX)),
        };
        let consent = Consent::record(ConsentId(id), draft)?;
        act.keep_consent(&consent).await?;
        let mark = act
            .marker(subject)
            .await?
            .fresh(&faceward_vault::consent_bytes(&consent)?)?;
        let event = Event::new(now, Act::ConsentGiven, EventOutcome::Done)
            .purpose(&consent.terms().purpose)
            .mark(mark);
        let receipt = act.record(&event.to_bytes()).await?;
        Ok(ConsentGiven { consent, receipt })
    }

    /// Everything a person agreed to, live or not, oldest first. Needs no permit.
    ///
    /// # Errors
    /// [`WardError::Unknown`] when nobody here has this handle.
    pub async fn consents(&self, handle: &Handle) -> Result<Vec<Consent>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = look.subject(handle).await?;
        let subject = subject.ok_or_else(|| WardError::Unknown(handle.to_string()))?;
        Ok(look.consents(subject).await?)
    }
}
