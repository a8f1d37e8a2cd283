//! Gathers what the law wants to know, asks it, and records its refusals.

use std::sync::PoisonError;

use faceward_law::{Basis, Facts, Operation, Permit, Purpose, Refusal, Ruling, SubjectId};
use faceward_vault::{Act as VaultAct, Handle, Look};

use crate::{Act, Event, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};

const COUNT_STANDS_SECONDS: i64 = 60;

/// Whose face a caller speaks of, and for what.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) handle: &'a Handle,
    pub(crate) purpose: &'a Purpose,
}

impl Ward {
    /// Asks the law about a claimed person, on what the vault holds at this moment.
    ///
    /// Somebody unknown is asked about like somebody without consent, so that the answer does not
    /// tell who is known.
    pub(crate) async fn ask(
        &self,
        look: &mut Look,
        claim: Claim<'_>,
        operation: Operation,
    ) -> Result<Ruling, WardError> {
        match look.subject(claim.handle).await? {
            Some(subject) => {
                self.ask_about(look, subject, claim.purpose, operation)
                    .await
            }
            None => {
                let basis = Basis::Recorded {
                    subject: SubjectId([0; 16]),
                    consents: &[],
                };
                self.rule(look, claim.purpose, operation, basis).await
            }
        }
    }

    /// Asks the law about a person known by identifier.
    pub(crate) async fn ask_about(
        &self,
        look: &mut Look,
        subject: SubjectId,
        purpose: &Purpose,
        operation: Operation,
    ) -> Result<Ruling, WardError> {
        if let Some(on) = look.died(subject).await? {
            let basis = Basis::Deceased { on };
            return self.rule(look, purpose, operation, basis).await;
        }
        let consents = look.consents(subject).await?;
        let basis = Basis::Recorded {
            subject,
            consents: &consents,
        };
        self.rule(look, purpose, operation, basis).await
    }

    pub(crate) async fn rule(
        &self,
        look: &mut Look,
        purpose: &Purpose,
        operation: Operation,
        basis: Basis<'_>,
    ) -> Result<Ruling, WardError> {
        let persons_held = self.persons_held(look).await?;
        Ok(self.gate()?.decide(&Facts {
            operation,
            purpose: Some(purpose),
            basis,
            now: self.now(),
            persons_held,
        }))
    }

    /// How many people's faces are held; only a declared deployment is asked about that.
    ///
    /// Counting 100,000 takes ten milliseconds, and what hangs on it runs for weeks, so a count
    /// stands for a minute.
    pub(crate) async fn persons_held(&self, look: &mut Look) -> Result<u64, WardError> {
        if self.gate()?.deployment().is_none() {
            return Ok(0);
        }
        let now = self.now();
        let counted = || self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let known = *counted();
        if let Some((at, persons)) = known
            && (0..COUNT_STANDS_SECONDS).contains(&(now.as_second() - at.as_second()))
        {
            return Ok(persons);
        }
        let persons = look.persons_held().await?;
        *counted() = Some((now, persons));
        Ok(persons)
    }

    /// The law's answer for a one-off act that rests on a statement alone.
    pub(crate) fn rule_on_statement(
        &self,
        operation: Operation,
        statement: &str,
    ) -> Result<Ruling, WardError> {
        Ok(self.gate()?.decide(&Facts {
            operation,
            purpose: None,
            basis: Basis::Declared { statement },
            now: self.now(),
            persons_held: 0,
        }))
    }

    /// An event about a claimed person, with their mark if they are known.
    pub(crate) async fn event_about(
        &self,
        look: &mut Look,
        claim: Claim<'_>,
        act: Act,
        outcome: EventOutcome,
    ) -> Result<Event, WardError> {
        let event = self.event(act, outcome).purpose(claim.purpose);
        Ok(match look.subject(claim.handle).await? {
            Some(subject) => event.mark(look.marker(subject).await?.fresh(b"")?),
            None => event,
        })
    }

    /// Begins the act and asks once more, so that a withdrawal since the first asking counts.
    pub(crate) async fn begin(
        &self,
        claim: Claim<'_>,
        operation: Operation,
    ) -> Result<Begun, WardError> {
        let mut act = self.act().await?;
        Ok(match self.ask(&mut act, claim, operation).await? {
            Ruling::Granted(permit) => Begun::Permitted(act, permit),
            Ruling::Refused(refusal) => Begun::Refused(act, refusal),
        })
    }

    /// What a permitted act came to, put into its entry: how it ended and with which model, or why
    /// the picture gave no answer.
    pub(crate) fn came_to<T>(
        &self,
        mut event: Event,
        found: Result<T, Unusable>,
        end: impl FnOnce(&T) -> EventOutcome,
    ) -> Result<(Event, Outcome<T>), WardError> {
        let outcome = match found {
            Ok(found) => {
                event.outcome = end(&found);
                if event.act != Act::Detect {
                    event.model = Some(self.model()?.to_string());
                }
                Outcome::Done(found)
            }
            Err(why) => {
                event.outcome = EventOutcome::Unusable;
                event.reason = Some(why.word().to_owned());
                Outcome::Unusable(why)
            }
        };
        Ok((event, outcome))
    }

    /// Records that a claimed person's face was not to be touched, and why.
    pub(crate) async fn refuse<T>(
        &self,
        mut vault: VaultAct,
        claim: Claim<'_>,
        act: Act,
        refusal: Refusal,
    ) -> Result<Verdict<T>, WardError> {
        let event = self
            .event_about(&mut vault, claim, act, EventOutcome::Refused)
            .await?
            .grounds(refusal.grounds());
        conclude(vault, &event, Outcome::Refused(refusal)).await
    }
}

/// The person with this handle.
pub(crate) async fn known(look: &mut Look, handle: &Handle) -> Result<SubjectId, WardError> {
    let subject = look.subject(handle).await?;
    subject.ok_or_else(|| WardError::Unknown(handle.to_string()))
}

/// An act under way, and what the law said inside it.
pub(crate) enum Begun {
    Permitted(VaultAct, Permit),
    Refused(VaultAct, Refusal),
}

/// Commits the act with its entry; only then is there an answer.
pub(crate) async fn conclude<T>(
    act: VaultAct,
    event: &Event,
    outcome: Outcome<T>,
) -> Result<Verdict<T>, WardError> {
    let receipt = act.record(&event.to_bytes()).await?;
    Ok(Verdict { outcome, receipt })
}
