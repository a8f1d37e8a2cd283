//! The record of one consent: what was asked, and everything that happened since, in order.

use jiff::Timestamp;

use super::check::{check, check_notice, check_scope, refuse_if};
use super::event::fold;
use crate::{
    Actor, ConsentDraft, ConsentEvent, ConsentId, ConsentState, Giver, Happened, LawError, Notice,
    Purpose, Renewal, Scope, SubjectId,
};

/// One consent from the first question to its end. Events are only ever appended, and none
/// contradicts those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    id: ConsentId,
    asked: Asked,
    events: Vec<ConsentEvent>,
}

/// What a record is about, from its first event to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whose face it is.
    pub subject: SubjectId,
    /// The one purpose.
    pub purpose: Purpose,
    /// The one thing asked for.
    pub scope: Scope,
    /// What the person is told.
    pub notice: Notice,
    /// The record before this one, for the same person, purpose and scope.
    pub previous: Option<ConsentId>,
}

impl ConsentRecord {
    /// Opens a record with its first event: asked, refused, or given at once.
    ///
    /// # Errors
    /// [`LawError::Consent`] when the notice has no version, or the event cannot be a first one.
    pub fn open(id: ConsentId, asked: Asked, first: ConsentEvent) -> Result<Self, LawError> {
        check_notice(&asked.notice)?;
        check_scope(&asked.scope)?;
        let mut record = Self {
            id,
            asked,
            events: Vec::new(),
        };
        record.append(first)?;
        Ok(record)
    }

    /// Adds what happened next.
    ///
    /// # Errors
    /// [`LawError::Consent`] when it contradicts what happened before: nothing follows a refusal,
    /// a withdrawal, a revocation or an invalidation.
    pub fn append(&mut self, event: ConsentEvent) -> Result<(), LawError> {
        if let Some(end) = self.events.iter().find_map(|event| event.what.end()) {
            return Err(LawError::Consent(format!(
                "the record {} was {end}, and that is final; ask again under a new one",
                self.id
            )));
        }
        self.check_order(&event)?;
        match &event.what {
            Happened::Given(draft) => self.check_given(&event, draft)?,
            Happened::Renewed(renewal) => self.check_renewal(&event, renewal)?,
            Happened::PurposeEnded { reason }
            | Happened::Revoked { reason }
            | Happened::Invalidated { reason } => {
                refuse_if(
                    reason.trim().is_empty(),
                    "it does not say why; give a reason",
                )?;
            }
            _ => {}
        }
        let own = matches!(event.by, Actor::Subject | Actor::Guardian(_));
        refuse_if(
            own && matches!(event.what, Happened::Revoked { .. }),
            "a revocation is by somebody other than the person; what the person takes back is withdrawn",
        )?;
        refuse_if(
            event.by.name().is_some_and(|name| name.trim().is_empty()),
            "whoever acted has no name",
        )?;
        self.events.push(event);
        Ok(())
    }

    /// Identifier of the record.
    pub fn id(&self) -> ConsentId {
        self.id
    }

    /// What it is about.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Everything that happened, in order; never empty.
    pub fn events(&self) -> &[ConsentEvent] {
        &self.events
    }

    /// Where it stands now.
    pub fn state(&self, now: Timestamp) -> ConsentState {
        fold(&self.events, now)
    }

    /// The final event, if there is one.
    pub fn end(&self) -> Option<&ConsentEvent> {
        self.events.iter().find(|event| event.what.end().is_some())
    }

    /// When the purpose ended, if it did.
    pub fn purpose_ended(&self) -> Option<Timestamp> {
        let ended = |event: &&ConsentEvent| matches!(event.what, Happened::PurposeEnded { .. });
        self.events.iter().find(ended).map(|event| event.at)
    }

    /// The terms agreed to, if they were.
    pub fn given(&self) -> Option<&ConsentDraft> {
        self.events.iter().find_map(|event| match &event.what {
            Happened::Given(draft) => Some(&**draft),
            _ => None,
        })
    }

    /// The renewals, oldest first.
    pub fn renewals(&self) -> impl Iterator<Item = (Timestamp, &Renewal)> {
        self.events.iter().filter_map(|event| match &event.what {
            Happened::Renewed(renewal) => Some((event.at, &**renewal)),
            _ => None,
        })
    }

    /// Until when the person agreed, whatever happened since.
    pub fn agreed_until(&self) -> Option<Timestamp> {
        let last = self.renewals().last().map(|(_, renewal)| renewal.until);
        last.or_else(|| self.given().map(|draft| draft.until))
    }

    fn check_order(&self, event: &ConsentEvent) -> Result<(), LawError> {
        let last = self.events.last();
        let answered = self.given().is_some();
        let open = |what: &Happened| matches!(what, Happened::Requested | Happened::Deferred);
        let follows = match &event.what {
            Happened::Requested => last.is_none_or(|last| matches!(last.what, Happened::Deferred)),
            Happened::Deferred => last.is_some_and(|last| open(&last.what)),
            Happened::Refused | Happened::Given(_) => last.is_none_or(|last| open(&last.what)),
            Happened::PurposeEnded { .. } => answered && self.purpose_ended().is_none(),
            Happened::Renewed(_)
            | Happened::Withdrawn
            | Happened::Revoked { .. }
            | Happened::Invalidated { .. } => answered,
        };
        if !follows {
            let before = last.map_or("nothing", |last| last.what.word());
            return Err(LawError::Consent(format!(
                "`{}` cannot follow `{before}`",
                event.what.word()
            )));
        }
        // What ends a record must never fail over a clock that was set back.
        let ends = event.what.end().is_some();
        let back = last.is_some_and(|last| event.at < last.at);
        refuse_if(
            back && !ends,
            "it would have happened before what was recorded last; set the clock right",
        )
    }

    fn check_given(&self, event: &ConsentEvent, draft: &ConsentDraft) -> Result<(), LawError> {
        let asked = &self.asked;
        let answers = draft.subject == asked.subject
            && draft.purpose == asked.purpose
            && draft.details.scope == asked.scope
            && draft.notice.sha256 == asked.notice.sha256;
        refuse_if(
            !answers,
            "it answers another question than was asked: person, purpose, scope and notice must be the same",
        )?;
        refuse_if(
            event.at != draft.given_at || event.by != Actor::from(&draft.given_by),
            "who agreed and when is said in two ways",
        )?;
        check(draft)
    }

    fn check_renewal(&self, event: &ConsentEvent, renewal: &Renewal) -> Result<(), LawError> {
        refuse_if(
            renewal.notice.sha256 != self.asked.notice.sha256,
            "the notice has changed since it was given; ask anew instead of renewing (PIPL Art. 14)",
        )?;
        refuse_if(
            self.purpose_ended().is_some(),
            "the purpose has ended; ask anew if there is another",
        )?;
        let Some(given) = self.given() else {
            return refuse_if(true, "it was never given");
        };
        refuse_if(
            event.at < given.from,
            "it has not begun yet; renew it once it has",
        )?;
        refuse_if(
            renewal.until <= event.at || Some(renewal.until) < self.agreed_until(),
            "it would end sooner than before; a renewal extends",
        )?;
        // A renewal is held to what is asked of a consent given now, under the same terms.
        let mut fresh = given.clone();
        fresh.notice = renewal.notice.clone();
        fresh.given_by = renewal.given_by.clone();
        fresh.method = renewal.method.clone();
        (fresh.given_at, fresh.from) = (event.at, event.at);
        fresh.until = renewal.until;
        fresh.details.shown = renewal.shown.clone();
        fresh.details.relation = renewal.relation;
        refuse_if(
            event.by != Actor::from(&renewal.given_by),
            "who agreed is said in two ways",
        )?;
        check(&fresh)
    }
}

impl ConsentEvent {
    /// That the person, or a guardian for them, agreed to these terms.
    pub fn given(draft: ConsentDraft) -> Self {
        Self {
            at: draft.given_at,
            by: Actor::from(&draft.given_by),
            what: Happened::Given(Box::new(draft)),
        }
    }

    /// That the person, or a guardian for them, agreed again.
    pub fn renewed(at: Timestamp, renewal: Renewal) -> Self {
        Self {
            at,
            by: Actor::from(&renewal.given_by),
            what: Happened::Renewed(Box::new(renewal)),
        }
    }

    /// That whoever agreed took it back.
    pub fn withdrawn(at: Timestamp, by: &Giver) -> Self {
        Self {
            at,
            by: Actor::from(by),
            what: Happened::Withdrawn,
        }
    }
}
