//! What is wrong is corrected: the handle, and what a consent says of the person's age or guardian.
//! A record is never edited; a corrected one takes its place and names it.

use faceward_law::{
    Actor, Age, Consent, ConsentDraft, ConsentEvent, ConsentId, Giver, Happened, Purpose, Relation,
};
use faceward_vault::{Act as VaultAct, Handle, Mark, Marker, Receipt, event_commitment};
use jiff::Timestamp;

use crate::consent::fresh_id;
use crate::facts::known;
use crate::subjects::{ListedSubject, listed};
use crate::{Act, Event, EventOutcome, Ward, WardError};

/// What a consent should have said. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The age of the person when it was given.
    pub age: Option<Age>,
    /// Who gave it.
    pub given_by: Option<Giver>,
    /// What the guardian is to the person.
    pub relation: Option<Relation>,
}

/// Consents were corrected.
pub struct Corrected {
    /// Each record that was taken out of force, and the one in its place.
    pub consents: Vec<(ConsentId, Consent)>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

impl Ward {
    /// Gives a person another handle. Their identifier stays, and so do the marks that stand for
    /// them in the ledger.
    ///
    /// # Errors
    /// [`WardError::Unknown`]; [`WardError::Vault`] when somebody else has it.
    pub async fn correct_handle(&self, from: &Handle, to: &Handle) -> Result<Receipt, WardError> {
        self.correct_handle_if(from, to, |_| true).await
    }

    /// As [`Self::correct_handle`], if what is on record of the person is still what was meant:
    /// asked inside the act, so that nothing changes in between.
    ///
    /// # Errors
    /// Those of [`Self::correct_handle`]; [`WardError::ChangedMeanwhile`].
    pub async fn correct_handle_if(
        &self,
        from: &Handle,
        to: &Handle,
        still_meant: impl FnOnce(&ListedSubject) -> bool + Send,
    ) -> Result<Receipt, WardError> {
        if from.as_str() == to.as_str() {
            let why = "the handle is the same already";
            return Err(WardError::NothingToCorrect(why));
        }
        let mut act = self.act().await?;
        let subject = known(&mut act, from).await?;
        let now = listed(&mut act, subject, from.clone(), self.now()).await?;
        if !still_meant(&now) {
            return Err(WardError::ChangedMeanwhile);
        }
        act.rename(subject, to).await?;
        let event = self
            .event(Act::Corrected, EventOutcome::Done)
            .because("handle")
            .mark(act.marker(subject).await?.fresh(b"")?);
        Ok(act.record(&event.to_bytes()).await?)
    }

    /// Corrects what the consents of a person that go on say of them, for one purpose or all.
    /// Each is revoked, with the reason, in favour of a new record that names it; the references
    /// stay, and whether they may be used is for the law to say on the corrected record.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::NothingToCorrect`], [`WardError::Law`] when the
    /// corrected record could never be relied on.
    pub async fn correct_consents(
        &self,
        handle: &Handle,
        purpose: Option<&Purpose>,
        correction: &Correction,
    ) -> Result<Corrected, WardError> {
        let now = self.now();
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let marker = act.marker(subject).await?;
        let mut event = self
            .event_at(now, Act::Corrected, EventOutcome::Done)
            .because(correction.word())
            .mark(marker.fresh(b"")?);
        let mut consents = Vec::new();
        for wrong in act.consents(subject).await? {
            let asked = purpose.is_none_or(|purpose| wrong.terms().purpose == *purpose);
            let Some(right) = correction.of(&wrong).filter(|_| asked) else {
                continue;
            };
            let (right, marks) = replace(&mut act, &marker, &wrong, right, now).await?;
            event = marks.into_iter().fold(event, Event::mark);
            consents.push((wrong.id(), right));
        }
        if consents.is_empty() {
            let why = "no consent that goes on says otherwise";
            return Err(WardError::NothingToCorrect(why));
        }
        let receipt = act.record(&event.to_bytes()).await?;
        Ok(Corrected { consents, receipt })
    }
}

impl Correction {
    /// The terms as they should have been; `None` where nothing is wrong, or the consent is over.
    fn of(&self, consent: &Consent) -> Option<ConsentDraft> {
        let record = consent.history();
        if record.end().is_some() || record.purpose_ended().is_some() {
            return None;
        }
        let wrong = consent.terms();
        let mut right = wrong.clone();
        right.age = self.age.unwrap_or(right.age);
        right.given_by = self.given_by.clone().unwrap_or(right.given_by);
        right.details.relation = self.relation.or(right.details.relation);
        // The terms of a renewed consent begin with the first agreement, their act is the last.
        right.from = right.from.max(right.given_at);
        let same = right.age == wrong.age
            && right.given_by == wrong.given_by
            && right.details.relation == wrong.details.relation;
        (!same).then_some(right)
    }

    fn word(&self) -> &'static str {
        match (self.age, &self.given_by, self.relation) {
            (Some(_), None, None) => "age",
            (None, _, _) => "guardian",
            (Some(_), _, _) => "age-and-guardian",
        }
    }
}

/// Puts the corrected record in the place of the wrong one; the marks commit to both.
async fn replace(
    act: &mut VaultAct,
    marker: &Marker,
    wrong: &Consent,
    right: ConsentDraft,
    now: Timestamp,
) -> Result<(Consent, [Mark; 2]), WardError> {
    let id = fresh_id()?;
    let ended = ConsentEvent {
        at: now,
        by: Actor::Controller,
        what: Happened::Revoked {
            reason: format!("corrected: the record {id} says it right"),
        },
    };
    let given = ConsentEvent::given(right.clone());
    let right = Consent::record_after(id, right, Some(wrong.id()))?;
    act.append_event(wrong.terms().subject, wrong.id(), ended.clone())
        .await?;
    act.keep_consent(&right).await?;
    let marks = [
        marker.fresh(&event_commitment(wrong.id(), &ended)?)?,
        marker.fresh(&event_commitment(id, &given)?)?,
    ];
    Ok((right, marks))
}
