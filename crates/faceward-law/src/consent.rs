//! A grant: who agreed to which purpose, after which notice, how, from when, until when; and what
//! happened before and since.

mod asking;
mod check;
mod event;
mod functions;
mod record;
mod terms;

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

pub use asking::{AskAnew, Offer, ask_anew, may_ask};
pub use event::{Actor, ConsentEvent, ConsentState, Happened, Renewal, fold};
pub use functions::Functions;
pub use record::{Asked, ConsentRecord};
pub use terms::{
    Age, Condition, ConsentDraft, Details, Giver, LONGEST_VALIDITY_DAYS, Method, Notice, Relation,
    Retention, Scope, Shown,
};

use crate::facts::{parse_hex, write_hex};
use crate::{LawError, Operation};

/// One person's recorded agreement to one purpose: a [`ConsentRecord`] in which consent was given.
/// A value that exists has a subject, a purpose, a notice shown before it was given, and an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    record: ConsentRecord,
    terms: ConsentDraft,
}

impl Consent {
    /// Records a consent under a fresh identifier.
    ///
    /// # Errors
    /// [`LawError::Consent`] when the end is not after the beginning or lies further away than
    /// [`LONGEST_VALIDITY_DAYS`], when validity would begin before the agreement was given, when
    /// the notice was shown only after it, or when something that must be said is blank.
    pub fn record(id: ConsentId, draft: ConsentDraft) -> Result<Self, LawError> {
        Self::record_after(id, draft, None)
    }

    /// Records a consent that follows an earlier record for the same person, purpose and scope.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn record_after(
        id: ConsentId,
        draft: ConsentDraft,
        previous: Option<ConsentId>,
    ) -> Result<Self, LawError> {
        let asked = Asked {
            subject: draft.subject,
            purpose: draft.purpose.clone(),
            scope: draft.details.scope.clone(),
            notice: draft.notice.clone(),
            previous,
        };
        let record = ConsentRecord::open(id, asked, ConsentEvent::given(draft.clone()))?;
        let terms = terms_now(&record).unwrap_or(draft);
        Ok(Self { record, terms })
    }

    /// The consent in a record; `None` where none was given.
    pub fn of(record: ConsentRecord) -> Option<Self> {
        let terms = terms_now(&record)?;
        Some(Self { record, terms })
    }

    /// The same consent, withdrawn at this moment; what ended it before stands.
    #[must_use]
    pub fn withdraw(mut self, at: Timestamp) -> Self {
        let event = ConsentEvent::withdrawn(at, &self.terms.given_by);
        // The one thing that keeps a withdrawal from being appended is that it ended already.
        let _ = self.record.append(event);
        self
    }

    /// Identifier of the record.
    pub fn id(&self) -> ConsentId {
        self.record.id()
    }

    /// What is agreed to now: what was recorded when it was given, with the act, the notice and the
    /// end of its last renewal, and no longer than the purpose and the agreed retention last.
    pub fn terms(&self) -> &ConsentDraft {
        &self.terms
    }

    /// Everything that happened to it.
    pub fn history(&self) -> &ConsentRecord {
        &self.record
    }

    /// When the person withdrew it, if they did.
    pub fn withdrawn(&self) -> Option<Timestamp> {
        let end = self.record.end()?;
        (end.what == Happened::Withdrawn).then_some(end.at)
    }

    /// Where it stands now, in the states of ISO/IEC TS 27560.
    pub fn state(&self, now: Timestamp) -> ConsentState {
        match self.standing(now) {
            Standing::Expired => ConsentState::Expired,
            Standing::NotYet => ConsentState::Unknown,
            Standing::Live | Standing::Withdrawn(_) => self.record.state(now),
        }
    }

    /// Whether it is to processing, and to what this operation does with a face.
    ///
    /// Enrolment and finding faces serve every function; telling something about a person from
    /// the face is no operation yet.
    pub fn covers(&self, operation: Operation) -> bool {
        let Functions {
            verification,
            identification,
            ..
        } = self.terms.details.functions;
        self.terms.details.scope == Scope::Processing
            && match operation {
                Operation::Enroll | Operation::Detect => true,
                Operation::Verify | Operation::Compare => verification,
                Operation::Identify => identification,
            }
    }

    /// Until when templates may be kept on it: the end of the consent or of the agreed retention,
    /// and days after the purpose ended if days were agreed to.
    pub fn keep_until(&self) -> Timestamp {
        if let Some(end) = self.record.end() {
            return end.at;
        }
        let agreed = self.record.agreed_until().unwrap_or(self.terms.until);
        match (&self.terms.details.retention, self.record.purpose_ended()) {
            (Retention::After { days, .. }, Some(ended)) => {
                let days = SignedDuration::from_hours(i64::from(*days) * 24);
                agreed.min(ended.saturating_add(days).unwrap_or(Timestamp::MAX))
            }
            _ => self.terms.until,
        }
    }

    /// Where the consent stands in time at `now`.
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        match self.record.end() {
            Some(end) => Standing::Withdrawn(end.at),
            None if now < self.terms.from => Standing::NotYet,
            None if now >= self.terms.until => Standing::Expired,
            None => Standing::Live,
        }
    }

    /// Whether it is neither ended, nor expired, nor yet to begin at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.standing(now) == Standing::Live
    }
}

/// The terms in force after everything that happened.
fn terms_now(record: &ConsentRecord) -> Option<ConsentDraft> {
    let mut terms = record.given()?.clone();
    for (at, renewal) in record.renewals() {
        // After a gap nothing before the renewal counts any more, should the clock be set back.
        if at > terms.until {
            terms.from = at;
        }
        terms.notice = renewal.notice.clone();
        terms.given_by = renewal.given_by.clone();
        terms.method = renewal.method.clone();
        terms.age = renewal.age;
        terms.given_at = at;
        terms.until = renewal.until;
        terms.details.shown = renewal.shown.clone();
        terms.details.relation = renewal.relation;
    }
    if let Retention::Until(end) = terms.details.retention {
        terms.until = terms.until.min(end);
    }
    if let Some(ended) = record.purpose_ended() {
        terms.until = terms.until.min(ended);
    }
    Some(terms)
}

/// Where a consent stands in time. What ended it counts whatever its date: a record that says
/// "withdrawn" is never relied on, even if the clock is set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Live,
    NotYet,
    Expired,
    /// Withdrawn by the person, or ended by somebody else.
    Withdrawn(Timestamp),
}

/// Identifier of a consent record: opaque and random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConsentId(pub [u8; 16]);

impl fmt::Display for ConsentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for ConsentId {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        parse_hex(text).map(Self)
    }
}
