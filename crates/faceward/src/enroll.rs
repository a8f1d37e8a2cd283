//! Keep a reference of a person who agreed to it.

use faceward_face::{FaceError, Reason};
use faceward_law::{Operation, Purpose, Ruling};
use faceward_match::{Decision, Score, Template};
use faceward_vault::{Act as VaultAct, Handle, Reference, ReferenceId};

use crate::facts::{Begun, Claim, conclude};
use crate::reading::{Reading, Sample};
use crate::{Act, EventOutcome, Outcome, Unusable, Verdict, Ward, WardError};

/// A reference was kept.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// Its identifier.
    pub reference: ReferenceId,
    /// What was seen.
    pub reading: Reading,
    /// Best score against the references the person already had, if any.
    pub agreement: Option<Score>,
}

impl Ward {
    /// Enrols the one face in `picture` for this person and purpose.
    ///
    /// The law is asked before the picture is looked at, and once more in the act that keeps the
    /// reference, so that a withdrawal in between counts.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached; nothing was kept then.
    pub async fn enroll(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Enrolled>, WardError> {
        let claim = Claim { handle, purpose };
        self.keep_carefully(claim, picture, Care::default()).await
    }

    /// As [`Ward::enroll`], where the detector must be surer than this, 0 to 1, that there is a face.
    ///
    /// # Errors
    /// As [`Ward::enroll`].
    pub async fn enroll_surely(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
        at_least: f32,
    ) -> Result<Verdict<Enrolled>, WardError> {
        let care = Care {
            at_least,
            ..Care::default()
        };
        self.keep_carefully(Claim { handle, purpose }, picture, care)
            .await
    }

    /// As [`Ward::enroll`], for pictures that come again and again: one whose reference is kept already is
    /// [`Unusable::KeptAlready`].
    pub(crate) async fn enroll_once(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        picture: &[u8],
    ) -> Result<Verdict<Enrolled>, WardError> {
        let care = Care {
            once: true,
            ..Care::default()
        };
        self.keep_carefully(Claim { handle, purpose }, picture, care)
            .await
    }

    async fn keep_carefully(
        &self,
        claim: Claim<'_>,
        picture: &[u8],
        care: Care,
    ) -> Result<Verdict<Enrolled>, WardError> {
        // A ward that could not decide must not look.
        self.thresholds(1)?;
        self.on_record().await?;
        let mut look = self.vault.look().await?;
        let asked = self.ask(&mut look, claim, Operation::Enroll).await?;
        drop(look);
        let sample = match asked {
            Ruling::Granted(permit) => self
                .read_one(&permit, Operation::Enroll, picture)
                .await?
                .and_then(|sample| sure_enough(sample, care.at_least))
                .and_then(good_enough),
            Ruling::Refused(refusal) => {
                let act = self.act().await?;
                return self.refuse(act, claim, Act::Enroll, refusal).await;
            }
        };

        let (mut act, permit) = match self.begin(claim, Operation::Enroll).await? {
            Begun::Permitted(act, permit) => (act, permit),
            Begun::Refused(act, refusal) => {
                return self.refuse(act, claim, Act::Enroll, refusal).await;
            }
        };
        let sample = match sample {
            Ok(sample) if care.once && self.is_kept(&mut act, claim, &sample).await? => {
                Err(Unusable::KeptAlready)
            }
            Ok(sample) => self.same_person(&mut act, claim, sample).await?,
            Err(why) => Err(why),
        };
        let done = if sample.is_ok() {
            EventOutcome::Done
        } else {
            EventOutcome::Unusable
        };
        let mut event = self.event_about(&mut act, claim, Act::Enroll, done).await?;
        event = event.grounds(permit.grounds());
        let outcome = match sample {
            Ok((sample, agreement)) => {
                event.model = Some(sample.template.model().to_string());
                let quality = sample.reading.quality.unified;
                let now = self.now();
                let reference = act
                    .keep_template(&permit, &sample.template, quality, now)
                    .await?;
                Outcome::Done(Enrolled {
                    reference,
                    reading: sample.reading,
                    agreement,
                })
            }
            Err(why) => {
                event.reason = Some(why.word().to_owned());
                Outcome::Unusable(why)
            }
        };
        conclude(act, &event, outcome).await
    }

    /// Whether a reference made from the same picture is kept, as far as the consent lets references be opened.
    async fn is_kept(
        &self,
        act: &mut VaultAct,
        claim: Claim<'_>,
        sample: &Sample,
    ) -> Result<bool, WardError> {
        for operation in [Operation::Verify, Operation::Identify] {
            if let Ruling::Granted(permit) = self.ask(act, claim, operation).await? {
                let kept = act.templates(&permit, self.now()).await?;
                let same = |kept: &Reference| of_one_picture(&kept.template, &sample.template);
                return Ok(kept.iter().any(same));
            }
        }
        Ok(false)
    }

    /// Refuses a picture that clearly shows someone other than the references already kept: a
    /// reference of the wrong person would open the door to them.
    async fn same_person(
        &self,
        act: &mut VaultAct,
        claim: Claim<'_>,
        sample: Sample,
    ) -> Result<Result<(Sample, Option<Score>), Unusable>, WardError> {
        let Ruling::Granted(permit) = self.ask(act, claim, Operation::Verify).await? else {
            return Ok(Ok((sample, None)));
        };
        let best = self
            .scores(act, &permit, &sample.template)
            .await?
            .into_iter()
            .max();
        match best {
            Some(score) if self.thresholds(1)?.decide(score) == Decision::NoMatch => {
                Ok(Err(Unusable::SomeoneElse { score }))
            }
            agreement => Ok(Ok((sample, agreement))),
        }
    }
}

/// How an enrolment is careful beyond the usual.
#[derive(Clone, Copy, Default)]
struct Care {
    /// The detector must be surer than this that there is a face.
    at_least: f32,
    /// Whether the same picture is kept once only.
    once: bool,
}

/// The least product of two templates that one picture gave; kernels differ by less than 0.0001, and two pictures of
/// one face by far more.
const SAME_PICTURE: f32 = 0.9999;

fn of_one_picture(a: &Template, b: &Template) -> bool {
    let product: f32 = a.values().iter().zip(b.values()).map(|(a, b)| a * b).sum();
    a.model() == b.model() && a.values().len() == b.values().len() && product > SAME_PICTURE
}

fn sure_enough(sample: Sample, at_least: f32) -> Result<Sample, Unusable> {
    if sample.reading.face.confidence > at_least {
        Ok(sample)
    } else {
        Err(FaceError::NoFace.into())
    }
}

fn good_enough(sample: Sample) -> Result<Sample, Unusable> {
    let obstacles: Vec<Reason> = sample.reading.quality.obstacles().copied().collect();
    if obstacles.is_empty() {
        Ok(sample)
    } else {
        Err(Unusable::PoorQuality(obstacles))
    }
}
