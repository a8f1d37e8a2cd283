//! A consent goes on by a fresh act, under the same terms and notice.

use faceward_law::{
    Age, AskAnew, Consent, ConsentDraft, ConsentEvent, ConsentId, ConsentRecord, Giver, Method,
    Notice, Offer, Purpose, Relation, Renewal, Scope, Shown, SubjectId, ask_anew,
};
use faceward_vault::{Act as VaultAct, Handle};
use jiff::Timestamp;

use super::{ConsentGiven, NoticeText, given, notice, year_from};
use crate::facts::known;
use crate::{Act, Ward, WardError};

/// What has to be said to renew a consent: a fresh act, under the current notice.
pub struct RenewAsk {
    /// Who agreed again.
    pub handle: Handle,
    /// For which purpose.
    pub purpose: Purpose,
    /// To what.
    pub scope: Scope,
    /// The current notice.
    pub notice: NoticeText,
    /// Who gave it.
    pub given_by: Giver,
    /// What a guardian is to the person.
    pub relation: Option<Relation>,
    /// How.
    pub method: String,
    /// Age of the person now.
    pub age: Age,
    /// How the notice was shown.
    pub shown: Option<Shown>,
    /// Until when; a year from now if not said.
    pub until: Option<Timestamp>,
}

impl Ward {
    /// Renews the consent of a person for a purpose by a fresh act under the current notice,
    /// before or after its end.
    ///
    /// # Errors
    /// [`WardError::NothingToRenew`] when there is none to go on, with the reasons to ask anew.
    pub async fn renew_consent(&self, ask: RenewAsk) -> Result<ConsentGiven, WardError> {
        let now = self.now();
        let mut act = self.act().await?;
        let subject = known(&mut act, &ask.handle).await?;
        let notice = notice(ask.notice)?;
        let consents = act.consents(subject).await?;
        let last = consents.iter().rev().find(|consent| {
            let terms = consent.terms();
            terms.purpose == ask.purpose && terms.details.scope == ask.scope
        });
        let reasons = last.map_or_else(Vec::new, |last| obstacles(last, &notice, now));
        let Some(last) = last.filter(|_| reasons.is_empty()) else {
            return Err(WardError::NothingToRenew {
                purpose: ask.purpose.to_string(),
                reasons,
            });
        };
        let renewal = Renewal {
            notice,
            given_by: ask.given_by,
            relation: ask.relation,
            method: Method(ask.method),
            age: ask.age,
            shown: ask.shown,
            until: ask.until.unwrap_or_else(|| year_from(now)),
        };
        let event = ConsentEvent::renewed(now, renewal);
        self.renewed(act, subject, last.id(), event).await
    }

    pub(super) async fn renewed(
        &self,
        mut act: VaultAct,
        subject: SubjectId,
        id: ConsentId,
        event: ConsentEvent,
    ) -> Result<ConsentGiven, WardError> {
        let record = act.append_event(subject, id, event.clone()).await?;
        let receipt = self
            .note(act, subject, &record, &event, Act::ConsentRenewed)
            .await?;
        Ok(ConsentGiven {
            consent: given(record)?,
            renewed: true,
            receipt,
        })
    }
}

/// Whether agreeing to these terms renews this record: the same terms and notice, begun, not
/// ended, and not to end sooner than agreed.
pub(super) fn goes_on(record: &ConsentRecord, draft: &ConsentDraft) -> bool {
    let Some(given) = record.given() else {
        return false;
    };
    let same = given.purpose == draft.purpose
        && given.notice.sha256 == draft.notice.sha256
        && given.condition == draft.condition
        && given.bundled_with == draft.bundled_with
        && given.details.scope == draft.details.scope
        && given.details.functions == draft.details.functions
        && given.details.retention == draft.details.retention
        && given.details.equal_terms == draft.details.equal_terms;
    same && record.end().is_none()
        && record.purpose_ended().is_none()
        && given.from <= draft.given_at
        && draft.from == draft.given_at
        && record.agreed_until() <= Some(draft.until)
}

pub(super) fn renewal_of(draft: &ConsentDraft) -> Renewal {
    Renewal {
        notice: draft.notice.clone(),
        given_by: draft.given_by.clone(),
        relation: draft.details.relation,
        method: draft.method.clone(),
        age: draft.age,
        shown: draft.details.shown.clone(),
        until: draft.until,
    }
}

/// What keeps a consent from being renewed under the current notice; its expiry does not.
fn obstacles(consent: &Consent, notice: &Notice, now: Timestamp) -> Vec<AskAnew> {
    let terms = consent.terms();
    let offer = Offer {
        purpose: terms.purpose.clone(),
        notice: notice.clone(),
        scope: terms.details.scope.clone(),
        functions: terms.details.functions,
        retention: terms.details.retention.clone(),
    };
    let mut reasons = ask_anew(consent, &offer, now);
    let over = |reason: &AskAnew| matches!(reason, AskAnew::NotValid(state) if !state.is_final());
    reasons.retain(|reason| !over(reason));
    reasons
}
