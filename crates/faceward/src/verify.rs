//! Is this the person it is claimed to be?

use faceward_face::Reader;
use faceward_law::{Operation, Permit, Purpose, Ruling};
use faceward_match::{Decision, Score, Template, Threshold, Thresholds, score};
use faceward_vault::{Act as VaultAct, Handle, Look};

use crate::facts::{Begun, Claim, conclude};
use crate::reading::{Make, Reading, Sample};
use crate::{Act, EventOutcome, Unusable, Verdict, Ward, WardError};

/// A claimed person was compared.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The answer.
    pub decision: Decision,
    /// Best score over the person's references, -1 to 1.
    pub score: Score,
    /// From which score it is a match.
    pub match_at: Threshold,
    /// From which score it is at least uncertain.
    pub uncertain_at: Threshold,
    /// How many references were compared.
    pub references: usize,
    /// What was seen.
    pub reading: Reading,
}

impl Ward {
    /// Compares the one face in `picture` with the references of the claimed person.
    ///
    /// The law is asked before the picture is looked at, because looking is itself the regulated
    /// act, and once more in the act that opens the references, so that a withdrawal in between
    /// counts.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn verify(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Verified>, WardError> {
        let claim = Claim { handle, purpose };
        let met = self.meet(claim, picture, Reader::template_seen).await?;
        let Meeting {
            mut act,
            permit,
            seen,
        } = match met {
            Ok(meeting) => meeting,
            Err(refused) => return Ok(refused),
        };
        let compared = match seen {
            Ok((template, reading)) => {
                let sample = Sample { template, reading };
                self.compare_claimed(&mut act, &permit, sample).await?
            }
            Err(why) => Err(why),
        };
        self.part(act, claim, &permit, compared, |verified| verified.decision)
            .await
    }

    /// Looks at somebody who claims to be a person, and begins the act of comparing them. The law is asked before and
    /// after the look; where it refuses, that is recorded, and the verdict is here.
    pub(crate) async fn meet<T: Send + 'static, U>(
        &self,
        claim: Claim<'_>,
        picture: &[u8],
        make: Make<T>,
    ) -> Result<Result<Meeting<T>, Verdict<U>>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let mut look = self.vault.look().await?;
        let asked = self.ask(&mut look, claim, Operation::Verify).await?;
        drop(look);
        let seen = match asked {
            Ruling::Granted(permit) => {
                self.read_with(&permit, Operation::Verify, picture, make)
                    .await?
            }
            Ruling::Refused(refusal) => {
                let act = self.act().await?;
                return Ok(Err(self.refuse(act, claim, Act::Verify, refusal).await?));
            }
        };
        match self.begin(claim, Operation::Verify).await? {
            Begun::Permitted(act, permit) => Ok(Ok(Meeting { act, permit, seen })),
            Begun::Refused(act, refusal) => {
                Ok(Err(self.refuse(act, claim, Act::Verify, refusal).await?))
            }
        }
    }

    /// Ends such an act with what it came to.
    pub(crate) async fn part<T>(
        &self,
        mut act: VaultAct,
        claim: Claim<'_>,
        permit: &Permit,
        compared: Result<T, Unusable>,
        decision: impl Fn(&T) -> Decision,
    ) -> Result<Verdict<T>, WardError> {
        let event = self.event_about(&mut act, claim, Act::Verify, EventOutcome::Unusable);
        let event = event.await?.grounds(permit.grounds());
        let (event, outcome) = self.came_to(event, compared, |told| ending(decision(told)))?;
        conclude(act, &event, outcome).await
    }

    async fn compare_claimed(
        &self,
        act: &mut VaultAct,
        permit: &Permit,
        sample: Sample,
    ) -> Result<Result<Verified, Unusable>, WardError> {
        let scores = self.scores(act, permit, &sample.template).await?;
        let Some(best) = scores.iter().copied().max() else {
            return Ok(Err(Unusable::NoReference));
        };
        // Taking the best of several references is a small search, and is judged as one.
        let thresholds = match self.thresholds_over(scores.len())? {
            Ok(thresholds) => thresholds,
            Err(why) => return Ok(Err(why)),
        };
        Ok(Ok(Verified {
            decision: thresholds.decide(best),
            score: best,
            match_at: thresholds.match_at,
            uncertain_at: thresholds.uncertain_at,
            references: scores.len(),
            reading: sample.reading,
        }))
    }

    /// The probe's score against each reference the permit opens that the same model made.
    pub(crate) async fn scores(
        &self,
        look: &mut Look,
        permit: &Permit,
        probe: &Template,
    ) -> Result<Vec<Score>, WardError> {
        let mut scores = Vec::new();
        for reference in look.templates(permit, self.now()).await? {
            if reference.template.model() == probe.model() {
                scores.push(score(probe, &reference.template)?);
            }
        }
        Ok(scores)
    }

    /// The thresholds over so many references; that none is strict enough is an answer to record,
    /// since the face has been looked at by then.
    pub(crate) fn thresholds_over(
        &self,
        size: usize,
    ) -> Result<Result<Thresholds, Unusable>, WardError> {
        match self.thresholds(size) {
            Ok(thresholds) => Ok(Ok(thresholds)),
            Err(WardError::Match(error)) => Ok(Err(Unusable::NoThreshold(error))),
            Err(error) => Err(error),
        }
    }
}

/// An act of comparing that has begun, and what was seen of whoever claims.
pub(crate) struct Meeting<T> {
    pub(crate) act: VaultAct,
    pub(crate) permit: Permit,
    pub(crate) seen: Result<(T, Reading), Unusable>,
}

pub(crate) fn ending(decision: Decision) -> EventOutcome {
    match decision {
        Decision::Match => EventOutcome::Match,
        Decision::Uncertain => EventOutcome::Uncertain,
        Decision::NoMatch => EventOutcome::NoMatch,
    }
}
