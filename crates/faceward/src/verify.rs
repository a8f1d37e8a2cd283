//! Is this the person it is claimed to be?

use faceward_law::{Operation, Permit, Purpose, Ruling};
use faceward_match::{Decision, Score, Template, Threshold, Thresholds, score};
use faceward_vault::{Act as VaultAct, Handle, Look};

use crate::facts::{Begun, Claim, conclude};
use crate::reading::{Reading, Sample};
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
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let mut look = self.vault.look().await?;
        let asked = self.ask(&mut look, claim, Operation::Verify).await?;
        drop(look);
        let sample = match asked {
            Ruling::Granted(permit) => self.read_one(&permit, Operation::Verify, picture).await?,
            Ruling::Refused(refusal) => {
                let act = self.act().await?;
                return self.refuse(act, claim, Act::Verify, refusal).await;
            }
        };

        let (mut act, permit) = match self.begin(claim, Operation::Verify).await? {
            Begun::Permitted(act, permit) => (act, permit),
            Begun::Refused(act, refusal) => {
                return self.refuse(act, claim, Act::Verify, refusal).await;
            }
        };
        let compared = match sample {
            Ok(sample) => self.compare_claimed(&mut act, &permit, sample).await?,
            Err(why) => Err(why),
        };
        let event = self.event_about(&mut act, claim, Act::Verify, EventOutcome::Unusable);
        let event = event.await?.grounds(permit.grounds());
        let (event, outcome) =
            self.came_to(event, compared, |verified| ending(verified.decision))?;
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

pub(crate) fn ending(decision: Decision) -> EventOutcome {
    match decision {
        Decision::Match => EventOutcome::Match,
        Decision::Uncertain => EventOutcome::Uncertain,
        Decision::NoMatch => EventOutcome::NoMatch,
    }
}
